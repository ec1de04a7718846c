"""暂停: at once, by the head or the sub-district, and lifted again with a reason (domain guide, 7.5).

Stopping protects people, so one person may; `standing.refusal_for` asks for it at every use. Lifting gives something back:
whoever serves there or is family to them may not, and the reason is kept. The same head may lift what they imposed, because
a community has one head; the sub-district's administrator may as well.
"""

from datetime import date, datetime

from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import Agreement, Leaving, Suspension
from partners.obligations import bias
from partners.vouchers import telling

LONGEST = 200
DECIDING = (duties.Role.HEAD, duties.Role.STREET_ADMIN)
# 立即暂停 by the rule; the others are the head's judgement.
AT_ONCE = frozenset(Suspension.Cause) - {Suspension.Cause.EVALUATION, Suspension.Cause.OTHER}


class AlreadySuspended(Refused):
    code = "already_suspended"
    message = "这份协议已经暂停，没有重复登记。请刷新后再看。"


class NotSuspended(Refused):
    code = "not_suspended"
    message = "这次暂停已经恢复，没有再改动。请刷新后再看。"


class NothingToSuspend(Refused):
    code = "nothing_to_suspend"
    message = "这份协议没有生效，不用暂停，没有改动。"


class NoSuspendReason(BadInput):
    code = "suspend_reason"
    message = f"请写明情况，不超过{LONGEST}字。什么都没有改动。"


REFUSALS: Refusals = {"suspended_once": lambda _: AlreadySuspended()}


def refusal_for(agreement: Agreement, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot suspend it; None when nothing stands against it."""
    if not duties.holds(by, agreement.community, *DECIDING):
        return duties.NotYourDuty()
    if not serves_on(agreement, clock.local(at).date()):
        return NothingToSuspend()
    halted = Suspension.objects.of(agreement.partner_id, agreement.community_id).standing()
    return AlreadySuspended() if halted.exists() else None


def serves_on(agreement: Agreement, on: date) -> bool:
    """Whether it is in force on that day, or the partner left and its vouchers are good still."""
    left = Leaving.objects.filter(
        agreement__partner=agreement.partner_id, agreement__community=agreement.community_id,
        decided_at__isnull=False, vouchers_until__gte=on,
    )  # fmt: skip
    return Agreement.objects.in_force(on).filter(pk=agreement.pk).exists() or left.exists()


@verb(REFUSALS)
def suspend(*, agreement: Agreement, cause: str, reason: str, by: User, at: datetime | None = None) -> Suspension:
    """From this moment the offers are hidden and no voucher is used; who holds one is told. Refuses what `refusal_for` says."""
    at = at or clock.now()
    if refused := refusal_for(agreement, by, at):
        raise refused
    if cause not in Suspension.Cause:
        raise NoSuspendReason
    made = Suspension.objects.create(agreement=agreement, cause=cause, reason=_written(reason), by=by, at=at)
    telling.halted(made)
    return made


def refusal_to_lift(suspension: Suspension, by: User) -> Refused | None:
    """Why `by` cannot lift it; None when nothing stands against it."""
    agreement = suspension.agreement
    if not duties.holds(by, agreement.community, *DECIDING):
        return duties.NotYourDuty()
    return NotSuspended() if suspension.lifted_at else bias.refusal_for(by, agreement.partner)


@verb()
def lift(*, suspension: Suspension, reason: str, by: User, at: datetime | None = None) -> Suspension:
    """Offers and vouchers are good again; who holds one is told. Refuses what `refusal_to_lift` says."""
    at = at or clock.now()
    rows = Suspension.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("agreement__partner", "agreement__community").get(pk=suspension.pk)
    if refused := refusal_to_lift(mine, by):
        raise refused
    mine.lift_reason, mine.lifted_by, mine.lifted_at = _written(reason), by, at
    mine.save(update_fields=["lift_reason", "lifted_by", "lifted_at"])
    telling.resumed(mine, at)
    return mine


def _written(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise NoSuspendReason
    return reason
