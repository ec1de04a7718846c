"""考勤: a month of a group as the desk lists, prints and exports it; the days of one child for its family."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.db.models import F

from childcare.days import board, runs
from childcare.days.board import Row, State
from childcare.models import Alarm, Attendance, Group, Handover, LateMark, LeaveNote, Place
from childcare.models.days import AlarmQuerySet
from childcare.models.places import GroupQuerySet
from childcare.places import groups
from communities.models import Resident, User
from communities.workbook import Cell, workbook
from core import clock

MARKS = {
    State.ARRIVED: "√",
    State.GONE: "√",
    State.LEFT_BEHIND: "√",
    State.LEAVE: "假",
    State.ABSENT: "缺",
    State.ALARM: "缺",
}
PAGE, RECENT = 50, 14
FILE = (
    ("日期", 12), ("中心", 18), ("班", 18), ("孩子", 12), ("状态", 10), ("到班", 18), ("离开", 18), ("接走人", 14), ("核验", 18),
    ("值班员", 12), ("晚接（分钟）", 12), ("纸质补录", 10),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One child of a month: a mark for each day, and how many of each."""

    place: Place
    marks: list[str]
    present: int
    leave: int
    absent: int


def groups_of(user: User) -> GroupQuerySet:
    """The groups whose days the reader at the desk sees, newest first."""
    return (
        Group.objects.for_staff(user)
        .exclude(status=Group.Status.DRAFT)
        .select_related("centre__community")
        .order_by("-pk")
    )


def days_of(group: Group, month: date) -> list[date]:
    """The days of the month (its first day) on which the group met, up to today."""
    last = min(_next(month) - timedelta(days=1), clock.today())
    return groups.days_between(group, month, last) if last >= month else []


def month_of(group: Group, month: date) -> tuple[list[date], list[Line]]:
    """考勤表: the days and a line for each child; a fixed number of queries for any number of children."""
    days = days_of(group, month)
    if not days:
        return [], []
    written, notes = (
        _by_place(Attendance.objects, group, days),
        _by_place(LeaveNote.objects.filter(withdrawn_at=None), group, days),
    )
    places = Place.objects.filter(
        group=group, status__in=[Place.Status.HELD, Place.Status.ENDED], starts_on__lte=days[-1]
    )
    found = places.exclude(ends_on__lt=days[0]).select_related("child").order_by("child__pinyin", "pk")
    return days, [_line(one, days, written[one.pk], notes[one.pk]) for one in found]


def _line(place: Place, days: list[date], written: dict[date, Any], notes: dict[date, Any]) -> Line:
    states = [_state(place, day, written.get(day), notes.get(day)) for day in days]
    said = [MARKS.get(state, "") if state else "" for state in states]
    return Line(place, said, said.count("√"), said.count("假"), said.count("缺"))


def _state(place: Place, day: date, written: Attendance | None, note: LeaveNote | None) -> State | None:
    """None on a day that is not the child's."""
    assert place.starts_on
    mine = place.starts_on <= day and (place.ends_on is None or day <= place.ends_on)
    if not mine or (written is None and day.weekday() not in place.plan):
        return None
    if written is None and note is None:
        return State.EXPECTED if day == clock.today() else State.ABSENT
    told = board.Facts({place.pk: written} if written else {}, {place.pk: note} if note else {}, {}, {})
    return board.row_of(place, day, told).state


def _by_place(rows: Any, group: Group, days: list[date]) -> dict[int, dict[date, Any]]:
    found: dict[int, dict[date, Any]] = defaultdict(dict)
    for one in rows.filter(place__group=group, day__range=(days[0], days[-1])):
        found[one.place_id][one.day] = one
    return found


def file_of(group: Group, month: date, by: User) -> IO[bytes]:
    """接送台账: every line of the month, as Excel, marked with who made it. No health."""
    mark = f"{group.centre}{group}，{month:%Y年%m月}，{by}{clock.today():%Y-%m-%d}导出，内部资料，用后销毁"
    return workbook("考勤接送", FILE, _rows(group, month), mark=mark)


