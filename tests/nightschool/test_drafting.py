"""A course is looked over as a draft; opening it claims the room for every class or changes nothing."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from communities.duties import NotYourDuty
from communities.models import Resident
from core import clock
from nightschool import courses, drafting
from nightschool.models import Course
from tests import world as cast
from tests.nightschool import plans
from tests.nightschool.plans import AT, TUESDAYS, days, drafted
from tests.world import World
from venues import claiming
from venues.claiming import Purpose, RoomTaken
from venues.models import Booking, Use

pytestmark = pytest.mark.django_db


def meeting(world: World, day: date) -> Booking:
    """In the room of the course, on the evening of `day`."""
    purpose = Purpose(Use.MEETING, "居民议事会")
    (made,) = claiming.claim(
        room=cast.room(world.wenxing), hours=[plans.on(day)], purpose=purpose, by=world.zhang, at=AT
    )
    return made


def test_a_draft_has_its_classes_and_holds_no_room(world: World) -> None:
    meeting(world, date(2026, 12, 8))
    course = drafted(world)
    assert (course.status, days(course)[:2], len(days(course))) == ("draft", [date(2026, 12, 1), date(2026, 12, 15)], 8)
    assert course.closes_at == clock.at(date(2026, 12, 1), time(19))
    assert not course.sessions.exclude(booking=None).exists() and not Course.objects.shown().exists()


def test_opening_claims_the_room_for_every_class(world: World) -> None:
    course = drafting.open_draft(course=drafted(world, one_each_until=AT), by=world.zhang, at=AT)
    assert course.status == "open" and Booking.objects.holding().filter(use="school").count() == 8
    assert not course.sessions.filter(booking=None).exists()
    assert (course.held, course.least) == (3, 15)  # 15 % and 60 % of 25
    assert course.head_start_until == course.opens_at + timedelta(hours=24)
    assert course.one_each_until == course.opens_at + timedelta(hours=48)


def test_a_room_that_was_taken_meanwhile_opens_nothing(world: World) -> None:
    course = drafted(world)
    meeting(world, date(2026, 12, 29))
    with pytest.raises(RoomTaken, match="12月29日"):
        drafting.open_draft(course=course, by=world.zhang, at=AT)
    course.refresh_from_db()
    assert course.status == "draft" and not Booking.objects.filter(use="school").exists()


def test_planning_anew_goes_round_what_is_in_the_way(world: World) -> None:
    course = drafted(world)
    meeting(world, date(2026, 12, 29))
    drafting.replan(course=course, by=world.zhang, at=AT)
    assert date(2026, 12, 29) not in days(course) and days(course)[-1] == date(2027, 1, 26)
    assert drafting.open_draft(course=course, by=world.zhang, at=AT).status == "open"


def test_planning_anew_keeps_when_sign_up_ends_if_staff_said_so(world: World) -> None:
    closes = AT + timedelta(days=6)
    course = drafted(world, closes_at=closes)
    assert drafting.replan(course=course, by=world.zhang, at=AT).closes_at == closes
    meeting(world, date(2026, 12, 1))
    with_first = drafting.replan(course=drafted(world, title="书法"), by=world.zhang, at=AT)
    assert with_first.closes_at == clock.at(date(2026, 12, 8), time(19))


def test_a_draft_is_changed_with_its_dates(world: World) -> None:
    course = drafted(world)
    course.title, course.capacity = "花艺美学", 20
    thursdays = replace(TUESDAYS, first=date(2026, 12, 3), weekdays=frozenset({3}), lessons=4)
    drafting.redraft(course=course, timetable=thursdays, by=world.zhang, at=AT)
    course = Course.objects.get(pk=course.pk)
    assert (course.title, course.capacity, days(course)[0], len(days(course))) == ("花艺美学", 20, date(2026, 12, 3), 4)


def test_nothing_of_it_is_done_to_a_course_that_is_open(world: World) -> None:
    course = drafting.open_draft(course=drafted(world), by=world.zhang, at=AT)
    acts: list[Any] = [
        lambda: drafting.open_draft(course=course, by=world.zhang, at=AT),
        lambda: drafting.replan(course=course, by=world.zhang, at=AT),
        lambda: drafting.discard(course=course, by=world.zhang),
        lambda: drafting.redraft(course=course, timetable=TUESDAYS, by=world.zhang, at=AT),
    ]
    for act in acts:
        with pytest.raises(drafting.NotDraft):
            act()
    assert Booking.objects.holding().count() == 8


def test_a_draft_is_thrown_away(world: World) -> None:
    drafting.discard(course=drafted(world), by=world.zhang)
    assert not Course.objects.exists()


def test_the_neighbour_s_staff_do_nothing_to_a_draft(world: World) -> None:
    course = drafted(world)
    acts: list[Any] = [
        lambda: drafting.open_draft(course=course, by=world.qian, at=AT),
        lambda: drafting.replan(course=course, by=world.qian, at=AT),
        lambda: drafting.discard(course=course, by=world.qian),
        lambda: drafting.redraft(course=course, timetable=TUESDAYS, by=world.qian, at=AT),
        lambda: drafting.draft(course=plans.course(world), timetable=TUESDAYS, by=world.qian, at=AT),
    ]
    for act in acts:
        with pytest.raises(NotYourDuty):
            act()
    assert Course.objects.get().status == "draft"


def test_a_draft_that_moved_to_another_room_meanwhile_is_not_opened(world: World) -> None:
    course = drafted(world)
    seen = Course.objects.select_related("room__community").get(pk=course.pk)
    Course.objects.filter(pk=course.pk).update(room=plans.other_room(world))
    with pytest.raises(drafting.DraftChanged):
        drafting.open_draft(course=seen, by=world.zhang, at=AT)


def test_too_few_free_days_are_refused_with_how_many_there_are(world: World) -> None:
    with pytest.raises(drafting.TooFewDays, match="只排得下0课，不够8课"):
        drafted(world, replace(TUESDAYS, starts=time(22)))
    assert not Course.objects.exists()


BAD: dict[str, dict[str, Any]] = {
    "最少开班人数不能多于名额": {"least": 26},
    "教室最多容纳": {"capacity": 41},
    "报名开始须早于报名截止": {"opens_at": AT + timedelta(days=30)},
    "报名截止不能晚于最后一课": {"closes_at": AT + timedelta(days=90)},
}


@pytest.mark.parametrize("sentence", BAD)
def test_what_makes_no_sense_is_no_draft(world: World, sentence: str) -> None:
    with pytest.raises(courses.BadCourse, match=sentence):
        drafted(world, **BAD[sentence])
    assert not Course.objects.exists()


def test_a_teacher_is_a_confirmed_resident_of_the_sub_district(world: World) -> None:
    assert drafted(world, taught_by=world.zhou).taught_by == world.zhou
    stranger: Resident = cast.resident(world.hualin, "马老师", "13700009999")
    for who in (world.sun, stranger):
        with pytest.raises(courses.BadCourse, match="授课居民须是本街道已确认的居民"):
            drafted(world, taught_by=who)


def test_a_draft_whose_first_class_is_over_is_not_opened(world: World) -> None:
    course = drafted(world)
    with pytest.raises(courses.BadCourse, match="第一课的时间已经过了"):
        drafting.open_draft(course=course, by=world.zhang, at=AT + timedelta(days=9))


def test_staff_are_warned_and_not_kept_from_it(world: World) -> None:
    def warned(**fields: Any) -> str:
        course = drafted(world, **fields)
        return "".join(drafting.warnings(course, drafting.classes_of(course), AT))

    whole = cast.term(world.wenxing, "第9期")
    whole.starts_on, whole.ends_on = date(2026, 9, 1), date(2027, 2, 28)
    whole.save()
    assert warned(term=whole, opens_at=AT + timedelta(days=3)) == "2027年的节假日还没有登记，排课没有避开。"
    assert "不到3天" in warned(term=whole, opens_at=AT + timedelta(days=2, hours=23))
    assert "这天不上班" in warned(term=whole, opens_at=AT + timedelta(days=5))  # a Saturday
    whole.ends_on = date(2026, 12, 31)
    whole.save()
    assert "有3课不在第9期" in warned(term=whole)
