"""The days of a course: holidays, taken and closed hours are left out and named; the year's end and 29 February are days like others."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Holiday
from core import clock
from nightschool import planning
from nightschool.models import Session
from nightschool.timetable import Timetable
from tests import world as cast
from tests.nightschool import plans
from tests.nightschool.plans import AT, TUESDAYS
from tests.world import World
from venues import claiming
from venues.claiming import Purpose
from venues.models import OpeningHours, Use

pytestmark = pytest.mark.django_db


def planned(world: World, timetable: Timetable = TUESDAYS) -> list[tuple[str, str]]:
    """(12-01, why not) of each day looked at."""
    found = planning.plan(timetable, cast.room(world.wenxing))
    return [(f"{one.day:%m-%d}", one.skipped) for one in found]


def test_free_evenings_are_all_taken_over_the_year_s_end(world: World) -> None:
    assert planned(world) == [
        (day, "") for day in ("12-01", "12-08", "12-15", "12-22", "12-29", "01-05", "01-12", "01-19")
    ]


def test_a_public_holiday_is_left_out_by_its_name_and_a_class_is_added_after(world: World) -> None:
    """National Day 2026 is 1 to 7 October."""
    found = planned(world, Timetable(date(2026, 9, 24), frozenset({3}), 3, time(19), 90))
    assert [day for day, why in found if not why] == ["09-24", "10-08", "10-15"]
    assert [(day, why) for day, why in found if why] == [("10-01", "国庆节放假")]


def test_the_sub_district_s_own_table_is_above_the_published_one(world: World) -> None:
    Holiday.objects.create(
        sub_district=world.street, day=date(2026, 12, 8), is_working=False, name="社区节", by=world.he
    )
    Holiday.objects.create(sub_district=world.street, day=date(2026, 10, 1), is_working=True, name="照常", by=world.he)
    assert ("12-08", "社区节放假") in planned(world)
    assert ("10-01", "") in planned(world, Timetable(date(2026, 10, 1), frozenset({3}), 1, time(19), 90))


def test_29_february_is_an_evening_like_others(world: World) -> None:
    assert planned(world, Timetable(date(2028, 2, 22), frozenset({1}), 3, time(19), 90)) == [
        ("02-22", ""), ("02-29", ""), ("03-07", ""),
    ]  # fmt: skip


def test_hours_that_are_taken_are_left_out_with_what_took_them(world: World) -> None:
    room, hours = cast.room(world.wenxing), plans.on(date(2026, 12, 15), time(20), 60)
    claiming.claim(room=room, hours=[hours], purpose=Purpose(Use.MEETING, "居民议事会"), by=world.zhang, at=AT)
    found = planned(world)
    assert ("12-15", "教室20:00—21:00已有“居民议事会”") in found and found[-1] == ("01-26", "")


def test_the_time_to_tidy_up_counts(world: World) -> None:
    """A class until 20:30 and fifteen minutes: what begins at 20:45 is not in the way, at 20:44 it is."""
    room = cast.room(world.wenxing)
    for day, starts in ((date(2026, 12, 8), time(20, 45)), (date(2026, 12, 15), time(20, 44))):
        hours = [plans.on(day, starts, 30)]
        claiming.claim(room=room, hours=hours, purpose=Purpose(Use.TEAM, "合唱队"), by=world.zhang, at=AT)
    left_out = [day for day, why in planned(world) if why]
    assert left_out == ["12-15"]


def test_a_room_that_is_closed_then_holds_no_class(world: World) -> None:
    room = cast.room(world.wenxing)
    for weekday, closes in ((1, time(21)), (3, time(20))):
        OpeningHours.objects.create(room=room, weekday=weekday, opens=time(9), closes=closes)
    found = planned(world, replace(TUESDAYS, weekdays=frozenset({1, 3}), lessons=2))
    assert found == [("12-01", ""), ("12-03", "教室这个时间不开放"), ("12-08", "")]


def test_a_plan_that_finds_nothing_is_given_up(world: World) -> None:
    late = replace(TUESDAYS, starts=time(22))  # open until 21:00 unless staff say otherwise
    found = planned(world, late)
    assert len(found) == 8 + planning.SPARE and not [day for day, why in found if not why]


def test_the_last_day_of_the_calendar_and_no_weekday_are_no_accident(world: World) -> None:
    last = date.max - timedelta(days=3)
    assert len(planned(world, Timetable(last, frozenset(range(7)), 8, time(19), 90))) == 4
    assert planned(world, replace(TUESDAYS, weekdays=frozenset())) == []


def test_sixty_classes_ask_no_more_than_one(world: World) -> None:
    room = cast.room(world.wenxing)

    def asked(lessons: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            planning.plan(replace(TUESDAYS, lessons=lessons), room)
        return len(seen)

    assert asked(1) == asked(60) <= 8


def test_the_pattern_of_classes_is_read_back_from_them(world: World) -> None:
    table = replace(TUESDAYS, weekdays=frozenset({1, 3}), lessons=5)
    course = plans.drafted(world, table)
    assert planning.pattern_of(list(course.sessions.order_by("starts_at"))) == table
    assert planning.pattern_of([]) is None


def test_days_that_were_left_out_are_named_afterwards_too(world: World) -> None:
    table = Timetable(date(2026, 9, 24), frozenset({3}), 3, time(19), 90)
    made = plans.course(world, opens_at=clock.at(date(2026, 9, 1), time(10)))
    made.closes_at = clock.at(date(2026, 9, 20), time(10))
    made.save()
    for number, one in enumerate(planning.classes(planning.plan(table, made.room)), 1):
        Session.objects.create(course=made, number=number, starts_at=one.starts_at, ends_at=one.ends_at, room=made.room)
    left = planning.left_out(made, list(made.sessions.order_by("starts_at")))
    assert [(f"{one.day:%m-%d}", one.skipped) for one in left] == [("10-01", "国庆节放假")]
