"""From the course to the code with plain pages, as a phone without JavaScript walks it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from nightschool import courses
from nightschool.models import Course, Enrolment
from points import statement
from points.models import Entry
from tests import world as cast
from tests.books import breaches
from tests.pages import enter, links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(world: World) -> Course:
    return cast.course(world.wenxing)


def test_in_large_letters_it_is_three_taps_as_well_and_to_the_line_too(world: World, client: Client) -> None:
    free, full = cast.course(world.wenxing), cast.course(world.wenxing, title="满了", capacity=0)
    client.cookies["size"] = "elder"
    assert "/night-school/" in links(enter(client, world.wang), "/")
    ways = links(client, "/night-school/")
    assert f"/night-school/{free.pk}/confirm/" in ways and f"/night-school/{full.pk}/wait/" in ways
    assert f"/night-school/{free.pk}/wait/" not in ways and f"/night-school/{full.pk}/confirm/" not in ways
    client.cookies["size"] = "standard"
    assert f"/night-school/{free.pk}/confirm/" not in links(client, "/night-school/")


def test_three_taps_from_home_to_the_code(world: World, client: Client, course: Course) -> None:
    enter(client, world.wang)
    assert f"/night-school/{course.pk}/" in links(client, "/")
    confirm = f"/night-school/{course.pk}/confirm/"
    bar = client.get(f"/night-school/{course.pk}/").content.decode()
    assert f'href="{confirm}"' in bar
    last_look = text(client, confirm)
    assert "报名人王秀兰138****6021使用积分60积分剩余积分20积分" in last_look and "前可自行退课" in last_look
    assert Enrolment.objects.count() == 0

    answer = client.post(confirm)
    mine = Enrolment.objects.get()
    assert (mine.resident, mine.by, mine.channel) == (world.wang, world.wang.account, "phone")
    assert answer.headers["Location"] == f"/tickets/{mine.pk}/?done=1"
    page = text(client, answer.headers["Location"])
    assert "兑换成功第1课，" in page and "本次使用60积分（兑换后剩20积分）" in page
    assert mine.spoken_number.replace(" ", "") in page and mine.serial in page
    assert "可用积分20分" in text(client, "/") and breaches() == []


def test_the_second_click_is_answered_politely_and_costs_nothing(world: World, client: Client, course: Course) -> None:
    enter(client, world.wang)
    client.post(f"/night-school/{course.pk}/confirm/")
    again = client.post(f"/night-school/{course.pk}/confirm/")
    mine = Enrolment.objects.get()
    assert again.status_code == 409
    assert "您已经报过这门课了，没有重复扣积分" in words(again.content.decode())
    assert f'href="/tickets/{mine.pk}/">签到码</a>' in again.content.decode()
    assert statement.available(world.wang) == 20 and Entry.objects.filter(kind="charge").count() == 1


@pytest.mark.parametrize(
    ("who", "fields", "sentence", "way_on"),
    [
        ("wang", {"capacity": 0}, "最后一个名额刚被兑走了，您的积分没有扣。可以加入候补", "加入候补"),
        ("wang", {"price": 102}, "还差22积分，您的积分没有扣", "去赚积分"),
        ("sun", {}, "社区还没有确认您的登记", "返回课程"),
        ("wang", {"max_age": 30}, "这门课有年龄要求", "其他课程"),
        ("wang", {"status": "cancelled"}, "这门课已停办", "其他课程"),
        ("wang", {"opens_at": clock.now() + timedelta(days=1)}, "这门课还没有开始报名", "返回课程"),
    ],
)
def test_a_refusal_is_shown_on_the_same_page(
    world: World, client: Client, who: str, fields: dict[str, Any], sentence: str, way_on: str
) -> None:
    course = cast.course(world.wenxing, **fields)
    resident = getattr(world, who)
    before = statement.available(resident)
    enter(client, resident)
    path = f"/night-school/{course.pk}/confirm/"
    answer = client.post(path)
    said = words(answer.content.decode())
    assert answer.status_code == 409 and said.startswith("跳到主要内容返回课程确认兑换")
    assert sentence in said and way_on in said and "<form" not in answer.content.decode()
    assert sentence in text(client, path)
    assert not Enrolment.objects.exists() and statement.available(resident) == before


def test_a_seat_lost_after_the_last_look_is_refused_with_its_way_on(world: World, client: Client) -> None:
    course = cast.course(world.wenxing, capacity=1)
    enter(client, world.wang)
    assert "确认兑换" in text(client, f"/night-school/{course.pk}/confirm/")
    cast.seated(course, world.zhao)
    answer = client.post(f"/night-school/{course.pk}/confirm/")
    assert answer.status_code == 409 and "最后一个名额刚被兑走了" in answer.content.decode()
    assert statement.available(world.wang) == 80


def test_a_free_seat_says_free(world: World, client: Client) -> None:
    course = cast.course(world.wenxing, price=0)
    enter(client, world.li)
    assert "使用积分免费" in text(client, f"/night-school/{course.pk}/confirm/")
    page = text(client, client.post(f"/night-school/{course.pk}/confirm/").headers["Location"])
    assert "报名成功" in page and "没有使用积分" in page


def test_looking_never_redeems(world: World, client: Client, course: Course) -> None:
    enter(client, world.wang)
    path = f"/night-school/{course.pk}/confirm/"
    assert client.get(path).status_code == client.head(path).status_code == 200
    assert client.put(path).status_code == 405
    assert not Enrolment.objects.exists()


def test_a_post_from_elsewhere_redeems_nothing(world: World, course: Course) -> None:
    stranger = enter(Client(enforce_csrf_checks=True), world.wang)
    path = f"/night-school/{course.pk}/confirm/"
    assert stranger.post(path).status_code == 403 and not Enrolment.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', stranger.get(path).content.decode())
    assert token and stranger.post(path, {"csrfmiddlewaretoken": token[1]}).status_code == 302


def test_signed_out_nobody_redeems(world: World, client: Client, course: Course) -> None:
    answer = client.post(f"/night-school/{course.pk}/confirm/")
    assert answer.headers["Location"].startswith("/sign-in/") and not Enrolment.objects.exists()


def test_staff_do_not_redeem_with_their_account(world: World, client: Client, course: Course) -> None:
    client.force_login(world.zhang)
    answer = client.post(f"/night-school/{course.pk}/confirm/")
    assert answer.status_code == 403 and "您现在用的是工作人员账号" in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_the_last_look_costs_six_queries_at_most(world: World, client: Client, course: Course) -> None:
    enter(client, world.wang)
    assert queries(client, f"/night-school/{course.pk}/confirm/") <= 6


def test_giving_back_says_what_returns_and_returns_it_once(world: World, client: Client, course: Course) -> None:
    mine = cast.seated(course, world.wang)[0]
    enter(client, world.wang)
    path = f"/tickets/{mine.pk}/cancel/"
    assert path in links(client, f"/tickets/{mine.pk}/")
    assert "退回积分60积分" in text(client, path) and statement.available(world.wang) == 20
    answer = client.post(path, follow=True)
    assert "《形体塑形》已退课，60积分已退回。" in answer.content.decode()
    mine.refresh_from_db()
    assert (mine.status, mine.cancelled_by) == ("cancelled", world.wang.account)
    again = client.post(path)
    assert again.status_code == 409 and "这个名额已经退过了，积分没有重复退回" in again.content.decode()
    assert statement.available(world.wang) == 80 and breaches() == []
    assert "这个名额已经退过了" in text(client, path) and "确认退课" not in text(client, path)
    assert path not in links(client, f"/tickets/{mine.pk}/")


def test_too_late_the_page_says_whom_to_call(world: World, client: Client) -> None:
    mine = cast.seated(cast.course(world.yongan, starts_at=clock.now() + timedelta(hours=2)), world.wang)[0]
    enter(client, world.wang)
    path = f"/tickets/{mine.pk}/cancel/"
    assert path not in links(client, f"/tickets/{mine.pk}/")
    assert "可自行退课的时间已过" in text(client, path)
    answer = client.post(path)
    assert answer.status_code == 409 and "tel:0352-0000002" in answer.content.decode()
    assert statement.available(world.wang) == 20


def test_whoever_is_short_sees_what_would_earn_enough_in_time(client: Client, world: World) -> None:
    client.force_login(world.li.account)
    course = cast.course(world.wenxing, price=20)
    cast.activity(world.wenxing, title="来得及")
    cast.activity(world.wenxing, title="来不及", starts_at=course.closes_at)
    page = client.get(reverse("nightschool:course", args=[course.pk])).content.decode()
    assert "参加其中一个，积分就够" in page and "来得及" in page and "来不及" not in page
    client.force_login(world.wang.account)
    assert "积分就够" not in client.get(reverse("nightschool:course", args=[course.pk])).content.decode()


def test_a_course_that_was_called_off_says_so_and_offers_no_seats(world: World, client: Client) -> None:
    course, other = cast.course(world.wenxing), cast.course(world.wenxing, title="花艺美学")
    courses.shut(course_id=course.pk, by=world.zhang, reason="人数不足", at=clock.now(), into=other)
    shown = client.get(f"/night-school/{course.pk}/").content.decode()
    assert "已停办" in shown and "原因：人数不足" in shown and "《花艺美学》" in shown
    assert "网上剩余" not in shown and "报名规则" not in shown
    assert "网上剩余" in client.get(f"/night-school/{other.pk}/").content.decode()
