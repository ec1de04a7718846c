"""What came with the books, as people do it: with JavaScript off on a phone, and in three clicks at the desk."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from communities.models import Appeal, User
from core import clock
from nightschool.models import Enrolment
from points import statement
from points.models import Adjustment, Share
from tests.books import breaches
from tests.browser.conftest import DESKTOP
from tests.browser.scene import Scene, prepare
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(world: World) -> Scene:
    return prepare(world)


def signed_in(page: Page, user: User | None, live_server: object) -> Page:
    client = Client()
    assert user
    client.force_login(user)
    url = str(live_server.url)  # type: ignore[attr-defined]
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
    return page


def test_without_javascript_one_objects_leaves_and_joins_and_the_family_pays(
    phone_without_script: Page, world: World, scene: Scene, live_server: object
) -> None:
    page = signed_in(phone_without_script, world.li.account, live_server)
    page.goto("/points/")
    page.get_by_role("link", name="我要申诉").click()
    page.get_by_label("申诉理由").fill("那天我在现场")
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_role("heading", name="等待答复")).to_be_visible()
    assert Appeal.objects.filter(resident=world.li, text="那天我在现场").exists()

    page.goto("/points/purse/")
    page.locator("summary").click()
    page.get_by_role("button", name="确认退出").click()
    assert not Share.objects.filter(resident=world.li, left_at=None).exists()
    page.get_by_role("button", name="加入").click()
    expect(page.get_by_text("李建国（您）")).to_be_visible()

    page.goto(f"/night-school/{scene.numbers['other']}/")
    page.get_by_role("link", name="家庭支付").click()
    page.get_by_role("button", name="家庭支付").click()
    expect(page.get_by_role("heading", name="兑换成功")).to_be_visible()
    assert Enrolment.objects.filter(resident=world.li, course=scene.numbers["other"], status="seated").exists()

    page.goto("/points/")
    page.locator("summary").click()
    page.get_by_label("类别").select_option("award")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", name="收支明细")).to_be_in_viewport()
    assert breaches() == []


def test_the_head_approves_in_three_clicks(
    new_context: Callable[..., BrowserContext], world: World, scene: Scene, live_server: object
) -> None:
    page = signed_in(
        new_context(viewport=DESKTOP, java_script_enabled=False).new_page(), world.chen, live_server
    )  # fmt: skip
    before = statement.available(world.wang)
    page.goto("/desk/")
    page.get_by_role("row", name="积分调整待您复核").get_by_role("link", name="去办理").click()  # 1
    page.get_by_role("link", name="王秀兰").click()  # 2
    page.get_by_role("button", name="通过并公示").click()  # 3
    expect(page.get_by_text("已通过，请列入公示，期满没有异议才入账。王秀兰会收到消息。")).to_be_visible()
    assert Adjustment.objects.get(pk=scene.numbers["waiting"]).status == "notice"
    assert statement.available(world.wang) == before


def test_a_rule_is_previewed_and_saved_without_javascript(
    new_context: Callable[..., BrowserContext], world: World, scene: Scene, live_server: object
) -> None:
    page = signed_in(new_context(viewport=DESKTOP, java_script_enabled=False).new_page(), world.he, live_server)
    page.goto(f"/desk/rules/{world.street.pk}/ENV/change/")
    page.get_by_label("每小时多少积分").fill("12")
    page.get_by_label("决定日期").fill(clock.today().isoformat())
    page.get_by_label("决定内容").fill("到会7人，全体同意每小时提高到12积分。")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("还没有保存")).to_be_visible()
    page.get_by_role("button", name="确认保存").click()
    expect(page.get_by_text("已保存：环境整治、清洁的新规则")).to_be_visible()
