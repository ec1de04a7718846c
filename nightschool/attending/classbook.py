"""课次与到课 at the desk: the classes with how many came, and a course's people by its classes, on the screen and as a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import IO, TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Q, QuerySet

from communities.models import User
from communities.workbook import Cell, workbook
from core import clock, masks
from nightschool.attending import absence
from nightschool.models import Attendance, Course, Enrolment, Session

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Counts(TypedDict):
        seated: int
        there: int
        leave: int
        absent: int

    Counted = WithAnnotations[Session, Counts]

PAGE = 50
Status = Attendance.Status
SHORT = {Status.PRESENT: "到", Status.LATE: "迟", Status.LEAVE: "假", Status.ABSENT: "缺"}
EXCUSED = "免"
SIGNS = "到＝到课，迟＝迟到，假＝请假，缺＝缺课，免＝缺课已说明，空白＝没有登记"


def page_of(
    user: User, at: datetime, *, state: str = "", community: int | None = None, beyond: int | None = None
) -> "list[Counted]":
    """One more than a page, beyond class `beyond`: what is to come the soonest first, else the newest first."""
    found = with_counts(_in_state(user, state, at))
    if community:
        found = found.filter(course__community=community)
    soonest = state in ("today", "ahead")
    last = Session.objects.filter(pk=beyond).first() if beyond else None
    if last and soonest:
        found = found.filter(Q(starts_at__gt=last.starts_at) | Q(starts_at=last.starts_at, pk__gt=last.pk))
    elif last:
        found = found.filter(Q(starts_at__lt=last.starts_at) | Q(starts_at=last.starts_at, pk__lt=last.pk))
    order = ("starts_at", "pk") if soonest else ("-starts_at", "-pk")
    rows = found.select_related("course__community", "course__term", "room").order_by(*order)
    return cast("list[Counted]", list(rows[: PAGE + 1]))


def _in_state(user: User, state: str, at: datetime) -> QuerySet[Session]:
    mine = Session.objects.held().filter(course__in=Course.objects.for_staff(user), course__status="open")
    day = clock.local(at).date()
    today, tomorrow = clock.at(day, time()), clock.midnight_after(day)
    wanted = {
        "today": Q(starts_at__gte=today, starts_at__lt=tomorrow), "uncalled": Q(pk__in=absence.uncalled(at).values("pk")),
        "over": Q(ends_at__lte=at), "ahead": Q(starts_at__gt=at),
    }  # fmt: skip
    return mine.filter(wanted.get(state, Q(starts_at__lt=tomorrow)))


def with_counts(rows: QuerySet[Session]) -> QuerySet[Session]:
    """Adds `seated` (now), `there`, `leave` and `absent` (excused or not)."""

    def of(*statuses: str) -> Count:
        return Count("attendances", filter=Q(attendances__status__in=statuses), distinct=True)

    seated = Count("course__enrolments", filter=Q(course__enrolments__status=Enrolment.Status.SEATED), distinct=True)
    return rows.annotate(
        seated=seated, there=of(Status.PRESENT, Status.LATE), leave=of(Status.LEAVE), absent=of(Status.ABSENT)
    )


@dataclass(frozen=True)
class Person:
    """One line: a mark for each class (the row behind it, or None), and how often the person was there."""

    seat: Enrolment
    marks: list[tuple[str, Attendance | None]]
    there: int
    missed: int

    @property
    def phone(self) -> str:
        return masks.phone(self.seat.resident.phone)


def sessions_of(course: Course) -> list[Session]:
    """The classes that take place, in order."""
    return list(course.sessions.held().order_by("starts_at"))


def people(course: Course, sessions: Iterable[Session]) -> list[Person]:
    """Everybody seated, and who lost the seat by staying away, by the sound of the name; two queries."""
    numbers = [one.pk for one in sessions]
    rows: dict[int, dict[int, Attendance]] = {}
    for row in Attendance.objects.filter(session__course=course):
        rows.setdefault(row.enrolment_id, {})[row.session_id] = row
    seats = course.enrolments.exclude(status=Enrolment.Status.CANCELLED).select_related("resident__estate")
    ordered = seats.order_by("resident__pinyin", "resident__name", "pk")
    return [_person(seat, [rows.get(seat.pk, {}).get(pk) for pk in numbers]) for seat in ordered]


def mark(row: Attendance | None) -> str:
    """到, 迟, 假, 缺, 免, or nothing."""
    return "" if row is None else EXCUSED if row.excused_at else SHORT[Status(row.status)]


def marks_of(course: Course) -> dict[tuple[int, int], str]:
    """By seat and class, for the paper; one query."""
    return {(row.enrolment_id, row.session_id): mark(row) for row in Attendance.objects.filter(session__course=course)}


def _person(seat: Enrolment, rows: list[Attendance | None]) -> Person:
    there = sum(row is not None and row.status in (Status.PRESENT, Status.LATE) for row in rows)
    missed = sum(row is not None and row.status == Status.ABSENT and not row.excused_at for row in rows)
    return Person(seat, [(mark(row), row) for row in rows], there, missed)


def file_of(course: Course) -> IO[bytes]:
    """到课表 as an Excel file: masked phones, a column for each class, totals."""
    sessions = sessions_of(course)
    classes = [(f"{one} {clock.local(one.starts_at):%m-%d}", 12) for one in sessions]
    columns = (("姓名", 12), ("手机", 14), ("小区", 16), ("状态", 10), *classes, ("到课次数", 10), ("缺课未说明", 12))
    return workbook("到课表", columns, _cells(people(course, sessions)), mark=f"{course.title}（{course.term}）{SIGNS}")


def _cells(lines: list[Person]) -> Iterator[tuple[Cell, ...]]:
    for one in lines:
        who = one.seat.resident
        estate = who.estate.name if who.estate else ""
        signs = [sign for sign, _ in one.marks]
        yield (who.name, one.phone, estate, one.seat.get_status_display(), *signs, one.there, one.missed)
