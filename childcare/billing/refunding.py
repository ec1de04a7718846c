"""退费: a child that has left gets back what was asked too much of it, in one act by neither who proposed nor who approved.

Money first, against a receipt, as far as money was paid; what is left of the correction points had paid, and those come back by
the ledger (domain guide, 4.3: points are never cashed). Own points alone, rounded down to whole ones, so that no more ever
comes back than was used; what is less than a point stays as a credit. The subsidy that had paid with them goes back to the
subsidy (ADR 0020).

Locks: the wallet (inside the ledger), then the correction and its bill, which are looked at again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from childcare.billing import lines, telling
from childcare.billing.drawing import REFUSALS, BillChanged
from childcare.billing.fees import named
from childcare.billing.paying import RECEIPT
from childcare.models import Bill, BillAdjustment, Payment, Place, Refund
from childcare.models.bills import BillAdjustmentQuerySet
from communities import changes, duties
from communities.kin import OwnInterest, refusal_between
from communities.models import Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, verb
from points import ledger
from points.models import Entry

NUMBER = "SELECT nextval(pg_get_serial_sequence('childcare_refund', 'id'))"
# Whose the money is on paper; finance has no child's name with it.
GIVING = (duties.Role.FINANCE, *duties.STAFF)


class NothingToRefund(Refused):
    code = "care_nothing_to_refund"
    message = "这笔更正现在没有要退的钱或积分，没有登记，积分没有变动。还在托的孩子列入下一张账单；退过的不再退。"


class PayerClosed(Refused):
    code = "care_payer_closed"
    message = "付费监护人的档案已经注销，积分不能退回，没有登记，积分没有变动。家属有疑问的，请社区主任说明。"


class StillOwing(Refused):
    code = "care_still_owing"
    message = "这个孩子还有没缴清的托管账单，没有登记退费，积分没有变动。请先登记缴费，缴清以后再退。"


class BadRefund(BadInput):
    code = "care_bad_refund"
    message = f"请填写收据号（不超过{RECEIPT}字）、方式和退费日期（不晚于今天）。这次没有登记，积分没有变动。"


class RefundReceiptTaken(Refused):
    code = "care_refund_receipt_taken"
    message = "这个退费收据号已经登记过，没有重复登记，积分没有变动。请核对收据。"


REFUND_REFUSALS: Refusals = {
    **REFUSALS,
    "CC066": lambda _: NothingToRefund(),
    "CL001": lambda _: PayerClosed(),
    "care_refund_receipt_once": lambda _: RefundReceiptTaken(),
}


@dataclass(frozen=True)
class Given:
    receipt: str
    way: str
    paid_on: date


@dataclass(frozen=True)
class Shown:
    """What the last look before the press said that comes back: fen in money, and points."""

    cents: int
    points: int


@dataclass(frozen=True)
class Back:
    """What one act gives back: `cents` in money; `points` of the payer's own, and the fen that those had paid (`worth`), the
    subsidy beside them included."""

    cents: int = 0
    points: int = 0
    worth: int = 0

    @property
    def shown(self) -> Shown:
        return Shown(self.cents, self.points)


@dataclass(frozen=True)
class Backs:
    """Of one bill: what waits to come back, a `Back` for each correction that has something for it (`each`), and what came back."""

    waiting: list[Back]
    given: list[Refund]


def waiting() -> BillAdjustmentQuerySet:
    """Approved corrections in the family's favour of which something is left (`with_taken`), of children that have left: no place
    in the centre from today on, and no open bill that might still take it in. `money`: fen that were paid for the bill in money,
    less what was given back already; `spare`: own points that were used for it, less the same, none where the payer's file is
    closed. One of the two has something for it. Of several rows of a bill each says the whole of it: read them by `each`.
    """
    own = F("bill__points") - _gone("points")
    return _of_which(Case(When(bill__payer__status=Resident.Status.CLOSED, then=0), default=own))


def _lost() -> BillAdjustmentQuerySet:
    """What would be among them, were the payer's file not closed."""
    whoever = _of_which(F("bill__points") - _gone("points"))
    return whoever.filter(bill__payer__status=Resident.Status.CLOSED)


