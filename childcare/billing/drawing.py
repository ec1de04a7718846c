"""出单: the bill of one child for one month, drawn anew as long as it is not frozen. Nothing of a frozen one is edited.

Locks: the wallet first, where points that no longer fit are given back; then the bill, which is looked at again. Whoever used
points in between is found by that look (`BillChanged`), and the caller draws once more.
"""

from dataclasses import dataclass
from datetime import date, datetime

from childcare.billing import lines, splitting, telling
from childcare.billing.fees import ahead
from childcare.billing.reducing import Relief, Terms, cap_of, subsidy, terms_of
from childcare.billing.splitting import DoesNotTie, Split
from childcare.models import Bill, BillLine, Centre, Offset
from communities import changes, duties
from communities.models import Resident, User
from communities.settings import CARE_AHEAD_MONTHS, value_of
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from points import ledger

Status, Kind = Bill.Status, BillLine.Kind
SETTLED = (Status.FROZEN, Status.PAID)


class BillFrozen(Refused):
    code = "care_bill_frozen"
    message = "这张账单已经确认，不能再改，积分没有变动。有差错的，请联系社区登记更正，列入下一张账单。"


class BillChanged(Refused):
    code = "care_bill_changed"
    message = "这张账单刚刚有变动，这次没有办成，积分没有变动。请刷新后核对金额再办。"


class TooFarAhead(Refused):
    code = "care_bill_too_early"

    def __init__(self, months: str | int = 3) -> None:
        super().__init__(f"托管费最多提前{months}个月出账单，没有出单，积分没有变动。请改选月份。")


REFUSALS: Refusals = {
    **ledger.REFUSALS,
    "CC060": lambda _: BillFrozen(),
    "CC061": lambda _: DoesNotTie(),
    "CC062": lambda _: BillChanged(),
    "care_bill_once": lambda _: BillChanged(),
    "care_offset_once": lambda _: BillChanged(),
}


@dataclass(frozen=True)
class Figures:
    """What a bill would say now: its unsaved `lines` without the points', and the sums in fen."""

    lines: list[BillLine]
    relief: Relief
    split: Split | None
    fee: int  # less the reduction
    adjust: int
    cap: int

    @property
    def rest(self) -> int:
        return self.fee + self.adjust


@verb(REFUSALS)
def draw(*, centre: Centre, child: Resident, month: date, by: User, at: datetime | None = None) -> Bill | None:
    """By staff of the centre's community. Refuses a stranger, and what `write` refuses."""
    duties.require(by, centre.community)
    return write(centre=centre, child=child, month=month, by=by, at=at)


@verb(REFUSALS)
def write(*, centre: Centre, child: Resident, month: date, by: User, at: datetime | None = None) -> Bill | None:
    """The bill of `month` (its first day) as it stands after drawing; None without a planned day and nothing to correct.

    Rights are the caller's. Refuses `TooFarAhead`, `BillFrozen`, `NoFee`, and `BillChanged` when somebody was faster.
    """
    changes.by(by)
    at, month = at or clock.now(), month.replace(day=1)
    if refused := refusal_of_month(centre, month, at):
        raise refused
    seen = Bill.objects.filter(centre=centre, child=child, month=month).first()
    if seen and seen.status in SETTLED:
        raise BillFrozen
    terms = terms_of(centre, month)
    made = of_month(centre, child, month, terms)
    if seen is None and not made.lines:
        return None
    standing = _fitting(seen, made, terms, by, at)
    return _filled(_held(seen, standing) or Bill(centre=centre, child=child, month=month), made, standing, by, at)


def refusal_of_month(centre: Centre, month: date, at: datetime) -> Refused | None:
    """Fees are asked for a few months at once at most (setting, 3; domain guide, 6.1)."""
    most = value_of(CARE_AHEAD_MONTHS, centre.community.sub_district_id)
    return TooFarAhead(most) if ahead(month, clock.local(at).date()) > most else None


def of_month(centre: Centre, child: Resident, month: date, terms: Terms) -> Figures:
    """What a bill drawn now would say. The fee first, then the reduction, what was corrected, and what points may pay."""
    made, relief, split = lines.priced(centre, child, month)
    fee = sum(line.amount_cents for line in made)
    adjusting = lines.corrected(centre, child, month, fee)
    adjust = sum(line.amount_cents for line in adjusting)
    if not made and adjust <= 0:
        return Figures([], Relief(), None, 0, 0, 0)
    return Figures([*made, *adjusting], relief, split, fee, adjust, cap_of(fee + adjust, relief.stands, terms))


def _fitting(seen: Bill | None, made: Figures, terms: Terms, by: User, at: datetime) -> Offset | None:
    """The offset that stands and still fits; one that does not is given back to the wallet, and the payer is told."""
    standing = seen.offsets.filter(undone_at=None).first() if seen else None
    if standing is None:
        return None
    if _fits(standing, made, terms) and lines.payer_of(standing.bill, made.lines) == standing.bill.payer_id:
        return standing
    entry = ledger.reverse(
        key=f"care-offset-undone:{standing.pk}",
        entry=standing.entry_id,
        by=by,
        reason="托管账单变动，退回抵扣的积分",
        at=at,
    )
    standing.undone_at, standing.undone_by, standing.undo_entry_id = at, by, entry
    standing.save(update_fields=["undone_at", "undone_by", "undo_entry"])
    telling.points_returned(standing)
    return None


def _fits(standing: Offset, made: Figures, terms: Terms) -> bool:
    return standing.cents <= made.cap and standing.relief in (0, subsidy(standing.points, made.relief.stands, terms))


def _held(seen: Bill | None, standing: Offset | None) -> Bill | None:
    """The bill, locked and looked at again. Refuses `BillFrozen`, `BillChanged`."""
    if seen is None:
        return None
    mine = Bill.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status in SETTLED:
        raise BillFrozen
    if mine.offsets.filter(undone_at=None).first() != standing:
        raise BillChanged
    return mine


def _filled(mine: Bill, made: Figures, standing: Offset | None, by: User, at: datetime) -> Bill:
    before = _state(mine, splitting.opened(mine), lines.figures(mine)) if mine.pk else None
    mine.payer_id = lines.payer_of(mine, made.lines)
    mine.fee_cents, mine.adjust_cents, mine.cap_cents = made.fee, made.adjust, made.cap
    mine.relieved, mine.evidence = made.relief.stands, made.relief.evidence
    mine.points, mine.relief, mine.offset_cents = (
        (standing.points, standing.relief, standing.cents) if standing else (0, 0, 0)
    )
    mine.due_cents = made.rest - mine.offset_cents
    all_lines = lines.numbered([*made.lines, *lines.of_points(standing)])
    if before == _state(mine, made.split, [lines.figure(one) for one in all_lines]):
        return mine
    mine.split = splitting.sealed(mine, made.split)
    mine.drawn_at, mine.drawn_by = at, by
    mine.save()
    lines.replace(mine, all_lines)
    telling.drawn(mine, first=before is None)
    return mine


def _state(bill: Bill, split: Split | None, figures: list[tuple[object, ...]]) -> tuple[object, ...]:
    """A bill that says the same is not written again."""
    sums = (bill.cap_cents, bill.points, bill.relief, bill.due_cents)
    return (bill.payer_id, bill.evidence_id, split, sums, figures)
