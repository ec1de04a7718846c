"""岗位 on the phone."""

from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client

from activities import claims, duty_months, posts
from activities.models import DutyMonth, Holding, Post
from activities.terms import last_of
from core import clock
from tests import world as cast
from tests.activities.posting import claimed, held, last_month, post, said
from tests.pages import enter, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/activities/posts/"
Status = Holding.Status


def test_a_visitor_sees_posts_and_is_asked_to_sign_in(client: Client, world: World) -> None:
    post(world)
    page = text(client, PAGE)
    assert "天和城3号楼楼道长" in page and "登录后认领" in page


def test_one_tap_claims_and_one_takes_it_back(client: Client, world: World) -> None:
    mine, phone = post(world), enter(client, world.li)
    assert "认领" in text(phone, PAGE)
    phone.post(f"{PAGE}{mine.pk}/claim/")
    assert "等社区审核" in text(phone, PAGE)
    assert "一人只能有一个岗位" in phone.post(f"{PAGE}{mine.pk}/claim/", follow=True).content.decode()
    phone.post(f"{PAGE}claims/{Holding.objects.get().pk}/take-back/")
    assert Holding.objects.get().status == Status.DECLINED
    assert "没有通过" not in text(phone, PAGE)


def test_why_a_post_cannot_be_claimed_stands_beside_it(client: Client, world: World) -> None:
    post(world, "流动网格员", for_couriers=True)
    page = enter(client, world.li).get(PAGE).content.decode()
    assert "这个岗位只给已登记的小哥" in page and "/claim/" not in page


def test_posts_that_are_held_closed_or_far_away_are_not_offered(client: Client, world: World) -> None:
    held(world, world.wang)
    posts.close(post=post(world, "已撤销的岗位"), by=world.zhang, reason="合并")
    cast.staff("far", "远", "worker", community=world.hualin)
    post(world, "永安的岗位", community=world.yongan, by=world.qian)
    page = text(enter(client, world.li), PAGE)
    assert "永安的岗位" in page and "已撤销的岗位" not in page and "天和城3号楼楼道长" not in page


def test_a_month_is_said_in_time_and_read_afterwards(client: Client, world: World) -> None:
    mine, month = held(world, world.li), last_month()
    with time_machine.travel(clock.at(last_of(month), time(20)), tick=False):
        phone = enter(client, world.li)
        assert "本月已履职" in text(phone, PAGE)
        phone.post(f"{PAGE}claims/{mine.pk}/say/", {"month": month, "note": "巡查4次"})
        assert "待确认" in text(phone, PAGE) and "本月已履职" not in text(phone, PAGE)
    said_one = DutyMonth.objects.get()
    assert (said_one.note, said_one.said_by) == ("巡查4次", world.li.account)
    duty_months.confirm(month=said_one, by=world.zhang)
    assert "获得30" in text(enter(client, world.li), PAGE)


def test_a_month_of_somebody_else_is_not_there(client: Client, world: World) -> None:
    mine = held(world, world.wang)
    phone = enter(client, world.li)
    for what in ("say", "leave", "take-back"):
        assert phone.post(f"{PAGE}claims/{mine.pk}/{what}/", {"month": last_month()}).status_code == 404


def test_what_was_declined_says_why_and_may_be_appealed(client: Client, world: World) -> None:
    mine = said(world, world.li)
    duty_months.decline(month=mine, by=world.zhang, reason="没有巡查记录")
    phone = enter(client, world.li)
    assert "没有巡查记录" in text(phone, PAGE) and "我要申诉" in text(phone, PAGE)
    phone.post(f"/appeals/month:{mine.pk}/", {"text": "有照片为证"})
    assert "申诉待答复" in text(phone, PAGE)


def test_a_declined_claim_says_why(client: Client, world: World) -> None:
    claims.decline(holding=claimed(post(world), world.li), by=world.zhang, reason="已有人选")
    assert "已有人选" in text(enter(client, world.li), PAGE)


def test_a_holder_leaves(client: Client, world: World) -> None:
    mine, phone = held(world, world.li), enter(client, world.li)
    assert "我要离岗" in text(phone, PAGE)
    phone.post(f"{PAGE}claims/{mine.pk}/leave/")
    mine.refresh_from_db()
    assert (mine.status, mine.end_reason) == (Status.ENDED, "本人提出")


def test_the_page_asks_as_often_for_one_as_for_thirty(client: Client, world: World) -> None:
    phone = enter(client, world.li)
    post(world)
    before = queries(phone, PAGE)
    for number in range(19):
        post(world, f"网格员{number}")
    assert queries(phone, PAGE) == before
    post(world, "第二页的岗位")
    assert "第二页的岗位" in text(phone, f"{PAGE}?after={Post.objects.order_by('pk')[19].pk}")


def test_the_window_is_said_when_there_is_nothing_to_say(client: Client, world: World) -> None:
    held(world, world.li, since=clock.today() - timedelta(days=1) if clock.today().day > 1 else clock.today())
    assert "每月最后5天到次月10日" in text(enter(client, world.li), PAGE)
