"""The seats of a course are counted by the database itself, on every path: page, shell, raw SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from nightschool.models import Course, Enrolment
from tests import world as cast
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db
FREE = {"price": 0, "channel": "desk"}


def taken(course: Course) -> int:
    course.refresh_from_db()
    return course.taken


def test_a_stale_course_that_is_saved_does_not_set_the_counter_back(world: World) -> None:
    course = cast.course(world.wenxing)
    stale = Course.objects.get(pk=course.pk)
    cast.seated(course, world.wang)
    stale.title = "新名称"
    stale.save()
    assert taken(course) == 1
    assert breaches() == []


def test_nobody_writes_the_counter_by_hand(world: World) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE nightschool_course SET taken = 0")
    assert taken(course) == 1


def test_a_new_course_has_nobody_whatever_it_was_made_from(world: World) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    course.refresh_from_db()
    course.pk, course._state.adding = None, True
    course.save()
    assert taken(course) == 0


def test_a_row_written_and_deleted_by_hand_is_counted_too(world: World) -> None:
    course = cast.course(world.wenxing, price=0)
    row = Enrolment.objects.create(course=course, resident=world.wang, by=world.zhang, **FREE)
    assert taken(course) == 1
    row.delete()
    assert taken(course) == 0


def test_a_row_written_as_cancelled_takes_no_seat(world: World) -> None:
    course = cast.course(world.wenxing, price=0)
    row = Enrolment.objects.create(
        course=course, resident=world.wang, by=world.zhang, status="cancelled", cancelled_at=clock.now(), **FREE
    )
    assert taken(course) == 0
    Enrolment.objects.filter(pk=row.pk).update(status="seated", cancelled_at=None)
    assert taken(course) == 1


def refused(statement: str, constraint: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert constraint in str(error.value)


def test_a_seat_stays_in_its_course(world: World) -> None:
    here, there = cast.course(world.wenxing), cast.course(world.wenxing)
    cast.seated(here, world.wang)
    refused(f"UPDATE nightschool_enrolment SET course_id = {there.pk}", "does not move")


def test_a_course_does_not_shrink_below_who_is_in_it(world: World) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    refused("UPDATE nightschool_course SET capacity = 0", "course_seats")


def test_one_seat_per_person_and_course(world: World) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    refused(
        """INSERT INTO nightschool_enrolment
           (course_id, resident_id, status, channel, price, by_id, at, entry_id, cancel_reason, token, number)
           SELECT course_id, resident_id, status, channel, 0, by_id, at, NULL, '', 'another', number
           FROM nightschool_enrolment""",
        "enrolment_once",
    )


def test_a_seat_with_a_price_has_an_entry_and_one_without_has_none(world: World) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    refused("UPDATE nightschool_enrolment SET entry_id = NULL", "enrolment_paid_by_entry")
    refused("UPDATE nightschool_enrolment SET price = 0", "enrolment_paid_by_entry")
    refused(
        "UPDATE nightschool_enrolment SET status = 'cancelled', cancelled_at = now()", "enrolment_refunded_by_entry"
    )
    refused("UPDATE nightschool_enrolment SET status = 'cancelled'", "enrolment_cancelled_when")
