"""Opening a course and calling it off; taking many people off, one transaction per person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from communities.duties import NotYourDuty
from core import clock
from core.refusals import Refused
from nightschool import courses, enrolment, leaving
from nightschool.models import Channel, Course, Enrolment
from nightschool.timetable import Timetable
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.world import World
from venues.claiming import RoomTaken

pytestmark = pytest.mark.django_db
AT = clock.at(date(2026, 11, 23), time(9))  # a Monday
TUESDAYS = Timetable(date(2026, 12, 1), frozenset({1}), 8, time(19), 90)


def plan(world: World, **fields: Any) -> Course:
    room = cast.room(world.wenxing)
    return Course(
        **{
            "community": world.wenxing, "room": room, "title": "花艺插花", "category": "flowers", "term": cast.term(world.wenxing, "第1期"),
            "teacher": "刘老师", "capacity": 25, "price": 80, "opens_at": AT + timedelta(hours=1),
        }
        | fields
    )  # fmt: skip


def opened(world: World, timetable: Timetable = TUESDAYS, **fields: Any) -> Course:
    closes_at = fields.pop("closes_at", None)
    by = fields.pop("by", world.zhang)
    course = plan(world, **fields)
    return courses.open_course(course=course, timetable=timetable, by=by, closes_at=closes_at, at=AT)


def test_staff_open_a_course_of_eight_tuesdays(world: World) -> None:
    course = opened(world)
    sessions = list(course.sessions.order_by("number"))
    assert (course.status, course.taken, len(sessions)) == ("open", 0, 8)
    assert [clock.local(one.starts_at).date() for one in sessions[:2]] == [date(2026, 12, 1), date(2026, 12, 8)]
    assert clock.local(sessions[-1].ends_at).time() == time(20, 30)
    assert course.closes_at == sessions[0].starts_at


def test_sign_up_closes_when_staff_say_so(world: World) -> None:
    earlier = AT + timedelta(days=3)
    assert opened(world, closes_at=earlier).closes_at == earlier


BAD: dict[str, tuple[dict[str, Any], Timetable]] = {
    "教室最多容纳": ({"capacity": 41}, TUESDAYS),
    "名额须在1到40之间": ({"capacity": 0}, TUESDAYS),
    "夜校面向成年人": ({"min_age": 6}, TUESDAYS),
    "最高年龄不能小于最低年龄": ({"min_age": 30, "max_age": 20}, TUESDAYS),
    "课次须在1到60之间": ({}, replace(TUESDAYS, lessons=61)),
    "每课须在30到240分钟之间": ({}, replace(TUESDAYS, minutes=20)),
    "请至少选一个上课日": ({}, replace(TUESDAYS, weekdays=frozenset())),
    "不在所选的上课日里": ({}, replace(TUESDAYS, first=date(2026, 12, 2))),
    "第一课的时间已经过了": ({}, replace(TUESDAYS, first=date(2026, 11, 17))),
    "第一课在一年以后": ({}, replace(TUESDAYS, first=date(2028, 11, 28))),
    "报名开始须早于报名截止": ({"opens_at": AT + timedelta(days=30)}, TUESDAYS),
    "报名截止不能晚于最后一课": ({"closes_at": AT + timedelta(days=90)}, TUESDAYS),
}


@pytest.mark.parametrize("sentence", BAD)
def test_bad_input_gets_a_sentence_and_opens_nothing(world: World, sentence: str) -> None:
    fields, timetable = BAD[sentence]
    with pytest.raises(courses.BadCourse, match=sentence):
        opened(world, timetable, **fields)
    assert not Course.objects.exists()


def test_a_room_of_another_community_is_refused(world: World) -> None:
    with pytest.raises(courses.BadCourse, match="教室不在这个社区"):
        opened(world, room=cast.room(world.yongan))


def test_a_room_holds_one_class_at_a_time(world: World) -> None:
    opened(world)
    with pytest.raises(RoomTaken, match=r"舞蹈厅12月8日（周二）19:00—20:30已有“花艺插花”"):
        opened(world, Timetable(date(2026, 12, 8), frozenset({1}), 1, time(20), 90))
    with pytest.raises(RoomTaken):
        opened(world, Timetable(date(2026, 12, 8), frozenset({1}), 1, time(18), 90))
    assert opened(world, Timetable(date(2026, 12, 8), frozenset({1}), 1, time(20, 45), 90)).pk
    assert opened(world, Timetable(date(2026, 12, 9), frozenset({2}), 1, time(19), 90)).pk


def test_a_course_that_was_called_off_frees_its_room(world: World) -> None:
    courses.close_course(course=opened(world), by=world.zhang, reason="报名的人太少", at=AT)
    assert opened(world).pk


def test_staff_of_another_community_cannot_open_or_call_off(world: World) -> None:
    with pytest.raises(NotYourDuty):
        opened(world, by=world.qian)
    course = opened(world)
    with pytest.raises(NotYourDuty):
        courses.close_course(course=course, by=world.qian, reason="停办", at=AT)
    course.refresh_from_db()
    assert course.status == "open"


def test_the_sub_district_admin_may_open_a_course_in_every_community(world: World) -> None:
    assert opened(world, by=world.he).pk


# Calling off


def test_calling_off_returns_everything_to_everybody_and_says_why(world: World) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang, world.zhao, world.zhou)
    outcome = courses.close_course(course=course, by=world.zhang, reason="老师生病")
    assert (len(outcome.done), outcome.refunded, outcome.refused) == (3, 180, [])
    course.refresh_from_db()
    assert (course.status, course.taken, course.cancelled_by, course.cancel_reason) == (
        "cancelled",
        0,
        world.zhang,
        "老师生病",
    )
    assert [statement.available(person) for person in (world.wang, world.zhao, world.zhou)] == [80, 200, 100]
    inbox, sms = Message.objects.filter(resident=world.wang, occasion__endswith=":cancelled").order_by("pk")
    assert "课程停办，老师生病" in inbox.body and "60积分已退回" in inbox.body
    assert sms.channel == "sms" and "《形体塑形》报名已取消，60积分已退回" in sms.body and len(sms.body) <= 70
    assert breaches() == []


def test_who_has_no_phone_is_named_so_that_somebody_calls_on_them(world: World) -> None:
    course = cast.course(world.wenxing, price=0)
    lin = cast.resident(world.wenxing, "林桂英", "")
    cast.seated(course, world.wang, lin)
    assert courses.close_course(course=course, by=world.zhang, reason="停电").by_hand == [lin]


def test_a_draft_is_not_called_off_into_the_open(world: World) -> None:
    """It would be seen by everybody, as a course that was called off."""
    course = cast.course(world.wenxing, status="draft")
    with pytest.raises(courses.CourseNotOpen):
        courses.close_course(course=course, by=world.zhang, reason="停电")
    course.refresh_from_db()
    assert course.status == "draft"


def test_a_course_whose_last_class_was_called_off_is_over_after_the_one_before(world: World) -> None:
    course = cast.course(
        world.wenxing, starts_at=clock.now() - timedelta(days=13), opens_at=clock.now() - timedelta(days=30)
    )
    course.sessions.filter(number=3).update(status="cancelled", changed_at=clock.now(), changed_by=world.zhang)
    with pytest.raises(courses.CourseOver):
        courses.close_course(course=course, by=world.zhang, reason="停电")


def test_calling_off_twice_returns_nothing_more(world: World) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    courses.close_course(course=course, by=world.zhang, reason="老师生病")
    with pytest.raises(courses.AlreadyCalledOff):
        courses.close_course(course=course, by=world.zhang, reason="老师生病")
    assert statement.available(world.wang) == 80


def test_calling_off_needs_a_reason(world: World) -> None:
    course = cast.course(world.wenxing)
    with pytest.raises(courses.NoReason):
        courses.close_course(course=course, by=world.zhang, reason="  ")
    course.refresh_from_db()
    assert course.status == "open"


def test_a_course_that_is_over_is_not_called_off(world: World) -> None:
    course = cast.course(world.wenxing)
    with pytest.raises(courses.CourseOver):
        courses.close_course(course=course, by=world.zhang, reason="停办", at=clock.now() + timedelta(days=40))


def test_cut_off_half_way_the_same_call_goes_on_with_the_first_reason(world: World) -> None:
    course = cast.course(world.wenxing)
    first, second = cast.seated(course, world.wang, world.zhao)
    courses.shut(course_id=course.pk, by=world.zhang, reason="教室漏水", at=clock.now())
    leaving.cancel(enrolment=first, by=world.zhang, reason="课程停办，教室漏水")
    outcome = courses.close_course(course=course, by=world.chen, reason="")
    assert outcome.done == [second]
    assert outcome.done[0].cancel_reason == "课程停办，教室漏水"
    assert breaches() == []


def test_one_refusal_does_not_stop_the_rest(world: World) -> None:
    course = cast.course(world.wenxing)
    gone, here = cast.seated(course, world.wang, world.zhao)
    leaving.cancel(enrolment=gone, by=world.zhang, reason="生病")
    outcome = courses.cancel_many(enrolments=[gone, here], by=world.zhang, reason="搬家")
    assert outcome.done == [here]
    assert [(one, refused.code) for one, refused in outcome.refused] == [(gone, "not_seated")]
    assert outcome.refunded == 60


def test_taking_off_needs_a_reason(world: World) -> None:
    (seat,) = cast.seated(cast.course(world.wenxing), world.wang)
    with pytest.raises(courses.NoReason):
        courses.cancel_many(enrolments=[seat], by=world.zhang, reason=" ")
    seat.refresh_from_db()
    assert seat.status == "seated"


# At the same moment


def together(*acts: Callable[[], object]) -> list[object]:
    """What each act returned or raised; all start at one barrier."""
    barrier, answers = Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            answers[number] = act()
        except Refused as refused:
            answers[number] = refused
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_nobody_slips_into_a_course_while_it_is_called_off(world: World) -> None:
    course = cast.course(world.wenxing)
    people = [cast.resident(world.wenxing, f"邻居{n}") for n in range(8)]
    for person in people:
        cast.award(person, 60)

    def enrol(n: int) -> Callable[[], object]:
        return lambda: enrolment.enrol(course_id=course.pk, resident=people[n], by=world.zhang, channel=Channel.DESK)

    def close() -> object:
        return courses.close_course(course=course, by=world.zhang, reason="停办")

    together(*[enrol(n) for n in range(4)], close, *[enrol(n) for n in range(4, 8)])
    course.refresh_from_db()
    assert (course.status, course.taken) == ("cancelled", 0)
    assert {statement.available(person) for person in people} == {60}
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_two_staff_opening_at_the_same_moment_do_not_share_a_room(world: World) -> None:
    answers = together(lambda: opened(world), lambda: opened(world, by=world.chen), lambda: opened(world, by=world.he))
    assert sorted(type(answer).__name__ for answer in answers) == ["Course", "RoomTaken", "RoomTaken"]
    assert Course.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_staff_taking_off_the_same_people_return_the_points_once(world: World) -> None:
    seats = cast.seated(cast.course(world.wenxing), world.wang, world.zhao)

    def cancel() -> object:
        mine = list(Enrolment.objects.filter(pk__in=[seat.pk for seat in seats]).select_related("course", "resident"))
        return courses.cancel_many(enrolments=mine, by=world.zhang, reason="停课")

    outcomes: Any = together(cancel, cancel)
    assert sorted(one.pk for outcome in outcomes for one in outcome.done) == sorted(seat.pk for seat in seats)
    assert [statement.available(person) for person in (world.wang, world.zhao)] == [80, 200]
    assert breaches() == []


def test_the_first_class_may_be_within_the_hour(world: World) -> None:
    soon = datetime.combine(date(2026, 12, 1), time(18, 59), clock.SHANGHAI)
    course = courses.open_course(
        course=plan(world, opens_at=soon - timedelta(hours=1)), timetable=TUESDAYS, by=world.zhang, at=soon
    )
    assert course.sessions.count() == 8
