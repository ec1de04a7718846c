"""Reading a wallet by kind and days: what a filter leaves, how far it looks, what each line says."""

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Resident
from core import clock
from points import ledger, statement
from points.models import Entry, Posting
from points.statement import Filter
from tests import world as cast
from tests.books import breaches
from tests.pages import enter, leafed, queries, text
from tests.points.deeds import adjusted, at_home, charged, day, served, taken_back
from tests.world import World

pytestmark = pytest.mark.django_db
PATH = "/points/"
NOW = day(2026, 11, 20)


@pytest.fixture(autouse=True)
def _the_day() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def said(resident: Resident, **asked: object) -> list[tuple[str, int]]:
    return [(line.word, line.amount) for line in statement.page_of(resident, Filter(**asked)).lines]  # type: ignore[arg-type]


def dated(resident: Resident, amount: int, *when: datetime) -> None:
    for at in when:
        cast.award(resident, amount, at=at)


def test_every_kind_can_be_asked_for_alone(world: World) -> None:
    award = cast.award(world.li, 50, at=day(2024, 5, 1))
    cast.award(world.li, 30)
    spent = charged(world, world.li, 20)
    taken_back(world, spent)
    ledger.expire(by=world.system, limit=100)
    adjusted(world, world.li, 7)
    adjusted(world, world.li, -2)
    assert award and breaches() == []
    found = {kind: said(world.li, kind=kind) for kind in Entry.Kind.values}
    assert found["award"] == [("获得", 30), ("获得", 50)]
    assert found["charge"] == [("使用", -20)]
    assert found["reversal"] == [("退回", 20)]
    assert found["expiry"] == [("过期", -50)]
    assert found["adjustment"] == [("调整", -2), ("调整", 7)]
    assert found["settlement"] == []
    assert sorted(line for lines in found.values() for line in lines) == sorted(said(world.li))


def test_what_is_taken_back_is_not_said_to_come_back(world: World, client: Client) -> None:
    entry = cast.award(world.li, 50)
    charged(world, world.li, 45)
    taken_back(world, entry)
    cast.award(world.li, 60)
    assert said(world.li) == [("抵扣", -45), ("获得", 60), ("收回", -5), ("使用", -45), ("获得", 50)]
    page = text(enter(client, world.li), f"{PATH}?kind=reversal")
    assert "收回5余额0分" in page and "获得" not in page.split("收支明细")[-1]


def test_both_days_belong_to_the_span_on_shanghais_clock(world: World) -> None:
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    dated(world.li, 1, clock.at(first, time()) - timedelta(seconds=1))
    dated(world.li, 2, clock.at(first, time()), clock.at(last, time(23, 59, 59)))
    dated(world.li, 3, clock.at(last, time()) + timedelta(days=1))
    assert [amount for _, amount in said(world.li, since=first, until=last)] == [2, 2]
    assert [amount for _, amount in said(world.li, since=first)] == [3, 2, 2]
    assert [amount for _, amount in said(world.li, until=last)] == [2, 2, 1]


def test_a_filter_keeps_the_running_balance_and_turns_its_pages(world: World, client: Client) -> None:
    for n in range(30):
        cast.award(world.li, 2)
        charged(world, world.li, 1, key=f"out:{n}")
    enter(client, world.li)
    pages = [text(client, path) for path in leafed(client, f"{PATH}?kind=charge")]
    balances = [[int(found) for found in re.findall(r"使用1余额(\d+)分", page)] for page in pages]
    assert [len(lines) for lines in balances] == [20, 10]
    assert [balance for lines in balances for balance in lines] == list(range(30, 0, -1))


def test_a_filtered_page_looks_at_so_many_lines_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement, "REACH", 25)
    cast.award(world.li, 100, at=day(2025, 1, 1))
    for _ in range(40):
        cast.award(world.li, 1)
    asked = Filter(until=date(2025, 12, 31))
    first = statement.page_of(world.li, asked, size=5)
    assert first.lines == [] and first.older is not None
    second = statement.page_of(world.li, asked, before=first.older, size=5)
    assert [line.amount for line in second.lines] == [100] and second.older is None
    assert [line.amount for line in statement.every(world.li, asked, at_once=5)] == [100]
    assert len(list(statement.every(world.li, at_once=5))) == 41


def plan(resident: Resident, asked: Filter, size: int) -> str:
    with CaptureQueriesContext(connection) as caught:
        statement.page_of(resident, asked, size=size)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT TEXT) {caught[0]['sql']}")
        return "\n".join(row for (row,) in cursor.fetchall())


