"""Applying for a seat: within the window, once, neither charged nor seated; taken back while it is undecided."""

from datetime import timedelta

import pytest
import time_machine

from core import clock
from core.refusals import Refused
from nightschool import catalogue, courses, enrolment
from nightschool.applications import applying, drawing_lots
from nightschool.models import Application, Channel, Course
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool import plans
from tests.nightschool.applicants import after, applied, by_approval, by_draw
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def code(world: World, course: Course, person: object = None, **how: object) -> str:
    with pytest.raises(Refused) as info:
        applying.apply(
            course_id=course.pk, resident=person or world.wang, by=world.wang.account, channel=Channel.PHONE, **how
        )
    assert "积分" in info.value.message or info.value.code == "first_come"
    return info.value.code


@pytest.mark.parametrize("make", [by_draw, by_approval])
def test_an_application_charges_nobody_and_takes_no_seat(world: World, make: object) -> None:
    course = make(world)  # type: ignore[operator]
    (mine,) = applied(course, world.wang)
    course.refresh_from_db()
    assert (mine.status, mine.number, mine.lots, mine.rank, course.taken) == ("applied", 1, None, None, 0)
    assert statement.available(world.wang) == 80
    told = Message.objects.get(resident=world.wang)
    assert "编号1" in told.body and "60积分" in told.body and told.link == f"/applications/{mine.pk}/"
    assert breaches() == []


def test_numbers_go_up_and_are_not_used_again(world: World) -> None:
    course = by_draw(world)
    first, second = applied(course, world.wang, world.li)
    applying.withdraw(application=first, by=world.wang.account)
    (again,) = applied(course, world.wang)
    assert [first.number, second.number, again.number] == [1, 2, 3]


def test_who_is_short_of_points_may_apply(world: World) -> None:
    assert applied(by_draw(world, price=500), world.li)[0].status == "applied"


def test_each_reason_has_its_code(world: World) -> None:
    now = clock.now()
    assert code(world, cast.course(world.wenxing)) == "first_come"
    assert code(world, by_draw(world, status="cancelled")) == "course_cancelled"
    assert code(world, by_draw(world, opens_at=now + timedelta(hours=1))) == "not_open_yet"
    assert code(world, by_draw(world, opens_at=now - 2 * DAY, closes_at=now - DAY)) == "sign_up_closed"
    assert code(world, by_draw(world, max_age=40)) == "wrong_age"
    assert code(world, by_draw(world), world.sun) == "resident_not_confirmed"
    assert code(world, cast.course(world.hualin, mode="approval", closes_at=now + DAY)) == "other_sub_district"
    course = by_approval(world)
    applied(course, world.wang)
    assert code(world, course) == "already_applied"
    assert not Application.objects.exclude(course=course).exists()


def test_the_plain_sign_up_still_says_that_seats_are_drawn_or_approved(world: World) -> None:
    for course, expected in ((by_draw(world), "by_draw"), (by_approval(world), "by_approval")):
        with pytest.raises(Refused) as info:
            enrolment.enrol(course_id=course.pk, resident=world.wang, by=world.wang.account, channel=Channel.DESK)
        assert info.value.code == expected


def test_whose_look_was_in_time_is_too_late_once_the_list_is_frozen(world: World) -> None:
    course = by_draw(world)
    drawing_lots.freeze(course_id=course.pk, by=world.system, at=after(course))
    assert code(world, course, at=after(course) - timedelta(seconds=1)) == "sign_up_closed"


def test_a_child_of_fifteen_applies_with_the_guardian_who_agreed(world: World) -> None:
    born = clock.today().replace(day=1) - timedelta(days=15 * 366)
    child = cast.resident(world.wenxing, "小明", "13700007777", born)
    course = by_draw(world, min_age=14)
    assert code(world, course, child) == "guardian_needed"


def test_taking_back_works_once_and_only_while_it_is_undecided(world: World) -> None:
    course = by_approval(world)
    (mine,) = applied(course, world.wang)
    gone = applying.withdraw(application=mine, by=world.wang.account)
    assert (gone.status, gone.decided_by) == ("withdrawn", world.wang.account)
    with pytest.raises(applying.NotApplied):
        applying.withdraw(application=mine, by=world.wang.account)
    (other,) = applied(course, world.wang)
    applying.settle(applying.locked(other), "declined", by=world.zhang, at=clock.now(), reason="名额留给新学员")
    with pytest.raises(applying.AlreadySettled):
        applying.withdraw(application=other, by=world.wang.account)
    assert statement.available(world.wang) == 80


def test_where_people_apply_nobody_comes_first_and_no_page_says_so(world: World) -> None:
    """The options are for first come, first served; whoever ticks them for a draw has ticked nothing."""
    ticked = plans.course(world, mode="draw", own_first=True, one_each_until=plans.AT)
    closes_at = plans.AT + timedelta(days=5)
    course = courses.open_course(
        course=ticked, timetable=plans.TUESDAYS, by=world.zhang, closes_at=closes_at, at=plans.AT
    )
    assert (course.own_first, course.one_each_until, course.held) == (False, None, 0)
    (sentence,) = catalogue.sign_up(course, course.opens_at)
    assert "抽签" in sentence
    other = cast.course(world.wenxing, price=0, term=course.term)
    cast.seated(other, world.zhou)
    with time_machine.travel(course.opens_at, tick=False):
        (asked,) = applied(course, world.zhou)
    with time_machine.travel(course.closes_at, tick=False):
        drawing_lots.run(course_id=course.pk, by=world.system)
    asked.refresh_from_db()
    assert asked.status in ("seated", "passed"), asked.reason
