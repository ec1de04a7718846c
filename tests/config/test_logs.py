"""No phone, identity number, secret or query string reaches a log line."""

import json
import logging

import pytest

from config import logs


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("短信发往13800006021", "短信发往138****6021"),
        ("from=13800006021&to=13912341187", "from=138****6021&to=139****1187"),
        ("140213195803124512", "140***********4512"),
        ("14021319580312451X", "140***********451X"),
        ("entry 13800006021000 of 2026", "entry 13800006021000 of 2026"),
        ("Not Found: /c/kX3_9a-Qm2Zp7Yv1Lw8TzA/", "Not Found: /c/***/"),
        ("GET /t/kX3_9a-Qm2Zp7Yv1Lw8TzA/", "GET /t/***/"),
        ("GET /certificates/kX3_9a-Qm2Zp7Yv1Lw8TzA/", "GET /certificates/***/"),
        ("GET /c/ and /points/c/", "GET /c/ and /points/c/"),
    ],
)
def test_numbers_of_people_are_masked(said: str, kept: str) -> None:
    assert logs.scrub(None, "info", {"event": said}) == {"event": kept}


def test_secrets_are_not_written_whatever_their_text() -> None:
    event = {"password": "stone", "code": "123456", "access_token": "t", "cookie": "sessionid=1", "event": "signed in"}
    assert logs.scrub(None, "info", dict(event)) == dict.fromkeys(event, "***") | {"event": "signed in"}


def test_the_status_of_an_answer_stays() -> None:
    assert logs.scrub(None, "info", {"code": 503}) == {"code": 503}


def test_a_request_is_written_without_its_query() -> None:
    assert logs.scrub(None, "info", {"request": "GET /desk/residents/?q=6021"}) == {"request": "GET /desk/residents/"}


def test_a_line_of_any_library_goes_through_it() -> None:
    made = logs.configure("json")["formatters"]["line"]
    formatter = made.pop("()")(**made)
    record = logging.LogRecord("django", logging.WARNING, "", 0, "no answer for %s", ("13800006021",), None)
    assert json.loads(formatter.format(record))["event"] == "no answer for 138****6021"
