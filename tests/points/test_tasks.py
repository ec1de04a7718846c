"""The books' jobs on a real worker and a real broker: doubled or killed, everything is booked and told once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from communities.models import Household, Resident
from config.celery import app
from core import clock
from notifications.models import Message
from points import expiring, ledger
from points.models import BookCheck, Entry, Lot, Snapshot
from tests import world as cast
from tests.books import breaches
from tests.database import as_owner
from tests.worker import Worker, wait_until
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
FOLD, SWEEP, REMIND, CHECK = (f"points.tasks.{name}" for name in ("fold", "sweep", "remind", "check"))
LONG_AGO = timedelta(days=760)  # what was earned then expired at the end of last year at the latest


def beat(*names: str) -> None:
    """What beat does when a moment of its schedule has come."""
    for name in names:
        app.send_task(name, ignore_result=True)


def expiries() -> int:
    return Entry.objects.filter(kind="expiry").count()


def crowd(world: World, number: int) -> None:
    """So many neighbours whose points have expired."""
    ago = clock.now() - LONG_AGO
    people = Resident.objects.bulk_create(
        Resident(
            community=world.wenxing, household=Household.objects.create(community=world.wenxing), name=f"邻居{n}",
            status=Resident.Status.CONFIRMED, decided_at=ago,
        )
        for n in range(number)
    )  # fmt: skip
    price = cast.exactly(10, clock.local(ago).date())
    awards = [ledger.Award(f"crowd:{one.pk}", one, price) for one in people]
    ledger.award_many(awards=awards, by=world.system, reason="志愿服务", at=ago)


@contextmanager
def held(wallet: int) -> Iterator[None]:
    """Nobody else can book on this wallet meanwhile."""
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM points_account WHERE id = %s FOR UPDATE", [wallet])
        yield


@pytest.mark.heavy
def test_doubled_sweeps_of_two_workers_expire_everything_once(
    world: World, start_worker: Callable[..., Worker]
) -> None:
    crowd(world, 30)
    for name in ("one", "two"):
        start_worker(name)
    beat(SWEEP, SWEEP, SWEEP, SWEEP)
    wait_until(lambda: "all" if expiries() == 30 else "", lambda: str(expiries()))
    assert not Lot.objects.filter(remaining__gt=0, expires_on__lt=clock.today()).exists()
    assert Lot.objects.filter(remaining__gt=0).count() == 3  # the cast's
    assert breaches() == []


@pytest.mark.heavy
def test_a_sweep_killed_between_two_batches_is_finished_by_the_next(
    world: World, start_worker: Callable[..., Worker]
) -> None:
    crowd(world, expiring.LOTS + 20)
    last = Lot.objects.filter(expires_on__lt=clock.today()).latest("wallet").wallet_id
    worker = start_worker("doomed")
    with held(last):
        beat(SWEEP)
        wait_until(lambda: "some" if expiries() == expiring.LOTS else "", worker.said)
        worker.kill()
    assert expiries() == expiring.LOTS
    start_worker("heir")
    beat(SWEEP)
    wait_until(lambda: "all" if expiries() == expiring.LOTS + 20 else "", lambda: str(expiries()))
    assert breaches() == []


def test_doubled_reminders_tell_everybody_once(world: World, start_worker: Callable[..., Worker]) -> None:
    """A refund of expired points can be spent for thirty days more, whatever the day on which this test runs."""
    ago = clock.now() - LONG_AGO
    cast.award(world.li, 50, at=ago)
    bought = ledger.charge(
        key="old", resident=world.li, amount=50, provider=world.wenxing, by=world.system, reason="课", at=ago
    )
    ledger.reverse(key="old-back", entry=bought, by=world.system, reason="停课")
    for name in ("one", "two"):
        start_worker(name)
    beat(REMIND, REMIND, REMIND, REMIND)
    occasion = f"points-expiry:{clock.today() + timedelta(days=30)}:30"
    wait_until(lambda: "told" if Message.objects.filter(occasion=occasion).count() == 2 else "")
    beat(REMIND, FOLD)
    wait_until(lambda: "folded" if Snapshot.objects.exists() else "")
    rows = Message.objects.filter(resident=world.li, occasion__startswith="points-expiry:").order_by("channel")
    assert [(row.occasion, row.channel) for row in rows] == [(occasion, "inbox"), (occasion, "sms")]
    assert "50积分" in rows[0].body


def test_the_nightly_jobs_run_on_a_worker(world: World, celery_worker: Worker) -> None:
    beat(CHECK, FOLD)
    wait_until(lambda: "done" if BookCheck.objects.exists() and Snapshot.objects.exists() else "", celery_worker.said)
    assert BookCheck.objects.get().breaches == 0


def test_when_beat_asks_for_them() -> None:
    schedule = {entry["task"]: entry for entry in app.conf.beat_schedule.values()}
    assert schedule[FOLD]["schedule"] <= 60 and schedule[FOLD]["options"]["expires"] <= 60
    hourly, nightly = schedule[SWEEP]["schedule"], schedule[CHECK]["schedule"]
    assert (hourly.hour, hourly.minute) == (set(range(24)), {5})  # soon after midnight, and a missed night heals
    assert len(schedule[REMIND]["schedule"].hour) == 24
    assert (len(nightly.hour), len(nightly.minute)) == (1, 1) and max(nightly.hour) < 6
    assert app.conf.timezone == "Asia/Shanghai"
    app.loader.import_default_modules()
    assert {FOLD, SWEEP, REMIND, CHECK} <= set(app.tasks)
