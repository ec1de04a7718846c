"""The first page: of a visitor, of a resident, in large letters."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client

from communities.models import Resident
from core import clock, words
from nightschool import frontpage
from nightschool.line import waitlist
from tests import world as cast
from tests.nightschool.lining import offered
from tests.pages import enter, links, queries, text
from tests.points.deeds import rule
from tests.world import World

pytestmark = pytest.mark.django_db
EVENING = clock.at(date(2026, 3, 4), time(18, 30))


@pytest.fixture
def evening() -> Iterator[None]:
    """Half past six in the evening, a Wednesday."""
    with time_machine.travel(EVENING):
        yield


def test_a_visitor_sees_courses_how_points_work_and_the_way_in(world: World, client: Client) -> None:
    mine = cast.course(world.wenxing)
    page = text(client, "/")
    assert "形体塑形" in page and "文兴社区，周" in page and "每小时获得10积分" in page and "可用积分" not in page
    assert {"/sign-in/?next=/", "/night-school/", f"/night-school/{mine.pk}/"} <= set(links(client, "/"))


def test_a_visitor_reads_the_figure_in_force(world: World, client: Client) -> None:
    rule(world, "ENV", starts_on=clock.today(), points=14)
    assert "每小时获得14积分" in text(client, "/")


def test_a_rule_that_is_switched_off_promises_no_nought(world: World, client: Client) -> None:
    rule(world, "ENV", starts_on=clock.today(), points=0)
    assert "参加社区志愿服务，可以获得积分" in text(client, "/")


def test_an_empty_house_has_a_first_page(db: None, client: Client) -> None:
    assert "每小时获得10积分" in text(client, "/") and "还没有课程" in text(client, "/")


def test_staff_are_shown_to_their_desk(world: World, client: Client) -> None:
    client.force_login(world.zhang)
    assert "/desk/" in links(client, "/")


def test_who_serves_several_chooses_first(world: World, client: Client) -> None:
    Resident.objects.filter(pk=world.li.pk).update(account=world.wang.account)
    client.force_login(world.wang.account)
    assert "/choose/?next=/" in links(client, "/")


def test_a_resident_is_greeted_with_balance_and_todays_class(evening: None, world: World, client: Client) -> None:
    tonight = cast.course(world.wenxing, starts_at=EVENING + timedelta(minutes=30), title="花艺插花", price=30)
    seat = cast.seated(tonight, world.wang)[0]
    cast.seated(cast.course(world.wenxing, starts_at=EVENING + timedelta(days=1), price=0), world.wang)
    page = text(enter(client, world.wang), "/")
    assert "王秀兰，晚上好。今天您有1节课。" in page and "可用积分50分" in page and "本月获得80" in page
    assert "今晚19:00花艺插花第1课，活动室2楼舞蹈厅签到码" in page and "形体塑形" not in page
    assert f"/tickets/{seat.pk}/" in links(client, "/")


def test_a_class_that_is_over_is_not_announced(world: World, client: Client) -> None:
    with time_machine.travel(EVENING):
        cast.seated(cast.course(world.wenxing, starts_at=EVENING + timedelta(minutes=30), price=0), world.wang)
        enter(client, world.wang)
    with time_machine.travel(EVENING + timedelta(minutes=125)):
        assert "签到码" not in text(client, "/")


def test_points_that_end_this_year_are_said(world: World, client: Client) -> None:
    cast.award(world.li, 30, at=clock.at(date(clock.today().year - 1, 7, 1), time(9)))
    page = text(enter(client, world.li), "/")
    assert "可用积分30分" in page and "年底到期30" in page


def test_who_is_not_confirmed_yet_is_told_so_and_may_look(world: World, client: Client) -> None:
    cast.course(world.wenxing)
    page = text(enter(client, world.sun), "/")
    assert "待社区确认" in page and "形体塑形" in page


def test_only_what_can_be_joined_is_offered(world: World, client: Client) -> None:
    now, day = clock.now(), timedelta(days=1)
    cast.course(world.wenxing, title="只收青年", max_age=30)
    cast.course(world.wenxing, title="还差积分", price=500)
    cast.course(world.wenxing, title="可以报名")
    cast.course(world.yongan, title="邻社区的")
    cast.course(world.hualin, title="别的街道")
    cast.course(world.wenxing, title="已经满了", capacity=0)
    cast.course(world.wenxing, title="还没开始", opens_at=now + day)
    cast.course(world.wenxing, title="已经截止", opens_at=now - 2 * day, closes_at=now - day)
    cast.course(world.wenxing, title="已经停办", status="cancelled")
    cast.seated(cast.course(world.wenxing, title="我已报名", price=0), world.wang)
    _, cards = frontpage.front_page(world.wang, now)
    assert [card.title for card in cards] == ["可以报名", "邻社区的", "还差积分"]
    assert cards[1].pattern_text.startswith("永安社区，") and not cards[0].pattern_text.startswith("文兴")


def test_elders_get_four_entries_and_one_dials_the_community(world: World, client: Client) -> None:
    cast.course(world.wenxing)
    client.cookies["size"] = "elder"
    enter(client, world.wang)
    tiles = client.get("/").content.decode().split('aria-label="常用服务"')[1].split("</nav>")[0]
    assert tiles.count("<a ") == 4
    for entry in ("我的积分", "夜校报名", "服务券", "一键拨号"):
        assert entry in tiles
    assert 'href="tel:0352-0000001"' in tiles and "形体塑形" not in text(client, "/")


@pytest.mark.parametrize("size", ["standard", "elder"])
def test_no_link_leads_to_an_unbuilt_page(world: World, client: Client, size: str) -> None:
    cast.seated(cast.course(world.wenxing, starts_at=clock.now() + timedelta(minutes=1)), world.wang)
    client.cookies["size"] = size
    enter(client, world.wang)
    inside = [link for link in links(client, "/") if link.startswith("/")]
    assert len(inside) > 5
    assert [link for link in inside if client.get(link).status_code != 200] == []


@pytest.mark.parametrize("size", ["standard", "elder"])
def test_the_page_costs_six_queries_for_one_and_for_many(world: World, client: Client, size: str) -> None:
    client.cookies["size"] = size
    enter(client, world.wang)
    cast.course(world.wenxing)
    one = queries(client, "/")
    for _ in range(30):
        cast.course(world.wenxing)
        cast.award(world.wang, 10)
    cast.seated(cast.course(world.wenxing, starts_at=clock.now() + timedelta(minutes=1), price=0), world.wang)
    assert queries(client, "/") == one <= 6


def test_greetings_follow_the_clock_of_shanghai() -> None:
    day = date(2026, 3, 4)
    said = {hour: frontpage.greeting(clock.at(day, time(hour))) for hour in (0, 5, 11, 13, 18, 23)}
    assert list(said.values()) == ["晚上好", "早上好", "中午好", "下午好", "晚上好", "晚上好"]


def test_only_what_can_be_had_or_applied_for_online_is_offered(world: World, client: Client) -> None:
    soon = clock.now() + timedelta(hours=3)
    cast.course(world.wenxing, title="网上满", capacity=4, held=4, held_until=soon)
    cast.course(world.yongan, title="邻社区", own_first=True, head_start_until=soon)
    cast.course(world.wenxing, title="抽签课", mode="draw")
    page = text(enter(client, world.wang), "/")
    assert "抽签课" in page and "网上满" not in page and "邻社区" not in page


@pytest.mark.parametrize("size", ["standard", "elder"])
def test_an_open_offer_is_the_first_thing_to_read(world: World, client: Client, size: str) -> None:
    client.cookies["size"] = size
    bare = queries(enter(client, world.wang), "/")
    course, mine = offered(world, price=60)
    page = text(client, "/")
    assert mine.offer_until
    asked = f"候补轮到您了形体塑形请在{words.moment(mine.offer_until)}前确认，过时名额就给下一位。确认后才使用60积分。去确认"
    assert asked in page.replace(" ", "") and f"/night-school/{course.pk}/wait/" in links(client, "/")
    assert queries(client, "/") == bare + 1
    waitlist.leave(course_id=course.pk, resident=world.wang, by=world.wang.account)  # type: ignore[arg-type]
    assert "候补轮到您了" not in text(client, "/") and queries(client, "/") == bare
