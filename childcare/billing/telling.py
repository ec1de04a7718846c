"""What the payer is told of a bill: no name, no category, no health (domain guide, 17.3: 您的孩子)."""

from datetime import date, timedelta

from childcare.models import Bill, BillAdjustment, Offset
from communities.settings import CARE_FREEZE_DAY, value_of
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


def adjusted(adjustment: BillAdjustment) -> None:
    way = "少收" if adjustment.amount_cents < 0 else "补收"
    month = f"{adjustment.bill.month.month}月"
    body = f"您的孩子{month}的托管账单有更正，{way}{yuan(abs(adjustment.amount_cents))}元，列入下一张账单。原因写在那张账单里。"
    said = Words("托管账单有更正", body, link_of(adjustment.bill))
    tell(resident=adjustment.bill.payer, occasion=f"care-adjustment:{adjustment.pk}", words=said)


def freeze_day(bill: Bill) -> date:
    """On which the bill is frozen: a day of its own month (setting, the 5th)."""
    return bill.month.replace(day=value_of(CARE_FREEZE_DAY, bill.centre.community.sub_district_id, on=bill.month))


def link_of(bill: Bill) -> str:
    return f"/childcare/bills/{bill.pk}/"