@pytest.mark.parametrize("asked", [Filter(), Filter(kind="charge"), Filter(since=date(2026, 11, 1))])
def test_a_page_reads_its_own_lines_by_index(world: World, asked: Filter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the filter, no more postings are touched than the page may look at: REACH on each side."""
    monkeypatch.setattr(statement, "REACH", 30)
    with connection.cursor() as cursor:
        for _ in range(150):
            cast.award(world.li, 1)
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    found = plan(world.li, asked, 10)
    assert "posting_in" in found and "posting_out" in found and "Seq Scan on points_posting" not in found
    touched = [int(rows) for rows in re.findall(r"posting_(?:in|out)\b.*actual time=\S+ rows=(\d+)", found)]
    assert touched and max(touched) <= 30


def test_what_a_cap_cut_off_is_said(world: World, client: Client) -> None:
    for _ in range(3):
        served(world.li, "ENV", 60, cap_day=15)
    assert [(line.amount, line.cut, line.note) for line in statement.page_of(world.li).lines] == [
        (5, 5, "应得10，封顶后实得5"),
        (10, 0, ""),
    ]
    capped = statement.remains(world.li, on=clock.today()).capped
    assert capped == [statement.Capped(clock.today(), 10, "志愿服务")]
    page = text(enter(client, world.li), PATH)
    assert "应得10，封顶后实得5获得5余额15分" in page
    assert "本月超过上限、没有记分的服务志愿服务11月20日（周五）应得10封顶后实得0" in page


def test_what_was_left_without_points_last_month_is_no_news(world: World) -> None:
    served(world.li, "ENV", 60, date(2026, 11, 1), cap_day=1, cap_month=1)
    served(world.li, "ENV", 60, date(2026, 11, 1), cap_day=1, cap_month=1)
    assert len(statement.remains(world.li, on=clock.today()).capped) == 1
    assert statement.remains(world.li, on=date(2026, 12, 1)).capped == []


def test_lines_of_the_purse_say_who_used_the_points(world: World, client: Client) -> None:
    at_home(world.wang, world.zhao)
    entry = charged(world, world.wang, 100, purse=True)
    ours, theirs = (statement.page_of(person).lines[0] for person in (world.wang, world.zhao))
    assert (ours.amount, ours.note) == (-80, "家庭积分")
    assert (theirs.amount, theirs.note) == (-20, "家庭积分，王秀兰使用")
    taken_back(world, entry)
    assert [statement.page_of(person).lines[0].note for person in (world.wang, world.zhao)] == ["家庭积分"] * 2
    assert "家庭积分" in text(enter(client, world.wang), PATH).split("收支明细")[1]


def test_an_adjustment_says_which_way(world: World) -> None:
    adjusted(world, world.wang, 5)
    adjusted(world, world.wang, -3)
    assert [f"{line.word}{line.sign}{line.size}" for line in statement.page_of(world.wang, size=2).lines] == [
        "调整−3",
        "调整+5",
    ]


@pytest.mark.parametrize("asked", ["since=2026-11-20&until=2026-11-01", "kind=x", "since=昨天"])
def test_a_filter_that_makes_no_sense_is_explained(world: World, client: Client, asked: str) -> None:
    page = text(enter(client, world.wang), f"{PATH}?{asked}")
    assert "收支明细" not in page
    assert any(word in page for word in ("不能早于", "选择一个有效", "有效的日期"))


def test_days_are_chosen_with_one_tap(world: World, client: Client) -> None:
    assert [(label, str(span.since), str(span.until)) for label, span in statement.spans(date(2026, 1, 5))] == [
        ("本月", "2026-01-01", "2026-01-05"),
        ("上月", "2025-12-01", "2025-12-31"),
        ("今年", "2026-01-01", "2026-01-05"),
    ]
    cast.award(world.li, 5, at=day(2026, 10, 3))
    enter(client, world.li)
    assert "获得5" in text(client, f"{PATH}?since=2026-10-01&until=2026-10-31")
    assert "没有符合条件的记录" in text(client, f"{PATH}?since=2026-11-01&until=2026-11-20")


def test_the_page_asks_as_often_for_one_line_as_for_thirty(world: World, client: Client) -> None:
    enter(client, world.wang)
    asked = [PATH, f"{PATH}?kind=award", f"{PATH}?since=2026-01-01"]
    one = [queries(client, path) for path in asked]
    for _ in range(30):
        cast.award(world.wang, 1)
    assert [queries(client, path) for path in asked] == one and max(one) <= 6


def test_the_card_reads_the_month_and_not_the_history(world: World) -> None:
    """What was earned this month comes from the roll-up, whatever happened in the years before."""
    dated(world.li, 5, *(day(2026, month, 1) for month in range(1, 12)))
    assert statement.wallet(world.li).earned_this_month == 5
    with CaptureQueriesContext(connection) as caught:
        statement.wallet(world.li)
    assert [re.search("points_posting", query["sql"]) for query in caught] == [None]


def test_nobody_elses_line_comes_through_a_filter(world: World) -> None:
    before = Posting.objects.count()
    assert said(world.li, kind="award") == [] and said(world.sun) == []
    assert Posting.objects.count() == before
