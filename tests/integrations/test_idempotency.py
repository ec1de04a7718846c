"""One key, one act: a repeat gets the first answer, other content is refused, a refusal leaves the key free."""

from datetime import timedelta

import pytest

from core import clock
from integrations import idempotency
from integrations.models import IdempotentAnswer
from integrations.tasks import forget
from nightschool.models import Course, Enrolment
from points import statement
from tests import world as cast
from tests.api import Api, client_of, token_of
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(world: World) -> Api:
    return client_of(world.wenxing)


@pytest.fixture
def course(world: World) -> Course:
    return cast.course(world.wenxing)


def test_a_repeat_gets_the_first_answer_and_does_nothing(world: World, api: Api, course: Course) -> None:
    first = api.enrol(course.pk, world.wang.pk, key="k-1")
    again = api.enrol(course.pk, world.wang.pk, key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert Enrolment.objects.count() == 1
    assert statement.available(world.wang) == 20
    assert breaches() == []


def test_cancelling_twice_with_one_key_returns_the_points_once(world: World, api: Api, course: Course) -> None:
    mine = api.enrol(course.pk, world.wang.pk).json()["id"]
    body = {"reason": "老师生病停课"}
    first, again = (api.post(f"enrolments/{mine}/cancel/", body, key="k-2") for _ in range(2))
    assert first.status_code == 200
    assert first.json() == again.json()
    assert first.json()["status"] == "cancelled"
    assert statement.available(world.wang) == 80
    assert breaches() == []


def test_a_key_with_other_content_is_refused_and_nothing_happens(world: World, api: Api, course: Course) -> None:
    mine = api.enrol(course.pk, world.wang.pk, key="k-1").json()["id"]
    other_body = api.enrol(course.pk, world.zhao.pk, key="k-1")
    other_path = api.post(f"enrolments/{mine}/cancel/", {"reason": "停课"}, key="k-1")
    for answer in (other_body, other_path):
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert list(Enrolment.objects.values_list("resident", "status")) == [(world.wang.pk, "seated")]
    assert statement.available(world.zhao) == 200


def test_the_same_words_to_another_address_are_other_content(world: World, api: Api, course: Course) -> None:
    one, other = (api.enrol(course.pk, person.pk).json()["id"] for person in (world.wang, world.zhao))
    first, second = (api.post(f"enrolments/{pk}/cancel/", {"reason": "停课"}, key="k-1") for pk in (one, other))
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 409, "key_reused")
    assert Enrolment.objects.get(pk=other).status == "seated"


def test_keys_of_two_clients_have_nothing_to_do_with_each_other(world: World, api: Api, course: Course) -> None:
    neighbour = client_of(world.wenxing)
    assert api.enrol(course.pk, world.wang.pk, key="same").status_code == 201
    assert neighbour.enrol(course.pk, world.zhao.pk, key="same").status_code == 201
    assert Enrolment.objects.count() == 2


def test_a_new_token_of_the_same_client_keeps_its_keys(world: World, api: Api, course: Course) -> None:
    api.enrol(course.pk, world.wang.pk, key="k-1")
    renewed = Api(token_of(api.application, "enrolments:write"), api.application)
    assert renewed.enrol(course.pk, world.wang.pk, key="k-1").headers["Idempotent-Replay"] == "true"


def test_a_refusal_is_not_stored(world: World, api: Api, course: Course) -> None:
    refused = api.enrol(course.pk, world.li.pk, key="k-3")
    assert (refused.status_code, refused.json()["code"]) == (409, "short_of_points")
    assert not IdempotentAnswer.objects.exists()
    cast.award(world.li, 60)
    assert api.enrol(course.pk, world.li.pk, key="k-3").status_code == 201


def test_bad_input_and_404_are_not_stored_either(world: World, api: Api, course: Course) -> None:
    assert api.post("enrolments/", {"course": course.pk}, key="k-4").status_code == 400
    assert api.enrol(course.pk, world.zhou.pk, key="k-4").status_code == 404
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("key", [None, "", "x" * 65, "two words", "键", "tab\there", "caf\xe9"])
def test_a_missing_or_odd_key_is_refused(world: World, api: Api, course: Course, key: str | None) -> None:
    answer = api.post("enrolments/", {"course": course.pk, "resident": world.wang.pk}, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
    assert not Enrolment.objects.exists()


def test_a_key_of_64_characters_is_long_enough(world: World, api: Api, course: Course) -> None:
    assert (
        api.enrol(course.pk, world.wang.pk, key='"8e03978e-40d5-43dd-bc93-6894a57f9324"'.ljust(64, "~")).status_code
        == 201
    )


def test_answers_are_forgotten_after_thirty_days_and_not_before(world: World, api: Api, course: Course) -> None:
    api.enrol(course.pk, world.wang.pk, key="k-5")
    IdempotentAnswer.objects.update(at=clock.now() - timedelta(days=29, hours=23))
    assert idempotency.forget() == 0
    IdempotentAnswer.objects.update(at=clock.now() - timedelta(days=30, seconds=1))
    assert idempotency.forget() == 1
    again = api.enrol(course.pk, world.wang.pk, key="k-5")
    assert (again.status_code, again.json()["code"]) == (409, "already_enrolled")


def test_the_nightly_task_clears_answers_and_expired_tokens(world: World, api: Api, course: Course) -> None:
    api.enrol(course.pk, world.wang.pk, key="k-6")
    IdempotentAnswer.objects.update(at=clock.now() - timedelta(days=31))
    token_of(api.application, "courses:read", lasts=timedelta(days=-1))
    forget()
    assert not IdempotentAnswer.objects.exists()
    assert api.application.accesstoken_set.count() == 1
    assert api.get("courses/").status_code == 200
