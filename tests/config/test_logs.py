"""No phone, identity number, secret or query string reaches a log line."""

import json
import logging
import re

import pytest
from django.conf import settings

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
        ("GET /calendar/kX3_9a-Qm2Zp7Yv1Lw8TzAkX3_9a-Qm2Zp7Yv1Lw8.ics", "GET /calendar/***.ics"),
        ("GET /me/calendar/renew/", "GET /me/calendar/renew/"),
        ("GET /gifts/code/0123456789abcdef0123456789abcdef/", "GET /gifts/code/***/"),
        ("GET /activities/here/42/out/kX3_9a-Qm2Zp7Yv1Lw8TzA/", "GET /activities/here/42/out/***/"),
        ("GET /c/ and /points/c/", "GET /c/ and /points/c/"),
    ],
)
def test_numbers_of_people_are_masked(said: str, kept: str) -> None:
    assert logs.scrub(None, "info", {"event": said}) == {"event": kept}


@pytest.mark.parametrize(
    "before", ["/c/", "/t/", "/certificates/", "/calendar/", "/gifts/code/", "/activities/here/42/in/"]
)
def test_the_proxy_writes_no_code_either(before: str) -> None:
    """Its log is another file: nginx masks what the product masks (map $uri in deploy/nginx.conf)."""
    conf = (settings.BASE_DIR / "deploy/nginx.conf").read_text(encoding="utf-8")
    pattern = re.search(r'map \$uri \$masked \{\s+default \$uri;\s+"~([^"]+)" "\$before\*\*\*";', conf)
    assert pattern and "$request_method $masked" in conf and not re.search(r"log_format[^;]*\$(request_)?uri\b", conf)
    found = re.match(pattern[1].replace("(?<", "(?P<"), f"{before}kX3_9a-Qm2Zp7Yv1Lw8TzA/")
    assert found and found["before"] == before
    assert not re.match(pattern[1].replace("(?<", "(?P<"), f"/desk{before}")


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
