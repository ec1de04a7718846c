"""Fifty requests with one Idempotency-Key at once: one act, one answer, told fifty times."""

import threading
from typing import Any

import pytest
from django.db import connections

from integrations.models import IdempotentAnswer
from nightschool.models import Enrolment
from points import statement
from tests import world as cast
from tests.api import Api, client_of
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


def at_once(apis: list[Api], path: str, bodies: list[dict[str, Any]], key: str) -> list[Any]:
    """The answers to one POST per body, all started together at a barrier, each on a connection of its own."""
    gate = threading.Barrier(len(bodies))
    answers: list[Any] = [None] * len(bodies)

    def send(number: int) -> None:
        try:
            gate.wait()
            answers[number] = apis[number % len(apis)].post(path, bodies[number], key=key)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_fifty_requests_with_one_key_take_one_seat(world: World) -> None:
    course = cast.course(world.wenxing)
    body = {"course": course.pk, "resident": world.wang.pk}
    answers = at_once([client_of(world.wenxing)], "enrolments/", [body] * MANY, "one-key")
    assert {answer.status_code for answer in answers} == {201}
    assert len({str(sorted(answer.json().items(), key=str)) for answer in answers}) == 1
    assert sum("Idempotent-Replay" not in answer.headers for answer in answers) == 1
    assert Enrolment.objects.count() == IdempotentAnswer.objects.count() == 1
    assert statement.available(world.wang) == 20
    assert breaches() == []


def test_of_two_contents_with_one_key_one_is_done_and_the_other_refused(world: World) -> None:
    course = cast.course(world.wenxing)
    bodies = [{"course": course.pk, "resident": pk} for pk in (world.wang.pk, world.zhao.pk)] * 10
    answers = at_once([client_of(world.wenxing)], "enrolments/", bodies, "one-key")
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 10
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"key_reused"}
    assert Enrolment.objects.count() == 1
    assert breaches() == []


def test_a_key_whose_first_request_is_refused_is_not_held_against_the_others(world: World) -> None:
    course = cast.course(world.wenxing, capacity=0)
    body = {"course": course.pk, "resident": world.wang.pk}
    answers = at_once([client_of(world.wenxing)], "enrolments/", [body] * 20, "one-key")
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "course_full")}
    assert not IdempotentAnswer.objects.exists()


def test_fifty_cancellations_with_one_key_return_the_points_once(world: World) -> None:
    api = client_of(world.wenxing)
    mine = api.enrol(cast.course(world.wenxing).pk, world.wang.pk).json()["id"]
    answers = at_once([api], f"enrolments/{mine}/cancel/", [{"reason": "停课"}] * MANY, "one-key")
    assert {answer.status_code for answer in answers} == {200}
    assert statement.available(world.wang) == 80
    assert breaches() == []
