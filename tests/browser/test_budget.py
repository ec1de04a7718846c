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
WIDTHS = (320, 375, 390)
PAST_THE_EDGE = """() => [...document.querySelectorAll('body *')].filter(e => {
  const r = e.getBoundingClientRect(); const s = getComputedStyle(e);
  return r.width && r.height && s.visibility !== 'hidden' && s.clipPath === 'none' && s.clip === 'auto'
    && r.right > document.documentElement.clientWidth + 1;
}).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def scene(world: World) -> Scene:
    return prepare(world)


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


def open_at(page: Page, address: str) -> None:
    """A page that is not there, or leads elsewhere, would pass every test of this file."""
    answer = page.goto(address)
    assert answer and answer.ok and not answer.request.redirected_from, address


@pytest.mark.parametrize("look", LOOKS)
def test_no_axe_violation_on_any_key_page(look: str, visit: Callable[..., BrowserContext], scene: Scene) -> None:
    found = {}
    for user, pages, phone in scene.visits():
        page = visit(user, look, viewport=PHONE if phone else DESKTOP).new_page()
        for address in pages:
            open_at(page, address)
            result = Axe().run(page)
            if result.violations_count:
                found[f"{user} {address}"] = result.generate_report()
    assert not found, "\n".join(f"{where}\n{report}" for where, report in found.items())


@pytest.mark.parametrize("look", LOOKS)
def test_no_axe_violation_in_what_answers_a_form(
    look: str, visit: Callable[..., BrowserContext], scene: Scene, world: World
) -> None:
    """A refusal stands beside what was typed; a rule is previewed."""
    desk, phone = (
        visit(user, look, viewport=size).new_page() for user, size in ((world.he, DESKTOP), (world.li.account, PHONE))
    )
    answers = []
    open_at(desk, f"/desk/rules/{world.street.pk}/ENV/change/")
    desk.get_by_label("每小时多少积分").fill("12")
    desk.get_by_label("决定日期").fill(clock.today().isoformat())
    desk.get_by_label("决定内容").fill("全体同意")
    desk.get_by_role("button", name="预览").click()
    expect(desk.get_by_role("button", name="确认保存")).to_be_visible()
    answers.append(Axe().run(desk))
    for page, address, button in (
        (desk, f"/desk/adjustments/{scene.numbers['waiting']}/", "不通过"),
        (phone, f"/appeals/{scene.numbers['owed']}/", "提交申诉"),
    ):
        open_at(page, address)
        page.get_by_role("textbox").fill(" ")
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".field__error")).to_contain_text("请填写这一项")
        answers.append(Axe().run(page))
    assert not [answer.generate_report() for answer in answers if answer.violations_count]


def past_the_edge(page: Page, pages: list[str], zoom: bool) -> dict[str, list[str]]:
    found = {}
    for address in pages:
        open_at(page, address)
        if zoom:
            page.evaluate("document.documentElement.style.fontSize = "
                          "parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.4 + 'px'")  # fmt: skip
        over = page.evaluate(PAST_THE_EDGE)
        if over:
            found[f"{address} {page.viewport_size}"] = over
    return found


@pytest.mark.parametrize("look", ["standard", "elder", "zoomed"])
def test_nothing_goes_past_the_right_edge(look: str, visit: Callable[..., BrowserContext], scene: Scene) -> None:
    found = {}
    for user, pages in ((user, pages) for user, pages, phone in scene.visits() if phone):
        page = visit(user, "elder" if look == "elder" else "standard", viewport=PHONE).new_page()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            found.update(past_the_edge(page, pages, zoom=look == "zoomed"))
    assert not found


def weigh(page: Page, address: str) -> tuple[int, int, int]:
    """(gzip bytes, requests, JavaScript bytes) of a first view, photos apart (design, 5)."""
    seen: list[Response] = []
    page.on("response", lambda response: seen.append(response))
    open_at(page, address)
    bodies = [(one, one.body()) for one in seen if one.status == 200 and one.headers["content-type"] != "image/jpeg"]
    scripts = sum(len(body) for response, body in bodies if response.url.endswith(".js"))
    return sum(len(gzip.compress(body, 6)) for _, body in bodies), len(bodies), scripts


def test_pages_stay_within_their_budget(visit: Callable[..., BrowserContext], scene: Scene) -> None:
    for user, pages, phone in scene.visits():
        for address in pages:
            context = visit(user, "standard", viewport=PHONE if phone else DESKTOP)
            weight, requests, scripts = weigh(context.new_page(), address)
            context.close()
            assert weight <= (20 if phone else 60) * 1024, (address, weight)
            if phone:
                assert requests <= 4, (address, requests)
                assert scripts <= 3 * 1024, (address, scripts)
