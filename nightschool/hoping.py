"""候补和申请: who has no seat and hopes for one, as the register shows them beside the seats."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.db.models import QuerySet
from django.urls import reverse

from communities.models import User
from communities.workbook import workbook
from core import masks
from nightschool.models import Application, Channel, Course, Waiting
from nightschool.register import CHUNK, Filter, moment_of

MOST = 100
WAITING, APPLIED = "waiting", "applied"
STATES = ((WAITING, "候补、待确认"), (APPLIED, "申请待定"))
COLUMNS = (
    ("姓名", 12), ("手机", 14), ("小区", 16), ("课程", 20), ("期次", 10), ("开课社区", 12), ("时间", 18), ("渠道", 10), ("情况", 12),
)  # fmt: skip
FIELDS = (
    "pk", "resident__name", "resident__phone", "resident__estate__name", "course_id", "course__title", "course__term__name",
    "course__community__name", "at", "channel", "status", "course__mode",
)  # fmt: skip
TONES = {"offered": "y", "waiting": "b", "applied": ""}


@dataclass(frozen=True)
class Hope:
    """One who waits, was offered a seat, or applied; `url` is where staff act on it."""

    name: str
    phone: str
    estate: str
    course_id: int
    course: str
    term: str
    community: str
    at: datetime
    channel: str
    said: str
    tone: str
    url: str

    @property
    def when(self) -> str:
        return moment_of(self.at)


def found(user: User, asked: Filter, status: str = "") -> list[Hope]:
    """Of the line (offers first, then by place) and of the open applications (by number), as far as `status` asks; at most MOST."""
    return [hope for rows in _asked(user, asked, status) for hope in map(_hope, rows[:MOST])][:MOST]


def figures(user: User, asked: Filter) -> dict[str, int]:
    """How many wait and how many applied among those that answer to `asked`, whatever status it names."""
    line, applied = _asked(user, asked)
    return {WAITING: line.count(), APPLIED: applied.count()}


def exported(user: User, asked: Filter) -> IO[bytes]:
    """The file of exactly those."""
    return workbook("夜校候补和申请", COLUMNS, map(_cells, _all(user, asked)))


def _all(user: User, asked: Filter) -> Iterator[Hope]:
    for rows in _asked(user, asked, asked.status):
        yield from map(_hope, rows.iterator(chunk_size=CHUNK))


def _asked(user: User, asked: Filter, status: str = "") -> list["QuerySet[Any, tuple[Any, ...]]"]:
    line = asked.of(Waiting.objects.for_staff(user).standing()).order_by("course", "status", "place", "pk")
    applied = asked.of(Application.objects.for_staff(user).open()).order_by("course", "number")
    kinds: dict[str, QuerySet[Any, tuple[Any, ...]]] = {
        WAITING: line.values_list(*FIELDS),
        APPLIED: applied.values_list(*FIELDS),
    }
    return [rows for kind, rows in kinds.items() if status in {"", kind}]


def _hope(values: Iterable[Any]) -> Hope:
    _pk, name, phone, estate, course_id, course, term, community, at, channel, status, mode = values
    labels: dict[str, Any] = (
        dict(Waiting.Status.choices)
        | dict(Channel.choices)
        | {"applied": "待抽签" if mode == Course.Mode.DRAW else "待审核"}
    )
    page = "desk:applications" if status == "applied" else "desk:line"
    return Hope(
        name, masks.phone(phone), estate or "", course_id, course, term, community, at,
        labels[channel], labels[status], TONES[status], reverse(page, args=[course_id]),
    )  # fmt: skip


def _cells(one: Hope) -> tuple[str | datetime, ...]:
    return (one.name, one.phone, one.estate, one.course, one.term, one.community, one.at, one.channel, one.said)
