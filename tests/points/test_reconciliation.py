"""对账 ties to the entries: its figures are sums of the history, folded or not, and it never reads that history."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from communities.models import Setting
from communities.settings import BUDGET_RATE
from core import clock
from points import ledger, reconciliation, street
from points.models import Debt, Posting
from points.reconciliation import BETWEEN, CLOSINGS, DAYS, FIGURES, Figures, Flows, Period
from tests import world as cast
from tests.books import breaches
from tests.points.acts import fold, in_wallets, of_history, postings, random_acts
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOUCHED = """SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables
    WHERE relname IN ('points_entry', 'points_posting')"""


def this_month() -> Period:
    today = clock.today()
    return Period.month(today.year, today.month)


def figures(world: World, period: Period | None = None) -> Figures:
    return reconciliation.figures([world.wenxing], period or this_month())[0]


# It ties


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.heavy) for seed in (2, 3))])
def test_after_random_acts_every_figure_is_a_sum_of_postings(world: World, seed: int) -> None:
    for part in range(3):  # folded, folded anew, and a tail
        random_acts(world, 25, seed * 10 + part)
        for community in (world.wenxing, world.yongan):
            (found,) = reconciliation.figures([community], this_month())
            assert (found.ever, found.period) == (of_history(community), of_history(community, this_month()))
            assert found.outstanding == in_wallets(community) == found.closing
            owed = Debt.objects.filter(wallet__resident__community=community)
            assert found.owed == sum(owed.values_list("remaining", flat=True))
        if part < 2:
            fold()
    assert [one for one in breaches() if one[0] == "points_breach"] == []  # no two people approved these adjustments


def test_the_random_acts_meet_everything(world: World) -> None:
    """Else the test above would say little."""
    for part in range(3):
        random_acts(world, 60, part)
    ways = {(one.entry.kind, one.source.kind, one.destination.kind) for one in postings(world.wenxing)}
    assert {
        ("award", "issuer", "wallet"), ("charge", "wallet", "income"), ("charge", "relief", "income"),
        ("reversal", "income", "wallet"), ("reversal", "wallet", "issuer"), ("adjustment", "wallet", "issuer"),
    } <= ways  # fmt: skip
    assert Debt.objects.exists()


def test_a_past_month_closes_with_what_was_there_then(world: World) -> None:
    now = clock.now()
    ago = (clock.local(now).replace(day=1) - timedelta(days=40)).astimezone(now.tzinfo)
    cast.award(world.li, 70, at=ago)
    fold()
    ledger.charge(key="later", resident=world.li, amount=20, provider=world.yongan, by=world.system, reason="课")
    past = Period.month(clock.local(ago).year, clock.local(ago).month)
    found = figures(world, past)
    assert (found.opening, found.period, found.closing) == (0, Flows(issued=70), 70)
    assert (found.outstanding, found.later) == (330, Flows(issued=280, spent=20))
    today = figures(world)
    assert (today.opening, today.closing) == (70, 330)
    year = figures(world, Period.year(clock.today().year))
    assert year.opening + year.period.net == year.closing


def test_what_is_spent_elsewhere_is_said_and_both_sides_see_the_same(world: World) -> None:
    for key, who, where in (
        ("a", world.wang, world.wenxing), ("b", world.wang, world.yongan), ("c", world.zhou, world.wenxing),
        ("d", world.zhou, world.hualin),
    ):  # fmt: skip
        entry = ledger.charge(
            key=key, resident=who, amount=20, relief=7, provider=where, by=world.system, reason="课"
        )  # fmt: skip
        if key == "b":
            ledger.reverse(key="b-", entry=entry, by=world.system, reason="退课")
            ledger.charge(key="b2", resident=who, amount=9, provider=where, by=world.system, reason="课")
    for _ in range(2):
        found = figures(world)
        assert (found.period.spent, found.spent_here, found.spent_elsewhere, found.relief) == (49, 20, 29, 7)
        ours = reconciliation.pairs(world.wenxing, this_month())
        theirs = reconciliation.pairs(world.yongan, this_month())
        assert [(one.name, one.ours, one.ours_returned, one.there, one.theirs, one.here) for one in ours] == [
            ("永安社区", 29, 20, 9, 20, 20)
        ]
        assert [(one.name, one.here, one.there) for one in theirs] == [("文兴社区", 9, 20), ("华林社区", 0, 20)]
        assert sum(one.ours for one in ours) == found.spent_elsewhere
        fold()


def test_the_file_holds_every_posting_of_the_period_once(world: World) -> None:
    random_acts(world, 60, 7)
    fold()
    random_acts(world, 20, 8)
    rows = reconciliation.days(world.wenxing, this_month())
    here = [row for row in rows if row.holder == "文兴社区"]
    own = [row for row in here if row.kind != "move_in"]  # which are postings of others
    moved_in = Posting.objects.filter(entry__kind="move", destination__community=world.wenxing)
    assert sum(row.postings for row in here) - sum(row.postings for row in own) == moved_in.count() > 0
    assert sum(row.postings for row in own) == len(postings(world.wenxing))
    assert sum(row.amount for row in own) == sum(one.amount for one in postings(world.wenxing))
    assert all(row.provider == "文兴社区" for row in rows if row not in here)
    assert len(own) < len(rows)
    assert len(
        {(row.day, row.kind, row.source_kind, row.destination_kind, row.holder, row.provider) for row in rows}
    ) == len(rows)


# The ends of the months


def test_each_end_of_a_month_is_shown_and_yesterday(world: World) -> None:
    begin = datetime(2030, 1, 30, 4, tzinfo=clock.now().tzinfo)
    for days in (0, 1, 20, 27, 31, 32):
        with time_machine.travel(begin + timedelta(days=days), tick=False):
            cast.award(world.li, 10)
        if days < 31:  # the rest is the tail
            fold(begin + timedelta(days=days))
    found = reconciliation.closings(world.wenxing, date(2030, 3, 3))
    ends = [(str(one.day), one.ever.net) for one in found]
    assert ends[:3] == [("2030-03-02", 330), ("2030-02-28", 320), ("2030-01-31", 300)]
    assert len(ends) == 13 and ends[-1] == ("2029-03-31", 280)
    on_the_first = reconciliation.closings(world.wenxing, date(2030, 3, 1))
    assert [str(one.day) for one in on_the_first][:2] == ["2030-02-28", "2030-01-31"] and len(on_the_first) == 13
    assert reconciliation.closings(world.hualin, date(2031, 4, 1)) == []


def test_the_ends_begin_with_what_was_booked_first(world: World) -> None:
    today = clock.today()
    assert [one.day for one in reconciliation.closings(world.wenxing, today + timedelta(days=1))] == [today]


@pytest.mark.parametrize("seed", range(3))
def test_an_end_is_the_closing_of_its_period_whatever_was_folded_when(world: World, seed: int) -> None:
    """What is booked after the day's last fold, or later for an earlier day, belongs to its day as well."""
    random_acts(world, 20, seed)
    fold()
    begin = clock.local(clock.now()).replace(day=28, hour=23, minute=59)
    for number in range(4):
        at = begin + timedelta(days=31 * number + number % 3)
        with time_machine.travel(at, tick=False):
            fold(at - timedelta(seconds=20))
            cast.award(world.li, 1000 + number)
            cast.award(world.zhou, 7, at=at - timedelta(days=20))
            ledger.charge(
                key=f"c{number}", resident=world.li, amount=3, provider=world.yongan, by=world.system, reason="课"
            )
    later = (begin + timedelta(days=150)).date()
    for community in (world.wenxing, world.yongan):
        found = reconciliation.closings(community, later)
        assert len(found) >= 5
        for one in found:
            month = Period.month(one.day.year, one.day.month)
            assert one.ever == of_history(community, Period(date(2000, 1, 1), one.day, ""))
            (its,) = reconciliation.figures([community], month)
            assert one.ever.net == its.closing, one.day  # of the month that runs nothing is booked after yesterday