def _of_which(spare: Combinable) -> BillAdjustmentQuerySet:
    """The corrections of `waiting`, with so many points to spare."""
    stays = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    of = {"child": OuterRef("bill__child")}
    places = Place.objects.held().filter(stays, group__centre=OuterRef("bill__centre"), **of)
    bills = Bill.objects.open().filter(centre=OuterRef("bill__centre"), **of)
    mine = BillAdjustment.objects.approved().filter(~Exists(places), ~Exists(bills), amount_cents__lt=0, refund=None)
    left = mine.with_taken().filter(amount_cents__lt=F("taken") - F("given"))
    a_point = (F("taken") - F("given") - F("amount_cents")) * F("bill__points")
    counted = left.annotate(money=F("bill__paid_cents") - _gone("amount_cents"), spare=spare)
    return counted.annotate(reach=a_point).filter(Q(money__gt=0) | Q(spare__gt=0, reach__gte=F("bill__offset_cents")))


def _gone(column: str) -> Coalesce:
    """The sum of what came back of the bill."""
    given = Refund.objects.filter(adjustment__bill=OuterRef("bill")).order_by().values("adjustment__bill")
    return Coalesce(Subquery(given.annotate(sum=Sum(column)).values("sum")), 0)


def each(rows: Iterable[BillAdjustment]) -> list[tuple[BillAdjustment, Back]]:
    """What rows of `waiting`, read with their bills and in the order of their numbers, give back one after the other: what one
    takes, the next of its bill does not find. The sum is what comes back; a row that finds nothing says `Back()`.
    """
    rest: dict[int, tuple[int, int]] = {}  # of a bill: fen in money, and own points
    found = []
    for one in rows:
        money, spare = rest.get(one.bill_id) or (int(one.money), int(one.spare))  # type: ignore[attr-defined]
        back = _of(one, money, spare)
        rest[one.bill_id] = (money - back.cents, spare - back.points)
        found.append((one, back))
    return found


