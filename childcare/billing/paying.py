"""缴费: money goes to the operator outside of the system; its receipt is written down. A mistake is voided by another person."""

from dataclasses import dataclass
from datetime import date, datetime

from childcare import opening
from childcare.billing import telling
from childcare.billing.drawing import REFUSALS
from childcare.models import Bill, Payment
from communities import access, changes, duties
from communities.kin import OwnInterest, SamePerson, refusal_between
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.money import yuan

RECEIPT, REASON = 40, 60  # characters


class BadPayment(BadInput):
    code = "care_bad_payment"
    message = f"请填写大于0的金额、收据号（不超过{RECEIPT}字）、方式和缴费日期（不晚于今天）。这次没有登记。"


class NotPayable(Refused):
    code = "care_not_payable"
    message = "这张账单现在没有要缴的钱，没有登记。账单确认以后、还没有缴清的才登记缴费。"


class TooMuch(Refused):
    code = "care_paid_too_much"

    def __init__(self, left: str | int = 0) -> None:
        super().__init__(f"这张账单还差{yuan(int(left or 0))}元缴清，填写的金额超出了，没有登记。请核对收据。")


class ReceiptTaken(Refused):
    code = "care_receipt_taken"
    message = "这个收据号已经登记过，没有重复登记。请核对收据；登记错的，请先作废。"


class PaymentVoided(Refused):
    code = "care_payment_voided"
    message = "这笔缴费已经作废，没有再改动。"


class NoReason(BadInput):
    code = "care_no_reason"
    message = f"请写明作废原因（不超过{REASON}字），什么都没有改动。"


PAYMENT_REFUSALS: Refusals = {
    **REFUSALS,
    "CC063": lambda _: NotPayable(),
    "care_receipt_once": lambda _: ReceiptTaken(),
    "care_payment_voided_by_another": lambda _: SamePerson(),
}


@dataclass(frozen=True)
class Paid:
    amount_cents: int
    receipt: str
    way: str
    paid_on: date


@verb(PAYMENT_REFUSALS)
def record(*, bill: Bill, paid: Paid, by: User, at: datetime | None = None) -> Payment:
    """Write down what was paid, in parts if need be; the last part settles the bill (by trigger).

    Refuses what `refusal_for` says, `BadPayment`, `TooMuch`, `ReceiptTaken`.
    """
    changes.by(by)
    at = at or clock.now()
    mine = Bill.objects.select_for_update(no_key=True, of=("self",)).select_related("centre__community").get(pk=bill.pk)
    if refused := refusal_for(mine, by):
        raise refused
    receipt = paid.receipt.strip()
    whole = 0 < len(receipt) <= RECEIPT and "\0" not in receipt and paid.way in Payment.Way.values
    if not whole or paid.amount_cents <= 0 or paid.paid_on > clock.local(at).date():
        raise BadPayment
    if paid.amount_cents > (left := mine.due_cents - mine.paid_cents):
        raise TooMuch(left)
    made = Payment.objects.create(
        bill=mine, centre=mine.centre, amount_cents=paid.amount_cents, receipt=receipt, way=paid.way, paid_on=paid.paid_on,
        by=by, at=at,
    )  # fmt: skip
    telling.paid(made, left - made.amount_cents)
    return made


def refusal_for(bill: Bill, by: User) -> Refused | None:
    """Why `by` writes down no payment of it: neither the lead of the centre nor staff, the family, nothing to pay."""
    if not takes_money(bill, by):
        return duties.NotYourDuty()
    if bill.status != Bill.Status.FROZEN:
        return NotPayable()
    return (
        None
        if by.kind == User.Kind.SERVICE
        else refusal_between(by=by, beneficiaries=[bill.child, bill.payer], family=OwnInterest())
    )


def takes_money(bill: Bill, by: User) -> bool:
    """The lead of the centre, staff of its community, and clients that enter things for them."""
    return duties.holds(by, bill.centre.community, *duties.ENTERING) or heads(bill, by)


def look(bill: Bill, by: User, purpose: str) -> None:
    """The lead's look at a bill to be paid, written down; also of a child that has left, of whom the lead sees nothing else
    (`opening.look`). Refuses `opening.NotYourChild`."""
    if not heads(bill, by):
        raise opening.NotYourChild
    what = opening.SHOWN + opening.named({opening.Part.BILLS})
    access.look(by=by, community=bill.child.community, resident=bill.child, what=what, purpose=purpose)


def heads(bill: Bill, by: User) -> bool:
    return Bill.objects.of_caregiver(by).filter(pk=bill.pk).exists()


@verb(PAYMENT_REFUSALS)
def void(*, payment: Payment, reason: str, by: User, at: datetime | None = None) -> Payment:
    """Somebody else than who wrote it down says that it was a mistake; the bill owes it again. Refuses `refusal_to_void`."""
    changes.by(by)
    reason = reason.strip()
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoReason
    Bill.objects.select_for_update(no_key=True).get(pk=payment.bill_id)
    mine = Payment.objects.select_related("bill__centre__community", "bill__child", "bill__payer").get(pk=payment.pk)
    if refused := refusal_to_void(mine, by):
        raise refused
    mine.voided_at, mine.voided_by, mine.void_reason = at or clock.now(), by, reason
    mine.save(update_fields=["voided_at", "voided_by", "void_reason"])
    telling.voided(mine)
    return mine


def refusal_to_void(payment: Payment, by: User) -> Refused | None:
    """Why `by` does not void it: no duty, who wrote it down, the family, voided. Page and verb ask."""
    bill = payment.bill
    if not (duties.holds(by, bill.centre.community) or heads(bill, by)):
        return duties.NotYourDuty()
    if payment.voided_at:
        return PaymentVoided()
    return refusal_between(by=by, recorders={payment.by_id}, beneficiaries=[bill.child, bill.payer], same=SamePerson())
