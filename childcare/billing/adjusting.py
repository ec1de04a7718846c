"""账单更正: a frozen bill stays as it is; what was wrong stands in the next one, when two colleagues have said so."""

from datetime import datetime

from childcare.billing import drawing, telling
from childcare.billing.drawing import REFUSALS, SETTLED
from childcare.models import Bill, BillAdjustment
from communities import changes, duties
from communities.kin import refusal_between
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

REASON, MOST = 100, 1_000_000  # characters; fen
HEADS = (duties.Role.HEAD, duties.Role.STREET_ADMIN)


class BadAdjustment(BadInput):
    code = "care_bad_adjustment"
    message = f"请填写不为0的金额（最多{MOST // 100:,}元，少收的填负数，补收的填正数）和原因（不超过{REASON}字）。这次没有保存。"


class NotFrozen(Refused):
    code = "care_bill_not_frozen"
    message = "这张账单还没有确认，不用更正，没有保存，积分没有变动。请改正托位或收费后重新出单。"


class AdjustmentDecided(Refused):
    code = "care_adjustment_decided"
    message = "这笔更正已经有人处理，没有改动。有差错的，请另外登记一笔更正。"


@verb(REFUSALS)
def propose(*, bill: Bill, amount_cents: int, reason: str, by: User, at: datetime | None = None) -> BillAdjustment:
    """Write down what was asked too much (below zero, in the family's favour) or too little; a second tap writes nothing more.

    Refuses a stranger, `NotFrozen`, `BadAdjustment`.
    """
    changes.by(by)
    duties.require(by, bill.centre.community)
    mine, reason = Bill.objects.select_for_update(no_key=True).get(pk=bill.pk), reason.strip()
    if mine.status not in SETTLED:
        raise NotFrozen
    if not 0 < abs(amount_cents) <= MOST or not 0 < len(reason) <= REASON or "\0" in reason:
        raise BadAdjustment
    said = {"bill": mine, "amount_cents": amount_cents, "reason": reason, "by": by}
    before = BillAdjustment.objects.to_decide().filter(**said).first()
    return before or BillAdjustment.objects.create(**said, at=at or clock.now())


def refusal_for(adjustment: BillAdjustment, by: User) -> Refused | None:
    """Why `by` does not decide it: no head, who proposed it, the family, decided. Page, REST and verbs ask."""
    bill = adjustment.bill
    if not duties.holds(by, bill.centre.community, *HEADS):
        return duties.NotYourDuty()
    if adjustment.approved_at or adjustment.declined_at:
        return AdjustmentDecided()
    return refusal_between(by=by, recorders={adjustment.by_id}, beneficiaries=[bill.child, bill.payer])


@verb(REFUSALS)
def approve(*, adjustment: BillAdjustment, by: User, at: datetime | None = None) -> BillAdjustment:
    """Let it stand in the next bill: the one that is drawn already and open, else the one that comes. Refuses `refusal_for`."""
    mine = _decided(adjustment, by)
    mine.approved_by, mine.approved_at = by, at or clock.now()
    mine.save(update_fields=["approved_by", "approved_at"])
    telling.adjusted(mine)
    following = Bill.objects.open().filter(
        centre=mine.bill.centre_id, child=mine.bill.child_id, month__gt=mine.bill.month
    )
    for one in following.select_related("centre__community", "child").order_by("month"):
        drawing.write(centre=one.centre, child=one.child, month=one.month, by=by, at=at)
    return mine


@verb(REFUSALS)
def decline(*, adjustment: BillAdjustment, by: User, at: datetime | None = None) -> BillAdjustment:
    """It stands in no bill. By who may approve, or by who proposed it. Refuses `refusal_for`."""
    mine = _decided(adjustment, by, own=True)
    mine.declined_by, mine.declined_at = by, at or clock.now()
    mine.save(update_fields=["declined_by", "declined_at"])
    return mine


def _decided(adjustment: BillAdjustment, by: User, *, own: bool = False) -> BillAdjustment:
    changes.by(by)
    held = BillAdjustment.objects.select_for_update(no_key=True, of=("self",))
    mine = held.select_related("bill__centre__community", "bill__child", "bill__payer").get(pk=adjustment.pk)
    refused = refusal_for(mine, by)
    if own and by.pk == mine.by_id and not (mine.approved_at or mine.declined_at):
        refused = None
    if refused:
        raise refused
    return mine
