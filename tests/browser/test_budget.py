"""What a page may weigh and how it must read: small on first view, whole at every width, without an axe violation."""

import gzip
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Response, expect

from communities.models import User
from core import clock
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.scene import Scene, prepare
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
LATER = pytest.mark.heavy
WIDTHS = (320, 375, 390)
PAST_THE_EDGE = """() => [...document.querySelectorAll('body *')].filter(e => {
  const r = e.getBoundingClientRect(); const s = getComputedStyle(e);
  return r.width && r.height && s.visibility !== 'hidden' && s.clipPath === 'none' && s.clip === 'auto'
    && r.right > document.documentElement.clientWidth + 1;
}).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def scene(world: World) -> Scene:
    return prepare(world)


ZOOM = """document.documentElement.style.fontSize =
  parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.4 + 'px'"""
AT_REST = "() => Promise.all(document.getAnimations().map(one => one.finished))"
EVERYTHING = {"resultTypes": ["violations"]}  # what passes is not sent back in full
CONTRAST = EVERYTHING | {"runOnly": ["color-contrast"]}  # of all that axe asks, what a colour scheme can change


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext], live_server: object) -> Callable[..., BrowserContext]:
    """`visit(user, size, viewport=…)`: a browser profile that is signed in and reads in that size of letters."""

    def open_one(user: User | None, size: str = "standard", **options: object) -> BrowserContext:
        context = new_context(**options)
        client = Client()
        jar = {"size": size}
        if user is not None:
            client.force_login(user)
            jar["sessionid"] = client.cookies["sessionid"].value
        url = str(live_server.url)  # type: ignore[attr-defined]
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in jar.items()])
        return context

    return open_one


def open_at(page: Page, address: str) -> None:
    """A page that is not there, or leads elsewhere, would pass every test of this file."""
    answer = page.goto(address)
    assert answer and answer.ok and not answer.request.redirected_from, address


def axe(page: Page, options: dict[str, list[str]] = EVERYTHING) -> list[str]:
    result = Axe().run(page, options=options)
    return [result.generate_report()] if result.violations_count else []


def by_day_and_night(page: Page) -> list[str]:
    found = axe(page)
    page.emulate_media(color_scheme="dark")
    page.evaluate(AT_REST)
    found += axe(page, CONTRAST)
    page.emulate_media(color_scheme="light")
    return found


def past_the_edge(page: Page) -> list[str]:
    """What stands out of the page on the narrowest phones."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        found += [f"past {width}px: {one}" for one in page.evaluate(PAST_THE_EDGE)]
    page.set_viewport_size(PHONE)
    return found


def too_heavy(page: Page, address: str, phone: bool) -> list[str]:
    """Opens `address` for the first time: gzip bytes, requests and JavaScript bytes, photos apart (design, 5)."""
    seen: list[Response] = []

    def hear(response: Response) -> None:
        seen.append(response)

    page.on("response", hear)
    open_at(page, address)
    page.remove_listener("response", hear)
    bodies = [(one, one.body()) for one in seen if one.status == 200 and one.headers["content-type"] != "image/jpeg"]
    weight = sum(len(gzip.compress(body, 6)) for _, body in bodies)
    scripts = sum(len(body) for response, body in bodies if response.url.endswith(".js"))
    fits = weight <= (20 if phone else 60) * 1024 and (not phone or (len(bodies) <= 4 and scripts <= 3 * 1024))
    return [] if fits else [f"{weight} bytes, {len(bodies)} requests, {scripts} bytes of JavaScript"]


def faults(page: Page, address: str, phone: bool) -> list[str]:
    """All that a key page owes a reader in standard size by day: light, within the screen, readable."""
    found = too_heavy(page, address, phone) + axe(page)
    if phone:
        found += past_the_edge(page)
        page.evaluate(ZOOM)
        found += past_the_edge(page)
    return found


@pytest.mark.parametrize(
    ("phone", "third"),
    [(True, 0), (True, 1), (True, 2), *(pytest.param(False, third, marks=LATER) for third in range(3))],
)  # fmt: skip
def test_every_key_page_is_light_readable_and_within_the_screen(
    phone: bool, third: int, visit: Callable[..., BrowserContext], scene: Scene
) -> None:
    """In thirds, so that processes share them; of the desk's pages, which share one frame, two thirds are `make heavy`."""
    found = {}
    for user, pages in scene.visits(phone=phone):
        page = visit(user, viewport=PHONE if phone else DESKTOP).new_page()
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        found |= {f"{user} {address}": faults(page, address, phone) for address in pages[third::3]}
    assert not {where: what for where, what in found.items() if what}


@pytest.mark.heavy
def test_the_first_pages_are_readable_by_night(visit: Callable[..., BrowserContext], scene: Scene) -> None:
    """Colours are the tokens' affair: one page of each reader here, all of them in `make heavy`."""
    assert not by_night(visit, scene, slice(1))


@LATER
def test_every_key_page_is_readable_by_night(visit: Callable[..., BrowserContext], scene: Scene) -> None:
    assert not by_night(visit, scene, slice(None))


def by_night(visit: Callable[..., BrowserContext], scene: Scene, which: slice) -> list[str]:
    found: list[str] = []
    for phone in (True, False):
        for user, pages in scene.visits(phone=phone):
            page = visit(user, viewport=PHONE if phone else DESKTOP, color_scheme="dark").new_page()
            for address in pages[which]:
                open_at(page, address)
                found += [f"{user} {address}: {one}" for one in axe(page, CONTRAST)]
    return found


@LATER
def test_every_key_page_is_readable_and_within_the_screen_in_large_letters(
    visit: Callable[..., BrowserContext], scene: Scene
) -> None:
    """Residents' pages: the desk has no large letters."""
    found = {}
    for user, pages in scene.visits(phone=True):
        page = visit(user, "elder", viewport=PHONE).new_page()
        for address in pages:
            open_at(page, address)
            found[f"{user} {address}"] = axe(page) + past_the_edge(page)
    assert not {where: what for where, what in found.items() if what}


def test_no_axe_violation_in_what_answers_a_form(
    visit: Callable[..., BrowserContext], scene: Scene, world: World
) -> None:
    """A refusal stands beside what was typed; a rule is previewed."""
    desk, phone = (
        visit(user, viewport=size).new_page() for user, size in ((world.he, DESKTOP), (world.li.account, PHONE))
    )
    found: list[str] = []
    open_at(desk, f"/desk/rules/{world.street.pk}/ENV/change/")
    desk.get_by_label("每小时多少积分").fill("12")
    desk.get_by_label("决定日期").fill(clock.today().isoformat())
    desk.get_by_label("决定内容").fill("全体同意")
    desk.get_by_role("button", name="预览").click()
    expect(desk.get_by_role("button", name="确认保存")).to_be_visible()
    found += by_day_and_night(desk)
    for page, address, button in (
        (desk, f"/desk/adjustments/{scene.numbers['waiting']}/", "不通过"),
        (phone, f"/appeals/{scene.numbers['owed']}/", "提交申诉"),
    ):
        open_at(page, address)
        page.get_by_role("textbox").fill(" ")
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".field__error")).to_contain_text("请填写这一项")
        found += by_day_and_night(page)
    assert not found
