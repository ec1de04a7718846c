"""More seats go to those who wait; never fewer than are taken, never more than the room may hold."""

from datetime import timedelta
from typing import Any

import pytest

from communities.duties import NotYourDuty
from core import clock
from nightschool import resizing
from nightschool.courses import CourseNotOpen
from nightschool.line import waitlist
from nightschool.models import Channel, Course
from nightschool.moving import NothingNew, RoomTooSmall
from tests import world as cast
from tests.books import breaches
from tests.nightschool.desk.reading import neighbours
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(world: World) -> Course:
    """Four seats, taken; 赵玉珍 and 周海涛 wait."""
    made = cast.course(world.wenxing, capacity=4, least=1)
    cast.seated(made, world.wang, *neighbours(world.wenxing, 3))
    for who in (world.zhao, world.zhou):
        waitlist.join(course_id=made.pk, resident=who, by=world.zhang, channel=Channel.DESK)
    return made


def resize(world: World, course: Course, capacity: int, **said: Any) -> int:
    return resizing.resize(course=course, capacity=capacity, **{"by": world.zhang} | said)


def test_a_seat_more_is_offered_to_the_first_in_line(world: World, course: Course) -> None:
    assert resize(world, course, 5) == 1
    course.refresh_from_db()
    assert (course.capacity, course.taken) == (5, 5)
    assert [one.resident for one in course.line.offered()] == [world.zhao]
    assert breaches() == []


def test_nobody_is_left_waiting_in_front_of_a_free_seat(world: World, course: Course) -> None:
    assert resize(world, course, 8) == 2
    assert not course.line.in_line().exists() and breaches() == []


def test_no_fewer_seats_than_are_taken_or_offered(world: World, course: Course) -> None:
    resize(world, course, 5)
    with pytest.raises(resizing.FewerThanTaken, match="已有5个名额"):
        resize(world, course, 4)
    course.refresh_from_db()
    assert course.capacity == 5


def test_fewer_seats_lower_what_is_held_and_the_least(world: World) -> None:
    course = cast.course(world.wenxing, capacity=30, least=18, held=4, held_until=clock.now() + timedelta(days=1))
    resize(world, course, 3)
    course.refresh_from_db()
    assert (course.capacity, course.held, course.least) == (3, 3, 3)


@pytest.mark.parametrize(
    ("capacity", "refusal"),
    [(41, RoomTooSmall), (4, NothingNew), (0, resizing.BadCapacity), (-3, resizing.BadCapacity)],
)
def test_what_makes_no_sense_is_refused(world: World, course: Course, capacity: int, refusal: Any) -> None:
    with pytest.raises(refusal):
        resize(world, course, capacity)


def test_only_an_open_course_of_the_own_community(world: World, course: Course) -> None:
    with pytest.raises(NotYourDuty):
        resize(world, course, 5, by=world.qian)
    with pytest.raises(CourseNotOpen):
        resize(world, cast.course(world.wenxing, status="draft"), 5)
