"""Reading what is sealed: the reviewer, with a purpose that is written down first, and the family. Nobody else, ever."""

from base64 import b64decode

from communities import access, guardians, sealing
from communities.hardship.deciding import refusal_for
from communities.hardship.kinds import Said, said_of
from communities.hardship.recording import is_child
from communities.models import Evidence, EvidenceImage, Resident, User
from communities.silencing import silenced
from core.refusals import Refused

WHAT = "优待依据"


class NotYours(Refused):
    code = "evidence_not_yours"
    message = "这份依据的内容只有复核人员和家庭自己能看，什么都没有显示。"
    status = 403


class Gone(Refused):
    code = "evidence_gone"
    message = "这份依据的内容已按期限删除，没有可以显示的。"
    status = 404


def is_family(resident: Resident, account: User) -> bool:
    """Whether `account` is a guardian of the child, or the grown-up's own."""
    if is_child(resident):
        mine = guardians.guardian_by(resident, account)
        return mine is not None and not silenced(resident, mine)
    return resident.account_id is not None and resident.account_id == account.pk


def read(*, evidence: Evidence, by: User, purpose: str = "") -> Said:
    """What was recorded. A reviewer's look is written down with its purpose before; the family says none.

    Refuses `NotYours` and what `deciding.refusal_for` says, `NoPurpose`, `KeyMissing`, and `Gone` after its time.
    """
    _look(evidence, by, purpose, WHAT)
    if evidence.facts is None:
        raise Gone
    return said_of(evidence, sealing.unseal_facts(bytes(evidence.facts)))


def picture(*, evidence: Evidence, by: User, purpose: str) -> bytes:
    """The JPEG that waits for the reviewer; refuses as `read` does, and `Gone` once it is decided."""
    if refused := refusal_for(evidence, by):
        raise refused
    image = EvidenceImage.objects.filter(evidence=evidence, evidence__status=Evidence.Status.RECORDED).first()
    if image is None:
        raise Gone
    access.look(
        by=by, community=evidence.resident.community, resident=evidence.resident, what=f"{WHAT}图片", purpose=purpose
    )
    return b64decode(sealing.unseal(bytes(image.sealed)))


def _look(evidence: Evidence, by: User, purpose: str, what: str) -> None:
    resident = evidence.resident
    if by.kind == User.Kind.RESIDENT:
        if not is_family(resident, by):
            raise NotYours
        return
    if refused := refusal_for(evidence, by):
        raise refused
    access.look(by=by, community=resident.community, resident=resident, what=what, purpose=purpose)