def _of(mine: BillAdjustment, money: int, spare: int) -> Back:
    bill, left = mine.bill, -lines.left_of(mine)
    cents = max(min(left, money), 0)
    if not bill.points:
        return Back(cents)
    points = min((left - cents) * bill.points // bill.offset_cents, spare)
    return Back(cents, points, points * bill.offset_cents // bill.points)


def back_of(adjustment: BillAdjustment) -> Back:
    """What of any correction comes back now, were it the next of its bill: nothing where nothing waits."""
    mine = waiting().select_related("bill").filter(pk=adjustment.pk)
    return next((back for _, back in each(mine)), Back())


def of_bill(bill: Bill) -> Backs:
    """For its pages; two queries."""
    rows = waiting().select_related("bill").filter(bill=bill).order_by("pk")
    given = Refund.objects.filter(adjustment__bill=bill).order_by("pk")
    return Backs([back for _, back in each(rows) if back != Back()], list(given))


def points_of(payer: Resident) -> int:
    """Points that wait to come back to `payer`, of all bills; one query."""
    rows = waiting().select_related("bill").filter(bill__payer=payer).order_by("pk")
    return sum(back.points for _, back in each(rows))


def refusal_for(adjustment: BillAdjustment, by: User) -> Refused | None:
    """Why `by` gives nothing back of it; page and verb ask."""
    bill = adjustment.bill
    if not duties.holds(by, bill.centre.community, *GIVING):
        return duties.NotYourDuty()
    if Bill.objects.owing().filter(centre=bill.centre_id, child=bill.child_id).exists():
        return StillOwing()
    if not waiting().filter(pk=adjustment.pk).exists():
        return PayerClosed() if _lost().filter(pk=adjustment.pk).exists() else NothingToRefund()
    recorders = {adjustment.by_id, adjustment.approved_by_id}
    return refusal_between(by=by, recorders=recorders, beneficiaries=[bill.child, bill.payer], family=OwnInterest())


@verb(REFUND_REFUSALS)
def give(
    *, adjustment: BillAdjustment, given: Given | None, by: User, shown: Shown | None = None, at: datetime | None = None
) -> Refund:
    """Write down that all that is left of it was paid out, and give back the points that had paid the rest (`back_of`). Where no
    money comes back, `given` is not asked; `shown` is what `by` was shown that comes back.

    Refuses what `refusal_for` says, `BadRefund`, `RefundReceiptTaken`, and `BillChanged` when something moved meanwhile: another
    correction of the bill may have taken the money that was counted out.
    """
    changes.by(by)
    at, people = at or clock.now(), ("bill__centre__community", "bill__child", "bill__payer__community")
    seen = BillAdjustment.objects.select_related(*people).get(pk=adjustment.pk)
    if refused := refusal_for(seen, by):
        raise refused
    back = back_of(seen)
    if shown is not None and shown != back.shown:
        raise BillChanged
    made = Refund(
        pk=call(NUMBER)[0], adjustment=seen, centre=seen.bill.centre, amount_cents=back.cents, points=back.points,
        offset_cents=back.worth, by=by, at=at, **_written(given, at) if back.cents else _without_money(at),
    )  # fmt: skip
    if back.points:
        _move(made)
    held = BillAdjustment.objects.select_for_update(no_key=True, of=("self", "bill")).select_related(*people)
    mine = held.get(pk=seen.pk)
    if refused := refusal_for(mine, by):
        raise refused
    if back_of(mine) != back:
        raise BillChanged
    made.save(force_insert=True)
    telling.refunded(made)
    return made


def _written(given: Given | None, at: datetime) -> dict[str, object]:
    receipt = given.receipt.strip() if given else ""
    whole = 0 < len(receipt) <= RECEIPT and "\0" not in receipt
    if given is None or not whole or given.way not in Payment.Way.values or given.paid_on > clock.local(at).date():
        raise BadRefund
    return {"receipt": receipt, "way": given.way, "paid_on": given.paid_on}


def _without_money(at: datetime) -> dict[str, object]:
    return {"receipt": "", "way": Refund.Way.POINTS, "paid_on": clock.local(at).date()}


def _move(made: Refund) -> None:
    """The ledger gives back whole entries: what the bill used comes back to the lots that it came from, own points and subsidy,
    and what stays used, of both, is used anew. Refuses `BillChanged` when another press was faster."""
    bill, at = made.adjustment.bill, made.at
    key, reason = f"care-refund:{made.pk}", f"{named(bill.month)}托管费抵扣退回"
    try:
        made.entry_id = ledger.reverse(key=key, entry=_standing(bill), by=made.by, reason=reason, at=at)
    except ledger.AlreadyReversed as faster:
        raise BillChanged from faster
    # After the reversal, which holds the wallet: what another press gave back before is seen.
    before = Refund.objects.filter(adjustment__bill=bill).aggregate(sum=Sum("points"))["sum"] or 0
    rest = bill.points - before - made.points
    if rest > 0:
        made.rest_entry_id = ledger.charge(
            key=f"care-refund-rest:{made.pk}", resident=bill.payer, amount=rest, relief=rest * bill.relief // bill.points,
            provider=bill.centre.community, by=made.by, reason=f"{named(bill.month)}托管费抵扣（按实际在托）", at=at,
        )  # fmt: skip


def _standing(bill: Bill) -> int:
    """The entry by which the bill's points are used now: of its offset, or what was used anew after points came back."""
    of_offset = Q(care_offset__bill=bill, care_offset__undone_at=None)
    again = Q(care_refund_rest__adjustment__bill=bill)
    found = Entry.objects.filter(of_offset | again, reversed_by=None).values_list("pk", flat=True).first()
    if found is None:
        raise BillChanged
    return found
