"""A row is delivered once, by day, and only while it is of use."""

import logging
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection

from communities.models import Resident
from core import clock
from notifications import delivery, outbox
from notifications.models import Message
from tests.world import World

pytestmark = pytest.mark.django_db
Channel, State = Message.Channel, Message.State
NOON = clock.at(clock.today() + timedelta(days=3), time(12))
NIGHT = clock.at(clock.today() + timedelta(days=3), time(22))
MORNING = clock.at(clock.today() + timedelta(days=4), time(8, 30))


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def told(resident: Resident, channel: Channel = Channel.SMS, until: datetime | None = None) -> Message:
    row = outbox.message("class:1", outbox.Words("上课提醒", "明天上课"), channel, resident=resident, until=until)
    row.save()
    return row


def delivered(row: Message) -> str:
    delivery.deliver(row.pk)
    row.refresh_from_db()
    return row.state


def rings(caplog: pytest.LogCaptureFixture) -> int:
    return sum("短信" in record.getMessage() for record in caplog.records)


def test_a_short_message_goes_out_by_day(
    world: World, frozen: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    row = told(world.wang)
    assert (delivered(row), row.sent_at, rings(caplog)) == (State.SENT, NOON, 1)


def test_at_night_a_short_message_waits_for_the_morning_and_loses_no_try(
    world: World, frozen: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    row = told(world.wang)
    frozen.move_to(NIGHT)
    assert (delivered(row), row.due_at, row.tries, rings(caplog)) == (State.WAITING, MORNING, 0, 0)
    assert delivery.due() == []
    frozen.move_to(MORNING)
    assert delivery.due() == [row.pk]
    assert (delivered(row), rings(caplog)) == (State.SENT, 1)


def test_the_inbox_is_filled_at_night_too(world: World, frozen: time_machine.Traveller) -> None:
    row = told(world.wang, Channel.INBOX)
    frozen.move_to(NIGHT)
    assert delivered(row) == State.SENT


@pytest.mark.parametrize("channel", list(Channel))
def test_what_comes_too_late_is_not_sent(
    world: World, frozen: time_machine.Traveller, caplog: pytest.LogCaptureFixture, channel: Channel
) -> None:
    caplog.set_level(logging.INFO)
    row = told(world.wang, channel, until=NOON + timedelta(hours=1))
    frozen.move_to(NOON + timedelta(hours=1))
    assert (delivered(row), row.sent_at, rings(caplog)) == (State.FAILED, None, 0)
    assert delivery.due() == []


def test_what_is_just_in_time_is_sent(world: World, frozen: time_machine.Traveller) -> None:
    row = told(world.wang, until=NOON + timedelta(hours=1))
    frozen.move_to(NOON + timedelta(minutes=59))
    assert delivered(row) == State.SENT


def test_a_row_whose_worker_was_lost_comes_back_after_five_minutes(
    world: World, frozen: time_machine.Traveller
) -> None:
    row = told(world.wang)
    Message.objects.filter(pk=row.pk).update(state=State.SENDING, taken_at=NOON)
    assert delivery.due() == []
    frozen.move_to(NOON + timedelta(minutes=5, seconds=1))
    assert delivery.due() == [row.pk]
    assert delivered(row) == State.SENT


class Unreachable:
    """A provider that cannot be reached."""

    def send(self, *, phone: str, text: str) -> None:
        raise ConnectionError("no route")


def test_a_provider_that_is_away_is_tried_again_later_and_five_times_at_most(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Unreachable"
    row = told(world.wang)
    seen = []
    for _ in range(delivery.TRIES):
        seen.append(delivered(row))
        frozen.move_to(row.due_at)
    assert seen == [State.WAITING] * 4 + [State.FAILED]
    assert row.tries == 5
    assert delivery.due() == []


class Broken:
    """A provider's driver with a fault that nobody foresaw."""

    def send(self, *, phone: str, text: str) -> None:
        raise KeyError("result")


class Slow:
    """So slow that the row was given to somebody else, who sent it."""

    def send(self, *, phone: str, text: str) -> None:
        Message.objects.update(state=State.SENT, sent_at=NOON)
        raise TimeoutError


def test_a_message_that_breaks_its_worker_is_given_up_after_five_times(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Broken"
    row = told(world.wang)
    for _ in range(delivery.TRIES):
        assert delivery.due() == [row.pk]
        with pytest.raises(KeyError):
            delivery.deliver(row.pk)
        frozen.shift(delivery.LOST_AFTER + timedelta(seconds=1))
    assert delivery.due() == []
    row.refresh_from_db()
    assert (row.state, row.tries) == (State.FAILED, 5)


def test_who_was_too_slow_does_not_undo_what_somebody_else_sent(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Slow"
    assert delivered(told(world.wang)) == State.SENT


def test_a_short_message_to_somebody_without_a_phone_was_not_sent(world: World, frozen: time_machine.Traveller) -> None:
    row = told(world.zhao)
    assert (delivered(row), row.sent_at) == (State.FAILED, None)


@pytest.mark.django_db(transaction=True)
def test_doubled_tasks_send_once(
    world: World, frozen: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    row = told(world.wang)
    barrier, answers = Barrier(6), []

    def run() -> None:
        barrier.wait()
        answers.append(delivery.deliver(row.pk))
        connection.close()

    threads = [Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert sorted(answers) == [False] * 5 + [True]
    assert (row.state, row.tries, rings(caplog)) == (State.SENT, 1, 1)
