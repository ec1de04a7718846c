"""The interface describes itself truthfully, and survives whatever its description allows and forbids."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from django.test import Client
from drf_spectacular.validation import validate_schema
from schemathesis import Case
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from config.wsgi import application
from tests import world as cast
from tests.api import Api, client_of
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/schema/"
CHECKS: list[CheckFunction] = [not_a_server_error, content_type_conformance, response_schema_conformance]
BOUNDED = hypothesis.settings(
    max_examples=2, derandomize=True, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), database=None
)


def described() -> dict[str, Any]:
    answer = Client().get(ADDRESS)
    assert answer.status_code == 200
    return dict(answer.json())


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, told) for path, methods in described()["paths"].items() for method, told in methods.items()]


def test_the_description_is_valid_and_public(world: World) -> None:
    validate_schema(described())


def test_every_operation_names_its_scope_its_error_shape_and_says_in_chinese_what_it_does(world: World) -> None:
    for path, method, told in operations():
        assert len(told["security"][0]["oauth2"]) == 1, path
        assert told["responses"]["default"]["content"]["application/json"]["schema"]["$ref"].endswith("/Error")
        assert not (told["summary"] + told["description"]).isascii(), (path, method)


def test_every_post_asks_for_a_key_but_the_look_up(world: World) -> None:
    keyed = {
        path
        for path, method, told in operations()
        if any(
            parameter["name"] == "Idempotency-Key" and parameter["required"] for parameter in told.get("parameters", [])
        )
    }
    posts = {path for path, method, _told in operations() if method == "post"}
    once_by_nature = {"/api/v1/evidence/", "/api/v1/care-handovers/", "/api/v1/care-pickups/{id}/revoke/"}
    assert posts - keyed == {"/api/v1/residents/lookup/", "/api/v1/certificates/check/"} | once_by_nature
    assert {"/api/v1/enrolments/", "/api/v1/enrolments/{id}/cancel/", "/api/v1/participations/"} <= keyed


@pytest.fixture
def api(world: World) -> Api:
    cast.seated(cast.course(world.wenxing), world.wang)
    return client_of(world.wenxing)


@pytest.fixture
def schema(api: Api, settings: Any) -> BaseSchema:
    settings.ALLOWED_HOSTS = ["localhost"]
    return schemathesis.openapi.from_wsgi(ADDRESS, application)


@pytest.mark.django_db(transaction=True)  # each answer ends with closing the connection, as in production
@pytest.mark.parametrize("mode", GenerationMode)
def test_whatever_is_sent_the_answer_is_one_that_was_described(api: Api, schema: BaseSchema, mode: Any) -> None:
    for result in schema.get_all_operations():

        @BOUNDED
        @hypothesis.given(case=result.ok().as_strategy(generation_mode=mode))
        def survives(case: Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {api.token}"}, checks=CHECKS)

        survives()
    assert breaches() == []
