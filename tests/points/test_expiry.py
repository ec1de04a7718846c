"""The sweep: what has passed its Shanghai day leaves the wallet as an entry, once, and not a minute before."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from communities.models import User
from points import ledger, statement
from points.ledger import Expired
from points.models import Account, Draw, Entry, Lot, Month, Posting
from tests import world as cast
from tests.books import breaches, refuses
from tests.points.deeds import charged, day, lots, taken_back
from tests.races.together import at_once
from tests.world import World, award, build

pytestmark = pytest.mark.django_db
NOW = day(2026, 11, 20)
LAST = datetime(2027, 12, 31, 15, 59, 59, 999999, tzinfo=UTC)  # the last moment of 31 December in Shanghai
AFTER = LAST + timedelta(microseconds=1)
JANUARY = date(2028, 1, 1)


@pytest.fixture(autouse=True)
def _books_are_sound(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
        assert breaches() == []


def sweep(world: World, at: datetime = AFTER, limit: int = 1000) -> Expired:
    return ledger.expire(by=world.system, limit=limit, at=at)


def test_nothing_expires_on_its_last_day_and_all_at_midnight_in_shanghai(world: World) -> None:
    assert sweep(world, LAST) == (0, 0)
    assert sweep(world, AFTER) == (3, 380)
    assert Account.objects.get(resident=world.wang).balance == 0


def test_what_is_swept_is_swept_once(world: World) -> None:
    sweep(world)
    entries = Entry.objects.count()
    assert sweep(world) == sweep(world, AFTER + timedelta(days=1)) == (0, 0)
    assert Entry.objects.count() == entries


def test_several_lots_of_a_person_are_one_entry_with_one_posting(world: World) -> None:
    award(world.wang, 20)
    award(world.wang, 7, at=day(2025, 5, 1))
    charged(world, world.wang, 10)
    assert sweep(world) == (3, 397)
    posting = Posting.objects.get(entry__kind="expiry", source__resident=world.wang)
    assert (posting.amount, posting.source_balance, posting.destination.kind) == (97, 0, "expired")
    assert posting.entry.reason == "积分到期"
    assert sorted(Draw.objects.filter(posting=posting).values_list("amount", flat=True)) == [20, 77]
    assert lots(world.wang) == [(80, 0), (20, 0), (7, 0)]


def test_what_lasts_longer_stays(world: World) -> None:
    with time_machine.travel(day(2027, 5, 1), tick=False):
        award(world.wang, 20)
    sweep(world)
    assert lots(world.wang) == [(80, 0), (20, 20)]
    assert statement.available(world.wang, at=AFTER) == 20


def test_each_persons_community_books_its_own(world: World) -> None:
    sweep(world)
    found = Posting.objects.filter(entry__kind="expiry").values_list(
        "entry__community", "destination__community", "amount"
    )
    assert sorted(found) == sorted([
        (world.wenxing.pk, world.wenxing.pk, 80), (world.wenxing.pk, world.wenxing.pk, 200),
        (world.yongan.pk, world.yongan.pk, 100),
    ])  # fmt: skip


def test_the_month_of_the_expiry_says_what_was_lost(world: World) -> None:
    sweep(world)
    found = Month.objects.get(wallet__resident=world.wang, month=JANUARY)
    assert (found.earned, found.spent, found.expired) == (0, 0, 80)
    assert Month.objects.get(wallet__resident=world.wang, month=date(2026, 11, 1)).earned == 80


def test_batches_end_with_the_last_and_whoever_is_in_one_is_done_with(world: World) -> None:
    award(world.wang, 20)
    award(world.zhao, 20)
    found = []
    while (swept := sweep(world, limit=2)).people:
        found.append(swept)
        assert len(found) < 5
    assert sum(people for people, _ in found) == 3
    assert sum(points for _, points in found) == 420
    assert len(found) > 1
    assert Entry.objects.filter(kind="expiry").count() == 3


def test_the_oldest_go_first(world: World) -> None:
    award(world.zhou, 3, at=day(2025, 5, 1))
    assert sweep(world, limit=1) == (1, 103)
    assert Lot.objects.filter(wallet__resident=world.zhou, remaining__gt=0).count() == 0


def test_an_expiry_is_given_back_with_a_grace_and_swept_again_after_it(world: World) -> None:
    sweep(world)
    mercy = Entry.objects.get(kind="expiry", postings__source__resident=world.wang)
    taken_back(world, mercy.pk, at=AFTER)
    assert statement.available(world.wang, at=AFTER + timedelta(days=30)) == 80
    assert Month.objects.get(wallet__resident=world.wang, month=JANUARY).expired == 0
    assert sweep(world, AFTER + timedelta(days=30)) == (0, 0)
    assert sweep(world, AFTER + timedelta(days=31)) == (1, 80)


def test_points_that_nobody_earned_do_not_expire(world: World) -> None:
    charged(world, world.wang, 80)
    assert sweep(world) == (2, 300)


@pytest.mark.parametrize("at", [datetime(2027, 12, 31, 12), datetime(2100, 1, 1, tzinfo=UTC)])  # noqa: DTZ001
def test_a_sweep_has_a_moment_and_an_author(world: World, at: datetime) -> None:
    with refuses(ledger.BadMoment):
        sweep(world, at)
    with refuses(ledger.UnknownAccount):
        ledger.expire(by=User(pk=10**9), limit=10, at=AFTER)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_take_each_lot_once() -> None:
    world = build()
    for number in range(12):
        award(cast.resident(world.wenxing, f"居民{number}"), 10)
    answers = at_once([lambda: sweep(world, limit=4)] * 6)
    while (rest := sweep(world)).people:
        answers.append(rest)
    assert all(isinstance(answer, Expired) for answer in answers), answers
    assert sum(answer.points for answer in answers if isinstance(answer, Expired)) == 500
    assert Entry.objects.filter(kind="expiry").count() == 15
