"""Two months of bills: last month's confirmed and mostly paid, this month's open; points used by a third of the families."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from childcare.billing import adjusting, freezing, offsetting, paying, running
from childcare.billing.paying import Paid
from childcare.models import Bill, BillAdjustment, Offset, Payment
from core import clock
from demo import cast
from demo.asked import Asked
from demo.childcare.centre import centre
from demo.childcare.homes import head, worker
from demo.childcare.savings import savers

SHARE = 0.6  # of what may be used in the first month
UNPAID, PARTLY = 12, 17  # one in so many has not paid yet, one has paid a part
REFUND, REFUND_WHY = -3000, "请病假3天，按约定退餐费"
ASKED, ASKED_WHY = -1500, "班次临时停一天"


def are_drawn(month: date) -> bool:
    return Bill.objects.filter(month=month).exists()


def draw(month: date, at: datetime) -> None:
    """As `manage.py bill_care` does; a run that was killed is gone on with."""
    running.run(centre=centre(), month=month, by=worker(), at=at)


def are_used(month: date) -> bool:
    return Offset.objects.filter(bill__month=month).exists()


def use(asked: Asked, month: date, share: float, at: datetime) -> None:
    """On the phone of who pays, as far as the points go; the parent of the sign-in page has not done it yet."""
    payers = [one.pk for one, _ in savers(asked) if one.phone != cast.CARE_PARENT.phone]
    for bill in Bill.objects.filter(month=month, payer__in=payers).select_related("payer__account").order_by("pk"):
        if bill.payer.account is None or offsetting.refusal_for(offsetting.read(bill.pk)):
            continue
        points = int(offsetting.quote(offsetting.read(bill.pk), at=at).points * share)
        if points:
            offsetting.use(bill=bill, points=points, by=bill.payer.account, at=at)


def is_frozen(month: date) -> bool:
    return are_drawn(month) and not Bill.objects.open().filter(month=month).exists()


def freeze(month: date, at: datetime) -> None:
    for bill in Bill.objects.open().filter(month=month).order_by("pk"):
        freezing.freeze(bill=bill, by=head(), at=at)


def are_paid(month: date) -> bool:
    return Payment.objects.filter(bill__month=month).exists()


def pay(month: date, at: datetime) -> None:
    """Receipts of the operator, one after the other; some pay by transfer, a few owe."""
    payable = Bill.objects.filter(month=month, status=Bill.Status.FROZEN).order_by("pk")
    for number, bill in enumerate(payable, 1):
        if number % UNPAID == 0:
            continue
        cents = bill.due_cents // 2 if number % PARTLY == 0 else bill.due_cents
        way = (Payment.Way.TRANSFER, Payment.Way.CASH, Payment.Way.TRANSFER, Payment.Way.CARD)[number % 4]
        paid = Paid(cents, f"TL{month:%Y%m}-{number:04}", way, clock.local(at).date())
        paying.record(bill=bill, paid=paid, by=worker(), at=at + timedelta(minutes=number))


def is_put_right() -> bool:
    return BillAdjustment.objects.filter(reason=ASKED_WHY).exists()


def put_right(month: date, at: datetime) -> None:
    """One correction that two colleagues agreed to, one that waits for the second."""
    settled: Iterable[Bill] = Bill.objects.filter(month=month).exclude(status="drawn").order_by("pk")[:2]
    for bill, cents, why in zip(settled, (REFUND, ASKED), (REFUND_WHY, ASKED_WHY), strict=False):
        made = adjusting.propose(bill=bill, amount_cents=cents, reason=why, by=worker(), at=at)
        if cents == REFUND:
            adjusting.approve(adjustment=made, by=head(), at=at + timedelta(hours=1))
