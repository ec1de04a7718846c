"""结算支付: money goes outside of the system; finance writes down invoice, day and amount."""

from datetime import date

from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.models import Statement
from partners.money import yuan
from partners.settling.drawing import REFUSALS
from partners.settling.signing import locked, refusal_of_kin

INVOICE = 40  # characters
Status = Statement.Status


class BadPayment(BadInput):
    code = "bad_payment"
    message = f"请填写发票号（不超过{INVOICE}字）和支付日期：不早于双方确认，不晚于今天。这次没有登记。"


class WrongAmount(Refused):
    code = "wrong_amount"

    def __init__(self, cents: int = 0) -> None:
        super().__init__(
            f"金额和结算单的实付{yuan(cents)}元不一致，没有登记。请核对发票和结算单；结算单有差错的，登记更正。"
        )


class NotToPay(Refused):
    code = "nothing_to_pay"
    message = "这张结算单现在没有要付的钱，没有登记。双方确认以后、实付大于0的才登记支付。"


@verb(REFUSALS)
def pay(*, statement: Statement, invoice: str, paid_on: date, amount_cents: int, by: User) -> Statement:
    """Write down the payment, once.

    Refuses whoever is not finance there, `BadPayment`, `NotToPay`, `WrongAmount`, who signed, the owner and its family.
    """
    duties.require(by, statement.community, duties.Role.FINANCE)
    mine, invoice = locked(statement), invoice.strip()
    if mine.status != Status.FROZEN or mine.net_cents <= 0 or mine.frozen_at is None:
        raise NotToPay
    if not 0 < len(invoice) <= INVOICE or "\0" in invoice:
        raise BadPayment
    if not clock.local(mine.frozen_at).date() <= paid_on <= clock.today():
        raise BadPayment
    if amount_cents != mine.net_cents:
        raise WrongAmount(mine.net_cents)
    if refused := refusal_of_kin(mine.partner, by, {mine.frozen_by_id, mine.agreed_by_id}):
        raise refused
    mine.status, mine.invoice, mine.paid_on, mine.paid_by = Status.PAID, invoice, paid_on, by
    mine.save(update_fields=["status", "invoice", "paid_on", "paid_by"])
    return mine
