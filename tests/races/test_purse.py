"""The household's purse under many hands: never below zero, no deadlock, and nobody pays who has left."""

from collections import Counter

import pytest
from django.db import transaction

from communities.models import Resident
from core.refusals import Refused
from nightschool.enrolment import enrol
from nightschool.models import Channel, Course, Enrolment
from points import purse, statement
from points.models import Posting
from tests import world as cast
from tests.books import breaches
from tests.races.together import at_once, crowd, in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = Channel.PHONE


def family(world: World, number: int, points: int) -> list[Resident]:
    people = crowd(world, number, points=points)
    for person in people:
        Resident.objects.filter(pk=person.pk).update(household=people[0].household, birth_date="1980-01-01")
        person.refresh_from_db()
    for person in people:
        purse.join(resident=person, by=person.account)
    return people


def seat(course: Course, person: Resident) -> object:
    return enrol(course_id=course.pk, resident=person, by=person.account, channel=PHONE, purse=True)


def codes(answers: list[object]) -> Counter[str]:
    """How often each refusal came; "done" for a seat. Anything else fails the test."""
    for answer in answers:
        if not isinstance(answer, Enrolment | Refused):
            raise AssertionError(repr(answer))
    return Counter(getattr(answer, "code", "done") for answer in answers)


def test_all_relatives_spend_the_common_purse_at_once(world: World) -> None:
    """Each buys with everybody's points, and everybody's wallet is wanted by all: 6 × 30 points are three seats of 60."""
    people = family(world, 6, points=30)
    courses = [cast.course(world.wenxing, title=f"课{n}", price=60) for n in range(4)]
    cast.seated(courses[3], world.wang)  # opens the pot
    for course in courses[:3]:
        before = sum(statement.available(person) for person in people)
        answers = codes(at_once([lambda one=person, course=course: seat(course, one) for person in people]))
        spent = before - sum(statement.available(person) for person in people)
        assert spent == 60 * answers["done"] and set(answers) <= {"done", "short_of_points"}
    assert sum(statement.available(person) for person in people) == 0
    assert breaches() == []


def test_two_relatives_cross_without_a_deadlock(world: World) -> None:
    """Each one's own lots go first, so that they would be taken in opposite order if the wallets were not locked by number."""
    one, two = family(world, 2, points=500)
    courses = [cast.course(world.wenxing, title=f"课{n}", price=60) for n in range(12)]
    cast.seated(courses[0], world.wang)
    for n in range(0, 12, 2):
        acts = [lambda n=n: seat(courses[n], one), lambda n=n: seat(courses[n + 1], two)]
        assert codes(at_once([*acts, *acts])) == {"done": 2, "already_enrolled": 2}
    assert statement.available(one) + statement.available(two) == 1000 - 12 * 60
    assert breaches() == []


def test_who_leaves_while_a_seat_is_paid_is_not_drawn_on(world: World) -> None:
    payer, relative = family(world, 2, points=40)
    course = cast.course(world.wenxing, price=60)
    with transaction.atomic():
        purse.leave(resident=relative, by=relative.account)
        answer = in_background(lambda: seat(course, payer))
        until_somebody_waits_for_us()
    assert getattr(answer(), "code", None) == "short_of_points"
    assert (statement.available(payer), statement.available(relative)) == (40, 40)
    assert not Enrolment.objects.exists() and breaches() == []


def test_who_leaves_meanwhile_waits_until_the_seat_is_paid(world: World) -> None:
    payer, relative = family(world, 2, points=40)
    course = cast.course(world.wenxing, price=60)
    with transaction.atomic():
        seat(course, payer)
        answer = in_background(lambda: purse.leave(resident=relative, by=relative.account))
        until_somebody_waits_for_us()
    assert answer() is True
    assert Posting.objects.filter(source__resident=relative).get().amount == 20
    assert purse.spendable(relative, course.opens_at) is None and breaches() == []
