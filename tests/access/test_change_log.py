"""Whoever presses a button is written down: no act of the desk or of a phone leaves a change without an author."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from communities.models import Change
from tests.access.doors import Route
from tests.access.ground import Ground, undone
from tests.access.routes import ROUTES

pytestmark = pytest.mark.django_db
# Who presses there: the one who may do most behind each door.
HANDS = {"DESK": "admin", "ROW": "admin", "HEAD": "admin", "STREET": "admin", "SHARED": "admin", "PHONE": "resident", "MINE": "resident",
         "KEEPER": "admin", "PEOPLE": "admin", "COLLEAGUE": "admin",
         "CARE": "caregiver", "CAREROW": "caregiver", "LEAD": "care lead", "LEADROW": "care lead"}  # fmt: skip


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """Not the plugin's own: see tests/access/test_routes.py."""


@pytest.fixture
def laid(ground: Ground) -> Iterator[Ground]:
    with undone():
        yield ground


def pressed(name: str, route: Route, ground: Ground, hand: str) -> list[Change]:
    """What the log gained by it."""
    browser, rows = Client(), ground.rows["own"]
    browser.cookies = SimpleCookie(ground.cookies[hand])
    before = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    assert route.form is not None
    with (
        connection.cursor() as cursor
    ):  # a test is one transaction: what laid the rows must not sign for what is pressed
        cursor.execute(
            "SELECT set_config('hehuoren.' || name, '', true) FROM unnest(ARRAY['by', 'request', 'address']) AS name"
        )
    answer = browser.post(reverse(name, kwargs=route.args(rows)), route.form(rows))
    assert answer.status_code < 500
    return list(Change.objects.filter(pk__gt=before))


@pytest.mark.parametrize(
    "name", [name for name, route in ROUTES.items() if route.form and route.door in HANDS and name != "desk:sign-in"]
)
def test_no_change_without_an_author(name: str, laid: Ground) -> None:
    route = ROUTES[name]
    written = pressed(name, route, laid, HANDS[route.door])
    assert [(one.what, one.action, one.fields) for one in written if one.by_id is None] == []


def test_the_walk_sees_changes_at_all(laid: Ground) -> None:
    seen = pressed("desk:resident-confirm", ROUTES["desk:resident-confirm"], laid, "worker")
    assert [(one.by, one.what, one.action) for one in seen] == [(laid.rows["own"].world.zhang, "resident", "U")]
    assert seen[0].fields["status"] == ["pending", "confirmed"]
    assert (seen[0].address, bool(seen[0].request)) == ("127.0.0.1", True)
