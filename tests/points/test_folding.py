"""Folding: the sums that pages read are the entries' sums at every moment, whatever commits before or after what.

Other sessions of the same cluster hold the oldest transaction back, so a fold may find less than it could: tests that need
it to have folded ask until it has.
"""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import clock
from core.sql import call
from points.folding import fold
from points.models import Flow, Posting, Snapshot
from tests import world as cast
from tests.books import breaches
from tests.points.deeds import PATIENCE, charged, day, first_award, folded_through, taken_back, total
from tests.races.together import in_background
from tests.world import World, award, build

pytestmark = pytest.mark.django_db(transaction=True)
NOON = day(2026, 11, 20)


@pytest.fixture
def town() -> Iterator[World]:
    """Committed, as nothing that runs can be folded; the books are sound at the end."""
    world = build()
    yield world
    assert breaches() == []


def sums(world: World) -> dict[str, int]:
    """What the entries say, one by one, in the shape of points_total."""
    found = dict.fromkeys(("issued", "taken_back", "spent", "returned", "expired", "moved_out", "moved_in"), 0)
    of_community = Posting.objects.filter(entry__community=world.wenxing).select_related(
        "entry", "source", "destination"
    )
    for posting in of_community:
        back = posting.entry.kind == "reversal"
        found["issued"] += posting.amount * (posting.source.kind == "issuer" and not back)
        found["taken_back"] += posting.amount * (posting.destination.kind == "issuer")
        found["spent"] += posting.amount * (posting.source.kind == "wallet" and posting.destination.kind == "income")
        found["returned"] += posting.amount * (back and posting.destination.kind == "wallet")
        found["expired"] += posting.amount * (posting.destination.kind == "expired")
    held = found["issued"] - found["taken_back"] - found["spent"] + found["returned"] - found["expired"]
    return {**found, "outstanding": held}


def flows(world: World) -> dict[tuple[str, str, str, int], int]:
    """points_flow_now of 文兴 as a page reads it, all days together."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT kind, source_kind, destination_kind, provider_id, sum(amount)::bigint FROM points_flow_now
               WHERE community_id = %s GROUP BY 1, 2, 3, 4""",
            [world.wenxing.pk],
        )
        return {(kind, source, to, provider): amount for kind, source, to, provider, amount in cursor.fetchall()}


def test_what_is_booked_shows_at_once_and_stays_when_it_is_folded(town: World) -> None:
    assert total(town.wenxing) == sums(town) == {
        "issued": 280, "taken_back": 0, "spent": 0, "returned": 0, "expired": 0, "moved_out": 0, "moved_in": 0,
        "outstanding": 280,
    }  # fmt: skip
    folded_through(NOON)
    assert Flow.objects.filter(community=town.wenxing).count() == 1
    assert total(town.wenxing) == sums(town)
    award(town.li, 5)
    assert total(town.wenxing)["outstanding"] == 285
    assert flows(town) == {("award", "issuer", "wallet", town.wenxing.pk): 285}


def test_every_kind_of_entry_adds_up_folded_or_not(town: World) -> None:
    spent = charged(town, town.wang, 30, relief=20, provider=town.yongan)
    charged(town, town.zhao, 50)
    taken_back(town, spent)
    taken_back(town, first_award(town.zhao))
    award(town.zhao, 10)  # pays what is owed
    call("SELECT points_expire(%s, %s, 1000)", day(2028, 1, 5), town.system.pk)
    before, seen = total(town.wenxing), flows(town)
    assert before == sums(town)
    assert {seen[key] for key in seen if "relief" in key[1:3]} == {20}
    assert {key[3] for key in seen if "relief" in key[1:3]} == {town.yongan.pk}
    folded_through(NOON)
    assert total(town.wenxing) == before
    assert flows(town) == seen


def test_folding_twice_changes_nothing(town: World) -> None:
    charged(town, town.wang, 30)
    folded_through(NOON)
    before = total(town.wenxing), flows(town), Flow.objects.count(), Snapshot.objects.count()
    for _ in range(3):
        assert fold(at=NOON) == 0
    assert (total(town.wenxing), flows(town), Flow.objects.count(), Snapshot.objects.count()) == before


