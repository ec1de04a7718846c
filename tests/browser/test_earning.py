"""Earning, as people do it: joined on a phone, seen on the spot by the code of a staff screen, approved at the desk, in both books."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from activities import awaited, scanning
from activities.models import Activity, Participation, Service
from activities.scanning import Way
from communities.drawing import drawn
from communities.models import User
from core import clock
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.browser.conftest import DESKTOP, PHONE
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
STALE = "这个码已经过期，没有签到或签退，什么都没有改动。"
MOBILE = {"viewport": PHONE, "is_mobile": True, "has_touch": True}


@pytest.fixture
def activity(world: World) -> Activity:
    """Two hours that ended ten minutes ago: the journey begins before them."""
    return cast.activity(world.wenxing, starts_at=clock.now() - 130 * MINUTE)


@pytest.fixture
def time(activity: Activity) -> Iterator[time_machine.Traveller]:
    """The server's clock, two hours before the beginning; it runs on."""
    with time_machine.travel(activity.starts_at - 120 * MINUTE) as traveller:
        yield traveller


@pytest.fixture
def opened(
    new_context: Callable[..., BrowserContext], live_server: object, settings: object
) -> Callable[..., Page]:  # fmt: skip
    """`opened(user, **options)`: a browser profile of their own; codes lead to this server."""
    settings.SITE_URL = url = str(live_server.url)  # type: ignore[attr-defined]

    def open_one(user: User | None, **options: object) -> Page:
        context = new_context(**options)
        if user:
            client = Client()
            client.force_login(user)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
        return context.new_page()

    return open_one


def address(activity: Activity, way: Way, at: datetime) -> str:
    return settings.SITE_URL + reverse(
        "activities:scan", args=[activity.pk, way, scanning.code_of(activity.pk, way, at)]
    )


def scanned(screen: Page, activity: Activity, way: Way) -> str:
    """The address that the drawing on the staff screen holds: read, as a camera would, from the drawing itself."""
    shape = screen.get_by_role("img", name=f"{way.label}二维码").locator("path").last.get_attribute("d")
    assert shape
    now = clock.now()
    held = [one for one in (address(activity, way, at) for at in (now, now - MINUTE)) if f'd="{shape}"' in drawn(one)]
    assert len(held) == 1
    return held[0]


def join(phone: Page, activity: Activity) -> None:
    phone.goto("/")
    expect(phone.get_by_role("region", name="我的积分")).to_contain_text("80")
    phone.get_by_role("navigation", name="主导航").get_by_role("link", name="活动").click()  # 1
    phone.get_by_role("link", name=activity.title).click()  # 2
    phone.get_by_role("button", name="报名参加").click()  # 3
    expect(phone.get_by_text(f"报名成功。请按时到{activity.place}集合。")).to_be_visible()


def scan(phone: Page, screen: Page, activity: Activity, way: Way) -> str:
    """What the staff screen shows now is opened on the phone, and confirmed there; the address."""
    screen.goto(f"/desk/activities/{activity.pk}/code/?way={way}")
    held = scanned(screen, activity, way)
    phone.goto(held)
    assert held.rsplit("/", 2)[1] not in phone.url  # no code stays in the history
    phone.get_by_role("button", name=f"确认{way.label}").click()
    expect(phone.get_by_role("heading", name=f"已{way.label}")).to_be_visible()
    return held


