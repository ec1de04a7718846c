"""Role × route × own or other community: a door is open, asks to sign in, says 403, or there is nothing there (404)."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.ground import PLACES, Ground
from tests.access.routes import ROUTES
from tests.access.rows import CANARIES

pytestmark = pytest.mark.django_db
SIGN_IN, FORBIDDEN, NOTHING = "sign in", "403", "404"
PASSES = "passes"
CAREGIVERS = ("caregiver", "care lead", "care rival")
APART = ("supervisor", "auditor", "system admin", *CAREGIVERS)  # who open no resident's file at the desk
STRANGERS = (
    "neighbour worker",
    "far",
    "finance",
    "street finance",
    *APART,
)  # whose desk shows nothing of 文兴's people
SEEN = {"notifications_message", "communities_look"}  # shown is read, and that a child was seen is written down

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
    "HEADALONE": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "worker": FORBIDDEN, "admin": FORBIDDEN,
        "neighbour worker": NOTHING, "far": NOTHING, "finance": NOTHING, "street finance": NOTHING,
    },
    "BOOKS": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "neighbour worker": NOTHING, "far": NOTHING,
    },
    "GIVES": {
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
    "FINANCE": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "worker": NOTHING,
        "neighbour worker": NOTHING, "admin": NOTHING, "far": NOTHING,
    },
    "KEEPER": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "worker": NOTHING,
        "neighbour worker": NOTHING, "finance": NOTHING, "street finance": NOTHING,
    },
    "PEOPLE": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "worker": NOTHING,
        "neighbour worker": NOTHING, "far": NOTHING, "finance": NOTHING, "street finance": NOTHING,
    },
    "COLLEAGUE": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "neighbour worker": NOTHING, "far": NOTHING,
        "finance": NOTHING, "street finance": NOTHING,
    },
    "LOGS": {
        "visitor": SIGN_IN, "resident": FORBIDDEN, "neighbour": FORBIDDEN, "worker": NOTHING, "neighbour worker": NOTHING,
        "admin": NOTHING, "far": NOTHING, "finance": NOTHING, "street finance": NOTHING,
    },
}  # fmt: skip
SHOPS = ("SHOP", "OWNER", "SHOPROW", "OWNERROW")
# Phones that serve for a partner try the doors of merchants alone, and nobody else but a merchant passes there.
MERCHANTS = ("owner", "clerk", "rival")
for _door, _shut in (
    ("SHOP", {}), ("OWNER", {"clerk": FORBIDDEN}), ("SHOPROW", {"rival": NOTHING}), ("OWNERROW", {"clerk": FORBIDDEN, "rival": NOTHING}),
):  # fmt: skip
    DOORS[_door] = _shut | {"visitor": SIGN_IN} | dict.fromkeys(
        ("resident", "neighbour", "helper", "worker", "head", "neighbour worker", "admin", "far", "finance", "street finance"), FORBIDDEN
    )  # fmt: skip
# The phones of a care centre: nobody else passes there, whatever they are elsewhere.
CARES = ("CARE", "LEAD", "CAREROW", "LEADROW")
_OTHERS = (
    "resident",
    "neighbour",
    "helper",
    "worker",
    "head",
    "neighbour worker",
    "admin",
    "far",
    "finance",
    "street finance",
)
for _door in CARES:
    _mere: dict[str, str] = dict.fromkeys(("caregiver", "care rival"), FORBIDDEN) if _door.startswith("LEAD") else {}
    _least = {"care rival": NOTHING} if _door == "CAREROW" else _mere
    DOORS[_door] = {"visitor": SIGN_IN} | dict.fromkeys((*_OTHERS, *APART[:3]), FORBIDDEN) | _least
OPEN_TO = {
    **{door: set(APART) for door in CARES},
    "LOGS": {"auditor"},
    "BOOKS": {"supervisor"},
    **{door: {"system admin"} for door in ("KEEPER", "PEOPLE", "COLLEAGUE")},
}
for _door, _shut in DOORS.items():
    for _role in () if _door in {"OPEN", "DESK"} else set(APART) - OPEN_TO.get(_door, set()):
        _shut[_role] = FORBIDDEN if _door in {"PHONE", "MINE", *SHOPS} else NOTHING


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    for found in patterns:
        if isinstance(found, URLResolver):
            yield from names(found.url_patterns, f"{space}{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern):
            yield f"{space}{found.name}"


def test_every_route_says_who_may_pass() -> None:
    assert set(names(get_resolver().url_patterns)) == set(ROUTES)


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """Not the plugin's own: the transaction of this file is the ground's, and no test closes it behind its back."""


def outcome(response: HttpResponse) -> str:
    if response.status_code == 302 and "sign-in" in response["Location"]:
        return SIGN_IN
    return {403: FORBIDDEN, 404: NOTHING, 405: "405"}.get(response.status_code, PASSES)


def who_tries(name: str, place: str, method: str, ground: Ground) -> Iterable[str]:
    """Of those who meet the same answer for the same reason one; elsewhere of those alone whose scope could reach so far.

    Of those who are shut out at almost every door one, by turns.

    `make doors` asks everybody everywhere.
    """
    merchants, cares = ROUTES[name].door in SHOPS, ROUTES[name].door in CARES
    everybody = [role for role in ground.cookies if merchants or role not in MERCHANTS]
    if EVERYBODY:
        return everybody
    if place != "own":
        everybody = list(MERCHANTS if merchants else CAREGIVERS[:2] if cares else ELSEWHERE[place])
    turn = SHUT_OUT[sum(map(ord, name)) % len(SHUT_OUT)]
    return [
        role
        for role in everybody
        if not answered_like_another(name, role, place, method)
        and (role not in SHUT_OUT or role == turn or expected(name, role, place, method) == PASSES)
    ]


def answered_like_another(name: str, role: str, place: str, method: str) -> bool:
    """Whether somebody else stands for `role`: a page is drawn, or shut, once for the worker, not again for head and admin."""
    return expected(name, role, place, method) in {expected(name, who, place, method) for who in ALIKE.get(role, ())}


def expected(name: str, role: str, place: str, method: str) -> str:
    """What happens to `role` at the door of a row of `place`."""
    door = ROUTES[name].door
    if door in CARES and place != "own":
        at_home = role == "care rival" and place == "sister"
        return DOORS[door].get("caregiver", PASSES) if at_home else DOORS[door].get(role, NOTHING)
    if door in SHOPS:
        return DOORS[door].get(role, PASSES if place == "own" else NOTHING)
    if role == "helper":  # a helper passes where the resident does, but for what stays with the resident
        return FORBIDDEN if name in OWN_WORD else expected(name, "resident", place, method)
    if name == "desk:duty-end" and role == "system admin" and place != "other":
        return FORBIDDEN  # gives and ends no working duty (communities/duties.py)
    if role == "head" and door == "PEOPLE" and place == "own":  # looks at colleagues, and changes nothing
        return (
            PASSES if method == "GET" or name == "desk:person-give" else FORBIDDEN
        )  # that form says first what it lacks
    if place == "own" or (door in STREETWIDE and place == "sister"):
        return DOORS[door].get("worker" if role == "head" and door not in {"HEAD", "HEADALONE"} else role, PASSES)
    if door == "MINE":
        return DOORS[door].get("worker" if role == "head" else role, NOTHING)
    shut = DOORS[door].get(role)
    if role in RESIDENTS:
        return str(shut)
    if place == "sister" and role in WIDE:
        return shut or PASSES
    if (place, role) in AT_HOME:
        return DOORS[door].get(AT_HOME[place, role], PASSES)
    return NOTHING


EVERYBODY = bool(os.environ.get("DOORS"))
# Whose part has no business with most doors: where they are shut out, one of them tries, each at a third of all doors.
SHUT_OUT = ("finance", "supervisor", "caregiver")
# At the row of 文兴 the neighbours' worker and the far admin were turned away: 文兴's own at theirs meet the same doors.
ELSEWHERE = {"sister": ("admin", "street finance"), "other": ("admin",)}
# Who stands for whom, where both are to meet the same answer.
ALIKE: dict[str, tuple[str, ...]] = {
    "head": ("worker",), "admin": ("worker",), "neighbour": ("resident",), "clerk": ("owner",), "rival": ("owner",),
    "far": ("neighbour worker",), "street finance": ("finance",), "auditor": ("supervisor",), "system admin": ("supervisor",),
    "care lead": ("caregiver",), "care rival": ("caregiver",),
}  # fmt: skip
PAGES = [name for name, route in ROUTES.items() if route.door in DOORS]
METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
RESIDENTS = ("visitor", "resident", "neighbour", "helper")
WIDE = {"admin", "street finance", "auditor", "system admin"}  # who work for the whole sub-district
STREETWIDE = {"STREET", "SHARED", "MONEY"}
# An appeal is named within its resident's file: each place's is called the same.
ROWS = {
    "SHOPROW",
    "OWNERROW",
    "CAREROW",
    "LEADROW",
    "MINE",
    "ROW",
    "HEAD",
    "HEADALONE",
    "BOOKS",
    "FINANCE",
    "PEOPLE",
    "COLLEAGUE",
    *STREETWIDE,
}
# Whose own place it is, and as whom they stand there.
AT_HOME = {("sister", "neighbour worker"): "worker", ("other", "far"): "admin"}
# What stays with the resident, whoever helps (communities/ownership.py).
OWN_WORD = {
    "points:purse-join", "points:purse-leave", "appeals", "appeal", "my-data", "my-data-copy", "my-data-paper", "my-data-ask",
    "my-data-take-back", "activities:volunteer", "activities:certificates", "activities:certificate",
    "activities:certificate-withdraw", "my-consents", "my-consents-agree", "my-consents-withdraw", "notice-object",
    "activities:lead", "activities:lead-code", "activities:lead-guardian",
    "me-children", "me-child-agree", "me-child-withdraw", "me-relief", "me-relief-agree", "me-relief-withdraw",
    "my-calendar", "my-calendar-renew", "my-calendar-stop", "venues:keys", "venues:check", "venues:check-begin", "venues:check-finish",
    "nightschool:teach", "nightschool:teach-class", "nightschool:teach-code", "nightschool:feedback",
}  # fmt: skip
# A child's file is no helper's business: no page of the family but the public ones opens to whoever helps the guardian.
OWN_WORD |= {
    name for name, route in ROUTES.items() if name.startswith("childcare:") and route.door in {"PHONE", "MINE"}
}
AT_HOME_TOO = {
    "desk:resident-new",
    "desk:residents-whole",
    "desk:terminal",
}  # what these forms say is said of the reader's own place
OPEN_TO_NOBODY = {"api:unknown": NOTHING}
OWN_ACCOUNT = {
    "desk:second-factor-start",
    "desk:second-factor-remove",
    "desk:password",
    "desk:recovery-codes",
    "desk:terminal",
}


@pytest.mark.parametrize("name", PAGES)
def test_who_passes_the_door(name: str, ground: Ground) -> None:
    """Every role at every place's row, by GET, or by POST where there is no page; a refused call changes no row."""
    route = ROUTES[name]
    method = "POST" if route.post_only else "GET"
    for place in PLACES if route.door in ROWS and name != "appeal" else ("own",):
        for role in (
            who_tries(name, place, method, ground)
            if route.door != "OPEN"
            else ("visitor", "resident", "helper", "worker", "finance")
        ):
            wanted, who = OPEN_TO_NOBODY.get(name, expected(name, role, place, method)), f"{role} at {place}"
            watched = wanted != PASSES or method == "GET"
            asked = ground.ask(role, method, name, route, place, watched=watched)
            assert asked.response.status_code < 500, who
            if route.door == "OPEN":
                continue
            assert outcome(asked.response) == wanted, who
            assert not watched or asked.written <= SEEN, who
            if role in STRANGERS and place == "own" and wanted == PASSES and route.door not in CARES:
                # Who stands at home elsewhere sees things of the same title there.
                words = CANARIES[:3] if role in {one for _, one in AT_HOME} else CANARIES
                assert not [word for word in words if word in asked.text], who


