"""What a page may weigh and how it must read: small on first view, whole at every width, without an axe violation."""

import gzip
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Response

from communities.models import User
from nightschool.models import Enrolment
from tests import world as cast
from tests.browser.conftest import DESKTOP, PHONE
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
RESIDENT = ["/", "/night-school/", "/night-school/{course}/", "/night-school/{other}/confirm/", "/tickets/",
            "/tickets/{seat}/", "/tickets/{seat}/cancel/", "/points/", "/points/?kind=award", "/points/rules/",
            "/points/passbook/", "/points/purse/", "/appeals/", "/messages/", "/activities/", "/activities/mine/",
            "/partners/", "/me/"]  # fmt: skip
VISITOR = ["/", "/sign-in/", "/night-school/", "/desk/sign-in/"]
DESK = ["/desk/", "/desk/residents/", "/desk/activities/", "/desk/night-school/", "/desk/night-school/{course}/",
        "/desk/enrolments/", "/desk/partners/", "/desk/settings/", "/desk/night-school/new/"]  # fmt: skip
WIDTHS = (320, 375, 390)
PAST_THE_EDGE = """() => [...document.querySelectorAll('body *')].filter(e => {
  const r = e.getBoundingClientRect(); const s = getComputedStyle(e);
  return r.width && r.height && s.visibility !== 'hidden' && s.clipPath === 'none' && s.clip === 'auto'
    && r.right > document.documentElement.clientWidth + 1;
}).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def seat(world: World) -> Enrolment:
    cast.course(world.wenxing, title="花艺插花", price=10)
    cast.activity(world.wenxing)
    cast.partner(world.street, world.wenxing, world.zhang)
    return cast.seated(cast.course(world.wenxing), world.wang)[0]


def addresses(pages: list[str], seat: Enrolment) -> list[str]:
    other = seat.course_id - 1
    return [page.format(course=seat.course_id, other=other, seat=seat.pk) for page in pages]


LOOKS = {
    "standard": ({}, {}),
    "elder": ({}, {"size": "elder"}),
    "dark": ({"color_scheme": "dark"}, {}),
}


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext], live_server: object) -> Callable[..., BrowserContext]:
    """`visit(user, look, **options)`: a browser profile that is signed in and reads in that size and colour."""

    def open_one(user: User | None, look: str, **options: object) -> BrowserContext:
        extra, cookies = LOOKS[look]
        context = new_context(**{**options, **extra})
        client = Client()
        jar = dict(cookies)
        if user is not None:
            client.force_login(user)
            jar["sessionid"] = client.cookies["sessionid"].value
        url = str(live_server.url)  # type: ignore[attr-defined]
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in jar.items()])
        return context

    return open_one


@pytest.mark.parametrize("look", LOOKS)
def test_no_axe_violation_on_any_key_page(
    look: str, visit: Callable[..., BrowserContext], world: World, seat: Enrolment
) -> None:
    found = {}
    for user, pages, size in (
        (None, VISITOR, PHONE), (world.wang.account, RESIDENT, PHONE), (world.zhang, DESK, DESKTOP),
    ):  # fmt: skip
        page = visit(user, look, viewport=size).new_page()
        for address in addresses(pages, seat):
            page.goto(address)
            result = Axe().run(page)
            if result.violations_count:
                found[f"{user} {address}"] = result.generate_report()
    assert not found, "\n".join(f"{where}\n{report}" for where, report in found.items())


def past_the_edge(page: Page, pages: list[str], zoom: bool) -> dict[str, list[str]]:
    found = {}
    for address in pages:
        page.goto(address)
        if zoom:
            page.evaluate("document.documentElement.style.fontSize = "
                          "parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.4 + 'px'")  # fmt: skip
        over = page.evaluate(PAST_THE_EDGE)
        if over:
            found[f"{address} {page.viewport_size}"] = over
    return found


@pytest.mark.parametrize("look", ["standard", "elder", "zoomed"])
def test_nothing_goes_past_the_right_edge(
    look: str, visit: Callable[..., BrowserContext], world: World, seat: Enrolment
) -> None:
    found = {}
    page = visit(world.wang.account, "elder" if look == "elder" else "standard", viewport=PHONE).new_page()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        found.update(past_the_edge(page, addresses(RESIDENT, seat), zoom=look == "zoomed"))
    assert not found


def weigh(page: Page, address: str) -> tuple[int, int, int]:
    """(gzip bytes without pictures, requests, JavaScript bytes) of a first view."""
    seen: list[Response] = []
    page.on("response", lambda response: seen.append(response))
    page.goto(address)
    bodies = [(response, response.body()) for response in seen if response.status == 200]
    scripts = sum(len(body) for response, body in bodies if response.url.endswith(".js"))
    return sum(len(gzip.compress(body, 6)) for _, body in bodies), len(bodies), scripts


def test_pages_stay_within_their_budget(visit: Callable[..., BrowserContext], world: World, seat: Enrolment) -> None:
    for user, pages, size, limit in (
        (None, VISITOR[:3], PHONE, 20), (world.wang.account, RESIDENT, PHONE, 20), (world.zhang, DESK, DESKTOP, 60),
    ):  # fmt: skip
        for address in addresses(pages, seat):
            context = visit(user, "standard", viewport=size)
            weight, requests, scripts = weigh(context.new_page(), address)
            context.close()
            assert weight <= limit * 1024, (address, weight)
            if limit == 20:
                assert requests <= 4, (address, requests)
                assert scripts <= 3 * 1024, (address, scripts)
