"""Role × route × own or other community: a door is open, asks to sign in, says 403, or there is nothing there (404)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from communities.models import Duty, User
from tests.access.routes import ROUTES, Route
from tests.access.rows import CANARIES, Rows, lay, picture
from tests.api import Api, client_of
from tests.world import World, staff

pytestmark = pytest.mark.django_db
SIGN_IN, FORBIDDEN, NOTHING = "sign in", "403", "404"
PASSES = "passes"
STRANGERS = ("neighbour worker", "far", "finance", "street finance")  # whose desk shows nothing of 文兴's people
FINANCE = Duty.Role.FINANCE

# who → what happens at each door; a role that is not named passes
DOORS: dict[str, dict[str, str]] = {
    "OPEN": {},
    "PHONE": {
        "visitor": SIGN_IN, "worker": FORBIDDEN, "neighbour worker": FORBIDDEN, "admin": FORBIDDEN, "far": FORBIDDEN,
        "finance": FORBIDDEN, "street finance": FORBIDDEN,
    },
    "MINE": {
        "visitor": SIGN_IN, "neighbour": NOTHING, "worker": FORBIDDEN, "neighbour worker": FORBIDDEN,
        "admin": FORBIDDEN, "far": FORBIDDEN, "finance": FORBIDDEN, "street finance": FORBIDDEN,
    },
    "DESK": {"visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN},
    "ROW": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "neighbour worker": NOTHING, "far": NOTHING,
        "finance": NOTHING, "street finance": NOTHING,
    },
    "HEAD": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "worker": FORBIDDEN,
        "neighbour worker": NOTHING, "far": NOTHING, "finance": NOTHING, "street finance": NOTHING,
    },
    "BOOKS": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "neighbour worker": NOTHING, "far": NOTHING,
    },
    "SHARED": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "far": NOTHING,
        "finance": NOTHING, "street finance": NOTHING,
    },
    "STREET": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "worker": NOTHING,
        "neighbour worker": NOTHING, "far": NOTHING, "finance": NOTHING, "street finance": NOTHING,
    },
    "MONEY": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "worker": NOTHING,
        "neighbour worker": NOTHING, "far": NOTHING, "finance": NOTHING,
    },
}  # fmt: skip


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    for found in patterns:
        if isinstance(found, URLResolver):
            yield from names(found.url_patterns, f"{space}{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern):
            yield f"{space}{found.name}"


def test_every_route_says_who_may_pass() -> None:
    assert set(names(get_resolver().url_patterns)) == set(ROUTES)


@pytest.fixture
def rows(world: World) -> Rows:
    return lay(world)


def people(rows: Rows) -> dict[str, Client]:
    """Everybody's browser, signed in."""
    world = rows.world
    cast: dict[str, User | None] = {
        "visitor": None, "resident": world.wang.account, "neighbour": world.zhou.account, "worker": world.zhang,
        "neighbour worker": world.qian, "admin": world.he, "far": rows.far,
        "finance": staff("money", "财务", FINANCE, community=world.wenxing),
        "street finance": staff("street-money", "街道财务", FINANCE, sub_district=world.street),
    }  # fmt: skip
    browsers = {role: Client() for role in cast}
    for role, who in cast.items():
        if who is not None:
            browsers[role].force_login(who)
    return browsers


def answer(route: Route, name: str, rows: Rows, browser: Client, method: str) -> HttpResponse:
    address = reverse(name, kwargs=route.args(rows))
    if method == "GET":
        return browser.get(address)
    return browser.post(address, (route.form or (lambda _: {}))(rows))


def outcome(response: HttpResponse) -> str:
    if response.status_code == 302 and "sign-in" in response["Location"]:
        return SIGN_IN
    return {403: FORBIDDEN, 404: NOTHING, 405: "405"}.get(response.status_code, PASSES)


PAGES = [name for name, route in ROUTES.items() if route.door in DOORS]
OPEN_TO_NOBODY = {"api:unknown": NOTHING}


@pytest.mark.parametrize("name", PAGES)
def test_who_passes_the_door(name: str, rows: Rows) -> None:
    route = ROUTES[name]
    method = "POST" if route.post_only else "GET"
    browsers = people(rows)
    if route.post_only:
        assert answer(route, name, rows, browsers["worker"], "GET").status_code in {302, 403, 405}
    for role, browser in browsers.items():
        expected = OPEN_TO_NOBODY.get(name, DOORS[route.door].get(role, PASSES))
        before = picture()
        response = answer(route, name, rows, browser, method)
        assert response.status_code < 500, role
        if route.door == "OPEN":
            continue
        assert outcome(response) == expected, role
        if expected != PASSES:
            assert picture() == before, role
        if role in STRANGERS and expected == PASSES:
            shown = response.getvalue().decode("utf-8", "replace")
            assert not [word for word in CANARIES if word in shown], role


@pytest.mark.parametrize("name", [name for name in PAGES if ROUTES[name].form and ROUTES[name].door not in {"OPEN"}])
def test_nobody_writes_through_a_door_that_is_not_theirs(name: str, rows: Rows) -> None:
    route = ROUTES[name]
    shut, browsers = DOORS[route.door], people(rows)
    for role in shut:
        before = picture()
        assert outcome(answer(route, name, rows, browsers[role], "POST")) in {shut[role], SIGN_IN}, role
        assert picture() == before, role
    if route.door == "DESK" and name not in {"desk:second-factor-start", "desk:second-factor-remove", "desk:password"}:
        for role in STRANGERS:
            before = picture()
            assert answer(route, name, rows, browsers[role], "POST").status_code < 500, role
            assert picture() == before, role


def call(api: Api, route: Route, name: str, rows: Rows) -> Any:
    path = reverse(name, kwargs=route.args(rows)).removeprefix("/api/v1/")
    return api.post(path, route.form(rows), key="k-1") if route.form else api.get(path)


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.door in {"API", "CLIENT"}])
def test_a_client_reaches_its_own_community_only(name: str, rows: Rows) -> None:
    route, world = ROUTES[name], rows.world
    before = picture()
    for place in (world.yongan, world.hualin):
        response = call(client_of(place), route, name, rows)
        if route.door == "API":
            assert response.status_code == 404, place
        assert "王秀兰" not in response.content.decode() and "王*兰" not in response.content.decode()
    assert call(Api("no-such-token", client_of(world.wenxing).application), route, name, rows).status_code == 401
    other_scope = "courses:read" if not name.startswith("api:course") else "points:read"
    assert call(client_of(world.wenxing, other_scope), route, name, rows).status_code == 403
    written = {table for table, mark in picture().items() if before[table] != mark}
    assert written <= {
        "communities_user", "communities_duty", "oauth2_provider_application", "oauth2_provider_accesstoken",
        "integrations_allowedscope",
    }  # fmt: skip
    assert call(client_of(world.wenxing), route, name, rows).status_code in {200, 201, 409}
