"""Courses as they are planned: a Monday morning in November 2026, eight Tuesdays from December on."""

from datetime import date, datetime, time, timedelta
from typing import Any

from core import clock
from nightschool import courses, drafting
from nightschool.models import Course, Session
from nightschool.timetable import Timetable
from tests import world as cast
from tests.world import World
from venues.claiming import Hours
from venues.models import Room

AT = clock.at(date(2026, 11, 23), time(9))
TUESDAYS = Timetable(date(2026, 12, 1), frozenset({1}), 8, time(19), 90)


def course(world: World, **fields: Any) -> Course:
    """Filled in, not saved."""
    room = fields.pop("room", None) or cast.room(world.wenxing)
    return Course(
        **{
            "community": world.wenxing, "room": room, "title": "花艺插花", "category": "flowers",
            "term": cast.term(world.wenxing, "第1期"), "teacher": "刘老师", "capacity": 25, "price": 60,
            "opens_at": AT + timedelta(days=4),
        }
        | fields
    )  # fmt: skip


def drafted(world: World, timetable: Timetable = TUESDAYS, **fields: Any) -> Course:
    closes_at = fields.pop("closes_at", None)
    return drafting.draft(
        course=course(world, **fields), timetable=timetable, by=world.zhang, closes_at=closes_at, at=AT
    )


def opened(world: World, timetable: Timetable = TUESDAYS, **fields: Any) -> Course:
    """Open, with its room; sign-up has begun an hour before AT."""
    made = course(world, **{"opens_at": AT - timedelta(hours=1)} | fields)
    return courses.open_course(course=made, timetable=timetable, by=world.zhang, at=AT)


def on(day: date, starts: time = time(19), minutes: int = 90) -> Hours:
    begins = clock.at(day, starts)
    return Hours(begins, begins + timedelta(minutes=minutes))


def days(course: Course) -> list[date]:
    return [clock.local(one.starts_at).date() for one in course.sessions.order_by("number")]


def lesson(course: Course, number: int) -> Session:
    return Session.objects.select_related("room__community", "course__community").get(course=course, number=number)


def other_room(world: World, **fields: Any) -> Room:
    said = {"place": "活动室1楼", "capacity": 40} | fields
    return Room.objects.get_or_create(community=world.wenxing, name="书画室", defaults=said)[0]


def moment(day: date, hour: int = 9) -> datetime:
    return clock.at(day, time(hour))
