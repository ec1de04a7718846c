"""发送记录 at the desk: what was told to whom, and what became of it; on the page, and as an Excel file."""

from collections.abc import Iterable, Iterator
from datetime import time
from typing import IO, Any, NamedTuple

from django.db.models import Q

from communities import finding
from communities.models import User
from communities.workbook import Cell, workbook
from core import clock, masks
from notifications import kinds, settling
from notifications.models import Message, MessageQuerySet

PAGE = 50
COLUMNS = (
    ("编号", 10), ("应发时间", 18), ("送达时间", 18), ("社区", 14), ("收件人", 12), ("事项", 14), ("标题", 30), ("渠道", 10), ("状态", 12),
    ("发送次数", 10), ("未送达原因", 30), ("处理人", 12), ("处理时间", 18),
)  # fmt: skip
COLLEAGUE = "工作人员"


class Line(NamedTuple):
    """One message as colleagues may see it: `whom` masked if it is a resident, `body` empty where it is nobody else's business; `late`:
    of no use any more."""

    message: Message
    whom: str
    place: str
    subject: str
    body: str
    late: bool


def found(user: User, wanted: dict[str, Any]) -> MessageQuerySet:
    """`state`, `channel`, `subject` (its key), `community`, `q` (whom, as the desk looks for people), `since` and `until` (days on which
    it was due); what was due last first."""
    rows = Message.objects.for_staff(user).select_related("resident__community", "staff", "settled_by")
    for name, column in (("state", "state"), ("channel", "channel"), ("community", "resident__community")):
        if wanted.get(name):
            rows = rows.filter(**{column: wanted[name]})
    if wanted.get("subject"):
        rows = rows.filter(kinds.about(wanted["subject"]))
    if wanted.get("q"):
        people = finding.residents(user, wanted["q"]).values_list("pk", flat=True)
        rows = rows.filter(resident__in=list(people[: finding.MOST]))
    if wanted.get("since"):
        rows = rows.filter(due_at__gte=clock.at(wanted["since"], time()))
    if wanted.get("until"):
        rows = rows.filter(due_at__lt=clock.midnight_after(wanted["until"]))
    return rows.order_by("-due_at", "-pk")


def page_of(user: User, wanted: dict[str, Any], before: int | None = None) -> list[Message]:
    """What comes after the row `before` when it is given; one more than a page."""
    rows = found(user, wanted)
    last = Message.objects.for_staff(user).filter(pk=before).first() if before else None
    if last:
        rows = rows.filter(Q(due_at__lt=last.due_at) | Q(pk__lt=last.pk), due_at__lte=last.due_at)
    return list(rows[: PAGE + 1])


def undelivered(user: User) -> MessageQuerySet:
    """What waits for `user` or a colleague to do something about."""
    rows = Message.objects.for_staff(user).undelivered(settling.left_since())
    return rows.select_related("resident__community", "staff")


def spelt(rows: Iterable[Message]) -> Iterator[Line]:
    """Rows that were read by `found` or `undelivered`, without a query."""
    for one in rows:
        whom, place = str(one.staff), COLLEAGUE
        if one.resident:
            whom, place = masks.name(one.resident.name), one.resident.community.name
        body = one.body if one.resident and not kinds.is_private(one.kind) else ""
        yield Line(one, whom, place, kinds.subject_of(one.kind).label, body, settling.is_late(one))


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    """The list as an Excel file, names masked, without any body."""
    return workbook("发送记录", COLUMNS, _cells(spelt(found(user, wanted).iterator(chunk_size=2000))))


def _cells(lines: Iterable[Line]) -> Iterator[tuple[Cell, ...]]:
    for one, whom, place, subject, _, _ in lines:
        yield (
            one.pk, one.due_at, one.sent_at, place, whom, subject, one.title, one.get_channel_display(), one.get_state_display(),
            one.tries, one.fault, str(one.settled_by or ""), one.settled_at,
        )  # fmt: skip
