"""Applying on the phone: two taps from the course, one's own application, taken back; and what the bar says before and after."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from nightschool.applications import approving, drawing_lots
from nightschool.models import Application
from tests import world as cast
from tests.nightschool.applicants import after, applied, by_approval, by_draw
from tests.pages import enter, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def bar(client: Client, path: str) -> str:
    return client.get(path).content.decode().split('class="actbar"')[1].split("</section>")[0]


@pytest.mark.parametrize(("make", "button"), [(by_draw, "申请抽签"), (by_approval, "提出申请")])
def test_two_taps_from_the_course_and_the_number_is_there(world: World, client: Client, make: Any, button: str) -> None:
    course = make(world)
    enter(client, world.wang)
    shown = bar(client, f"/night-school/{course.pk}/")
    assert f'href="/night-school/{course.pk}/apply/">{button}</a>' in shown
    asked = text(client, f"/night-school/{course.pk}/apply/")
    assert "确认申请" in asked and "申请不扣积分" in asked and "使用60积分" in asked and "不够积分" not in asked
    answer = client.post(f"/night-school/{course.pk}/apply/")
    mine = Application.objects.get()
    assert answer.headers["Location"] == f"/applications/{mine.pk}/"
    page = text(client, f"/applications/{mine.pk}/")
    assert "申请编号1" in page and ("待抽签" in page or "待审核" in page) and "撤回申请" in page
    shown = bar(client, f"/night-school/{course.pk}/")
    assert f'href="/applications/{mine.pk}/">我的申请</a>' in shown and "申请编号1" in shown
    assert "我的申请" in text(client, "/tickets/") and course.title in text(client, "/tickets/")


def test_a_second_tap_is_answered_and_asks_for_nothing_twice(world: World, client: Client) -> None:
    course = by_draw(world)
    applied(course, world.wang)
    answer = enter(client, world.wang).post(f"/night-school/{course.pk}/apply/")
    assert answer.status_code == 409 and "没有重复申请" in answer.content.decode()
    assert Application.objects.count() == 1
    assert "没有重复申请" in text(client, f"/night-school/{course.pk}/apply/")


def test_who_is_short_is_warned_and_may_apply(world: World, client: Client) -> None:
    course = by_draw(world)
    enter(client, world.li)
    assert "现在还不够积分" in text(client, f"/night-school/{course.pk}/apply/")
    client.post(f"/night-school/{course.pk}/apply/")
    mine = Application.objects.get(resident=world.li)
    assert "抽签前攒够就行" in text(client, f"/applications/{mine.pk}/")


STATES: list[tuple[Any, dict[str, Any], str, str]] = [
    (by_draw, {"opens_at": clock.now() + timedelta(hours=2)}, "申请未开始", ""),
    (by_draw, {"opens_at": clock.now() - 3 * DAY, "closes_at": clock.now() - DAY}, "申请已截止", "抽签公示"),
    (by_approval, {"opens_at": clock.now() - 3 * DAY, "closes_at": clock.now() - DAY}, "报名已截止", "其他课程"),
    (by_draw, {"max_age": 40}, "年龄不符", "其他课程"),
    (by_approval, {"status": "cancelled"}, "课程已停办", "其他课程"),
]


@pytest.mark.parametrize(("make", "fields", "said", "label"), STATES)
def test_each_state_has_its_bar(
    world: World, client: Client, make: Any, fields: dict[str, Any], said: str, label: str
) -> None:  # fmt: skip
    shown = bar(enter(client, world.wang), f"/night-school/{make(world, **fields).pk}/")
    assert said in shown and shown.count('class="btn') == bool(label) and label in shown


def test_a_visitor_is_led_through_signing_in(world: World, client: Client) -> None:
    course = by_draw(world)
    assert "登录后申请" in bar(client, f"/night-school/{course.pk}/")
    assert client.get(f"/night-school/{course.pk}/apply/").headers["Location"].startswith("/sign-in/?next=")


def test_taking_back_asks_first_and_works_once(world: World, client: Client) -> None:
    (mine,) = applied(by_approval(world), world.wang)
    enter(client, world.wang)
    assert "没有扣过积分" in text(client, f"/applications/{mine.pk}/withdraw/")
    assert client.post(f"/applications/{mine.pk}/withdraw/").headers["Location"] == "/tickets/"
    mine.refresh_from_db()
    assert mine.status == "withdrawn"
    assert client.post(f"/applications/{mine.pk}/withdraw/").status_code == 409
    assert "已经撤回" in text(client, f"/applications/{mine.pk}/withdraw/")


def test_the_application_of_somebody_else_is_not_there(world: World, client: Client) -> None:
    (mine,) = applied(by_approval(world), world.zhao)
    enter(client, world.wang)
    assert client.get(f"/applications/{mine.pk}/").status_code == 404
    assert client.post(f"/applications/{mine.pk}/withdraw/").status_code == 404


def test_after_the_draw_each_sees_the_own_place(world: World, client: Client) -> None:
    course = by_draw(world, capacity=1)
    applied(course, world.wang, cast.resident(world.wenxing, "邻居", "13755551234"))
    drawing_lots.sweep(after(course))
    mine = Application.objects.get(resident=world.wang)
    page = text(enter(client, world.wang), f"/applications/{mine.pk}/")
    assert f"第{mine.rank}位" in page and "核对抽签" in page
    assert ("看签到码" in page) == (mine.status == "seated")
    assert ("抽中了" in page) or ("看候补" in page) or ("轮空" in page)


def test_who_was_declined_reads_why_and_may_appeal(world: World, client: Client) -> None:
    (mine,) = applied(by_approval(world), world.wang)
    approving.decline(application=mine, by=world.zhang, reason="这期先照顾新学员")
    page = enter(client, world.wang).get(f"/applications/{mine.pk}/").content.decode()
    assert "这期先照顾新学员" in page and f'href="/appeals/application:{mine.pk}/"' in page and "撤回申请" not in page
    assert client.get(f"/appeals/application:{mine.pk}/").status_code == 200


def test_the_own_page_asks_no_more_for_thirty_applications(world: World, client: Client) -> None:
    applied(by_draw(world), world.wang)
    few = queries(enter(client, world.wang), "/tickets/")
    for _ in range(15):
        applied(by_draw(world), world.wang)
    assert queries(client, "/tickets/") == few
