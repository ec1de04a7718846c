"""What falls due: seats no longer held, offers whose time is over, lines that are over. Twice swept is done once."""

from datetime import timedelta

import pytest

from core import clock
from nightschool import enrolment, tasks
from nightschool.line import sweeps as line_sweeps
from nightschool.models import Course
from notifications.models import Message
from tests import world as cast
from tests.books import breaches
from tests.nightschool.lining import PHONE, freed, full, join, offered, people, status
from tests.world import World

pytestmark = pytest.mark.django_db


def held_course(world: World, at_rest: int = 2) -> Course:
    """Four seats, two of them held; the two others are taken online."""
    until = clock.now() + timedelta(hours=2)
    course = cast.course(world.wenxing, capacity=4, price=0, held=2, held_until=until)
    for one in people(world, at_rest):
        enrolment.enrol(course_id=course.pk, resident=one, by=world.zhang, channel=PHONE)
    course.refresh_from_db()
    return course


def test_what_was_held_goes_to_those_who_wait_and_the_rest_to_everybody(world: World) -> None:
    course = held_course(world)
    mine = join(course, world.wang, world)
    assert course.held_until
    assert line_sweeps.sweep(course.held_until - timedelta(seconds=1)) == 0
    assert status(mine) == ["waiting"]
    assert line_sweeps.sweep(course.held_until) == 1
    assert line_sweeps.sweep(course.held_until) == 0
    course.refresh_from_db()
    assert (status(mine), course.held, course.taken, course.seats_left) == (["offered"], 0, 3, 1)
    assert enrolment.enrol(course_id=course.pk, resident=world.li, by=world.zhang, channel=PHONE).pk
    assert breaches() == []


def test_a_seat_that_stays_held_is_not_given_to_who_waits_online(world: World) -> None:
    course = held_course(world)
    mine = join(course, world.wang, world)
    line_sweeps.sweep(clock.now())
    assert status(mine) == ["waiting"]
    assert breaches() == []


def test_lapsed_offers_go_round_until_somebody_answers(world: World) -> None:
    course, taken = full(world, starts_at=clock.now() + timedelta(days=30))
    first, second = join(course, world.wang, world), join(course, world.li, world)
    freed(taken[0], world)
    first.refresh_from_db()
    assert first.offer_until
    assert line_sweeps.sweep(first.offer_until) == 1
    second.refresh_from_db()
    assert second.status == "offered" and second.offer_until and second.offer_until > first.offer_until
    assert line_sweeps.sweep(second.offer_until) == 1
    course.refresh_from_db()
    assert (status(first, second), course.taken) == (["lapsed", "lapsed"], 3)
    assert breaches() == []


def test_after_the_third_class_nobody_waits_and_everybody_is_told(world: World) -> None:
    course, _ = full(world)
    waiting = [join(course, one, world) for one in (world.wang, world.li)]
    ends = course.sessions.get(number=3).ends_at
    assert line_sweeps.sweep(ends - timedelta(seconds=1)) == 0
    assert line_sweeps.sweep(ends) == 2
    assert line_sweeps.sweep(ends) == 0
    assert status(*waiting) == ["over", "over"]
    said = Message.objects.get(resident=world.wang, occasion=f"waiting:{waiting[0].pk}:over")
    assert "没有扣积分" in said.body
    local = clock.local(said.due_at)
    assert (8, 30) <= (local.hour, local.minute) <= (20, 30)


def test_a_course_called_off_ends_offers_as_well(world: World) -> None:
    course, mine = offered(world)
    also = join(course, world.li, world)
    Course.objects.filter(pk=course.pk).update(status="cancelled", cancelled_at=clock.now())
    assert line_sweeps.sweep(clock.now()) == 2
    course.refresh_from_db()
    assert (status(mine, also), course.taken) == (["over", "over"], 3)
    assert "已停办" in Message.objects.get(resident=world.li, occasion=f"waiting:{also.pk}:over").body
    assert breaches() == []


def test_beat_has_a_way_in(world: World) -> None:
    course, mine = offered(world)
    Course.objects.filter(pk=course.pk).update(status="cancelled", cancelled_at=clock.now())
    tasks.lines()
    assert status(mine) == ["over"]
