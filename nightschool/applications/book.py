"""申请名册: who applied for one course, in the order of time, as staff of its community see it. List, figures and Excel ask the same question."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from communities.models import User
from communities.workbook import Cell, workbook as file_of
from core import masks
from nightschool.applications import applied, approving
from nightschool.models import Application, Course
from nightschool.register import named

PAGE, MOST_AT_ONCE, CHUNK = 50, 200, 2000
ENOUGH, SHORT = "enough", "short"
Status = Application.Status
COLUMNS = (
    ("编号", 8), ("姓名", 12), ("手机", 14), ("小区", 16), ("申请时间", 18), ("渠道", 10), ("可用积分", 10), ("还差积分", 10),
    ("签数", 8), ("抽签次序", 10), ("状态", 14), ("办理时间", 18), ("说明", 30),
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What was asked for; empty means everything."""

    status: str = ""
    channel: str = ""
    points: str = ""
    q: str = ""

    def of(self, rows: QuerySet[Application]) -> QuerySet[Application]:
        """`rows` (with_means) that answer, whatever their status."""
        if self.channel:
            rows = rows.filter(channel=self.channel)
        if self.points:
            short = Q(spendable__lt=F("course__price"))
            rows = rows.filter(short if self.points == SHORT else ~short)
        return rows.filter(named(self.q)) if self.q else rows


@dataclass(frozen=True)
class Row:
    """One application in the list and in the file; `phone` is masked, `missing` points are only said while it is undecided."""

    id: int
    number: int
    name: str
    phone: str
    estate: str
    at: datetime
    channel: str
    have: int
    missing: int
    lots: int | None
    rank: int | None
    waits: bool
    label: str
    tone: str
    decided_at: datetime | None
    reason: str
    refused: str = ""


def of_course(course: Course, at: datetime) -> QuerySet[Application]:
    """Everybody who ever applied, with what they have now."""
    rows = applied.with_means(Application.objects.filter(course=course), at)
    people = rows.select_related(
        "course__community", "resident__community", "resident__estate", "guardian", "enrolment"
    )
    return people.order_by("number")


def page_of(course: Course, user: User, asked: Filter, at: datetime, after: int | None = None) -> list[Row]:
    """One page behind number `after`, and one row more when there is another page; with why `user` may not decide about a row."""
    found = _matching(course, asked, at)
    rows = list((found.filter(number__gt=after) if after else found)[: PAGE + 1])
    foreseen = approving.forecast([one for one in rows if one.status == Status.APPLIED], user, at)
    refused = {one.application.pk: one.said for one in foreseen if one.barred}
    return [row_of(one, refused.get(one.pk, "")) for one in rows]


def _matching(course: Course, asked: Filter, at: datetime) -> QuerySet[Application]:
    found = asked.of(of_course(course, at))
    return found.filter(status=asked.status) if asked.status else found


def figures(course: Course) -> dict[str, int]:
    """How many stand in each status; one query."""
    counted = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
    return Application.objects.filter(course=course).aggregate(**counted)


def row_of(one: Application, refused: str = "") -> Row:
    label, tone = applied.standing(one)
    have = int(one.__dict__["spendable"])
    waits = one.status == Status.APPLIED
    return Row(
        one.pk, one.number, one.resident.name, masks.phone(one.resident.phone),
        one.resident.estate.name if one.resident.estate else "", one.at, one.get_channel_display(), have,
        max(0, one.course.price - have) if waits else 0, one.lots, one.rank, waits, label, tone, one.decided_at, one.reason,
        refused,
    )  # fmt: skip


def chosen(course: Course, numbers: Iterable[str], at: datetime) -> list[Application]:
    """The ticked applications of this course in the order of time; anything that is none of it makes all of them 404."""
    asked = {int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0 for text in numbers}
    if len(asked) > MOST_AT_ONCE:
        raise Http404
    found = list(of_course(course, at).filter(pk__in=asked))
    if len(found) < len(asked):
        raise Http404
    return found


def workbook(course: Course, asked: Filter, at: datetime) -> IO[bytes]:
    """A file of exactly what the list shows."""
    return file_of("夜校申请", COLUMNS, _cells(_matching(course, asked, at)))


def _cells(rows: QuerySet[Application]) -> Iterator[tuple[Cell, ...]]:
    for one in rows.iterator(chunk_size=CHUNK):
        row = row_of(one)
        yield (
            row.number, row.name, row.phone, row.estate, row.at, row.channel, row.have, row.missing or None, row.lots,
            row.rank, row.label, row.decided_at, row.reason,
        )  # fmt: skip


def tiles(course: Course, asked: Filter, kept: Any) -> list[dict[str, Any]]:
    """待定, 已报上 and so on, each narrows the list or undoes it; `kept(status)` is the address."""
    counted = figures(course)
    first = "待抽签" if course.mode == Course.Mode.DRAW else "待审核"
    return [
        {
            "value": counted[status.value], "label": first if status == Status.APPLIED else status.label,
            "url": kept("" if asked.status == status else status.value), "current": asked.status == status,
        }
        for status in Status
        if counted[status.value] or status == Status.APPLIED
    ]  # fmt: skip
