"""The reminder on a real worker and a real broker: doubled, killed, cut off, everybody is told once all the same."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from redis import Redis

from config.celery import app
from core import clock
from notifications import outbox, quiet
from notifications.delivery import BATCH
from notifications.models import Message
from tests import world as cast
from tests.database import url_of_test_database
from tests.worker import Worker, wait_until
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
REMIND, RELAY, URGENT = "nightschool.tasks.remind", outbox.RELAY, outbox.URGENT_RELAY
State = Message.State


@pytest.fixture
def tomorrow(world: World) -> World:
    """王秀兰 and 周海涛, who have phones, have a class in 23 hours."""
    starts = clock.now() + timedelta(hours=23)
    cast.seated(cast.course(world.wenxing, starts_at=starts, closes_at=starts), world.wang, world.zhou)
    Message.objects.all().delete()
    return world


def reminders(**fields: str) -> list[Message]:
    return list(Message.objects.filter(occasion__endswith=":reminder", **fields).order_by("pk"))


def beat(*names: str) -> None:
    """What beat does when a moment of its schedule has come."""
    for name in names:
        app.send_task(name, ignore_result=True)


def morning_comes() -> None:
    """Run at night, this test does not wait until 08:30."""
    Message.objects.update(due_at=clock.now())


def inbox_is_delivered() -> str:
    rows = reminders(channel="inbox")
    return "all" if rows and all(row.state == State.SENT for row in rows) else ""


def explain() -> str:
    return str([(row.occasion, row.channel, row.state, row.tries) for row in reminders()])


def queued() -> str:
    return "" if any(broker().llen(name) for name in ("celery", "urgent", "bulk")) else "none"


def broker() -> Redis:
    """The broker of this run, spoken to directly."""
    address = urlsplit(settings.CELERY_BROKER_URL)
    number = int(parse_qs(address.query).get("virtual_host", ["0"])[0])
    return Redis(unix_socket_path=address.path, db=number)


def waits_for_a_lock() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = 'notifications_message'::regclass AND NOT granted"
        )
        return "yes" if cursor.fetchone()[0] else ""


def test_two_beats_and_doubled_tasks_tell_everybody_once(tomorrow: World, start_worker: Callable[..., Worker]) -> None:
    workers = [start_worker("one"), start_worker("two")]
    beat(REMIND, REMIND, REMIND, REMIND)
    wait_until(lambda: "four" if len(reminders()) == 4 else "", explain)
    wait_until(queued, explain)
    morning_comes()
    beat(*[RELAY, URGENT] * 5)
    wait_until(inbox_is_delivered, explain)
    wait_until(queued, explain)
    assert [(row.resident_id, row.tries) for row in reminders(channel="inbox")] == [
        (tomorrow.wang.pk, 1),
        (tomorrow.zhou.pk, 1),
    ]
    rang = sum(len(re.findall("短信.*上课", worker.said())) for worker in workers)
    assert rang == (2 if quiet.calm(clock.now()) <= clock.now() else 0)
    assert len(reminders()) == 4


@pytest.mark.heavy
def test_a_worker_killed_between_commit_and_publish_loses_nothing(
    tomorrow: World, start_worker: Callable[..., Worker]
) -> None:
    worker = start_worker("doomed")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE notifications_message IN SHARE MODE")
        beat(REMIND)
        wait_until(waits_for_a_lock, worker.said)
        client = broker()
        client.client_pause(8000, all=False)
    try:
        wait_until(lambda: "committed" if reminders() else "", worker.said)
        worker.kill()
        for _ in range(3):
            client.ping()  # each goes once round the broker's loop: it has seen the dead connection, and dropped what it held
    finally:
        client.client_unpause()
    assert queued(), "the wake-up was never published"
    assert {row.state for row in reminders()} == {State.WAITING}
    start_worker("heir")
    morning_comes()
    beat(RELAY)
    wait_until(inbox_is_delivered, explain)


SWEEP = """
import time
import django
django.setup()
from core import clock
from nightschool import reminders
started = time.monotonic()
print(reminders.remind(clock.now()), time.monotonic() - started < 5)
"""


@pytest.mark.heavy
def test_without_a_broker_at_the_commit_nothing_is_lost(tomorrow: World, start_worker: Callable[..., Worker]) -> None:
    surroundings = {
        **os.environ,
        "BROKER_URL": "redis+socket:///nowhere/valkey.sock",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url_of_test_database(),
    }
    done = subprocess.run(
        [sys.executable, "-c", SWEEP], env=surroundings, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["2", "True"]), done.stderr
    assert len(reminders(state=State.WAITING)) == 4
    start_worker()
    morning_comes()
    beat(RELAY)
    wait_until(inbox_is_delivered, explain)


def test_one_wake_up_brings_everything_however_much_is_due(world: World, start_worker: Callable[..., Worker]) -> None:
    """More than one batch: the rest does not wait for beat."""
    words = outbox.Words("通知", "停水")
    outbox.tell_many(
        outbox.message(f"water:{n}", words, Message.Channel.INBOX, resident=world.wang) for n in range(2 * BATCH + 30)
    )
    broker().flushdb()
    worker = start_worker()
    beat(RELAY)
    wait_until(lambda: "" if Message.objects.exclude(state=State.SENT).exists() else "all", worker.said)
    assert set(Message.objects.values_list("tries", flat=True)) == {1}


def test_while_no_worker_runs_beats_calls_go_out_of_date() -> None:
    """Else an hour of calls would be answered after it, each handing over the same rows again."""
    relay = next(entry for entry in app.conf.beat_schedule.values() if entry["task"] == RELAY)
    assert 5 < relay["options"]["expires"] <= 60


def test_beat_asks_for_reminders_and_for_what_is_due() -> None:
    schedule = app.conf.beat_schedule
    asked = {entry["task"]: entry["schedule"] for entry in schedule.values()}
    assert asked[REMIND] <= 60
    assert max(asked[RELAY], asked[URGENT]) <= 5
    app.loader.import_default_modules()
    assert {REMIND, RELAY, URGENT} <= set(app.tasks)
