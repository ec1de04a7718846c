"""What the payer is told of a bill: no name, no category, no health (domain guide, 17.3: 您的孩子)."""

from datetime import date, timedelta

from childcare.models import Bill, BillAdjustment, Offset, Payment, Place, Refund
from communities.models import Resident
from communities.settings import CARE_BILL_DAY, CARE_FREEZE_DAY, value_of
from core import clock
from notifications.outbox import Words, tell
from partners.money import yuan


def drawn(bill: Bill, *, first: bool) -> None:
    """A new bill, or one that says something else now."""
    month = f"{bill.month.month}月"
    until = f"，{freeze_day(bill).month}月{freeze_day(bill).day}日前可以用积分抵扣" if bill.cap_cents else ""
    if first:
        said = Words(
            f"{month}托管账单已出",
            f"您的孩子{month}的托管账单已出，应付{yuan(bill.due_cents)}元{until}。",
            link_of(bill),
        )
        return tell(resident=bill.payer, occasion=f"care-bill:{bill.pk}", words=said)
    body = f"您的孩子{month}的托管账单有变动，现在应付{yuan(bill.due_cents)}元{until}。每一项都写明了原因，请打开账单核对。"
    occasion = f"care-bill:{bill.pk}:changed:{bill.drawn_at:%Y%m%d%H%M%S%f}"
    return tell(resident=bill.payer, occasion=occasion, words=Words(f"{month}托管账单有变动", body, link_of(bill)))


def points_returned(offset: Offset) -> None:
    month = f"{offset.bill.month.month}月"
    body = (
        f"您的孩子{month}的托管账单有变动，原来的积分抵扣已撤回，{offset.points:,}积分退回您的账户。需要的请重新抵扣。"
    )
    said = Words("抵扣的积分已退回", body, link_of(offset.bill))
    tell(resident=offset.bill.payer, occasion=f"care-offset:{offset.pk}:returned", words=said)


def soon_frozen(bill: Bill) -> None:
    last = freeze_day(bill) - timedelta(days=1)
    body = f"您的孩子{bill.month.month}月的托管账单在{last.month}月{last.day}日前还可以用积分抵扣，过后按应付{yuan(bill.due_cents)}元缴费。"
    tell(
        resident=bill.payer,
        occasion=f"care-bill:{bill.pk}:remind",
        words=Words("托管账单快要确认", body, link_of(bill)),
    )


def frozen(bill: Bill) -> None:
    rest = "请到托管中心缴费，并收好收据。" if bill.status == Bill.Status.FROZEN else "不用缴费。"
    body = f"您的孩子{bill.month.month}月的托管账单已确认，应付{yuan(bill.due_cents)}元，{rest}"
    tell(
        resident=bill.payer,
        occasion=f"care-bill:{bill.pk}:frozen",
        words=Words("托管账单已确认", body, link_of(bill)),
    )


def undone(offset: Offset) -> None:
    """Taken back by the payer, or for them at the counter."""
    month = f"{offset.bill.month.month}月"
    body = f"您的孩子{month}的托管账单的积分抵扣已撤回，{offset.points:,}积分已退回您的账户。账单确认以前可以重新抵扣。"
    words = Words("托管费抵扣已撤回", body, link_of(offset.bill))
    tell(resident=offset.bill.payer, occasion=f"care-offset:{offset.pk}:undone", words=words)


def paid(payment: Payment, left: int) -> None:
    rest = f"还差{yuan(left)}元。" if left else "这张账单已缴清。"
    body = f"您的孩子{payment.bill.month.month}月的托管费已登记缴费{yuan(payment.amount_cents)}元，收据号{payment.receipt}，{rest}如有不符，请联系托管中心。"
    words = Words("托管缴费已登记", body, link_of(payment.bill))
    tell(resident=payment.bill.payer, occasion=f"care-payment:{payment.pk}", words=words)


def voided(payment: Payment) -> None:
    body = f"您的孩子{payment.bill.month.month}月的托管费，收据号{payment.receipt}的{yuan(payment.amount_cents)}元登记有误，已作废。您手里的收据照样有效，如有疑问请联系托管中心。"
    words = Words("托管缴费登记已作废", body, link_of(payment.bill))
    tell(resident=payment.bill.payer, occasion=f"care-payment:{payment.pk}:voided", words=words)


def refunded(refund: Refund) -> None:
    """In the statement the points are two lines: all that was used comes back, and what stays used is used anew."""
    bill, said = refund.adjustment.bill, []
    if refund.amount_cents:
        said.append(f"多收的{yuan(refund.amount_cents)}元已登记退费，收据号{refund.receipt}")
    if refund.points:
        lines = "，积分明细里先退回再重新使用的，是按实际在托计算" if refund.rest_entry_id else ""
        said.append(f"抵扣过的积分有{refund.points:,}积分已退回您的账户{lines}")
    body = f"您的孩子{bill.month.month}月的托管费，{'；'.join(said)}。如没有收到，请联系托管中心。"
    tell(resident=bill.payer, occasion=f"care-refund:{refund.pk}", words=Words("托管费已退", body, link_of(bill)))


def handed_over(place: Place, was: Resident) -> None:
    """Who pays from now on, and who paid until now."""
    at = clock.now()
    new = "您的孩子的托管费从还没有确认的账单起由您付费。原来的账单已经确认的，仍由原来的付费监护人缴。"
    old = "您的孩子的托管费从还没有确认的账单起改由另一位监护人付费。这些账单上您用过的积分已退回您的账户。"
    for person, body in ((place.payer, new), (was, old)):
        words = Words("付费监护人已更换", body, "/childcare/bills/")
        tell(resident=person, occasion=f"care-payer:{place.pk}:{at:%Y%m%d%H%M%S%f}", words=words)


def adjusted(adjustment: BillAdjustment) -> None:
    way = "少收" if adjustment.amount_cents < 0 else "补收"
    month = f"{adjustment.bill.month.month}月"
    body = f"您的孩子{month}的托管账单有更正，{way}{yuan(abs(adjustment.amount_cents))}元，列入下一张账单。原因写在那张账单里。"
    said = Words("托管账单有更正", body, link_of(adjustment.bill))
    tell(resident=adjustment.bill.payer, occasion=f"care-adjustment:{adjustment.pk}", words=said)


def freeze_day(bill: Bill) -> date:
    """On which the bill is frozen: a day of its own month (setting, the 5th); later for one that was drawn or changed late, so
    that the family always has as many days as from the day of drawing (setting, the 25th) to that of confirming."""
    street, before = bill.centre.community.sub_district_id, bill.month - timedelta(days=1)
    day = bill.month.replace(day=value_of(CARE_FREEZE_DAY, street, on=bill.month))
    drawing = before.replace(day=value_of(CARE_BILL_DAY, street, on=before))
    return max(day, clock.local(bill.drawn_at).date() + (day - drawing))


def link_of(bill: Bill) -> str:
    return f"/childcare/bills/{bill.pk}/"