@pytest.mark.parametrize("name", [name for name in PAGES if ROUTES[name].form and ROUTES[name].door != "OPEN"])
def test_nobody_writes_through_a_door_that_is_not_theirs(name: str, ground: Ground) -> None:
    route = ROUTES[name]
    for place in PLACES if route.door in ROWS and name != "appeal" else ("own",):
        for role in who_tries(name, place, "POST", ground):
            wanted = expected(name, role, place, "POST")
            if name == "me-helpers" and role == "helper":
                wanted = FORBIDDEN
            if wanted != PASSES:
                asked = ground.ask(role, "POST", name, route, place)
                assert outcome(asked.response) in {wanted, SIGN_IN}, f"{role} at {place}"
                assert not asked.written, f"{role} at {place}"
    for role in STRANGERS if route.door == "DESK" and name not in OWN_ACCOUNT else ():
        if (name in AT_HOME_TOO) and role in {one for _, one in AT_HOME}:
            continue
        asked = ground.ask(role, "POST", name, route)
        assert asked.response.status_code < 500 and not asked.written, role


@pytest.mark.heavy
@pytest.mark.parametrize("name", ROUTES)
def test_a_method_that_a_page_does_not_know_changes_nothing(name: str, ground: Ground) -> None:
    """Whoever passes the door, and whoever does not: 405 or the door's answer, or the form that was not filled in (400), never a change,
    never a breakdown."""
    route = ROUTES[name]
    known = {"GET", "HEAD"} if not route.post_only else set()
    unknown = {*METHODS, *({"GET"} if route.post_only else {"POST"} if not route.form else ())}
    for role, methods in (
        ("visitor", {"PUT"}),
        ("resident" if route.door in {"PHONE", "MINE"} else "care lead" if route.door in CARES else "worker", unknown),
    ):
        for method in methods:
            asked, who = ground.ask(role, method, name, route), f"{method} as {role}"
            assert asked.response.status_code < 500, who
            assert asked.written <= SEEN, who
            if method not in known and method != "OPTIONS" and not name.startswith("api:"):
                assert asked.response.status_code in {302, 400, 403, 404, 405}, who
