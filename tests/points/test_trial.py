"""试算: to the point what a change would have given last month."""

from datetime import date, time, timedelta
from itertools import count
from random import Random
from typing import Any

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
    limited: dict[str, Any] = {"day_points": 40, "day_times": None, "month_times": None, "points": 10}
    limited |= {"cap_day": 80, "cap_month": 400} | limits
    return Served(
        wallet, code, MONTH.replace(day=day), minutes, minutes // 6 if asked is None else asked, given, **limited
    )


def tried_on(rows: list[Served], proposed: Rule, stands: Rule | None = None) -> Trial:
    """Against the version that gave `rows`."""
    return replay(rows, proposed, stands or (env(10) if proposed.code == "ENV" else proposed), MONTH)


def env(points: int, **limits: int | None) -> Rule:
    return Rule(**{"code": "ENV", "kind": "timed", "basis": "hour", "points": points, "day_points": 40} | limits)


def test_twice_the_points_until_the_limit_of_the_rule() -> None:
    rows = [served(1, 3, 60, 10), served(1, 4, 180, 30), served(2, 3, 30, 5)]
    assert tried_on(rows, env(20)) == Trial(
        MONTH, times=3, people=2, given=45, was=45, would=70, elsewhere=0, cut=0, would_cut=1, more=2, fewer=0
    )


def test_the_first_of_a_day_uses_up_what_the_next_lacks() -> None:
    rows = [served(1, 3, 120, 20), served(1, 3, 120, 20), served(1, 4, 120, 20)]
    tried = tried_on(rows, env(20, day_points=60))
    assert (tried.given, tried.would, tried.would_cut) == (60, 40 + 20 + 40, 1)


def test_half_hours_count_and_half_points_do_not() -> None:
    assert tried_on([served(1, 3, 59, 5), served(1, 3, 90, 15)], env(15)).would == 7 + 22


def test_what_the_rule_gives_more_the_shared_limit_takes_from_the_other_rules() -> None:
    rows = [
        served(1, 3, 240, 40),
        served(1, 3, 240, 40, code="ELD", asked=48, day_points=48),  # the day was full at 80
        served(2, 3, 240, 48, code="ELD", asked=48, day_points=48),
        served(2, 3, 60, 10),
    ]
    tried = tried_on(rows, env(15, day_points=60))
    assert (tried.given, tried.would, tried.elsewhere, tried.difference) == (50, 60 + 15, -20, 5)
    assert (tried.people, tried.more, tried.fewer, tried.would_cut) == (2, 1, 0, 0)


def test_a_switched_off_rule_gives_nothing_and_leaves_its_room_to_others() -> None:
    rows = [served(1, 3, 240, 40), served(1, 3, 300, 40, code="ELD", asked=60, day_points=60)]
    tried = tried_on(rows, env(0))
    assert (tried.given, tried.would, tried.elsewhere, tried.difference) == (40, 0, 20, -20)
    assert (tried.would_cut, tried.more, tried.fewer) == (0, 0, 1)


def test_the_month_has_a_limit_and_so_have_the_times() -> None:
    days = [served(1, day, 240, 40) for day in range(1, 11)]
    assert tried_on(days, env(12, day_points=48)).would == 400
    assert tried_on(days, env(12, day_points=48, month_times=3)).would == 3 * 48
    twice = [served(1, 3, 60, 10), served(1, 3, 60, 10), served(1, 4, 60, 10)]
    assert tried_on(twice, env(10, day_times=1)).would == 20


def test_what_was_cut_to_nothing_may_get_something() -> None:
    rows = [served(1, 3, 240, 40), served(1, 3, 60, 0)]
    tried = tried_on(rows, env(10, day_points=None))
    assert (tried.given, tried.would, tried.cut, tried.would_cut) == (40, 50, 1, 0)


def test_evidence_knows_no_limit() -> None:
    rows = [Served(1, "HONOR_CITY", MONTH, 1, 80, 80, None, None, None, None, None, 80)] * 2
    proposed = Rule(code="HONOR_CITY", kind="exempt", basis="time", points=1000)
    assert tried_on(rows, proposed).would == 2000


