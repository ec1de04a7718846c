"""确认账单: from now on it is payable and nothing of it changes; a bill of nothing is settled by that."""

from datetime import datetime

from childcare.billing import telling
from childcare.billing.drawing import REFUSALS, BillFrozen
from childcare.models import Bill, Centre
from communities import changes, duties
from communities.kin import OwnInterest, refusal_between
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb

REMIND_DAYS = 2
HEADS = (duties.Role.HEAD, duties.Role.STREET_ADMIN)


class TooEarly(Refused):
    code = "care_bill_not_yet"
    message = "还没有到这张账单的确认日，家长还可以用积分抵扣、提出疑问，没有确认。家长要提前缴费的，请社区主任确认。"
    status = 403


@verb(REFUSALS)
def freeze(*, bill: Bill, by: User, at: datetime | None = None) -> Bill:
    """By staff of the centre's community, before its day by the head alone. Refuses what `refusal_for` says, and `DoesNotTie`."""
    changes.by(by)
    if refused := refusal_for(bill, by, at):
        raise refused
    return write(bill=bill, by=by, at=at)


def refusal_for(bill: Bill, by: User, at: datetime | None = None) -> Refused | None:
    """Why `by` does not confirm it now; page and verb ask. Before its day it takes from the family the days for points and for
    asking, so that the head alone decides it, for who comes to pay."""
    if not duties.holds(by, bill.centre.community):
        return duties.NotYourDuty()
    if bill.status != Bill.Status.DRAWN:
        return BillFrozen()
    if telling.freeze_day(bill) > clock.local(at or clock.now()).date() and not holds_early(bill, by):
        return TooEarly()
    return refusal_between(by=by, beneficiaries=[bill.child, bill.payer], family=OwnInterest())


def holds_early(bill: Bill, by: User) -> bool:
    return duties.holds(by, bill.centre.community, *HEADS)


@verb(REFUSALS)
def write(*, bill: Bill, by: User, at: datetime | None = None) -> Bill:
    """`freeze` without asking who asks: for the sweep. The database looks once more whether bill, lines and ledger tie."""
    changes.by(by)
    mine = Bill.objects.select_for_update(no_key=True).get(pk=bill.pk)
    if mine.status != Bill.Status.DRAWN:
        raise BillFrozen
    mine.frozen_at, mine.frozen_by = at or clock.now(), by
    mine.status = Bill.Status.FROZEN if mine.due_cents else Bill.Status.PAID
    mine.paid_at = None if mine.due_cents else mine.frozen_at
    mine.save(update_fields=["status", "frozen_at", "frozen_by", "paid_at"])
    telling.frozen(mine)
    return mine


def due(centre: Centre, at: datetime) -> list[Bill]:
    """Of this month and of earlier ones, those whose day has come (`telling.freeze_day`)."""
    today = clock.local(at).date()
    mine = Bill.objects.open().filter(centre=centre, month__lte=today).select_related("centre__community")
    return [bill for bill in mine.order_by("pk") if telling.freeze_day(bill) <= today]


def sweep(at: datetime) -> int:
    """Confirm what is due, each in a transaction of its own; how many. Run by beat."""
    by, done = User.objects.get(username="system"), 0
    for centre in Centre.objects.select_related("community").order_by("pk"):
        for bill in due(centre, at):
            try:
                write(bill=bill, by=by, at=at)
                done += 1
            except BillFrozen:  # somebody was faster
                continue
    return done


def remind(at: datetime) -> int:
    """Tell who could still use points, two days before; how many bills."""
    today, told = clock.local(at).date(), 0
    mine = Bill.objects.open().filter(month__lte=today, cap_cents__gt=0, offset_cents=0)
    for bill in mine.select_related("centre__community", "payer"):
        if 0 < (telling.freeze_day(bill) - today).days <= REMIND_DAYS:
            telling.soon_frozen(bill)
            told += 1
    return told
