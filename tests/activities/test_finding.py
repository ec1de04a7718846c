"""What a resident can join, page by page."""

from datetime import timedelta

import pytest

from activities import finding
from core import clock
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_own_community_comes_first_then_the_soonest(world: World) -> None:
    now, days = clock.now(), timedelta(days=1)
    far = cast.activity(world.wenxing, starts_at=now + 9 * days)
    near = cast.activity(world.wenxing, starts_at=now + 2 * days)
    next_door = cast.activity(world.yongan, starts_at=now + days)
    cast.activity(world.hualin)
    cast.activity(world.wenxing, ago=1)
    off = {"status": "cancelled", "cancelled_at": now, "cancelled_by": world.chen, "cancel_reason": "大风"}
    cast.activity(world.wenxing, **off)
    assert finding.coming(world.wenxing, now) == [near, far, next_door]
    assert finding.coming(world.yongan, now) == [next_door, near, far]


def test_pages_show_every_activity_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE", 3)
    now = clock.now()
    same = now + timedelta(days=2)
    made = {cast.activity(place, starts_at=same).pk for place in (world.wenxing, world.yongan) for _ in range(5)}
    seen: list[int] = []
    after = None
    for _ in range(9):
        rows = finding.coming(world.wenxing, now, after=after)
        seen += [row.pk for row in rows[:3]]
        if len(rows) <= 3:
            break
        after = rows[2].pk
    assert len(seen) == 10 and set(seen) == made


def test_a_kind_narrows_the_list_and_an_unknown_place_begins_anew(world: World) -> None:
    patrol = cast.activity(world.wenxing, kind="PAT")
    other = cast.activity(world.wenxing)
    assert finding.coming(world.wenxing, clock.now(), kind="PAT") == [patrol]
    assert finding.coming(world.wenxing, clock.now(), after=10**9) == [patrol, other]


def test_each_is_offered_with_the_points_of_its_kind(world: World) -> None:
    activities = [cast.activity(world.wenxing, kind=kind) for kind in ("ENV", "ELD", "PRO")]
    assert [offer.points for offer in finding.offered(activities, world.wenxing)] == [20, 24, 30]


def test_mine_are_sorted_by_what_comes_next(world: World) -> None:
    waiting = recorded(world, world.wang, minutes=90)
    coming = signed(cast.activity(world.wenxing), world.wang, world)
    recorded(world, world.li)
    mine = finding.mine_of(world.wang, clock.now())
    assert (mine.coming, mine.waiting, mine.waiting_points) == ([coming], [waiting], 15)
    assert finding.settled(world.wang) == []
