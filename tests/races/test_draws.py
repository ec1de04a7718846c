"""Draws and approvals at the same moment: everybody settled once, in order; the last seat given once; no application after the freeze."""

from collections import Counter

import pytest

from nightschool.applications import applying, approving, drawing_lots
from nightschool.models import Application, Channel
from points import statement
from tests.books import breaches
from tests.nightschool.applicants import after, applied, by_approval, by_draw, neighbours
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sweep_and_the_desk_draw_at_once_and_everybody_is_settled_once_in_order(world: World) -> None:
    course = by_draw(world, capacity=6)
    people = neighbours(world, 14)
    applied(course, *people)
    at = after(course)
    acts = [lambda: drawing_lots.sweep(at)] * 2 + [
        lambda: drawing_lots.draw_now(course=course, by=world.zhang, at=at)
    ] * 2
    answers = at_once(acts)
    assert [one for one in answers if isinstance(one, Exception)] == []
    course.refresh_from_db()
    rows = list(course.applications.order_by("rank"))
    assert [one.status for one in rows] == ["seated"] * 6 + ["waiting"] * 8
    assert [one.resident_id for one in course.line.order_by("place")] == [one.resident_id for one in rows[6:]]
    assert course.taken == 6 and sum(statement.available(person) for person in people) == 8 * 60
    assert drawing_lots.progress_of(course.pk) == (14, 14, True)
    assert breaches() == []


def test_two_colleagues_approve_different_people_for_the_last_seat(world: World) -> None:
    course = by_approval(world, capacity=1)
    people = neighbours(world, 4)
    asked = applied(course, *people)
    acts = [lambda one=one, by=by: approving.approve(application=one, by=by) for one, by in zip(asked, [world.zhang, world.chen] * 2, strict=True)]  # type: ignore[misc]  # fmt: skip
    answers = Counter(type(one).__name__ for one in at_once(acts))
    assert answers == {"Application": 1, "CourseFull": 3}
    course.refresh_from_db()
    assert course.taken == 1 and course.applications.open().count() == 3
    assert sum(statement.available(person) for person in people) == 3 * 60 and breaches() == []


def test_two_colleagues_decide_about_the_same_person_and_one_of_them_is_heard(world: World) -> None:
    course = by_approval(world)
    (asked,) = applied(course, world.wang)
    acts = [
        lambda: approving.approve(application=asked, by=world.zhang),
        lambda: approving.approve(application=asked, by=world.chen),
        lambda: approving.decline(application=asked, by=world.chen, reason="满了"),
        lambda: applying.withdraw(application=asked, by=world.wang.account),
    ]
    answers = at_once(acts)
    assert sum(isinstance(one, Application) for one in answers) == 1
    assert {getattr(one, "code", "") for one in answers if not isinstance(one, Application)} <= {
        "application_settled", "not_applied", "already_enrolled",
    }  # fmt: skip
    asked.refresh_from_db()
    seats = course.enrolments.seated().count()
    assert seats == (asked.status == "seated") and statement.available(world.wang) == 80 - 60 * seats
    assert breaches() == []


def test_everybody_who_applies_at_once_has_a_number_of_the_own(world: World) -> None:
    course, people = by_draw(world), neighbours(world, 8)
    answers = at_once(
        [
            lambda person=person: applying.apply(  # type: ignore[misc]
                course_id=course.pk, resident=person, by=world.zhang, channel=Channel.DESK
            )
            for person in [*people, people[0], people[0]]
        ]
    )
    assert Counter(getattr(one, "code", "") for one in answers) == {"": 8, "already_applied": 2}
    assert sorted(course.applications.values_list("number", flat=True)) == list(range(1, 9))


def test_who_applies_while_the_list_is_frozen_is_on_it_or_told_that_it_is_too_late(world: World) -> None:
    course, people = by_draw(world), neighbours(world, 6)
    late = after(course)
    acts = [
        lambda person=person: applying.apply(  # type: ignore[misc]
            course_id=course.pk, resident=person, by=world.zhang, channel=Channel.DESK
        )
        for person in people
    ]
    acts.insert(3, lambda: drawing_lots.freeze(course_id=course.pk, by=world.system, at=late))
    answers = at_once(acts)
    listed = drawing_lots.read(drawing_lots.Draw.objects.get(course=course).entries)
    made = sorted(one.number for one in answers if isinstance(one, Application))
    assert made == [one.number for one in listed]
    assert {getattr(one, "code", "sign_up_closed") for one in answers} == {"sign_up_closed"}
