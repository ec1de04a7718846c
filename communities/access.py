"""查看记录: who opened whose full data, and what for. Written before anything is shown; nobody can edit it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from structlog.contextvars import get_contextvars

from communities.models import Community, Resident, User
from communities.whereabouts import address
from core.refusals import Refused
from core.sql import call
from core.verbs import verb

LONGEST = 200
LOOK = "SELECT communities_look(%s, %s, %s, %s, %s, %s, %s)"

# Of a list that is turned and looked at again: who has a line of the same words since then is not written again. Only the newest
# lines of each are read, so that a log of years costs nothing; with more than that a line is written twice.
LOOKS = """
    SELECT count(communities_look(%s, seen.community, seen.resident, %s, %s, %s, %s))
    FROM unnest(%s::bigint[], %s::bigint[]) AS seen (community, resident)
    WHERE NOT EXISTS (
        SELECT FROM (SELECT by_id, what, at FROM communities_look WHERE resident_id = seen.resident ORDER BY id DESC LIMIT 50) AS newest
        WHERE newest.by_id = %s AND newest.what = %s AND newest.at >= %s
    )
"""


class NoPurpose(Refused):
    code = "no_purpose"
    message = "请写明查看原因（2到200字），写明后才能看到完整信息。查看会被记录。"
    status = 400


@verb()
def look(*, by: User, community: Community, what: str, purpose: str, resident: Resident | None = None) -> int:
    """Write down that `by` is shown `what` (names of fields, or of an export) for `purpose`. Refuses `NoPurpose`."""
    purpose = _worded(purpose)
    (number,) = call(LOOK, by.pk, community.pk, resident.pk if resident else None, what, purpose, _request(), address())
    return int(number)


@verb()
def look_at_all(
    *, by: User, residents: Iterable[Resident], what: str, purpose: str, unless_since: datetime | None = None
) -> int:
    """As `look`, a line at each of `residents`, in one statement; how many were written. Whoever has a line of the same `by` and
    `what` from `unless_since` on is left out. Refuses `NoPurpose`."""
    purpose = _worded(purpose)
    seen = {one.pk: one.community_id for one in residents}
    if not seen:
        return 0
    since = unless_since or datetime.max.replace(tzinfo=UTC)
    (many,) = call(
        LOOKS, by.pk, what, purpose, _request(), address(), list(seen.values()), list(seen), by.pk, what, since
    )
    return int(many)


def _worded(purpose: str) -> str:
    purpose = purpose.strip()
    if not 2 <= len(purpose) <= LONGEST or "\0" in purpose:
        raise NoPurpose
    return purpose


def _request() -> str:
    return str(get_contextvars().get("request_id", ""))
