"""短信费用: what the short messages of a sub-district cost, month by month. Sign-in codes are in no table and not in the sum."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import IO, NamedTuple

from django.db.models import Q, Sum
from django.db.models.functions import TruncDate

from communities.models import Duty, SubDistrict
from communities.settings import SMS_PRICE, over_time
from communities.workbook import Cell, workbook
from core import clock
from notifications.models import Message
from notifications.sentbook import COLLEAGUE

MONTHS = 12
COLUMNS = (("月份", 10), ("社区", 16), ("计费条数", 12), ("金额（元）", 12))
LI = Decimal(1000)  # in a yuan
WHOLE = "合计"


class Bill(NamedTuple):
    """`parts` short messages that the provider bills, and their price in yuan."""

    parts: int
    yuan: Decimal


class Line(NamedTuple):
    """What one community sent, month by month as `months()`, and all of it."""

    name: str
    bills: list[Bill]
    whole: Bill


def months() -> list[date]:
    """The first days of this month and the eleven before, the oldest first."""
    last = clock.today().year * 12 + clock.today().month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]


def lines(street: SubDistrict) -> list[Line]:
    """A line for each community of `street`, one for its staff, and the sum last. A resident counts where the file is now; a price
    holds for what was sent under it."""
    price = over_time(SMS_PRICE, street.pk)
    names: dict[int | None, str] = {one.pk: one.name for one in street.communities.order_by("pk")} | {None: COLLEAGUE}
    parts: dict[int | None, Counter[date]] = defaultdict(Counter)
    cost: dict[int | None, Counter[date]] = defaultdict(Counter)
    for place, day, sent in _days(street):
        first = day.replace(day=1)
        parts[place][first] += sent
        cost[place][first] += sent * price(day)
    rows = [[Bill(parts[place][one], cost[place][one] / LI) for one in months()] for place in names]
    whole = [_sum(list(month)) for month in zip(*rows, strict=True)]
    return [_line(name, bills) for name, bills in zip((*names.values(), WHOLE), (*rows, whole), strict=True)]


def file_of(street: SubDistrict) -> IO[bytes]:
    """The table as an Excel file, a row for each month and community in which something was sent."""
    return workbook("短信费用", COLUMNS, _cells(lines(street)))


def _days(street: SubDistrict) -> Iterator[tuple[int | None, date, int]]:
    """(community or None, day, parts)."""
    held = Duty.objects.filter(Q(sub_district=street) | Q(community__sub_district=street))
    mine = Q(resident__community__sub_district=street) | Q(staff__in=held.values("user"))
    billed = Message.objects.filter(mine, parts__gt=0, sent_at__gte=clock.at(months()[0], time()))
    by_day = billed.values("resident__community", day=TruncDate("sent_at", tzinfo=clock.SHANGHAI))
    yield from by_day.annotate(sent=Sum("parts")).order_by().values_list("resident__community", "day", "sent")


def _line(name: str, bills: list[Bill]) -> Line:
    return Line(name, bills, _sum(bills))


def _sum(bills: list[Bill]) -> Bill:
    return Bill(sum(one.parts for one in bills), sum((one.yuan for one in bills), Decimal()))


def _cells(listed: list[Line]) -> Iterator[tuple[Cell, ...]]:
    for line in listed:
        for month, bill in zip(months(), line.bills, strict=True):
            if bill.parts:
                yield f"{month:%Y-%m}", line.name, bill.parts, bill.yuan
