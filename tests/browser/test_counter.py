"""An elder is seated at the counter in three steps, with the keyboard alone, with and without JavaScript."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from communities.models import Slip
from nightschool.models import Enrolment
from tests import world as cast
from tests.books import breaches
from tests.browser.conftest import DESKTOP
from tests.world import World, resident

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def terminal(new_context: Callable[..., BrowserContext], live_server: object, world: World) -> Callable[..., Page]:
    """`terminal(script=…)`: the counter's screen, 张晓燕 signed in, the counter open."""

    def open_one(*, script: bool) -> Page:
        client = Client()
        client.force_login(world.zhang)
        context = new_context(viewport=DESKTOP, java_script_enabled=script)
        url = str(live_server.url)  # type: ignore[attr-defined]
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
        page = context.new_page()
        page.goto("/desk/counter/")
        return page

    return open_one


def enter(page: Page, keys: str) -> None:
    """One step: type, Enter, and the next page has come."""
    expect(page.locator("body :focus")).to_have_count(1)  # a page that was just drawn sets its focus a moment later
    for key in keys:
        page.keyboard.press("Space" if key == " " else key)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False])
def test_three_steps_with_the_keyboard_alone(script: bool, terminal: Callable[..., Page], world: World) -> None:
    course = cast.course(world.wenxing)
    page = terminal(script=script)
    enter(page, "zyz")  # 1: who
    expect(page.get_by_role("heading", name="为赵玉珍办理")).to_be_visible()
    enter(page, "1")  # 2: what
    expect(page.get_by_role("heading", name="报名《形体塑形》")).to_be_visible()
    enter(page, " ")  # 3: it is she, and she agrees
    slip = Slip.objects.get()
    expect(page.get_by_role("region", name="居民联")).to_contain_text("赵玉珍")
    expect(page.get_by_role("region", name="社区联")).to_contain_text("赵*珍")
    expect(page.get_by_role("region", name="居民联")).to_contain_text(slip.number)
    seat = Enrolment.objects.get()
    assert (seat.course_id, seat.resident, seat.by, seat.channel) == (course.pk, world.zhao, world.zhang, "desk")
    enter(page, "")  # 结束办理 has the focus
    expect(page.get_by_label("姓名、拼音首字母、手机后四位或卡号")).to_be_focused()
    assert "赵玉珍" not in page.content()
    assert breaches() == []


def test_wang_is_found_by_three_letters_among_namesakes(terminal: Callable[..., Page], world: World) -> None:
    resident(world.wenxing, "王晓玲", "13700001111")
    page = terminal(script=True)
    enter(page, "wxl")
    hits = page.get_by_role("listitem").filter(has_text="天和城")
    expect(hits).to_have_count(2)
    expect(page.locator("a:focus")).to_have_count(1)
    page.keyboard.press("Tab")  # from the first, which has the focus
    chosen = page.evaluate("document.activeElement.innerText")
    assert "王秀兰" in chosen and "6021" in chosen
    enter(page, "")
    expect(page.get_by_role("heading", name="为王秀兰办理")).to_be_visible()


def test_both_halves_stand_on_one_sheet(terminal: Callable[..., Page], world: World) -> None:
    cast.course(world.wenxing, title="课" * 40, term="期" * 20)
    page = terminal(script=True)
    for keys in ("zyz", "1", " "):
        enter(page, keys)
    pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    page.emulate_media(media="print")
    halves = [page.get_by_role("region", name=name).bounding_box() for name in ("居民联", "社区联")]
    assert pages == 1 and all(half and half["height"] < 520 for half in halves)
    for name in ("居民联", "社区联"):
        cut = page.get_by_role("region", name=name).evaluate("e => e.scrollHeight > e.clientHeight + 1")
        assert not cut, name
