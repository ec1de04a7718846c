"""场地换服务: room hours that the community gave, against the service that came back, month by month.

Given are the bookings of the grant's series that stood until their end. A grant without a series counts by the agreement: its
hours a month, for the days of the month on which the agreement held. Returned is what was confirmed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import IO, Any, NamedTuple

from django.db.models import DurationField, ExpressionWrapper, F, Sum
from django.db.models.functions import TruncMonth

from communities.workbook import Cell, workbook
from core import clock
from partners.models import Agreement, Delivery, RoomGrant
from partners.obligations.progress import month_of
from venues.models import Booking

COLUMNS = (
    ("合伙人", 20), ("社区", 14), ("协议编号", 18), ("月份", 10), ("提供场地（小时）", 14), ("计算依据", 12), ("服务（小时）", 12), ("服务人次", 10), ("服务次数", 10),
)  # fmt: skip
DEFINITION = "提供场地＝已经结束、没有取消的预订时长；没有登记预订系列的，按协议每月小时和当月生效天数折算（标“按协议”）。服务＝已确认的履约记录。"
HOUR = timedelta(hours=1)


@dataclass
class Month:
    """One month: hours given and returned, people and times. `assumed`: some of the given hours stand in the agreement only."""

    first: date
    given: Decimal = Decimal(0)
    assumed: bool = False
    hours: Decimal = Decimal(0)
    people: int = 0
    times: int = 0


class Balance(NamedTuple):
    """An agreement since its beginning. `months`, the newest first; `total` is their sum."""

    agreement: Agreement
    months: list[Month]
    total: Month


def of(agreements: Iterable[Agreement], today: date | None = None) -> list[Balance]:
    """In the same order; three queries for any number."""
    found, day = list(agreements), today or clock.today()
    books = {one.pk: {first: Month(first) for first in _months(one, day)} for one in found}
    grants = list(RoomGrant.objects.filter(agreement__in=found).select_related("agreement"))
    for grant in (one for one in grants if one.series_id is None):
        for first, line in books[grant.agreement_id].items():
            line.given += _by_agreement(grant, first, day)
            line.assumed = True
    for number, first, hours in _held(grants):
        if first in books[number]:
            books[number][first].given += hours
    for row in _returned(found):
        line = books[row["promise__agreement"]].get(row["month"], Month(day))
        line.hours, line.people, line.times = _hours(row["spent"] * timedelta(minutes=1)), row["many"], row["often"]
    return [Balance(one, list(reversed(books[one.pk].values())), _sum(one, books[one.pk].values())) for one in found]


def _last(agreement: Agreement, today: date) -> date:
    ended = agreement.ended_on - timedelta(days=1) if agreement.ended_on else agreement.ends_on
    return min(today, ended, agreement.ends_on)


def _months(agreement: Agreement, today: date) -> Iterator[date]:
    first, last = agreement.starts_on.replace(day=1), _last(agreement, today)
    while first <= last and agreement.starts_on <= last:
        yield first
        first = month_of(first)[1]


def _by_agreement(grant: RoomGrant, first: date, today: date) -> Decimal:
    after = month_of(first)[1]
    begin, end = max(first, grant.agreement.starts_on), min(after, _last(grant.agreement, today) + timedelta(days=1))
    return round(Decimal(grant.hours) * max(0, (end - begin).days) / (after - first).days, 1)


def _held(grants: Sequence[RoomGrant]) -> Iterator[tuple[int, date, Decimal]]:
    of_series = {one.series_id: one.agreement_id for one in grants if one.series_id}
    past = Booking.objects.holding().filter(series__in=of_series, ends_at__lte=clock.now())
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), DurationField())
    by_month = past.annotate(month=TruncMonth("starts_at", tzinfo=clock.SHANGHAI)).values("series", "month")
    for row in by_month.annotate(spent=Sum(length)).order_by("series", "month"):
        yield of_series[row["series"]], clock.local(row["month"]).date(), _hours(row["spent"])


def _returned(agreements: list[Agreement]) -> Any:
    confirmed = Delivery.objects.confirmed().filter(promise__agreement__in=agreements)
    by_month = confirmed.annotate(month=TruncMonth("on")).values("promise__agreement", "month")
    return by_month.annotate(spent=Sum("minutes"), many=Sum("people"), often=Sum("times")).order_by("month")


def _hours(spent: timedelta) -> Decimal:
    return round(Decimal(spent // timedelta(minutes=1)) / 60, 1)


def _sum(agreement: Agreement, months: Iterable[Month]) -> Month:
    whole = Month(agreement.starts_on)
    for one in months:
        whole.given, whole.hours = whole.given + one.given, whole.hours + one.hours
        whole.people, whole.times, whole.assumed = (
            whole.people + one.people,
            whole.times + one.times,
            whole.assumed or one.assumed,
        )
    return whole


def file_of(balances: Iterable[Balance]) -> IO[bytes]:
    """A line for each agreement and month, the newest month first."""
    return workbook("场地换服务", COLUMNS, _rows(balances), mark=DEFINITION)


def _rows(balances: Iterable[Balance]) -> Iterator[tuple[Cell, ...]]:
    for agreement, months, _ in balances:
        for one in months:
            yield (
                agreement.partner.name, agreement.community.name, agreement.number, f"{one.first:%Y-%m}", one.given,
                "按协议" if one.assumed else "按预订", one.hours, one.people, one.times,
            )  # fmt: skip
