"""What would earn the missing points: one thing that suffices, else the fewest together, never what comes too late."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from activities import ways
from activities.models import Activity
from communities.models import Resident
from core import clock
from points import earning
from points.earning import Way, ways_to
from tests import world as cast
from tests.activities.cast import signed
from tests.world import World

pytestmark = pytest.mark.django_db


def offering(monkeypatch: pytest.MonkeyPatch, *points: int) -> None:
    def finder(resident: Resident, at: datetime, until: datetime) -> Iterator[Way]:
        return (Way(f"第{n}个", "", worth, "/") for n, worth in enumerate(points))

    monkeypatch.setattr(earning, "_finders", [finder])


def names(missing: int, world: World) -> tuple[list[str], bool]:
    now = clock.now()
    found = ways_to(missing, world.li, at=now, until=now + timedelta(days=9))
    return [way.title for way in found.ways], found.alone


def test_each_that_suffices_alone_is_named_and_nothing_else(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    offering(monkeypatch, 10, 30, 20, 25, 40)
    assert names(20, world) == (["第1个", "第2个", "第3个"], True)
    assert names(40, world) == (["第4个"], True)


def test_else_the_fewest_of_the_soonest_together_and_nothing_that_falls_short(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    offering(monkeypatch, 10, 0, 20, 25, 40)
    assert names(50, world) == (["第0个", "第2个", "第3个"], False)
    assert names(30, world) == (["第4个"], True)
    assert names(56, world) == ([], False)


def activity(world: World, days: int, **fields: object) -> Activity:
    return cast.activity(
        world.wenxing, **{"starts_at": clock.now() + timedelta(days=days), "title": f"{days}天后", **fields}
    )


def found(world: World, until: int = 9) -> list[str]:
    now = clock.now()
    return [way.title for way in ways.ways(world.li, now, now + timedelta(days=until))]


def test_activities_that_can_still_be_joined_and_end_in_time_are_ways(world: World) -> None:
    activity(world, 2)
    signed_up = activity(world, 3)
    signed(signed_up, world.li, world)
    signed(activity(world, 4, capacity=1), world.wang, world)
    activity(world, 5, min_age=60)
    activity(world, 8)
    cast.activity(world.hualin, starts_at=clock.now() + timedelta(days=1))
    assert found(world) == ["2天后", "8天后"]
    assert found(world, until=7) == ["2天后"]
