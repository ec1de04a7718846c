"""排课: the classes of a course over the free hours of its room. Holidays and what is in the way are left out, and named."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from communities import calendar
from core import clock, words
from nightschool.models import Course, Session
from nightschool.timetable import Timetable
from venues import claiming, opening
from venues.claiming import Hours
from venues.models import Booking, Room

SPARE = 30  # days that may be left out before a plan is given up


class Day(NamedTuple):
    """A day of the pattern; `skipped` says why there is no class, and is empty where there is one."""

    hours: Hours
    skipped: str = ""

    @property
    def day(self) -> date:
        return clock.local(self.hours.starts_at).date()


def plan(timetable: Timetable, room: Room) -> list[Day]:
    """The days of `timetable` until it has all its classes, or has left out too many; five queries whatever its length."""
    days = list(islice(timetable.candidates(), timetable.lessons + SPARE))
    looked = looked_at(room, [timetable.on(day) for day in days])
    found: list[Day] = []
    for one in looked:
        found.append(one)
        if len(classes(found)) == timetable.lessons:
            break
    return found


def looked_at(room: Room, hours: Sequence[Hours]) -> list[Day]:
    """Each of `hours` with what stands against a class in `room` then."""
    if not hours:
        return []
    street = room.community.sub_district_id
    gap = claiming.gap_of(room)
    held = list(claiming.in_the_way(room, hours, gap=gap))
    names = calendar.names_of(street, [clock.local(one.starts_at).date() for one in hours])
    usual = opening.usual(street)
    room = Room.objects.select_related("community").prefetch_related("hours").get(pk=room.pk)
    return [Day(one, _why(room, one, names, held, gap, usual)) for one in hours]


def _why(
    room: Room, hours: Hours, names: dict[date, str], held: Iterable[Booking], gap: timedelta, usual: Sequence[int]
) -> str:
    day = clock.local(hours.starts_at).date()
    if name := names.get(day):
        return f"{name}放假"
    open_ = opening.windows_of(room, day, usual)
    if not any(one.starts_at <= hours.starts_at and hours.ends_at <= one.ends_at for one in open_):
        return "教室这个时间不开放"
    taken = claiming.clash(held, hours, gap)
    return f"教室{words.span(taken.starts_at, taken.ends_at)}已有“{taken.title}”" if taken else ""


def put_off(timetable: Timetable, room: Room) -> str:
    """Why the first class is not on the day that was asked for; nothing when it is. For a timetable that was laid."""
    asked, *others = plan(timetable, room)
    first = next((one for one in others if not one.skipped), None)
    if not asked.skipped or first is None:
        return ""
    return f"{words.day(asked.day)}上不了（{asked.skipped}），第一课排在{words.day(first.day)}，请核对。"


def classes(days: Iterable[Day]) -> list[Hours]:
    """The hours of the classes among `days`."""
    return [one.hours for one in days if not one.skipped]


def pattern_of(sessions: Sequence[Session]) -> Timetable | None:
    """The pattern that classes in order of their time follow; None without any."""
    if not sessions:
        return None
    first = sessions[0]
    minutes = int((first.ends_at - first.starts_at).total_seconds()) // 60
    weekdays = frozenset(one.day.weekday() for one in sessions)
    return Timetable(first.day, weekdays, len(sessions), clock.local(first.starts_at).time(), minutes)


def left_out(course: Course, sessions: Sequence[Session]) -> list[Day]:
    """Days of the pattern between the first class and the last on which there is none, each with its reason if one is known."""
    pattern = pattern_of(sessions)
    if pattern is None:
        return []
    taken, last = {one.day for one in sessions}, sessions[-1].day
    span = islice(pattern.candidates(), len(sessions) + SPARE)
    between = [day for day in span if day < last and day not in taken]
    looked = looked_at(course.room, [pattern.on(day) for day in between])
    return [one if one.skipped else Day(one.hours, "没有安排") for one in looked]
