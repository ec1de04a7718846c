"""Whatever goes wrong, the answer is a code for programs and a Chinese sentence, and nothing has changed."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nightschool.models import Enrolment
from points.models import Entry
from tests.api import Api, client_of
from tests.world import World

JSON = "application/json"
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
DEEP = b"[" * 200_000
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(world: World) -> Iterator[Api]:
    before = Entry.objects.count()
    yield client_of(world.wenxing)
    assert not Enrolment.objects.exists()
    assert Entry.objects.count() == before


def send(api: Api, method: str, path: str, body: bytes = b"", kind: str = JSON, **headers: str) -> Any:
    headers = {"Idempotency-Key": "k"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return api.http.generic(method, f"/api/v1/{path}", body, kind, headers=headers)


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["Content-Type"].startswith(JSON)
    said: dict[str, Any] = answer.json()
    assert (answer.status_code, said["code"]) == (status, code)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail"])
    assert set(said) <= {"code", "detail", "problems"}
    return said


@pytest.mark.parametrize(
    "address", ["", "nothing/", "courses", "courses/abc/", "courses/-1/", "courses/1.json", "%ff/"]
)
def test_an_unknown_address(api: Api, address: str) -> None:
    for method in ("GET", "POST"):
        refused(send(api, method, address), 404, "not_found")
    refused(Client().get("/api/v2/courses/"), 404, "not_found")


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "9" * 5000])
def test_an_unknown_number(api: Api, number: str) -> None:
    for address in ("courses/{}/", "enrolments/{}/", "residents/{}/balance/", "residents/{}/statement/"):
        refused(send(api, "GET", address.format(number)), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "address"),
    [("DELETE", "courses/"), ("PUT", "enrolments/"), ("PATCH", "courses/1/"), ("POST", "courses/1/"),
     ("GET", "residents/lookup/"), ("GET", "enrolments/1/cancel/"), ("OPTIONS", "enrolments/")],
)  # fmt: skip
def test_an_unknown_method(api: Api, method: str, address: str) -> None:
    refused(send(api, method, address), 405, "method_not_allowed")


def test_a_body_that_is_not_json(api: Api) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        refused(send(api, "POST", "enrolments/", b"course=1&resident=1", kind), 415, "unsupported_media_type")


def test_an_answer_in_another_format(api: Api) -> None:
    refused(send(api, "GET", "courses/", Accept="text/html"), 406, "not_acceptable")


@pytest.mark.parametrize("address", ["enrolments/", "residents/lookup/", "enrolments/1/cancel/"])
@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe{}", b'{"course": NaN}', b'{"phone": "\xc3\x28"}', DEEP, b'{"course": %s}' % (b"9" * 5000)],
    ids=["cut off", "broken UTF-8", "NaN", "broken UTF-8 in text", "nested too deep", "a number of 5000 digits"],
)
def test_malformed_json(api: Api, address: str, body: bytes) -> None:
    refused(send(api, "POST", address, body), 400, "malformed")


@pytest.mark.parametrize("charset", ["bz2_codec", "utf-16"])
def test_a_charset_that_does_not_fit(api: Api, charset: str) -> None:
    refused(send(api, "POST", "residents/lookup/", b'{"phone": "1"}', f"{JSON}; charset={charset}"), 400, "malformed")


@pytest.mark.parametrize("address", ["enrolments/", "residents/lookup/", "enrolments/1/cancel/"])
def test_more_than_a_megabyte(api: Api, address: str) -> None:
    body = json.dumps({"reason": "长" * 1_100_000}, ensure_ascii=False).encode()
    refused(send(api, "POST", address, body), 413, "too_large")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"resident": 1}, "course"),
        ({"course": 1}, "resident"),
        ({"course": "first", "resident": 1}, "course"),
        ({"course": 10**30, "resident": 1}, "course"),
        ({"course": 0, "resident": 1}, "course"),
        ({"course": True, "resident": 1}, "course"),
        ({"course": [1], "resident": 1}, "course"),
        ({"course": 1, "resident": None}, "resident"),
        ({"course": 1, "resident": 1, "price": 0}, "price"),
        ([], "non_field_errors"),
        ("text", "non_field_errors"),
        (None, "non_field_errors"),
    ],
)
def test_fields_that_are_wrong_are_named(api: Api, body: Any, problem: str) -> None:
    said = refused(send(api, "POST", "enrolments/", json.dumps(body).encode()), 400, "bad_input")
    assert list(said["problems"]) == [problem]
    assert problem in said["detail"] or problem == "non_field_errors"


@pytest.mark.parametrize("phone", ["", "12345", "1381234602a", "23812346021", "138123460211", "\ud800", "\x00"])
def test_a_phone_that_is_not_one(api: Api, phone: str) -> None:
    refused(send(api, "POST", "residents/lookup/", json.dumps({"phone": phone}).encode()), 400, "bad_input")


@pytest.mark.parametrize("reason", ["", "  ", "长" * 101, "\x00", "\ud800", None, ["x"]])
def test_a_reason_that_cannot_be_told(api: Api, reason: Any) -> None:
    refused(send(api, "POST", "enrolments/1/cancel/", json.dumps({"reason": reason}).encode()), 400, "bad_input")


@pytest.mark.parametrize(
    "query",
    ["comunity=1", "community=abc", "community=0", f"community={10**30}", "category=cooking", "page_size=0",
     "page_size=201", "page_size=many", "format=xml"],
)  # fmt: skip
def test_a_filter_that_is_wrong(api: Api, query: str) -> None:
    refused(send(api, "GET", f"courses/?{query}"), 400, "bad_input")


@pytest.mark.parametrize("query", ["before=abc", "before=0", f"before={10**30}", "page_size=201", "cursor=x"])
def test_a_place_in_the_statement_that_is_wrong(api: Api, world: World, query: str) -> None:
    refused(send(api, "GET", f"residents/{world.wang.pk}/statement/?{query}"), 400, "bad_input")


@pytest.mark.parametrize(
    "cursor", ["nonsense", "cD1hYmM%3D", "cD0lMDA%3D", "cj0x%ff", "cD0" + "5" * 150, "bz05OTk5OTk5"]
)
def test_a_cursor_that_nobody_gave(api: Api, cursor: str) -> None:
    answer = send(api, "GET", f"courses/?cursor={cursor}")
    assert answer.status_code == 200 or refused(answer, 400, "bad_cursor")


@pytest.mark.urls("tests.integrations.broken")
def test_a_defect_of_ours_gives_a_number_that_the_log_knows(world: World, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False)
    said = refused(client.get("/api/v1/broken/"), 500, "server_error")["detail"]
    page = client.get("/broken/")
    assert page.status_code == 500
    for text in (said, page.content.decode()):
        (number,) = NUMBER.findall(text)
        assert number in caplog.text


def test_elsewhere_errors_stay_pages(world: World) -> None:
    answer = Client().get("/nothing-here/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "没有找到" in answer.content.decode()
    answer = Client().generic("POST", "/desk/sign-in/", b"x=" + b"x" * 1_100_000, "application/x-www-form-urlencoded")
    assert answer.headers["Content-Type"].startswith("text/html")
