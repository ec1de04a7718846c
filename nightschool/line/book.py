"""The line of one course as its staff see it, on the screen and in the Excel file. Phones leave here masked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from communities.workbook import Cell, workbook as written
from core import clock, masks
from nightschool.models import Channel, Course, LineMove, Session, Waiting

STANDING, ALL = "standing", "all"
SHOWN = ((STANDING, "在候补和待确认"), (ALL, "全部"), *Waiting.Status.choices)
MOST = 200
COLUMNS = (
    ("次序", 8), ("姓名", 12), ("手机", 14), ("社区", 14), ("状态", 12), ("渠道", 10), ("加入时间", 18), ("轮到时间", 18),
    ("确认截止", 18), ("结束时间", 18),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One person: `number` is the place in the line, 0 for who does not wait (any more)."""

    id: int
    number: int
    name: str
    phone: str
    community: str
    status: str
    label: str
    channel: str
    at: datetime
    offered_at: datetime | None
    offer_until: datetime | None
    ended_at: datetime | None
    by_mouth: bool

    @property
    def tone(self) -> str:
        return {"offered": "y", "waiting": "b", "accepted": "g"}.get(self.status, "")


def lines_of(course: Course, shown: str = STANDING, most: int = MOST) -> list[Line]:
    """Offers first, then the line in its order, then what has ended, the newest first. One query."""
    rows = course.line.select_related("resident__community")
    if shown == STANDING:
        rows = rows.standing()
    elif shown != ALL:
        rows = rows.filter(status=shown)
    found = sorted(rows.order_by("-pk")[:most], key=_in_order)
    waits = [one.pk for one in found if one.status == Waiting.Status.WAITING]
    return [_line(one, waits.index(one.pk) + 1 if one.pk in waits else 0) for one in found]


@dataclass(frozen=True)
class Door:
    """Who waits for a course that has a class today, and how many seats nobody has: what the list of that class shows beside it."""

    lines: list[Line]
    free: int


def door_of(session: Session, at: datetime) -> Door | None:
    """Of a class that is still to come today, or not yet over; None for another one, and where nobody waits. Two queries at most."""
    course = session.course
    if course.status != Course.Status.OPEN or session.ends_at <= at or session.day != clock.local(at).date():
        return None
    lines = lines_of(course)
    return Door(lines, course.capacity - course.taken) if lines else None


def moves_of(course: Course) -> list[LineMove]:
    """What was changed by hand, the newest first."""
    return list(course.line_moves.select_related("waiting__resident", "by").order_by("-pk")[:MOST])


def workbook(lines: Iterable[Line]) -> IO[bytes]:
    """A temporary file with one row each."""
    return written("夜校候补", COLUMNS, map(_cells, lines))


def _in_order(one: Waiting) -> tuple[int, int]:
    if one.status == Waiting.Status.OFFERED:
        return 0, one.place
    return (1, one.place) if one.status == Waiting.Status.WAITING else (2, -one.pk)


def _line(one: Waiting, number: int) -> Line:
    who = one.resident
    return Line(
        one.pk, number, who.name, masks.phone(who.phone) or "没有手机", who.community.name, one.status,
        one.get_status_display(), one.get_channel_display(), one.at, one.offered_at, one.offer_until, one.ended_at,
        one.status == Waiting.Status.OFFERED and (not who.phone or one.channel in {Channel.CALL, Channel.DESK}),
    )  # fmt: skip


def _cells(one: Line) -> tuple[Cell, ...]:
    return (
        one.number or None, one.name, one.phone, one.community, one.label, one.channel, one.at, one.offered_at,
        one.offer_until, one.ended_at,
    )  # fmt: skip
