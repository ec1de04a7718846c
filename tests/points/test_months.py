"""居民月汇总: written with the posting, by the month of what happened; what is reversed is taken off there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from communities.models import Resident
from points.models import Month
from tests import world as cast
from tests.books import breaches
from tests.points.deeds import adjusted, at_home, charged, day, first_award, moved, served, taken_back
from tests.world import World, award

pytestmark = pytest.mark.django_db
NOW = day(2026, 11, 20)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
LAST = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _books_are_sound(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
        assert breaches() == []


def month(resident: Resident, on: date = NOVEMBER) -> tuple[int, int, int]:
    """(earned, spent, expired), over all communities."""
    rows = Month.objects.filter(wallet__resident=resident, month=on).values_list("earned", "spent", "expired")
    earned, spent, expired = (sum(row[n] for row in rows) for n in range(3))
    return earned, spent, expired


def test_what_comes_and_goes_is_added_up(world: World) -> None:
    charged(world, world.wang, 30)
    award(world.wang, 20)
    adjusted(world, world.wang, -5)
    adjusted(world, world.wang, 7)
    assert month(world.wang) == (102, 30, 0)


def test_a_month_ends_at_midnight_in_shanghai(world: World) -> None:
    charged(world, world.wang, 1, at=LAST)
    charged(world, world.wang, 2, at=LAST + timedelta(seconds=1))
    assert month(world.wang) == (80, 1, 0)
    assert month(world.wang, DECEMBER) == (0, 2, 0)


def test_what_is_given_back_was_not_spent_in_its_own_month(world: World) -> None:
    entry = charged(world, world.wang, 30)
    taken_back(world, entry, at=LAST + timedelta(days=2))
    assert month(world.wang) == (80, 0, 0)
    assert month(world.wang, DECEMBER) == (0, 0, 0)


def test_what_is_taken_back_was_not_earned_though_it_is_still_owed(world: World) -> None:
    charged(world, world.wang, 30)
    taken_back(world, first_award(world.wang))
    assert month(world.wang) == (0, 30, 0)
    award(world.wang, 20)
    assert month(world.wang) == (20, 30, 0)


def test_what_a_cap_cut_off_was_not_earned(world: World) -> None:
    served(world.li, "ENV", 300)
    served(world.li, "ENV", 300)
    assert month(world.li) == (40, 0, 0)


def test_relief_is_not_spent_by_the_resident(world: World) -> None:
    charged(world, world.wang, 30, relief=60)
    assert month(world.wang) == (80, 30, 0)


def test_in_a_purse_each_spends_the_own_part_and_gets_it_back(world: World) -> None:
    at_home(world.wang, world.zhao)
    entry = charged(world, world.wang, 100, purse=True)
    assert (month(world.wang), month(world.zhao)) == ((80, 80, 0), (200, 20, 0))
    taken_back(world, entry)
    assert (month(world.wang), month(world.zhao)) == ((80, 0, 0), (200, 0, 0))


def test_an_adjustment_taken_back_counts_as_before(world: World) -> None:
    taken_back(world, adjusted(world, world.wang, -30))
    assert month(world.wang) == (80, 0, 0)
    taken_back(world, adjusted(world, world.wang, 30))
    assert month(world.wang) == (80, 0, 0)


def test_who_moves_keeps_the_months_of_both_communities_apart(world: World) -> None:
    moved(world.wang, world.yongan)
    award(world.wang, 5)
    rows = Month.objects.filter(wallet__resident=world.wang).values_list("community", "earned")
    assert set(rows) == {(world.wenxing.pk, 80), (world.yongan.pk, 5)}


def test_many_at_once_each_have_their_month(world: World) -> None:
    people = [cast.resident(world.wenxing, f"居民{number}") for number in range(3)]
    for number, person in enumerate(people):
        award(person, number + 1)
    assert [month(person) for person in people] == [(1, 0, 0), (2, 0, 0), (3, 0, 0)]
