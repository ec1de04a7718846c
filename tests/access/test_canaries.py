"""Every page, export, file and API answer, as every role, with every message and log line: only what docs/privacy.md allows."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from notifications.models import Message
from tests.access import canaries
from tests.access.ground import Ground, standing, undone
from tests.access.routes import ROUTES
from tests.access.test_routes import DOORS, EVERYBODY as ASK_EVERYBODY, PASSES, answered_like_another, expected
from tests.api import client_of

pytestmark = pytest.mark.django_db
# Whose page each role opens: those who may not pass are answered by the door, and that is read as well.
WRITERS = ("resident", "worker", "head", "admin", "caregiver", "care lead")


class Written(logging.Handler):
    """Every log line, as production would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        how = dict(settings.LOGGING["formatters"]["line"])
        self.setFormatter(how.pop("()")(**how))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """Not the plugin's own: see tests/access/test_routes.py."""


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    with django_db_blocker.unblock(), standing(lambda laid: canaries.scatter(laid.rows)) as ground:
        yield ground


@pytest.fixture
def logged() -> Iterator[Written]:
    handler, root = Written(), logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


EVERYBODY = "?status=confirmed"  # what some lists of residents ask for before they show anybody
LISTS = {name for name in ROUTES if name.startswith("desk:residents")}
RULES = list(canaries.rules())
PAGES = [name for name, route in ROUTES.items() if route.door in DOORS]


def refuted(role: str, path: str, shown: str) -> list[str]:
    """What stands in `shown` and should not."""
    seen = canaries.found_in(shown)
    return [
        f"{role} {path}: {field} of {sorted(n)[:5]}"
        for field, n in seen.items()
        if not canaries.allowed(RULES, role, path, field, n)
    ]


def quiet(logged: Written) -> None:
    """No log line names anybody, nor holds the code of a card or ticket."""
    said = "\n".join(logged.lines)
    assert not canaries.found_in(said), canaries.found_in(said)
    assert not re.search(r"/(?:[ct]|certificates|gifts/code)/[\w-]{16,}", said)


def test_the_canaries_are_seen_where_they_sing(ground: Ground) -> None:
    """Otherwise this file would be green for want of birds."""
    assert len(RULES) >= 7
    shown = ground.ask("worker", "GET", "desk:resident", ROUTES["desk:resident"]).read
    whole = ground.ask("resident", "GET", "my-data", ROUTES["my-data"]).read
    assert {"name", "phone", "birth_date"} <= canaries.found_in(whole).keys(), canaries.found_in(shown)
    listed = ground.ask("worker", "GET", "desk:residents", ROUTES["desk:residents"], query=EVERYBODY).read
    assert len(canaries.found_in(listed)["name"]) >= 40


def readers(name: str, ground: Ground) -> list[str]:
    """Of those whom the page lets in one of those who are alike (test_routes.py sees that it shuts the others out).

    `make doors` asks everybody.
    """
    if ASK_EVERYBODY:
        return list(ground.cookies)
    let_in = [role for role in ground.cookies if expected(name, role, "own", "GET") == PASSES]
    return [role for role in let_in if not answered_like_another(name, role, "own", "GET")]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_the_table_allows(name: str, ground: Ground, logged: Written) -> None:
    route, wrong = ROUTES[name], []
    for role in readers(name, ground):
        if not route.post_only:
            asked = ground.ask(role, "GET", name, route, query=EVERYBODY if name in LISTS else "", watched=False)
            wrong += refuted(role, asked.path, asked.read)
        if route.form and (role in WRITERS or route.door == "OPEN"):
            asked = ground.ask(role, "POST", name, route, watched=False)
            wrong += refuted(role, asked.path, asked.read)
            wrong += [f"message after {asked.path}: {found}" for one in asked.told if (found := hidden(one))]
    assert not wrong, "\n".join(wrong)
    quiet(logged)


def hidden(said: str) -> dict[str, Any]:
    """What no message may hold: anything but a name."""
    return {field: numbers for field, numbers in canaries.found_in(said).items() if field not in {"name", "helper"}}


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.door in {"API", "CLIENT"}])
def test_a_client_is_given_no_private_field(name: str, ground: Ground, logged: Written) -> None:
    route, rows = ROUTES[name], ground.rows["own"]
    for place in (rows.world.wenxing, rows.world.yongan, rows.world.hualin, rows.world.street):
        with undone():
            api, path = client_of(place), reverse(name, kwargs=route.args(rows)).removeprefix("/api/v1/")
            answer = api.post(path, route.form(rows), key="k-1") if route.form else api.get(path)
            assert answer.status_code < 500
            assert not canaries.found_in(answer.content.decode()), place
    quiet(logged)


def test_no_message_that_stands_holds_a_private_field(ground: Ground) -> None:
    for title, body in Message.objects.values_list("title", "body"):
        assert not hidden(title + body)
