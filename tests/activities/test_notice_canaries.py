"""Nobody who did not opt in, no one under 14, no address or phone is on a notice, whatever it shows and wherever it is read.

Every prefix that an app registers must be listed here (`listing.LISTED`), and whatever the review queue turns into points.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from activities import queue
from activities.models import Award
from communities import closing, consents, notices, publishing
from communities.models import Consent, Notice
from core import clock
from integrations.urls import router
from points import moving
from tests.access.canaries import readable
from tests.access.routes import ROUTES
from tests.activities.birds import GUARDIAN, NAMED, SINGS, Bird, flock
from tests.activities.listing import EARNED, LISTED, TITLE, UNSEEN
from tests.api import client_of
from tests.world import World

pytestmark = pytest.mark.django_db
FIRMS = {"partner"}  # shows candidates, who are no residents (tests/partners/joining/test_choosing.py)
HOMES = sorted(set(notices._homes) - FIRMS)
HOLDS = {"adjustment", "award"}  # points that wait: the file is not closed
MASKED = re.compile(r"[\u4e00-\u9fff]\*+[\u4e00-\u9fff]?")
# The anonymous, the elder and the resident's own pages, the paper, files and REST, by what is asked for.
NOTICE_ROUTES = {"notice", "notice-object", "desk:notice-print", "api:notice-detail"}
LISTS = {"home", "notices", "api:notice-list"}


def test_every_home_and_every_kind_of_earning_has_its_canaries() -> None:
    assert set(LISTED) == set(HOMES)
    assert set(EARNED) == {kind.code for kind in queue.kinds()}
    assert {"notices:read"} == {scope for view in _notice_views() for scope in view.scopes.values()}


def _notice_views() -> list[Any]:
    """What REST says of notices, and what it says to clients that were given no scope."""
    views: list[Any] = [view for _, view, _ in router.registry]
    reading = {"list", "retrieve"}
    loose = [view for view in views if any(hasattr(view, one) and one not in view.scopes for one in reading)]
    assert not loose, loose
    return [view for view in views if view.queryset is not None and view.queryset.model is Notice]


@pytest.mark.parametrize("home", HOMES)
def test_a_notice_shows_whom_it_may_and_nothing_else(home: str, world: World) -> None:
    people = flock(world)
    drafts = LISTED[home](world, people)
    assert {item.about.partition(":")[0] for one in drafts for item in one.items.all()} == {home}
    _unsay(world, people["unsure"])
    shown = [publishing.publish(notice=one, by=world.he) for one in drafts]
    before = _expected(people, home, but=("unsure",))
    for notice in shown:
        _read(world, notice, people, before)
    _unsay(world, people["late"])
    gone = _leave(world, people, holds=home in HOLDS)
    for notice in shown:
        _read(world, notice, people, _expected(people, home, but=("unsure", "late", *gone)))
        assert publishing.end(notice=notice, at=clock.now() + timedelta(days=40))
        _read(world, notice, people, set(), over=True)


def _expected(people: dict[str, Bird], home: str, but: tuple[str, ...]) -> set[str]:
    """Masked names of who opted in themselves (or by their guardian, from 14 on), with a known age and a confirmed file."""
    may = {*NAMED, "unsure", "late", "youth", "mover", "closed"} - set(but)
    listed = {key for key in may if home != "courier" or key not in UNSEEN}
    return {people[key].masked for key in listed}


def _unsay(world: World, bird: Bird) -> None:
    assert consents.withdraw(resident=bird.resident, purpose=Consent.Purpose.NOTICE, by=world.zhang)


def _leave(world: World, people: dict[str, Bird], *, holds: bool) -> tuple[str, ...]:
    """Who lives in 永安 from now on is named by consent still; who has closed the file is nobody, and gone from the list."""
    mover, closed = people["mover"].resident, people["closed"].resident
    moving.move(resident=mover, community=world.yongan, by=world.he)
    if holds:
        with pytest.raises(closing.StillOpen):
            closing.close(resident=closed, by=world.chen, reason="本人持身份证到窗口")
        return ()
    closing.close(resident=closed, by=world.chen, reason="本人持身份证到窗口")
    return ("closed",)


def _read(world: World, notice: Notice, people: dict[str, Bird], names: set[str], *, over: bool = False) -> None:
    """`names` and no others stand wherever a line of `notice` is read."""
    count = notice.items.filter(live=True).exclude(resident=None).values("resident").distinct().count()
    for where, said in _readings(world, notice, over=over):
        found = set(MASKED.findall(said))
        assert found == (names if "list" not in where else set()), (where, found ^ names)
        assert not SINGS.search(said), (where, SINGS.findall(said))
        for bird in people.values():
            heard = [one for one in bird.private if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", said)]
            assert not heard, (where, heard)
        if where == "REST":
            assert f'"people":{count}' in said and f'"others":{count - len(names)}' in said
        elif "list" not in where and "object" not in where:
            assert f"另有{count - len(names)}人，名单一共{count}人" in said or (
                not names and f"名单共{count}人" in said
            )


def _readings(world: World, notice: Notice, *, over: bool) -> Iterator[tuple[str, str]]:
    """What a visitor, a resident, a passer-by before the board, a colleague's file and another system read."""
    for size in ("standard", "elder"):
        for who, account in (("visitor", None), ("resident", world.li.account)):
            browser = Client()
            browser.cookies["size"] = size
            if account:
                browser.force_login(account)
            yield f"{who} {size}", _words(browser.get(f"/notices/{notice.pk}/"))
            yield f"{who} {size} list", _words(browser.get("/notices/"))
            yield f"{who} {size} home list", _words(browser.get("/"))
            if account and not over:
                yield f"object {size}", _words(browser.get(f"/notices/{notice.pk}/object/"))
    desk = Client()
    desk.force_login(world.chen)
    for where, address in (("paper", f"/desk/notices/{notice.pk}/print/"), ("desk list", "/desk/notices/")):
        said = _words(desk.get(address))
        yield where, said[said.index("<main") :]  # the menu beside it has pages of its own names
    yield "Excel list", _words(desk.get("/desk/notices/export/"))
    for place in (world.wenxing, world.street):
        api = client_of(place, "notices:read")
        yield "REST", _words(api.get(f"notices/{notice.pk}/"))
        yield "REST list", _words(api.get("notices/"))