def approve(desk: Page, activity: Activity) -> None:
    """One activity, one page that says what will happen to whom, one button."""
    desk.goto("/desk/review/")
    desk.get_by_role("row", name=activity.title).get_by_role("link", name="审核整场").click()
    row = desk.get_by_role("region", name="将要通过").or_(desk.get_by_role("form", name="将要通过")).get_by_role("row")
    expect(row.filter(has_text="王秀兰")).to_contain_text("入账20积分")
    assert not Service.objects.exists()  # looking approves nothing
    desk.get_by_role("button", name="确认通过").click()
    expect(desk.get_by_text("已审核通过1项，入账20积分。")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_from_the_home_page_to_both_books(
    script: bool, opened: Callable[..., Page], world: World, activity: Activity, time: time_machine.Traveller
) -> None:
    phone = opened(world.wang.account, java_script_enabled=script, **MOBILE)
    join(phone, activity)

    def desk() -> Page:
        """Whoever leaves the desk alone for two hours signs in again."""
        return opened(world.zhang, viewport=DESKTOP, java_script_enabled=script)

    time.move_to(activity.starts_at - 5 * MINUTE)
    came = scan(phone, desk(), activity, Way.IN)
    time.move_to(activity.ends_at + MINUTE)
    left = scan(phone, desk(), activity, Way.OUT)
    assert came != left
    mine = Participation.objects.select_related("activity__community").get()
    expect(phone.get_by_text("待入账20积分")).to_be_visible()
    expect(phone.get_by_text(awaited.one_said(mine))).to_be_visible()
    assert "文兴社区工作人员核对确认，最晚" in awaited.one_said(mine)
    assert (mine.status, mine.minutes, mine.by_code, statement.available(world.wang)) == ("recorded", 120, True, 80)

    time.move_to(activity.ends_at + 8 * MINUTE)
    approve(desk(), activity)
    phone.goto("/")
    expect(phone.get_by_role("region", name="我的积分")).to_contain_text("100")
    phone.goto("/activities/hours/")
    expect(phone.get_by_role("region", name="累计服务时长")).to_contain_text("2.0小时")
    expect(phone.get_by_role("listitem").filter(has_text=activity.title)).to_contain_text("120分钟")
    assert (Service.objects.get().credited, statement.available(world.wang)) == (120, 100)
    assert breaches() == []


def test_a_screenshot_of_the_code_is_refused_and_what_is_on_the_screen_is_not(
    opened: Callable[..., Page], world: World, activity: Activity, time: time_machine.Traveller
) -> None:
    time.move_to(activity.starts_at - 5 * MINUTE)
    screen, phone = opened(world.zhang, viewport=DESKTOP), opened(world.li.account, **MOBILE)
    screen.goto(f"/desk/activities/{activity.pk}/code/")
    picture = scanned(screen, activity, Way.IN)
    time.shift(3 * MINUTE)
    screen.reload()
    fresh = scanned(screen, activity, Way.IN)
    for wrong in (picture, fresh.replace("/in/", "/out/")):
        answer = phone.goto(wrong)
        assert answer and answer.status == 409
        expect(phone.get_by_text(STALE)).to_be_visible()
        expect(phone.get_by_role("button", name="确认")).to_have_count(0)
    phone.goto(f"/activities/here/{activity.pk}/in/")
    expect(phone.get_by_text("请先扫现场屏幕上的码")).to_be_visible()
    assert not Participation.objects.exists()

    phone.goto(fresh)
    expect(phone.get_by_text("您还没有报名")).to_be_visible()
    assert not Participation.objects.exists()  # looking joins nobody
    phone.get_by_role("button", name="报名并签到").click()
    expect(phone.get_by_role("heading", name="已签到")).to_be_visible()
    assert Participation.objects.get().resident == world.li


def enter(page: Page, keys: str) -> None:
    """Type, Enter, and the page is drawn anew."""
    expect(page.get_by_label("姓名、手机后四位或序号")).to_be_focused()
    page.keyboard.type(keys)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False])
def test_a_colleague_writes_down_one_after_the_other_with_the_keyboard_alone(
    script: bool, opened: Callable[..., Page], world: World, activity: Activity, time: time_machine.Traveller
) -> None:
    time.move_to(activity.starts_at + MINUTE)
    desk = opened(world.zhang, viewport=DESKTOP, java_script_enabled=script)
    desk.goto(f"/desk/activities/{activity.pk}/presence/")
    for keys, name in (("6021", "王秀兰"), ("1187", "李建国"), ("zyz", "赵玉珍")):
        enter(desk, keys)
        expect(desk.get_by_text(re.compile(rf"{name}：\d\d:\d\d签到。"))).to_be_visible()
    enter(desk, "0000")
    expect(desk.get_by_text("没有找到“0000”，没有登记。").first).to_be_visible()
    if script:  # what was typed is selected: the next one is typed over it
        enter(desk, "6021")
        expect(desk.get_by_text("已经签到过了").first).to_be_visible()
    there = Participation.objects.order_by("pk").values_list("resident__name", "arrived_how", "recorded_at")
    assert list(there) == [(name, "desk", None) for name in ("王秀兰", "李建国", "赵玉珍")]
    assert breaches() == []
