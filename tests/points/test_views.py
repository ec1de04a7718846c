"""The statement page: what is left until when, every line with its running balance, older lines by keyset."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.test import Client

from core import clock
from nightschool import leaving
from points import ledger, statement
from tests import world as cast
from tests.pages import enter, leafed, links, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
PATH = "/points/"


def test_every_line_says_what_happened_and_what_stood_after_it(world: World, client: Client) -> None:
    seat = cast.seated(cast.course(world.wenxing), world.wang)[0]
    leaving.withdraw(enrolment=seat, by=world.wang.account)
    page = text(enter(client, world.wang), PATH)
    lines = ["退课《形体塑形》", "退回60余额80分", "夜校《形体塑形》", "使用60余额20分", "志愿服务", "获得80余额80分"]
    places = [page.index(line) for line in lines]
    assert places == sorted(places) and "可用积分80分" in page


def test_what_ends_when_is_said_and_what_has_ended_does_not_count(world: World, client: Client) -> None:
    this_year = clock.today().year
    for year, points in ((this_year, 30), (this_year - 1, 20), (this_year - 2, 7)):
        cast.award(world.li, points, at=clock.at(date(year, 1, 1), time(9)))
    page = text(enter(client, world.li), PATH)
    assert "可用积分50分" in page and "已过期，不能再用7积分" in page
    assert page.index(f"{this_year}年12月31日前可用20积分") < page.index(f"{this_year + 1}年12月31日前可用30积分")
    assert statement.remains(world.li, on=clock.today()).available == statement.available(world.li)


def test_on_its_last_day_a_point_still_counts(world: World, client: Client) -> None:
    last_day = date(clock.today().year + 1, 12, 31)
    assert statement.remains(world.wang, on=last_day).available == 80
    assert statement.remains(world.wang, on=last_day + timedelta(days=1)).lapsed == 80


def test_the_balance_card_knows_the_month_and_the_year(world: World) -> None:
    assert statement.wallet(world.li) == statement.Wallet(0, 0, 0, None)
    with time_machine.travel(clock.at(date(2026, 7, 9), time(9))):
        for day, points in (
            (date(2024, 7, 1), 90),
            (date(2025, 7, 1), 5),
            (date(2026, 6, 30), 11),
            (date(2026, 7, 1), 13),
        ):
            cast.award(world.li, points, at=clock.at(day, time()))
        cast.seated(cast.course(world.wenxing, price=2), world.li)
        assert statement.wallet(world.li) == statement.Wallet(27, 13, 3, date(2026, 12, 31))


def test_nobody_reads_the_statement_of_somebody_else(world: World, client: Client) -> None:
    cast.award(world.zhou, 77)
    page = text(enter(client, world.wang), f"{PATH}?before=999999999")
    assert "77" not in page and "获得80" in page


def test_without_points_the_way_leads_to_activities(world: World, client: Client) -> None:
    page = text(enter(client, world.li), PATH)
    assert "还没有积分记录" in page and "可用积分0分" in page
    assert {"/activities/", "/activities/mine/"} <= set(links(client, PATH))


def test_older_lines_follow_without_gap_or_repetition(world: World, client: Client) -> None:
    made = []
    for n in range(23):
        reason, by = f"第{n}笔", world.system
        ledger.award(key=f"in:{n}", resident=world.li, price=cast.exactly(5), by=by, reason=reason)
        ledger.charge(key=f"out:{n}", resident=world.li, amount=1, provider=world.wenxing, by=by, reason=reason)
        made += [(reason, "获得5"), (reason, "使用1")]
    enter(client, world.li)
    pages = [text(client, path) for path in leafed(client, PATH)]
    seen = [re.findall(r"(第\d+笔)\D*[\d:]*(获得5|使用1)余额", page) for page in pages]
    assert [len(lines) for lines in seen] == [20, 20, 6] and [line for lines in seen for line in lines] == made[::-1]


@pytest.mark.parametrize("before", ["x", "-5", "9" * 5000, "１２", "%00"])
def test_nonsense_in_the_address_shows_the_newest(world: World, client: Client, before: str) -> None:
    assert "获得80" in text(enter(client, world.wang), f"{PATH}?before={before}")


def test_the_page_costs_the_same_for_one_line_and_for_thirty(world: World, client: Client) -> None:
    enter(client, world.wang)
    one = queries(client, PATH)
    for _ in range(30):
        cast.award(world.wang, 1)
    assert queries(client, PATH) == one <= 6


def test_the_page_is_for_residents_who_signed_in(world: World, client: Client) -> None:
    assert client.get(PATH).headers["Location"] == "/sign-in/?next=%2Fpoints%2F"
    assert enter(client, world.wang).post(PATH).status_code == 405


def test_lines_of_this_day_are_dated_near(world: World, client: Client) -> None:
    with time_machine.travel(clock.at(date(2026, 3, 4), time(10, 5))):
        cast.award(world.li, 5)
        assert "今天10:05" in text(enter(client, world.li), PATH)


def test_what_was_asked_for_stands_above_what_was_found(world: World, client: Client) -> None:
    enter(client, world.wang)
    today = clock.today()
    span = f"since={today.replace(month=1, day=1)}&until={today}"
    page, html = text(client, f"{PATH}?{span}"), client.get(f"{PATH}?{span}").content.decode()
    assert f"收支明细全部类别，{today.year}年1月1日至{today.year}年{today.month}月{today.day}日" in page
    assert 'aria-current="page">今年</a>' in html and '<details class="card stack">' in html
    assert "收支明细获得志愿服务" in text(client, f"{PATH}?kind=award")
    assert "过期，开始至" in text(client, f"{PATH}?kind=expiry&until={today}")
    assert "全部类别" not in text(client, PATH)


def test_a_span_that_ends_before_it_begins_is_explained_where_it_was_typed(world: World, client: Client) -> None:
    html = enter(client, world.wang).get(f"{PATH}?since=2026-12-01&until=2026-01-01").content.decode()
    assert '<details class="card stack" open>' in html and "结束日期不能早于开始日期" in html