# How much it reads


@pytest.mark.parametrize(
    "statement", [FIGURES, CLOSINGS, BETWEEN, DAYS], ids=["figures", "closings", "between", "days"]
)
def test_of_the_history_only_the_tail_is_read(world: World, statement: str) -> None:
    random_acts(world, 80, 1)
    fold()
    assert read(world, statement) == 0
    tail = ledger.charge(key="t", resident=world.zhou, amount=1, provider=world.yongan, by=world.system, reason="课")
    assert tail
    assert 0 < read(world, statement) <= 8


def read(world: World, statement: str) -> int:
    """How many rows of entries and postings are touched when the planner may use an index, in functions as well."""
    period = this_month()
    own, days = world.yongan.pk, [period.first, period.last]
    asked: dict[str, Any] = {"first": period.first, "last": period.last, "own": own, "communities": [own], "days": days}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(TOUCHED)
        (before,) = cursor.fetchone()  # of this connection's last transactions, which are counted together
        cursor.execute(statement, asked)
        cursor.execute(TOUCHED)
        return int(cursor.fetchone()[0] - before)


# The sub-district


def test_the_sub_district_is_its_communities_in_their_order_and_their_sum(world: World) -> None:
    random_acts(world, 60, 3)
    *rows, total = street.lines(world.street, this_month(), budgeted=False)
    assert [one.name for one in rows] == ["文兴社区", "永安社区"]
    for one, community in zip(rows, (world.wenxing, world.yongan), strict=True):
        assert one.flows == of_history(community, this_month())
        assert one.outstanding == in_wallets(community)
    assert total.outstanding == sum(one.outstanding for one in rows)
    assert total.flows == Flows.total(one.flows for one in rows)
    assert {one.budget for one in (*rows, total)} == {None}


def test_the_budget_is_the_outstanding_at_the_rate_of_the_day(world: World) -> None:
    *_, total = street.lines(world.street, this_month(), budgeted=True)
    assert (total.outstanding, str(total.budget)) == (380, "76.00")
    Setting.objects.create(
        sub_district=world.street, key=BUDGET_RATE.key, value=33, starts_on=clock.today(), by=world.he
    )
    first, *_ = street.lines(world.street, this_month(), budgeted=True)
    assert str(first.budget) == "92.40"  # 280 points
    assert reconciliation.budget(280, None) is None


@pytest.mark.parametrize(
    ("period", "first", "last", "said"),
    [
        (Period.month(2026, 2), "2026-02-01", "2026-02-28", "2026年2月"),
        (Period.month(2027, 12), "2027-12-01", "2027-12-31", "2027年12月"),
        (Period.year(2028), "2028-01-01", "2028-12-31", "2028年全年"),
    ],
)
def test_a_period_knows_its_days(period: Period, first: str, last: str, said: str) -> None:
    assert (str(period.first), str(period.last), str(period)) == (first, last, said)
