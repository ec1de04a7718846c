"""The token endpoint: client credentials and nothing else, secrets and tokens never stored as they are."""

from base64 import b64encode
from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken, Application

from integrations.models import AllowedScope
from tests.api import SCOPES, SECRET, Api, client_of
from tests.world import World

pytestmark = pytest.mark.django_db
TOKEN = "/api/v1/oauth/token/"


@pytest.fixture
def api(world: World) -> Api:
    return client_of(world.wenxing)


def ask(api: Api, **fields: str) -> Any:
    body = {"grant_type": "client_credentials", "client_id": api.application.client_id, "client_secret": SECRET}
    return Client(raise_request_exception=False).post(TOKEN, body | fields)


def test_a_client_gets_a_token_and_uses_it(api: Api) -> None:
    given = ask(api, scope="courses:read points:read").json()
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "courses:read points:read")
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    assert Client().get("/api/v1/courses/", headers=headers).status_code == 200
    assert "refresh_token" not in given


def test_id_and_secret_may_come_by_basic_authentication(api: Api) -> None:
    pair = b64encode(f"{api.application.client_id}:{SECRET}".encode()).decode()
    answer = Client().post(TOKEN, {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {pair}"})
    assert set(answer.json()["scope"].split()) == set(SCOPES)


def test_neither_secret_nor_token_is_stored_as_it_is(api: Api) -> None:
    token = ask(api).json()["access_token"]
    assert SECRET not in Application.objects.get(pk=api.application.pk).client_secret
    assert not AccessToken.objects.exclude(token="").exists()
    assert not AccessToken.objects.filter(token_checksum=token).exists()


def test_a_wrong_secret_gives_no_token(api: Api) -> None:
    answer = ask(api, client_secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert AccessToken.objects.count() == 1


def test_a_scope_that_the_client_was_not_given_is_refused(world: World, api: Api) -> None:
    client_of(world.wenxing)  # another client's list is another's
    AllowedScope.objects.filter(client=api.application).exclude(scope="courses:read").delete()
    answer = ask(api, scope="courses:read points:read")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert ask(api).json()["scope"] == "courses:read"


@pytest.mark.parametrize(
    "grant", ["password", "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"]
)
def test_no_other_grant_is_offered(api: Api, grant: str) -> None:
    answer = ask(api, grant_type=grant, username="zhangxiaoyan", password="x", code="x", refresh_token="x")
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\xfd", "application/x-www-form-urlencoded"),
        (b"grant_type=%ff%fe&client_id=%00&client_secret=%00", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data"),
    ],
)
def test_nonsense_gets_a_refusal_and_no_crash(api: Api, body: bytes, kind: str) -> None:
    answer = Client(raise_request_exception=False).generic("POST", f"{TOKEN}?a=%ff%", body, kind)
    assert 400 <= answer.status_code < 500


def test_more_than_a_megabyte_is_not_read(api: Api) -> None:
    body = b"scope=" + b"x" * 1_100_000
    answer = Client().generic("POST", TOKEN, body, "application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_only_post_is_answered() -> None:
    assert Client().get(TOKEN).status_code == 405


@pytest.mark.parametrize("path", ["authorize/", "applications/", "introspect/", "revoke_token/", "register/"])
def test_the_librarys_other_pages_are_not_there(path: str) -> None:
    assert Client().get(f"/api/v1/oauth/{path}").status_code == 404
