"""The demo's past is folded, and its books are checked."""

import pytest

from demo import bookkeeping
from demo.asked import Asked
from points import folding
from points.models import BookCheck, Snapshot
from tests.demo.story import NOON, later
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_in_the_end_everything_is_folded_and_checked_once(world: World) -> None:
    bookkeeping.close(Asked(NOON))
    bookkeeping.close(Asked(later(days=1)))
    check = BookCheck.objects.get()
    assert (check.at, check.breaches) == (NOON, 0)
    assert folding.fold(at=later(days=2)) >= 0
    assert Snapshot.objects.latest("day").day == later(days=2).date()
