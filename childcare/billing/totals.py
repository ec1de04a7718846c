"""合计: the sums of bills, in fen and points, and what the ledger says of the same, so that both can be laid side by side."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from childcare.billing import splitting
from childcare.models import Bill, BillQuerySet, Centre, Offset
from points.models import Posting

COLUMNS = {
    "fee": "fee_cents", "adjust": "adjust_cents", "points": "points", "relief": "relief", "offset": "offset_cents",
    "due": "due_cents", "paid": "paid_cents",
}  # fmt: skip
LEAST = 5  # reduced bills in a sum of reductions: of fewer it would tell what a family is given
Month = tuple[int, date]  # a centre's number, and the first day of a month


@dataclass(frozen=True)
class Totals:
    """`many` bills; fen, and for `points` and `relief` points. `fee` is less the reductions."""

    many: int
    fee: int
    adjust: int
    points: int
    relief: int
    offset: int
    due: int
    paid: int

    @property
    def owing(self) -> int:
        return self.due - self.paid


def totals_of(bills: BillQuerySet) -> Totals:
    """One query."""
    return _totals(bills.order_by().aggregate(many=Count("pk"), **_sums()))


def by_month(bills: BillQuerySet) -> dict[Month, Totals]:
    """Of each centre and month; one query."""
    found = bills.order_by().values("centre", "month").annotate(many=Count("pk"), **_sums())
    return {(one["centre"], one["month"]): _totals(dict(one)) for one in found}


def reduced_of(months: set[Month]) -> dict[Month, int]:
    """Fen taken off for evidence, of whole months of whole centres alone, and of enough families: nobody subtracts one sum from
    another to find what one family is given. Left out are those of fewer than `LEAST`. One query."""
    bills = Bill.objects.filter(
        relieved=True, centre__in={one for one, _ in months}, month__in={day for _, day in months}
    )
    off: dict[Month, list[int]] = {}
    for bill in bills.order_by("pk"):
        split = splitting.opened(bill)
        off.setdefault((bill.centre_id, bill.month), []).append(split.reduction if split else 0)
    return {month: sum(found) for month, found in off.items() if month in months and len(found) >= LEAST}


def _sums() -> dict[str, Any]:
    return {name: Coalesce(Sum(column), 0) for name, column in COLUMNS.items()}


def _totals(found: dict[str, Any]) -> Totals:
    return Totals(**{one.name: int(found[one.name]) for one in fields(Totals)})


@dataclass(frozen=True)
class Moved:
    """What the entries of the offsets moved into the community's income, less what was reversed, in points."""

    points: int
    relief: int


def ledger_of(centre: Centre, month: date) -> Moved:
    """Read from the postings, not from the bills: of wallets, and of the subsidy."""
    mine = Offset.objects.filter(bill__centre=centre, bill__month=month)
    came = Posting.objects.filter(entry__in=mine.values("entry"))
    went = Posting.objects.filter(entry__in=mine.exclude(undo_entry=None).values("undo_entry"))

    def net(kind: str) -> int:
        plus = came.filter(source__kind=kind).aggregate(sum=Sum("amount"))["sum"] or 0
        minus = went.filter(destination__kind=kind).aggregate(sum=Sum("amount"))["sum"] or 0
        return int(plus - minus)

    return Moved(net("wallet"), net("relief"))