def _words(answer: Any) -> str:
    """As it is read: without what the browser alone reads (tokens, addresses of files)."""
    content = b"".join(answer)
    assert answer.status_code == 200, answer
    said = readable(content, "notice")
    return unescape(
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|/static/[^"]*|<svg.*?</svg>', "", said, flags=re.S)
    )


@pytest.mark.heavy
def test_no_other_address_says_a_notice(world: World) -> None:
    """Whatever is open to everybody, to a resident or to a client with every scope: only what is read above says a line."""
    people = flock(world)
    (draft,) = LISTED["award"](world, people)
    notice = publishing.publish(notice=draft, by=world.he)
    li, api = Client(), client_of(world.street)
    li.force_login(world.li.account)  # type: ignore[arg-type]
    read: dict[str, set[str]] = {}
    lines = set(notice.items.values_list("said", flat=True))
    for name, route in ROUTES.items():
        path = _path(name, notice)
        if route.post_only or path is None or name.startswith("desk:"):
            continue
        for browser in (Client(), li, api.http):
            said = readable(b"".join(browser.get(path)), name)
            if TITLE in said or any(line in said for line in lines):
                assert not SINGS.search(said), (name, SINGS.findall(said))
                read.setdefault(name, set()).update(MASKED.findall(said))
    assert set(read) == {*LISTS, "notice", "notice-object", "api:notice-detail"}
    assert read["notice"] == read["api:notice-detail"] == _expected(people, "award", but=())
    assert read["home"] == read["notices"] == read["api:notice-list"] == set()
    assert Award.objects.waiting().filter(resident=people[GUARDIAN].resident).exists()


def _path(name: str, notice: Notice) -> str | None:
    """The address of what asks for nothing, or of the notice."""
    try:
        return reverse(name, kwargs={"pk": notice.pk} if name in NOTICE_ROUTES else None)
    except NoReverseMatch:
        return None
