"""试算: to the point what a change would have given last month."""

from datetime import date, time, timedelta
from itertools import count
from random import Random

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Resident
from core import clock
from points import ledger
from points.models import Rule
from points.pricing import tariff
from points.trial import Served, Trial, replay, try_out
from tests import world as cast
from tests.books import breaches
from tests.world import World

MONTH = date(2026, 10, 1)
TODAY = date(2026, 11, 22)
_serial = count(1)


def served(
    wallet: int, day: int, minutes: int, given: int, *, code: str = "ENV", asked: int | None = None, **limits: int
) -> Served:
    """An award of a rule of ten points an hour under the general limits 80 and 400."""
    limited = {"cap_day": 80, "cap_month": 400, "day_points": 40, "day_times": None, "month_times": None} | limits
    return Served(
        wallet, code, MONTH.replace(day=day), minutes, minutes // 6 if asked is None else asked, given, **limited
    )


def env(points: int, **limits: int | None) -> Rule:
    return Rule(**{"code": "ENV", "kind": "timed", "basis": "hour", "points": points, "day_points": 40} | limits)


def test_twice_the_points_until_the_limit_of_the_rule() -> None:
    rows = [served(1, 3, 60, 10), served(1, 4, 180, 30), served(2, 3, 30, 5)]
    assert replay(rows, env(20), MONTH) == Trial(
        MONTH, times=3, people=2, given=45, would=70, elsewhere=0, cut=0, would_cut=1, more=2, fewer=0
    )


def test_the_first_of_a_day_uses_up_what_the_next_lacks() -> None:
    rows = [served(1, 3, 120, 20), served(1, 3, 120, 20), served(1, 4, 120, 20)]
    tried = replay(rows, env(20, day_points=60), MONTH)
    assert (tried.given, tried.would, tried.would_cut) == (60, 40 + 20 + 40, 1)


def test_half_hours_count_and_half_points_do_not() -> None:
    assert replay([served(1, 3, 59, 5), served(1, 3, 90, 15)], env(15), MONTH).would == 7 + 22


def test_what_the_rule_gives_more_the_shared_limit_takes_from_the_other_rules() -> None:
    rows = [
        served(1, 3, 240, 40),
        served(1, 3, 240, 40, code="ELD", asked=48, day_points=48),  # the day was full at 80
        served(2, 3, 240, 48, code="ELD", asked=48, day_points=48),
        served(2, 3, 60, 10),
    ]
    tried = replay(rows, env(15, day_points=60), MONTH)
    assert (tried.given, tried.would, tried.elsewhere, tried.difference) == (50, 60 + 15, -20, 5)
    assert (tried.people, tried.more, tried.fewer, tried.would_cut) == (2, 1, 0, 0)


def test_a_switched_off_rule_gives_nothing_and_leaves_its_room_to_others() -> None:
    rows = [served(1, 3, 240, 40), served(1, 3, 300, 40, code="ELD", asked=60, day_points=60)]
    tried = replay(rows, env(0), MONTH)
    assert (tried.given, tried.would, tried.elsewhere, tried.difference) == (40, 0, 20, -20)
    assert (tried.would_cut, tried.more, tried.fewer) == (0, 0, 1)


def test_the_month_has_a_limit_and_so_have_the_times() -> None:
    days = [served(1, day, 240, 40) for day in range(1, 11)]
    assert replay(days, env(12, day_points=48), MONTH).would == 400
    assert replay(days, env(12, day_points=48, month_times=3), MONTH).would == 3 * 48
    twice = [served(1, 3, 60, 10), served(1, 3, 60, 10), served(1, 4, 60, 10)]
    assert replay(twice, env(10, day_times=1), MONTH).would == 20


def test_what_was_cut_to_nothing_may_get_something() -> None:
    rows = [served(1, 3, 240, 40), served(1, 3, 60, 0)]
    tried = replay(rows, env(10, day_points=None), MONTH)
    assert (tried.given, tried.would, tried.cut, tried.would_cut) == (40, 50, 1, 0)


