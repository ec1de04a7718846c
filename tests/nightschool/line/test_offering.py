"""A free seat is offered to the first; nobody is rung up at night, and the clock of an offer stands still then."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from communities.models import Resident
from core import clock
from core.clock import SHANGHAI
from nightschool.line import offering
from nightschool.models import Course, Enrolment, Session
from notifications.models import Message
from tests.books import breaches
from tests.nightschool.lining import CALL, DESK, freed, full, join, offered, people, status
from tests.world import World

pytestmark = pytest.mark.django_db


def sh(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return datetime(2026, 12, 2, hour, minute, tzinfo=SHANGHAI) + timedelta(days=days)


def spread(world: World, starts: datetime, **fields: Any) -> tuple[Course, list[Enrolment]]:
    """A full course that begins at `starts`, a week between its three classes."""
    course, taken = full(world, starts_at=starts, **fields)
    Course.objects.filter(pk=course.pk).update(opens_at=sh(8, days=-1) - timedelta(days=30))
    return course, taken


@pytest.mark.parametrize(
    ("freed_at", "rings", "until"),
    [
        (sh(10), sh(10), sh(21, days=1)),  # 11 h that day, 13 h the next: to 21:00
        (sh(9, 30), sh(9, 30), sh(20, 30, days=1)),
        (sh(20, 45), sh(8, 30, days=1), sh(19, 30, days=2)),
        (sh(2), sh(8, 30), sh(19, 30, days=1)),
        (sh(23, 59), sh(8, 30, days=1), sh(19, 30, days=2)),
        (sh(20, 45, days=29), sh(8, 30, days=30), sh(19, 30, days=31)),  # New Year's Eve
    ],
)
def test_an_offer_lasts_a_day_of_daylight_and_rings_by_day(
    world: World, freed_at: datetime, rings: datetime, until: datetime
) -> None:
    course, taken = spread(world, sh(19, days=50))
    mine = join(course, world.wang, world, at=sh(8, days=-1))
    freed(taken[0], world, freed_at)
    mine.refresh_from_db()
    assert mine.offer_until == until
    said = Message.objects.filter(occasion=mine.occasion)
    assert {one.channel for one in said} == {"inbox", "sms"}
    assert {one.due_at for one in said} == {rings}


@pytest.mark.parametrize(
    ("freed_at", "until"),
    [
        (sh(12), sh(14)),  # the class is at 19:00
        (sh(19, 30, days=-1), sh(8, 30)),  # an hour and a half before nine, the rest in the morning
        (sh(21, days=-1), sh(10, 30)),
    ],
)
def test_two_hours_when_a_class_is_near(world: World, freed_at: datetime, until: datetime) -> None:
    course, taken = spread(world, sh(19))
    mine = join(course, world.wang, world, at=sh(8, days=-1))
    freed(taken[0], world, freed_at)
    mine.refresh_from_db()
    assert mine.offer_until == until


def test_two_hours_over_new_year_are_two_hours_of_daylight(world: World) -> None:
    course, taken = spread(world, sh(19, days=30))
    mine = join(course, world.wang, world, at=sh(8, days=-1))
    freed(taken[0], world, sh(20, days=29))
    mine.refresh_from_db()
    assert mine.offer_until == sh(9, days=30)


@pytest.mark.parametrize(
    ("freed_at", "until"),
    [
        (sh(10, days=-1), sh(17)),  # a day of daylight would end at 21:00, two hours after the class has begun
        (sh(10, days=-2), sh(21, days=-1)),
        (sh(18, 30, days=-1), sh(17)),
    ],
)
def test_an_offer_does_not_outlast_the_class_that_it_is_for(world: World, freed_at: datetime, until: datetime) -> None:
    course, taken = spread(world, sh(19))
    mine = join(course, world.wang, world, at=sh(8, days=-3))
    freed(taken[0], world, freed_at)
    mine.refresh_from_db()
    assert mine.offer_until == until


def test_before_a_class_of_the_morning_it_ends_the_evening_before(world: World) -> None:
    course, taken = spread(world, sh(9))
    mine = join(course, world.wang, world, at=sh(8, days=-3))
    freed(taken[0], world, sh(8, 30, days=-1))
    mine.refresh_from_db()
    assert mine.offer_until == sh(21, days=-1)


def test_no_offer_ends_with_a_line_that_ends_at_night(world: World) -> None:
    course, taken = spread(world, sh(20, days=5))
    last = course.sessions.filter(number=3)
    last.update(starts_at=sh(20, days=19), ends_at=sh(21, 40, days=19))
    mine = join(course, world.wang, world, CALL, at=sh(8, days=-1))
    freed(taken[0], world, sh(20, 10, days=19))
    mine.refresh_from_db()
    assert mine.offer_until == sh(21, days=19)


def test_the_message_says_until_when_and_what_it_costs(world: World) -> None:
    course, mine = offered(world, price=60)
    assert mine.offer_until
    inbox = Message.objects.get(occasion=mine.occasion, channel="inbox")
    assert "前确认，确认后使用60积分" in inbox.body and "放弃" in inbox.body
    assert inbox.link == f"/night-school/{course.pk}/wait/"
    sms = Message.objects.get(occasion=mine.occasion, channel="sms")
    assert (
        len(sms.body) <= 70 and sms.until == mine.offer_until and "【水泊寺街道】《形体塑形》候补轮到您了" in sms.body
    )
    assert world.wenxing.phone in sms.body


def test_a_long_title_leaves_out_whom_to_ring(world: World) -> None:
    course, _ = full(world, title="零基础水墨山水与花鸟画入门提高班（晚间）")
    said = offering.sms_of(course, sh(19)).body
    assert len(said) <= 70 and "前确认" in said


def test_seats_held_for_the_counter_go_to_those_who_came_there(world: World) -> None:
    """Whoever came online first waits on in front of a seat that is held; nobody is overtaken among equals."""
    course, taken = full(world)
    Course.objects.filter(pk=course.pk).update(held=4, held_until=clock.now() + timedelta(hours=3))
    online, desk = join(course, world.wang, world), join(course, world.zhao, world, DESK)
    freed(taken[0], world)
    assert status(online, desk) == ["waiting", "offered"]
    freed(taken[1], world)
    assert status(online, desk) == ["waiting", "offered"]
    assert breaches() == []


def test_every_free_seat_is_offered_when_the_course_grows(world: World) -> None:
    course, _ = full(world, seats=6)
    three = [join(course, one, world) for one in people(world, 3)]
    offering.hold(course.pk)
    Course.objects.filter(pk=course.pk).update(capacity=8)
    assert len(offering.offer_next(course.pk, at=clock.now())) == 2
    assert status(*three) == ["offered", "offered", "waiting"]
    assert offering.offer_next(course.pk, at=clock.now()) == []
    assert breaches() == []


def test_who_has_become_too_old_is_told_and_passed_over(world: World) -> None:
    course, taken = full(world)
    first, second = join(course, world.wang, world), join(course, world.li, world)
    Course.objects.filter(pk=course.pk).update(max_age=50)
    freed(taken[0], world)
    assert status(first, second) == ["over", "offered"]
    said = Message.objects.get(resident=world.wang, occasion=f"waiting:{first.pk}:over")
    assert "年龄要求" in said.body
    assert breaches() == []


def test_who_is_not_confirmed_any_more_is_passed_over(world: World) -> None:
    course, taken = full(world)
    first, second = join(course, world.wang, world), join(course, world.li, world)
    Resident.objects.filter(pk=world.wang.pk).update(status="pending", decided_at=None)
    freed(taken[0], world)
    assert status(first, second) == ["over", "offered"]


def test_a_course_whose_last_seats_are_offered_goes_no_further_than_the_line(world: World) -> None:
    course, taken = full(world)
    mine = join(course, world.wang, world)
    freed(taken[0], world)
    freed(taken[1], world)
    course.refresh_from_db()
    assert (status(mine), course.taken) == (["offered"], 3)
    assert breaches() == []


def test_after_the_third_class_a_free_seat_ends_the_line(world: World) -> None:
    course, taken = full(world)
    mine = join(course, world.wang, world, CALL)
    third = course.sessions.get(number=3)
    freed(taken[0], world, third.ends_at)
    assert status(mine) == ["over"]
    assert Message.objects.filter(resident=world.wang, occasion=f"waiting:{mine.pk}:over").count() == 1
    assert breaches() == []


def test_a_class_called_off_makes_the_line_longer(world: World) -> None:
    course, _ = full(world)
    ends = list(course.sessions.order_by("number").values_list("ends_at", flat=True))
    assert offering.line_until(course) == ends[2]
    fourth = ends[2] + timedelta(days=7)
    Session.objects.create(
        course=course, number=4, starts_at=fourth - timedelta(minutes=90), ends_at=fourth, room=course.room
    )
    assert offering.line_until(course) == ends[2]
    second = course.sessions.filter(number=2)
    second.update(status="cancelled", changed_at=clock.now(), changed_by=world.zhang)
    assert offering.line_until(course) == fourth


def test_an_offer_ends_with_the_line(world: World) -> None:
    course, taken = full(world)
    mine = join(course, world.wang, world)
    third = course.sessions.get(number=3)
    moment = clock.at(clock.local(third.starts_at).date(), clock.local(third.starts_at).time())
    Session.objects.filter(pk=third.pk).update(starts_at=moment, ends_at=moment + timedelta(minutes=30))
    freed(taken[0], world, moment - timedelta(minutes=5))
    mine.refresh_from_db()
    if mine.status == "offered":  # by day; at night nobody could hear of it in time
        assert mine.offer_until and mine.offer_until <= moment + timedelta(minutes=30)
    else:
        assert mine.status == "over"