def test_a_fold_says_how_many_postings_it_took(town: World) -> None:
    folded_through(NOON)
    for _ in range(4):
        award(town.li, 5)
    end, found = time.monotonic() + PATIENCE, 0
    while found < 4 and time.monotonic() < end:
        found += fold(at=NOON)
    assert found == 4


def test_nothing_of_a_running_transaction_is_folded_nor_lost(town: World) -> None:
    """Ids are drawn in one order and committed in another: the entry with the lower number is committed last."""
    folded_through(NOON)
    with transaction.atomic():
        early = award(town.li, 5)
        late = in_background(lambda: [award(town.wang, 100), award(town.wang, 10)])()
        assert isinstance(late, list)
        assert early < min(late)
        in_background(lambda: fold(at=NOON))()
        assert in_background(lambda: total(town.wenxing))() == {
            **total(town.wenxing),
            "issued": 390,
            "outstanding": 390,
        }
        assert total(town.wenxing)["issued"] == 395
    assert total(town.wenxing) == sums(town)
    folded_through(NOON)
    assert total(town.wenxing) == sums(town)
    assert Flow.objects.get(community=town.wenxing).amount == 395


def test_a_fold_inside_a_transaction_leaves_what_that_one_booked(town: World) -> None:
    with transaction.atomic():
        award(town.li, 5)
        fold(at=NOON)
        assert total(town.wenxing) == sums(town)
    folded_through(NOON)
    assert total(town.wenxing) == sums(town)


def test_two_folds_at_once_fold_once(town: World) -> None:
    for _ in range(5):
        award(town.li, 5)
    with transaction.atomic():
        fold(at=NOON)
        assert in_background(lambda: fold(at=NOON))() == 0
    folded_through(NOON)
    assert total(town.wenxing) == sums(town)


def test_each_day_keeps_its_snapshot_as_it_was_at_its_end(town: World) -> None:
    folded_through(NOON)
    award(town.li, 5)
    folded_through(NOON + timedelta(hours=11))
    award(town.li, 7)
    folded_through(NOON + timedelta(hours=12))  # midnight in Shanghai
    kept = Snapshot.objects.filter(community=town.wenxing).order_by("day").values_list("day", "issued")
    assert list(kept) == [(clock.local(NOON).date(), 285), (clock.local(NOON).date() + timedelta(days=1), 292)]
    assert total(town.wenxing)["issued"] == 292


def test_a_fold_with_a_clock_that_was_wrong_for_once_loses_nothing(town: World) -> None:
    folded_through(NOON + timedelta(days=3))
    award(town.li, 5)
    folded_through(NOON)
    assert dict(Snapshot.objects.filter(community=town.wenxing).values_list("day", "issued")) == {
        clock.local(NOON + timedelta(days=3)).date(): 280, clock.local(NOON).date(): 285,
    }  # fmt: skip
    assert total(town.wenxing) == sums(town)


def test_what_is_booked_for_a_former_day_is_added_to_that_day(town: World) -> None:
    folded_through(NOON)
    award(town.li, 5, at=day(2025, 5, 1))
    folded_through(NOON)
    assert Flow.objects.get(day=clock.local(day(2025, 5, 1)).date()).amount == 5
    assert total(town.wenxing) == sums(town)


def test_a_community_without_entries_has_noughts_and_gets_its_snapshot(town: World) -> None:
    assert set(total(town.hualin).values()) == {0}
    folded_through(NOON)
    assert Snapshot.objects.get(community=town.hualin).issued == 0
    award(cast.resident(town.hualin, "远方"), 9)
    assert total(town.hualin)["outstanding"] == 9


@pytest.mark.parametrize("at", ["NULL", "'infinity'", "'-infinity'", "'2100-01-01Z'"])
def test_a_fold_has_a_moment_of_this_century(town: World, at: str) -> None:
    """A snapshot of the last day of all would be the newest for ever."""
    with pytest.raises(Exception, match="of this century") as error:
        call(f"SELECT points_fold({at})")
    assert error.value.__cause__.sqlstate == "PB007"  # type: ignore[union-attr]