def _rows(group: Group, month: date) -> Iterator[tuple[Cell, ...]]:
    span = (month, _next(month) - timedelta(days=1))
    left = Handover.objects.filter(place__group=group, day__range=span).select_related(
        "pickup", "guardian", "carer", "staffer"
    )
    handed = {(one.place_id, one.day): one for one in left}
    late = {
        (one.place_id, one.day): one.minutes for one in LateMark.objects.filter(place__group=group, day__range=span)
    }
    written = Attendance.objects.filter(place__group=group, day__range=span).select_related("place__child")
    for one in written.order_by("day", "place__child__pinyin", "pk"):
        gone = handed.get((one.place_id, one.day))
        yield (
            one.day, group.centre.name, group.name, one.place.child.name, _said(one),
            one.arrived_at, one.left_at, board.way_of(gone), gone.get_check_used_display() if gone else None,
            gone.staffer.name if gone else None, late.get((one.place_id, one.day)), "是" if one.on_paper else None,
        )  # fmt: skip


def _said(one: Attendance) -> str:
    """到班, 请假 or 缺勤; that somebody was ill is health, and stays at the centre."""
    return "缺勤" if one.absence == Attendance.Absence.UNEXCUSED else "请假" if one.absence else "到班"


def handed_over(group: Group, month: date) -> list[Handover]:
    """接送记录 of the month, newest first."""
    span = (month, _next(month) - timedelta(days=1))
    people = ("child", "pickup", "guardian", "carer", "staffer", "second")
    return list(
        Handover.objects.filter(place__group=group, day__range=span).select_related(*people).order_by("-day", "-at")
    )


def months_of(group: Group) -> list[date]:
    """The first days of the group's months up to now, the newest first."""
    first, last = group.first_on.replace(day=1), min(group.last_on, clock.today()).replace(day=1)
    found = [last]
    while found[-1] > first:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True)
class Today:
    """One place of a child today. `ahead` are the next days of the group, with the note that stands."""

    row: Row
    runs: bool
    ahead: list[tuple[date, LeaveNote | None]]


def today_of(child: Resident, at: datetime) -> list[Today]:
    """For the family: each place of the child, what is known of today, and the next days on which leave may be said."""
    day = clock.local(at).date()
    people = ("group__centre__community__sub_district", "child__community")
    places = list(
        Place.objects.held()
        .filter(child=child, starts_on__lte=day + timedelta(days=RECENT))
        .select_related(*people)
        .order_by("pk")
    )
    told = board.facts_of(places, day)
    notes = {
        (one.place_id, one.day): one
        for one in LeaveNote.objects.filter(place__in=places, day__gte=day, withdrawn_at=None)
    }
    return [_today(one, day, at, told, notes) for one in places]


def _today(place: Place, day: date, at: datetime, told: board.Facts, notes: dict[tuple[int, date], LeaveNote]) -> Today:
    coming = groups.days_between(place.group, day, day + timedelta(days=RECENT))
    mine = [one for one in coming if one.weekday() in place.plan and place.starts_on and place.starts_on <= one]
    mine = [
        one for one in mine if (place.ends_on is None or one <= place.ends_on) and at <= runs.ends_at(place.group, one)
    ]
    row = board.row_of(place, day, told)
    if row.state in (State.ARRIVED, State.GONE, State.LEFT_BEHIND, State.ABSENT):
        mine = [one for one in mine if one != day]
    return Today(
        row,
        day in coming and (row.extra or day.weekday() in place.plan),
        [(one, notes.get((place.pk, one))) for one in mine[:5]],
    )


def days_before(child: Resident, before: int | None) -> list[tuple[Attendance, Handover | None]]:
    """The days of one child, newest first; one more than a page."""
    found = Attendance.objects.filter(place__child=child).select_related("place__group").order_by("-pk")
    rows = list((found.filter(pk__lt=before) if before else found)[: RECENT + 1])
    left = Handover.objects.filter(place__in=[one.place_id for one in rows], day__in=[one.day for one in rows])
    handed = {(one.place_id, one.day): one for one in left.select_related("pickup", "guardian", "carer")}
    return [(one, handed.get((one.place_id, one.day))) for one in rows]


def page_of(rows: Any, before: int | None) -> list[Any]:
    """The newest first, one more than a page."""
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])


def alarms_of(centre: int) -> AlarmQuerySet:
    """Of one centre, those that are open first, then the newest."""
    found = Alarm.objects.filter(place__group__centre=centre)
    return found.select_related("place__child", "place__group__centre", "closed_by").order_by(
        F("closed_at").desc(nulls_first=True), "-pk"
    )
