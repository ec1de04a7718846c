"""The demo has a past to reconcile: month ends that were folded in their time, and a check of the books."""

from datetime import date

import pytest

from communities.models import Community
from demo import bookkeeping
from demo.asked import Asked
from points import folding, reconciliation
from points.models import BookCheck, Snapshot
from tests import world as cast
from tests.demo.story import NOON, later
from tests.points.acts import fold
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ENDS = [date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 11)]


def test_the_months_of_the_story_are_closed_in_their_order(world: World) -> None:
    story = sorted(bookkeeping.closings(Asked(NOON)), key=lambda event: event.at)
    for number, event in enumerate(story):
        assert not event.is_there()
        cast.award(world.li, 10, at=event.at)
        fold(event.at)
        event.write()
        assert event.is_there(), number
    found = reconciliation.closings(world.wenxing, date(2026, 3, 12))
    assert [one.day for one in found] == ENDS[::-1]
    assert [one.ever.net for one in found] == [330, 320, 310, 300, 290]


def test_a_killed_run_closes_no_month_twice(world: World) -> None:
    for _ in range(2):
        for event in sorted(bookkeeping.closings(Asked(NOON)), key=lambda event: event.at):
            if not event.is_there():
                event.write()
    assert Snapshot.objects.count() == len(ENDS) * Community.objects.count()


def test_in_the_end_everything_is_folded_and_checked_once(world: World) -> None:
    bookkeeping.close(Asked(NOON))
    bookkeeping.close(Asked(later(days=1)))
    check = BookCheck.objects.get()
    assert (check.at, check.breaches) == (NOON, 0)
    assert folding.fold(at=later(days=2)) >= 0
    assert Snapshot.objects.latest("day").day == later(days=2).date()
