"""复核已确认的账单: a place that ended, moved or began inside a confirmed month is put right by a correction, proposed at night.

The bill itself stays as it is. A head decides about the proposal as about any other; declined, it is not proposed again.
"""

from datetime import datetime, timedelta

import structlog
from django.db.models import QuerySet

from childcare.billing import lines, splitting
from childcare.billing.drawing import REFUSALS, SETTLED
from childcare.billing.reducing import of_child, of_fee
from childcare.models import Bill, BillAdjustment
from communities import changes
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb

BACK = timedelta(days=62)
WHY = "托位有变动，按实际在托的天数重新计算"
log = structlog.get_logger(__name__)


def sweep(at: datetime) -> int:
    """How many corrections were proposed. Run by beat; a second run proposes nothing more."""
    by, made = User.objects.get(username="system"), 0
    for bill in changed(at):
        try:
            made += recheck(bill=bill, by=by, at=at) is not None
        except Refused as refused:  # one bill stops no other
            log.warning("care-recheck", bill=bill.pk, refused=refused.code)
    return made


def changed(at: datetime) -> QuerySet[Bill]:
    """Confirmed bills of late: all, since a last day that was taken back leaves no trace on the place."""
    since = clock.local(at).date() - BACK
    mine = Bill.objects.filter(status__in=SETTLED, month__gte=since.replace(day=1))
    return mine.select_related("centre__community", "child").order_by("pk")


@verb(REFUSALS)
def recheck(*, bill: Bill, by: User, at: datetime) -> BillAdjustment | None:
    """Propose what the confirmed `bill` asks too much or too little; None when it asks what is right, or that is said already.

    Reduced as the bill was. What waits of an earlier night is taken back, when it says something else now. Refuses `NoFee`.
    """
    changes.by(by)
    mine = Bill.objects.select_for_update(no_key=True, of=("self",)).select_related("centre", "child").get(pk=bill.pk)
    own = BillAdjustment.objects.filter(bill=mine, by=by).exclude(declined_by=by)
    waiting = list(own.to_decide())
    said = sum(one.amount_cents for one in own.exclude(pk__in=[one.pk for one in waiting]))
    wanted = _unsaid(mine, fee_now(mine) - mine.fee_cents - said, by)
    if wanted == sum(one.amount_cents for one in waiting):
        return None
    for one in waiting:
        one.declined_by, one.declined_at = by, at
        one.save(update_fields=["declined_by", "declined_at"])
    return BillAdjustment.objects.create(bill=mine, amount_cents=wanted, reason=WHY, by=by, at=at) if wanted else None


def _unsaid(bill: Bill, wanted: int, by: User) -> int:
    """What is left of `wanted` after what colleagues corrected in the same direction: one leaving is not credited twice."""
    others = BillAdjustment.objects.filter(bill=bill, declined_at=None).exclude(by=by)
    same = sum(one.amount_cents for one in others if (one.amount_cents < 0) == (wanted < 0))
    return min(wanted - same, 0) if wanted < 0 else max(wanted - same, 0)


def fee_now(bill: Bill) -> int:
    """Fen that the month costs by the places as they are now, less the reduction of the bill; of a bill of nothing the one that
    counts on the first of its month."""
    split = splitting.opened(bill)
    standard = sum(one.cents for one in lines.fees_of(bill.centre, bill.child, bill.month))
    if split is None and bill.fee_cents == 0 and standard:
        return standard - of_fee(standard, of_child(bill.child, bill.month).percent)
    return standard - of_fee(standard, split.percent) if split else standard