def lectures(times: list[int], given: list[int]) -> list[Served]:
    """Three points each, at most four a month."""
    return [
        Served(1, "LECT", MONTH.replace(day=day), many, many * 3, got, None, 200, None, None, 4, 3)
        for day, (many, got) in enumerate(zip(times, given, strict=True), 1)
    ]


def lect(points: int, **limits: int | None) -> Rule:
    return Rule(**{"code": "LECT", "kind": "untimed", "basis": "time", "points": points, "month_times": 4} | limits)


def test_times_are_counted_and_not_awards_and_the_last_one_is_given_in_part() -> None:
    rows = lectures([3, 3, 1], [9, 3, 0])
    same = tried_on(rows, lect(3))
    assert (same.given, same.was, same.would, same.difference, same.would_cut) == (12, 12, 12, 0, 1)
    assert tried_on(rows, lect(5), lect(3)).would == 20
    assert tried_on(rows, lect(3, month_times=6), lect(3)).difference == 6
    assert tried_on(rows, lect(3, month_times=None, day_times=2), lect(3)).would == 6 + 6 + 3
    ideas = [rows[0], rows[0]._replace(code="IDEA", asked=60, given=40, month_times=2, points=20)]
    assert tried_on(ideas, lect(5), lect(3)).elsewhere == 0  # the other rule has its own times and its own points


def test_what_is_compared_is_the_two_versions_and_what_was_given_is_said_beside_them() -> None:
    """The first 40 were taken back after they had cut the second to nothing; or another version stood then."""
    rows = [served(1, 3, 240, 0), served(2, 3, 60, 12, asked=12)]
    same = tried_on(rows, env(10))
    assert (same.given, same.was, same.would, same.difference) == (12, 50, 50, 0)
    assert (same.more, same.fewer, same.cut, same.would_cut) == (0, 0, 0, 0)
    more = tried_on(rows, env(12, day_points=48))
    assert (more.given, more.was, more.would, more.difference, more.more) == (12, 50, 48 + 12, 10, 2)


def test_nobody_served_and_nobody_is_counted() -> None:
    assert tried_on([], env(12)) == Trial(MONTH, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert tried_on([served(1, 3, 60, 10, code="ELD")], env(12)).people == 0


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
    return try_out(rule, tariff(code, world.street.pk, on=TODAY).rule, TODAY)


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
        assert found.given == found.was == found.would > 0 and found.elsewhere == found.more == found.fewer == 0
        assert found.cut == found.would_cut
    assert tried(world, "ENV").cut > 0
    assert breaches() == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_rules_of_so_many_times_are_counted_as_the_books_count_them(world: World, seed: int) -> None:
    dice, people = Random(seed), (world.li, world.wang)
    for _ in range(40):
        code, day = dice.choice(("LECT", "PHOTO", "MEET")), date(2026, 10, dice.choice((1, 2, 3, 9)))
        serve(world, dice.choice(people), day, dice.choice((1, 2, 3, 4)), code, booked=date(2026, 11, 2))
    for code in ("LECT", "PHOTO", "MEET"):
        found = tried(world, code)
        assert found.given == found.was == found.would > 0 and found.cut == found.would_cut
    assert breaches() == []


@pytest.mark.django_db
def test_an_unchanged_rule_differs_by_nothing_after_a_take_back(world: World) -> None:
    first = serve(world, world.li, date(2026, 10, 5), 240)
    serve(world, world.li, date(2026, 10, 5), 240)
    ledger.reverse(key="back", entry=first, by=world.chen, reason="记错")
    same = tried(world)
    assert (same.times, same.given, same.was, same.would, same.difference, same.more) == (1, 0, 40, 40, 0, 0)


@pytest.mark.django_db
def test_one_query_for_one_row_and_for_thirty(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert tried_rule(rule).times
        return len(queries)

    def tried_rule(rule: Rule) -> Trial:
        return try_out(rule, rule, TODAY)

    rule = tariff("ENV", world.street.pk, on=TODAY).rule
    rule.sub_district = world.street
    serve(world, world.li, date(2026, 10, 5), 60)
    assert cost() == 1
    for n in range(29):
        serve(world, (world.li, world.wang, world.zhou)[n % 3], date(2026, 10, 6) + timedelta(days=n // 3), 60)
    assert cost() == 1
