"""积分负债: what points, vouchers and statements will still cost, against the year's budget (domain guide, 4.3 and 8).

A point in a wallet is worth the budget's rate; a point that became a voucher has left the wallet, and costs what the partner's
agreement says of the service. So nothing is counted twice. Yuan that come of the rate are for finance alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.db.models import BigIntegerField, Count, DateField, Exists, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, TruncMonth

from communities.models import Community
from communities.settings import BUDGET_YEAR, value_of
from communities.workbook import Cell, workbook
from core import clock
from partners.models import Agreement, Redemption, Statement, Voucher
from points import reconciliation
from points.reconciliation import Period

Status = Statement.Status
COLUMNS = (
    ("社区", 16), ("未用积分", 12), ("未使用的券", 10), ("券的积分", 12), ("券的原价（元）", 14), ("按协议应付（元）", 16), ("已核销待付（元）", 16),
    ("今年已付（元）", 14),
)  # fmt: skip
FINANCE = (("未用积分的预算（元）", 18), ("负债合计（元）", 14))


@dataclass(frozen=True)
class Owed:
    """Of one community or several: points, pieces, and fen."""

    outstanding: int = 0
    vouchers: int = 0
    voucher_points: int = 0
    worth: int = 0
    due: int = 0
    unpaid: int = 0
    paid: int = 0

    def at(self, rate: Decimal) -> int:
        """What is in the wallets comes to, in fen."""
        return int(self.outstanding * rate * 100)

    def whole(self, rate: Decimal) -> int:
        """The whole liability, in fen."""
        return self.at(rate) + self.due + self.unpaid


@dataclass(frozen=True)
class Line:
    """One community, or the sum of all (`community_id` None); `points_fen` and `whole` in fen, None for whoever is not finance."""

    community_id: int | None
    name: str
    owed: Owed
    points_fen: int | None
    whole: int | None


@dataclass(frozen=True)
class Budget:
    """The sub-district's year, in fen. `left` is what is neither paid nor owed; below zero it is short."""

    year: int
    paid: int
    owed: int

    @property
    def left(self) -> int:
        return self.year - self.paid - self.owed


def lines(communities: Iterable[Community], today: date, rate: Decimal | None) -> list[Line]:
    """Each in the order of its number, and the sum last when there are several; six queries."""
    listed = sorted(communities, key=lambda one: one.pk)
    found = _owed(listed, today)
    rows = [_line(one.pk, one.name, found[one.pk], rate) for one in listed]
    if len(rows) < 2:
        return rows
    sums = (sum(getattr(one, field.name) for one in found.values()) for field in fields(Owed))
    return [*rows, _line(None, "合计", Owed(*sums), rate)]


def budget(sub_district: int, communities: Iterable[Community], today: date) -> Budget:
    """Of the whole sub-district, for its finance."""
    whole = lines(communities, today, reconciliation.rate_of(sub_district))[-1]
    return Budget(value_of(BUDGET_YEAR, sub_district) * 100, whole.owed.paid, whole.whole or 0)


def _line(pk: int | None, name: str, owed: Owed, rate: Decimal | None) -> Line:
    return Line(pk, name, owed, None if rate is None else owed.at(rate), None if rate is None else owed.whole(rate))


def _owed(communities: list[Community], today: date) -> dict[int, Owed]:
    pks = [one.pk for one in communities]
    month = Period.month(today.year, today.month)
    wallets = {one.community_id: one.outstanding for one in reconciliation.figures(communities, month)}
    held = {row.pop("community"): row for row in _vouchers(pks, today)}
    billed = {row.pop("community"): row for row in _statements(pks, today)}
    unbilled = _unbilled(pks)
    found: dict[int, Owed] = {}
    for pk in pks:
        sums = {name: value or 0 for name, value in (held.get(pk, {}) | billed.get(pk, {})).items()}
        sums["unpaid"] = sums.get("unpaid", 0) + unbilled.get(pk, 0)
        found[pk] = Owed(wallets.get(pk, 0), **sums)
    return found


def _vouchers(pks: list[int], today: date) -> Iterable[Any]:
    """Issued and not used, at today's terms: no agreement in force any more, nothing to pay."""
    mine = Agreement.objects.in_force(today).filter(partner=OuterRef("partner"), community=OuterRef("community"))
    percent = Coalesce(Subquery(mine.order_by("-starts_on", "-pk").values("percent")[:1], IntegerField()), 0)
    worth = Cast("offer__worth_cents", BigIntegerField())
    held = Voucher.objects.filter(community__in=pks, status__in=(Voucher.Status.ISSUED, Voucher.Status.FROZEN))
    each = held.annotate(fen=(worth * percent + 50) / 100)
    sums: dict[str, Any] = {
        "vouchers": Count("pk"),
        "voucher_points": Sum("price"),
        "worth": Sum("offer__worth_cents"),
        "due": Sum("fen"),
    }
    return each.values("community").annotate(**sums)


def _statements(pks: list[int], today: date) -> Iterable[Any]:
    mine = Statement.objects.filter(community__in=pks, net_cents__gt=0)
    this_year = Q(status=Status.PAID, paid_on__year=today.year)
    sums: dict[str, Any] = {
        "unpaid": Sum("net_cents", filter=~Q(status=Status.PAID)),
        "paid": Sum("net_cents", filter=this_year),
    }
    return mine.values("community").annotate(**sums)


def _unbilled(pks: list[int]) -> dict[int, int]:
    """Uses of months that have no statement yet, less those undone in such a month, in fen by community."""
    found: dict[int, int] = {}
    drawn = Statement.objects.filter(
        partner=OuterRef("partner"), community=OuterRef("community"), month=OuterRef("month")
    )
    for moment, sign in (("at", 1), ("undone_at", -1)):
        month = TruncMonth(moment, output_field=DateField(), tzinfo=clock.SHANGHAI)
        moved = Redemption.objects.filter(community__in=pks, unit_cents__gt=0, **{f"{moment}__isnull": False})
        rows = moved.annotate(month=month).filter(~Exists(drawn)).order_by().values_list("community")
        for community, fen in rows.annotate(fen=Sum("unit_cents")):
            found[community] = found.get(community, 0) + sign * fen
    return found


def file_of(listed: list[Line]) -> IO[bytes]:
    """One row each; what the rate says only where the lines hold it."""
    finance = any(one.whole is not None for one in listed)
    return workbook("积分负债", (*COLUMNS, *(FINANCE if finance else ())), (_cells(one) for one in listed))


def _cells(one: Line) -> tuple[Cell, ...]:
    its = one.owed
    fen = [
        its.worth,
        its.due,
        its.unpaid,
        its.paid,
        *(sum_ for sum_ in (one.points_fen, one.whole) if sum_ is not None),
    ]
    return (one.name, its.outstanding, its.vouchers, its.voucher_points, *(Decimal(sum_) / 100 for sum_ in fen))
