"""结算更正: a frozen statement stays as it is; what was wrong stands in the next one, when two colleagues have said so."""

from datetime import datetime

from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.models import Correction, Statement
from partners.settling.drawing import REFUSALS
from partners.settling.signing import HEADS, locked, refusal_of_kin

REASON, MOST = 100, 10_000_000  # characters; fen
Status = Statement.Status


class BadCorrection(BadInput):
    code = "bad_correction"
    message = f"请填写不为0的金额（最多{MOST // 100:,}元，少付的填正数，多付的填负数）和原因（不超过{REASON}字）。这次没有保存。"


class NotFrozen(Refused):
    code = "statement_not_frozen"
    message = "这张结算单还没有双方确认，不用更正，没有保存。请退回或重新出单。"


class CorrectionDecided(Refused):
    code = "correction_decided"
    message = "这笔更正已经批准，没有改动。有差错的，请另外登记一笔更正。"


@verb(REFUSALS)
def propose(
    *, statement: Statement, amount_cents: int, reason: str, by: User, at: datetime | None = None
) -> Correction:
    """Write down what was paid too little (above zero) or too much; a second tap writes nothing more.

    Refuses a stranger, `NotFrozen`, `BadCorrection`.
    """
    duties.require(by, statement.community)
    mine, reason = locked(statement), reason.strip()
    if mine.status not in (Status.FROZEN, Status.PAID):
        raise NotFrozen
    if not 0 < abs(amount_cents) <= MOST or not 0 < len(reason) <= REASON or "\0" in reason:
        raise BadCorrection
    said = {"statement": mine, "amount_cents": amount_cents, "reason": reason, "by": by}
    before = Correction.objects.filter(**said, approved_at=None).first()
    return before or Correction.objects.create(**said, at=at or clock.now())


@verb(REFUSALS)
def approve(*, correction: Correction, by: User, at: datetime | None = None) -> Correction:
    """Let it stand in the next statement that is drawn. Refuses what `refusal_to_approve` says."""
    mine = _locked(correction)
    if refused := refusal_to_approve(mine, by):
        raise refused
    mine.approved_by, mine.approved_at = by, at or clock.now()
    mine.save(update_fields=["approved_by", "approved_at"])
    return mine


def refusal_to_approve(correction: Correction, by: User) -> Refused | None:
    """Why `by` does not approve it: no head, who proposed it, the owner's family, decided. Page and verb ask."""
    if not duties.holds(by, correction.statement.community, *HEADS):
        return duties.NotYourDuty()
    if correction.approved_at:
        return CorrectionDecided()
    return refusal_of_kin(correction.statement.partner, by, {correction.by_id})


@verb(REFUSALS)
def drop(*, correction: Correction, by: User) -> None:
    """Take back what nobody approved yet: by who proposed it, or by the head. Refuses a stranger, `CorrectionDecided`."""
    mine = _locked(correction)
    duties.require(by, mine.statement.community, *(() if by.pk == mine.by_id else HEADS))
    if mine.approved_at:
        raise CorrectionDecided
    mine.delete()


def _locked(correction: Correction) -> Correction:
    held = Correction.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("statement__partner", "statement__community").get(pk=correction.pk)