def test_evidence_knows_no_limit() -> None:
    rows = [Served(1, "HONOR_CITY", MONTH, 1, 80, 80, None, None, None, None, None)] * 2
    proposed = Rule(code="HONOR_CITY", kind="exempt", basis="time", points=1000)
    assert replay(rows, proposed, MONTH).would == 2000


def test_nobody_served_and_nobody_is_counted() -> None:
    assert replay([], env(12), MONTH) == Trial(MONTH, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert replay([served(1, 3, 60, 10, code="ELD")], env(12), MONTH).people == 0


def serve(
    world: World, who: Resident, day: date, minutes: int, code: str = "ENV", *, booked: date | None = None
) -> int:
    at = clock.at(booked or day, time(18))
    with time_machine.travel(at, tick=False):
        price = tariff(code, who.community.sub_district_id, on=day).price(minutes)
        key = f"served:{next(_serial)}"
        return ledger.award(key=key, resident=who, price=price, by=world.chen, reason="服务", at=at).entry or 0


def tried(world: World, code: str = "ENV", **figures: int | None) -> Trial:
    rule = tariff(code, world.street.pk, on=TODAY).rule
    rule.sub_district = world.street
    for name, value in figures.items():
        setattr(rule, name, value)
    return try_out(rule, TODAY)


@pytest.mark.django_db
def test_only_the_last_month_of_this_rule_and_this_sub_district_counts(world: World) -> None:
    far = cast.resident(world.hualin, "远方人", "13700000001")
    serve(world, world.li, date(2026, 9, 30), 60)
    serve(world, world.li, date(2026, 10, 1), 60)
    serve(world, world.zhou, date(2026, 10, 31), 120, booked=date(2026, 11, 3))
    serve(world, world.li, date(2026, 11, 1), 60)
    serve(world, world.wang, date(2026, 10, 5), 60, "ELD")
    serve(world, far, date(2026, 10, 5), 60)
    found = tried(world, points=20)
    assert (found.month, found.times, found.people, found.given, found.would) == (MONTH, 2, 2, 30, 60)


@pytest.mark.django_db
def test_what_was_taken_back_does_not_count(world: World) -> None:
    entry = serve(world, world.li, date(2026, 10, 5), 60)
    serve(world, world.li, date(2026, 10, 6), 60)
    ledger.reverse(key="back", entry=entry, by=world.chen, reason="记错")
    assert (tried(world, points=20).times, tried(world, points=20).given) == (1, 10)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_the_rule_as_it_is_gives_exactly_what_the_books_gave(world: World, seed: int) -> None:
    """The same arithmetic twice, in SQL and in Python, over services that meet every limit, booked in any order."""
    dice, people = Random(seed), (world.li, world.wang, world.zhou)
    for _ in range(60):
        day = date(2026, 10, dice.choice((1, 2, 2, 3, 9, 10, 11, 12, 13, 14)))
        code = dice.choice(("ENV", "ENV", "ELD", "EMG"))
        serve(world, dice.choice(people), day, dice.choice((30, 90, 200, 300)), code, booked=date(2026, 11, 2))
    for code in ("ENV", "ELD", "EMG"):
        found = tried(world, code)
        assert found.given == found.would > 0 and found.elsewhere == found.more == found.fewer == 0
        assert found.cut == found.would_cut
    assert tried(world, "ENV").cut > 0
    assert breaches() == []


@pytest.mark.django_db
def test_one_query_for_one_row_and_for_thirty(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert tried_rule(rule).times
        return len(queries)

    def tried_rule(rule: Rule) -> Trial:
        return try_out(rule, TODAY)

    rule = tariff("ENV", world.street.pk, on=TODAY).rule
    rule.sub_district = world.street
    serve(world, world.li, date(2026, 10, 5), 60)
    assert cost() == 1
    for n in range(29):
        serve(world, (world.li, world.wang, world.zhou)[n % 3], date(2026, 10, 6) + timedelta(days=n // 3), 60)
    assert cost() == 1
