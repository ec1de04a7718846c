"""退费: a child that has left gets back in money what was asked too much of it. A receipt, and neither who proposed nor who approved."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from childcare.billing import lines, telling
from childcare.billing.drawing import REFUSALS
from childcare.billing.paying import RECEIPT
from childcare.models import Bill, BillAdjustment, Payment, Place, Refund
from childcare.models.bills import BillAdjustmentQuerySet
from communities import changes, duties
from communities.kin import OwnInterest, refusal_between
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

# Whose the money is on paper; finance has no child's name with it.
GIVING = (duties.Role.FINANCE, *duties.STAFF)


class NothingToRefund(Refused):
    code = "care_nothing_to_refund"
    message = "这笔更正现在没有要退的钱，没有登记。还在托的孩子列入下一张账单；退过的不再退。"


class StillOwing(Refused):
    code = "care_still_owing"
    message = "这个孩子还有没缴清的托管账单，没有登记退费。请先登记缴费，缴清以后再退。"


class BadRefund(BadInput):
    code = "care_bad_refund"
    message = f"请填写收据号（不超过{RECEIPT}字）、方式和退费日期（不晚于今天）。这次没有登记。"


class RefundReceiptTaken(Refused):
    code = "care_refund_receipt_taken"
    message = "这个退费收据号已经登记过，没有重复登记。请核对收据。"


REFUND_REFUSALS: Refusals = {
    **REFUSALS,
    "CC066": lambda _: NothingToRefund(),
    "care_refund_receipt_once": lambda _: RefundReceiptTaken(),
}


@dataclass(frozen=True)
class Given:
    receipt: str
    way: str
    paid_on: date


def waiting() -> BillAdjustmentQuerySet:
    """Approved corrections in the family's favour of which something is left (`with_taken`), of children that have left: no place
    in the centre from today on, and no open bill that might still take it in. Of a bill that points paid nothing goes out in money
    (domain guide, 4.3: points are never cashed): what was paid in money, less what was given back already, is the most.
    """
    stays = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    of = {"child": OuterRef("bill__child")}
    places = Place.objects.held().filter(stays, group__centre=OuterRef("bill__centre"), **of)
    bills = Bill.objects.open().filter(centre=OuterRef("bill__centre"), **of)
    mine = BillAdjustment.objects.approved().filter(~Exists(places), ~Exists(bills), amount_cents__lt=0, refund=None)
    given = Refund.objects.filter(adjustment__bill=OuterRef("bill")).order_by().values("adjustment__bill")
    out = Coalesce(Subquery(given.annotate(sum=Sum("amount_cents")).values("sum")), 0)
    left = mine.with_taken().filter(amount_cents__lt=F("taken") - F("given"))
    return left.annotate(money=F("bill__paid_cents") - out).filter(money__gt=0)


def refusal_for(adjustment: BillAdjustment, by: User) -> Refused | None:
    """Why `by` pays nothing out of it; page and verb ask."""
    bill = adjustment.bill
    if not duties.holds(by, bill.centre.community, *GIVING):
        return duties.NotYourDuty()
    if Bill.objects.owing().filter(centre=bill.centre_id, child=bill.child_id).exists():
        return StillOwing()
    if not waiting().filter(pk=adjustment.pk).exists():
        return NothingToRefund()
    recorders = {adjustment.by_id, adjustment.approved_by_id}
    return refusal_between(by=by, recorders=recorders, beneficiaries=[bill.child, bill.payer], family=OwnInterest())


@verb(REFUND_REFUSALS)
def give(*, adjustment: BillAdjustment, given: Given, by: User, at: datetime | None = None) -> Refund:
    """Write down that all that is left of it was paid out. Refuses what `refusal_for` says, `BadRefund`, `RefundReceiptTaken`."""
    changes.by(by)
    at = at or clock.now()
    held = BillAdjustment.objects.select_for_update(no_key=True, of=("self", "bill"))
    mine = held.select_related("bill__centre__community", "bill__child", "bill__payer").get(pk=adjustment.pk)
    if refused := refusal_for(mine, by):
        raise refused
    receipt = given.receipt.strip()
    whole = 0 < len(receipt) <= RECEIPT and "\0" not in receipt and given.way in Payment.Way.values
    if not whole or given.paid_on > clock.local(at).date():
        raise BadRefund
    made = Refund.objects.create(
        adjustment=mine, centre=mine.bill.centre, amount_cents=-left_of(mine), receipt=receipt, way=given.way,
        paid_on=given.paid_on, by=by, at=at,
    )  # fmt: skip
    telling.refunded(made)
    return made


def left_of(adjustment: BillAdjustment) -> int:
    """Below zero: what is left to be paid out, in fen; nought where nothing waits."""
    mine = waiting().filter(pk=adjustment.pk).first()
    return of_money(mine) if mine else 0


def of_money(mine: BillAdjustment) -> int:
    """What is left of a row of `waiting`, and no more than was paid in money; signed fen."""
    return max(lines.left_of(mine), -int(mine.money))  # type: ignore[attr-defined]
