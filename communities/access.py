"""查看记录: who opened whose full data, and what for. Written before anything is shown; nobody can edit it."""

from structlog.contextvars import get_contextvars

from communities.models import Community, Resident, User
from communities.whereabouts import address
from core.refusals import Refused
from core.sql import call
from core.verbs import verb

LONGEST = 200
LOOK = "SELECT communities_look(%s, %s, %s, %s, %s, %s, %s)"


class NoPurpose(Refused):
    code = "no_purpose"
    message = "请写明查看原因（2到200字），写明后才能看到完整信息。查看会被记录。"
    status = 400


@verb()
def look(*, by: User, community: Community, what: str, purpose: str, resident: Resident | None = None) -> int:
    """Write down that `by` is shown `what` (names of fields, or of an export) for `purpose`. Refuses `NoPurpose`."""
    purpose = purpose.strip()
    if not 2 <= len(purpose) <= LONGEST or "\0" in purpose:
        raise NoPurpose
    bound = get_contextvars()
    (number,) = call(
        LOOK, by.pk, community.pk, resident.pk if resident else None, what, purpose,
        str(bound.get("request_id", "")), address(),
    )  # fmt: skip
    return int(number)
