"""合计: the sums of bills, in fen and points, and what the ledger says of the same, so that both can be laid side by side."""

from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from childcare.models import BillQuerySet, Centre, Offset
from points.models import Posting

COLUMNS = {
    "standard": "standard_cents", "reduction": "reduction_cents", "adjust": "adjust_cents", "points": "points", "relief": "relief",
    "offset": "offset_cents", "due": "due_cents", "paid": "paid_cents",
}  # fmt: skip


@dataclass(frozen=True)
class Totals:
    """`many` bills; fen, and for `points` and `relief` points."""

    many: int
    standard: int
    reduction: int
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
    sums = {name: Coalesce(Sum(column), 0) for name, column in COLUMNS.items()}
    found = bills.order_by().aggregate(many=Count("pk"), **sums)
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
