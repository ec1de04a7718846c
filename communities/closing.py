"""注销: a resident leaves for good. The person is emptied out of every text, the books keep entries under the number.

Domain guide, 13.4: within 15 working days of the request. This home knows nothing of seats or messages: an app registers
what stands in the way, what is lost, what ends, and whose texts are emptied.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Left, Replace

from communities import changes, duties
from communities.kin import kin_of
from communities.models import Resident, RightsRequest, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

SOMEBODY = "（已注销居民）"
EMPTIED = "本人已注销，内容已清除。"
LONGEST = 200
Status, Kind = Resident.Status, RightsRequest.Kind
log = structlog.get_logger(__name__)


class AlreadyClosed(Refused):
    code = "already_closed"
    message = "这份档案已经注销，没有改动。"


class StillOpen(Refused):
    code = "closing_still_open"

    def __init__(self, obstacles: Iterable[str]) -> None:
        super().__init__(f"还不能注销，档案没有改动。请先办好：{'；'.join(obstacles)}。")


class OwnClosing(Refused):
    code = "closing_own_file"
    message = "不能注销自己或家人的档案，请由另一位同事办理。档案没有改动。"
    status = 403


@dataclass(frozen=True)
class Gone:
    """Who leaves, as the file said it before it was emptied. `namesake`: somebody of that name lives on in the community."""

    resident: Resident
    by: User
    name: str
    phone: str
    document_hash: str
    account: User | None
    namesake: bool


Obstacle = Callable[[Resident], Iterable[str]]
Listener = Callable[[Gone], None]
_obstacles: list[Obstacle] = []
_losses: list[Obstacle] = []
_endings: list[Listener] = []
_emptiers: list[Listener] = []


def register(obstacle: Obstacle) -> None:
    """`obstacle(resident)` says in short sentences, without a full stop, what must be done before the file is closed."""
    _obstacles.append(obstacle)


def on_warning(loss: Obstacle) -> None:
    """`loss(resident)` says in whole sentences what the person loses by closing, before they decide."""
    _losses.append(loss)


def on_close(listener: Listener) -> None:
    """`listener(gone)` ends what the person had, in the same transaction, while the file is still whole. Wallets come first."""
    _endings.append(listener)


def on_empty(listener: Listener) -> None:
    """`listener(gone)` empties texts, after everything has ended and everybody was told of it."""
    _emptiers.append(listener)


def obstacles_of(resident: Resident) -> list[str]:
    """What must be done first."""
    return [said for obstacle in _obstacles for said in obstacle(resident)]


def losses_of(resident: Resident) -> list[str]:
    """What the person should know before it is done."""
    return [said for loss in _losses for said in loss(resident)]


def refusal_for(resident: Resident) -> Refused | None:
    """Why the file cannot be closed now, whoever asks; None when nothing stands against it."""
    if resident.status == Status.CLOSED:
        return AlreadyClosed()
    obstacles = obstacles_of(resident)
    return StillOpen(obstacles) if obstacles else None


def refusal_to_close(resident: Resident, by: User) -> Refused | None:
    """The same, asked by a colleague: nobody closes a file of their own or of their family."""
    if not duties.holds(by, resident.community):
        return duties.NotYourDuty()
    if kin_of(by).includes(resident):
        return OwnClosing()
    return refusal_for(resident)


@verb()
def close(*, resident: Resident, by: User, reason: str) -> Resident:
    """Close the file of `resident`, whose identity `by` has checked; `reason` says how (2 to 200 characters).

    The points stay in the books until their last day and can no longer be used; the phone is free for its next owner.
    Refuses what `refusal_to_close` says. What is open meanwhile is looked for again under the lock.
    """
    changes.by(by)
    reason = reason.strip()
    if not 2 <= len(reason) <= LONGEST or "\0" in reason:
        raise BadInput("请写明怎样核对了本人身份（2到200字）。档案没有改动。")
    if refused := refusal_to_close(resident, by):
        raise refused
    gone = gone_of(resident, by)
    for ending in _endings:
        ending(gone)
    # Not NO KEY: whoever signs this person up at this moment has done so before the question is asked again.
    locked = Resident.objects.select_for_update().get(pk=resident.pk)
    if refused := refusal_to_close(locked, by):
        raise refused
    _answer(locked, by)
    empty(locked, gone)
    log.info("file closed", resident=locked.pk, by=by.pk)
    return locked


def empty(resident: Resident, gone: Gone) -> None:
    """Take the person out of the file and of every text; part of `close`, and of forgetting who was declined."""
    resident.status, resident.closed_at, resident.decline_reason = Status.CLOSED, clock.now(), ""
    resident.decided_at = resident.decided_at or clock.now()
    resident.name, resident.pinyin, resident.initials = f"已注销-{resident.pk}", "", ""
    resident.phone, resident.birth_date, resident.account = "", None, None
    resident.document, resident.document_sealed, resident.document_tail, resident.document_hash = "", None, "", ""
    resident.household = resident.estate = resident.grid = None
    resident.save()
    for emptier in _emptiers:
        emptier(gone)


def scrub(rows: QuerySet[Any], *columns: str, gone: Gone) -> None:
    """Take the name and the phone of who left out of `columns` of `rows`; nothing else of the text is touched."""
    for column in columns:
        said = Replace(F(column), Value(gone.name), Value(SOMEBODY))
        if gone.phone:
            said = Replace(said, Value(gone.phone), Value(""))
        named = Q(**{f"{column}__contains": gone.name})
        if gone.phone:
            named |= Q(**{f"{column}__contains": gone.phone})
        rows.filter(named).update(**{column: Left(said, rows.model._meta.get_field(column).max_length)})


def gone_of(resident: Resident, by: User) -> Gone:
    """What must be known of `resident` after the file is empty."""
    living = Resident.objects.filter(community=resident.community, name=resident.name).exclude(pk=resident.pk)
    return Gone(
        resident, by, resident.name, resident.phone, resident.document_hash, resident.account,
        namesake=living.exclude(status=Status.CLOSED).exists(),
    )  # fmt: skip


def _answer(resident: Resident, by: User) -> None:
    """The request is done; who came to the counter without one has it written down."""
    now = clock.now()
    filed, _ = RightsRequest.objects.get_or_create(
        resident=resident, kind=Kind.CLOSE, status=RightsRequest.Status.FILED,
        defaults={
            "community": resident.community, "text": EMPTIED, "filed_at": now, "filed_by": by,
            "answer_by": clock.local(now).date(),
        },
    )  # fmt: skip
    filed.status, filed.answer, filed.answered_at, filed.answered_by = RightsRequest.Status.DONE, "已注销。", now, by
    filed.save(update_fields=["status", "answer", "answered_at", "answered_by"])
