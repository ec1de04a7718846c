"""The last seats, one person many times, one purse for many courses: never one too many, never a charge without a seat.

The rush of an opening, over HTTP and at the counter: test_rush.py.
"""

from collections import Counter
from datetime import timedelta

import pytest

from core import clock
from core.refusals import Refused
from nightschool.enrolment import enrol
from nightschool.leaving import cancel
from nightschool.line import waitlist
from nightschool.models import Channel, Course, Enrolment
from points.models import Entry
from tests import world as cast
from tests.books import breaches
from tests.races.together import at_once, crowd
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def exactly(course: Course, seats: int) -> None:
    course.refresh_from_db()
    assert course.taken == seats
    assert course.enrolments.seated().count() == seats
    charges = Entry.objects.filter(key__startswith="enrolment:", kind="charge", reversed_by=None)
    assert charges.count() == seats
    assert breaches() == []


def test_64_people_through_the_verb_for_the_last_five_seats(world: World) -> None:
    people = crowd(world, 64)
    course = cast.course(world.wenxing, capacity=5)
    channel = Channel.PHONE
    answers = at_once(
        [lambda p=p: enrol(course_id=course.pk, resident=p, by=p.account, channel=channel) for p in people]
    )
    assert {type(answer) for answer in answers} <= {Enrolment} | set(Refused.__subclasses__())
    assert sum(isinstance(answer, Enrolment) for answer in answers) == 5
    exactly(course, 5)


def test_one_person_clicking_twenty_times_pays_once(world: World) -> None:
    (person,) = crowd(world, 1, points=600)
    course = cast.course(world.wenxing)
    channel = Channel.PHONE
    answers = at_once(
        [lambda: enrol(course_id=course.pk, resident=person, by=person.account, channel=channel) for _ in range(20)]
    )
    assert Counter(getattr(answer, "code", "seated") for answer in answers) == {"seated": 1, "already_enrolled": 19}
    exactly(course, 1)


def test_one_purse_for_two_courses_at_once_pays_for_one(world: World) -> None:
    (person,) = crowd(world, 1)
    courses = [cast.course(world.wenxing, title=f"课{n}") for n in range(8)]
    channel = Channel.PHONE
    answers = at_once(
        [lambda c=c: enrol(course_id=c.pk, resident=person, by=person.account, channel=channel) for c in courses]
    )
    assert Counter(getattr(answer, "code", "seated") for answer in answers) == {"seated": 1, "short_of_points": 7}
    assert breaches() == []


def test_two_who_cancel_the_same_seat_return_the_points_once(world: World) -> None:
    (person,) = crowd(world, 1)
    course = cast.course(world.wenxing)
    (mine,) = cast.seated(course, person)
    answers = at_once([lambda: cancel(enrolment=mine, by=world.zhang, reason="停课") for _ in range(8)])
    assert Counter(getattr(answer, "code", "done") for answer in answers) == {"done": 1, "not_seated": 7}
    exactly(course, 0)
    assert Entry.objects.filter(kind="reversal").count() == 1


def test_a_course_closed_while_people_enrol_keeps_nobody(world: World) -> None:
    people = crowd(world, 30)
    course = cast.course(world.wenxing)
    channel = Channel.PHONE

    def close() -> int:
        return Course.objects.filter(pk=course.pk).update(status=Course.Status.CANCELLED)

    answers = at_once(
        [close, *[lambda p=p: enrol(course_id=course.pk, resident=p, by=p.account, channel=channel) for p in people]]
    )
    codes = {getattr(answer, "code", "seated") for answer in answers[1:]}
    assert codes <= {"seated", "course_cancelled"}
    exactly(course, course.enrolments.seated().count())


def test_one_person_in_eight_courses_at_once_has_one_while_that_is_the_rule(world: World) -> None:
    (person,) = crowd(world, 1)
    until, channel = clock.now() + timedelta(hours=1), Channel.PHONE
    courses = [cast.course(world.wenxing, title=f"课{n}", price=0, one_each_until=until) for n in range(8)]
    answers = at_once(
        [lambda c=c: enrol(course_id=c.pk, resident=person, by=person.account, channel=channel) for c in courses]
    )
    assert Counter(getattr(answer, "code", "seated") for answer in answers) == {"seated": 1, "one_each": 7}
    assert Enrolment.objects.seated().count() == 1 and breaches() == []


def test_who_joins_the_line_and_is_seated_at_the_counter_at_once_does_not_do_both(world: World) -> None:
    people = crowd(world, 8)
    until = clock.now() + timedelta(hours=1)
    course = cast.course(world.wenxing, capacity=16, price=0, held=8, held_until=until)
    others = [cast.resident(world.wenxing, f"同学{n}", f"136{n:08d}") for n in range(8)]
    for one in others:
        enrol(course_id=course.pk, resident=one, by=one.account, channel=Channel.PHONE)
    phone, desk = Channel.PHONE, Channel.DESK
    acts = [lambda p=p: waitlist.join(course_id=course.pk, resident=p, by=p.account, channel=phone) for p in people]
    acts += [lambda p=p: enrol(course_id=course.pk, resident=p, by=world.zhang, channel=desk) for p in people]
    codes = Counter(getattr(answer, "code", type(answer).__name__) for answer in at_once(acts))
    assert codes["Enrolment"] == 8 and codes["Waiting"] + codes["already_enrolled"] == 8
    assert not course.line.in_line().exists() and breaches() == []
