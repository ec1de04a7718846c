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
from communities.sending import Answer, Fate, Outgoing, Receipt
from core import clock
from notifications import delivery, outbox
from notifications.models import Message
from tests.communities import phonebox
from tests.world import World

pytestmark = pytest.mark.django_db
Channel, State = Message.Channel, Message.State
TEN = clock.at(clock.today() + timedelta(days=3), time(10))
NIGHT = clock.at(clock.today() + timedelta(days=3), time(22))
MORNING = clock.at(clock.today() + timedelta(days=4), time(8, 30))


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


def told(resident: Resident, channel: Channel = Channel.SMS, until: datetime | None = None) -> Message:
    row = outbox.message("class:1", outbox.Words("上课提醒", "明天上课"), channel, resident=resident, until=until)
    row.save()
    return row


def delivered(row: Message) -> str:
    while delivery.run():  # again as long as there is more, as the task does
        pass
    row.refresh_from_db()
    return row.state


def due() -> list[int]:
    return list(Message.objects.due(clock.now()).values_list("pk", flat=True))


def rings(caplog: pytest.LogCaptureFixture) -> int:
    return sum("短信" in record.getMessage() for record in caplog.records)


def test_a_short_message_goes_out_by_day(
    world: World, frozen: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    row = told(world.wang)
    assert (delivered(row), row.sent_at, rings(caplog)) == (State.SENT, TEN, 1)


def test_at_night_a_short_message_waits_for_the_morning_and_loses_no_try(
    world: World, frozen: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    row = told(world.wang)
    frozen.move_to(NIGHT)
    assert (delivered(row), row.due_at, row.tries, rings(caplog)) == (State.WAITING, MORNING, 0, 0)
    assert due() == []
    frozen.move_to(MORNING)
    assert due() == [row.pk]
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
    row = told(world.wang, channel, until=TEN + timedelta(hours=1))
    frozen.move_to(TEN + timedelta(hours=1))
    assert (delivered(row), row.sent_at, rings(caplog)) == (State.LAPSED, None, 0)
    assert due() == []


def test_what_is_just_in_time_is_sent(world: World, frozen: time_machine.Traveller) -> None:
    row = told(world.wang, until=TEN + timedelta(hours=1))
    frozen.move_to(TEN + timedelta(minutes=59))
    assert delivered(row) == State.SENT


def test_a_row_whose_worker_was_lost_comes_back_after_five_minutes(
    world: World, frozen: time_machine.Traveller
) -> None:
    row = told(world.wang)
    Message.objects.filter(pk=row.pk).update(state=State.SENDING, taken_at=TEN, tries=1)
    assert delivered(row) == State.SENDING
    frozen.move_to(TEN + timedelta(minutes=5, seconds=1))
    assert (delivered(row), row.tries) == (State.SENT, 2)


def test_a_provider_that_is_away_is_tried_again_for_a_day(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = "tests.communities.phonebox.Away"
    row = outbox.message("care-alarm:1", outbox.Words("孩子还没有接走", "请马上来接"), Channel.SMS, resident=world.wang)
    row.save()
    waits = []
    while delivered(row) == State.WAITING:
        waits.append((row.due_at - clock.now()) // timedelta(minutes=1))
        frozen.move_to(row.due_at)
    assert (waits[:5], set(waits[5:]), len(waits)) == ([2, 4, 8, 15, 15], {15}, delivery.AWAY_TRIES - 1)
    assert (row.state, row.fault, due()) == (State.FAILED, "no route to host", [])
    assert clock.now() - TEN > timedelta(hours=24)


class Broken(phonebox.Away):
    """A provider's driver with a fault that nobody foresaw."""

    def send(self, out: Outgoing) -> Receipt:
        raise KeyError("result")


class Slow(phonebox.Away):
    """So slow that the row was given to somebody else, who sent it."""

    def send(self, out: Outgoing) -> Receipt:
        Message.objects.update(state=State.SENT, sent_at=TEN)
        return Receipt(Fate.LATER, fault="too slow")


class Full(phonebox.PhoneBox):
    """A number that had enough for today."""

    def send(self, out: Outgoing) -> Receipt:
        if out.address == "13812346021":
            return Receipt(Fate.LATER, fault="limit", wait=timedelta(hours=3))
        return super().send(out)


class Never(phonebox.Away):
    def send(self, out: Outgoing) -> Receipt:
        return Receipt(Fate.REFUSED, fault="空号")


class Silent(phonebox.Cut):
    """It took the message, and answers no question."""

    def ask(self, number: str) -> Answer:
        return Answer.AWAY


class Breaks(phonebox.Cut):
    def ask(self, number: str) -> Answer:
        raise RecursionError


class Forgetful(phonebox.Cut):
    """It cannot be asked."""


class Remembers(phonebox.Cut):
    def ask(self, number: str) -> Answer:
        return Answer.ACCEPTED


class NeverHeard(phonebox.Cut):
    """The line was cut before it took anything."""

    def send(self, out: Outgoing) -> Receipt:
        return Receipt(Fate.UNKNOWN, fault="timed out")

    def ask(self, number: str) -> Answer:
        return Answer.NEVER_SEEN


@pytest.fixture
def sent() -> Iterator[list[tuple[str, str]]]:
    phonebox.SENT.clear()
    yield phonebox.SENT
    phonebox.SENT.clear()


def test_a_message_that_breaks_its_worker_is_given_up_after_five_times(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Broken"
    row = told(world.wang)
    for _ in range(2 * delivery.TRIES):
        delivery.run()
        frozen.shift(delivery.LOST_AFTER + timedelta(seconds=1))
    assert delivered(row) == State.FAILED
    assert (due(), row.tries, row.fault) == ([], 5, delivery.GIVEN_UP)


def test_a_provider_that_breaks_keeps_no_inbox_waiting(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Broken"
    row, ringing = told(world.wang, Channel.INBOX), told(world.zhou)
    delivery.run()
    row.refresh_from_db()
    ringing.refresh_from_db()
    assert (row.state, ringing.state, ringing.fault) == (State.SENT, State.SENDING, delivery.BROKE)


def test_who_was_too_slow_does_not_undo_what_somebody_else_sent(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Slow"
    assert delivered(told(world.wang)) == State.SENT


def test_a_number_that_had_enough_keeps_nobody_else_waiting(
    world: World, frozen: time_machine.Traveller, settings: Any, sent: list[tuple[str, str]]
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Full"
    full, other = told(world.wang), told(world.zhou)
    assert delivered(full) == State.WAITING
    other.refresh_from_db()
    assert (full.due_at, other.state, len(sent)) == (TEN + timedelta(hours=3), State.SENT, 1)


def test_what_the_provider_refuses_is_not_tried_again(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Never"
    row = told(world.wang)
    assert (delivered(row), row.fault, row.tries) == (State.FAILED, "空号", 1)


@pytest.mark.parametrize(
    ("driver", "state", "rang"),
    [("Forgetful", State.UNCLEAR, 1), ("Remembers", State.SENT, 1), ("NeverHeard", State.SENDING, 0)],
)
def test_what_nobody_knows_is_asked_for_and_never_sent_blindly(
    world: World, frozen: time_machine.Traveller, settings: Any, sent: list[tuple[str, str]],
    driver: str, state: str, rang: int,
) -> None:  # fmt: skip
    settings.SMS_DRIVER = f"{__name__}.{driver}"
    row = told(world.wang)
    assert delivered(row) == State.SENDING
    for _ in range(3):
        frozen.shift(delivery.LOST_AFTER + timedelta(seconds=1))
        delivered(row)
    assert (row.state, len(sent)) == (state, rang)
    assert row.tries == (4 if driver == "NeverHeard" else 1)


@pytest.mark.parametrize("driver", ["Silent", "Breaks"])
def test_who_does_not_answer_is_asked_again_for_a_day(
    world: World, frozen: time_machine.Traveller, settings: Any, sent: list[tuple[str, str]], driver: str
) -> None:
    settings.SMS_DRIVER = f"{__name__}.{driver}"
    row = told(world.wang)
    delivery.run()
    for _ in range(3):
        frozen.shift(timedelta(hours=7))
        assert delivered(row) == State.SENDING
    assert delivery.take_lost() is None  # once in five minutes, by one alone
    frozen.shift(timedelta(hours=4))
    assert (delivered(row), len(sent)) == (State.UNCLEAR, 1)


def test_who_carries_what_is_urgent_asks_for_nothing(
    world: World, frozen: time_machine.Traveller, settings: Any
) -> None:
    settings.SMS_DRIVER = f"{__name__}.Remembers"
    row = told(world.wang)
    delivery.run()
    frozen.shift(delivery.LOST_AFTER + timedelta(seconds=1))
    delivery.run(urgent=True)
    row.refresh_from_db()
    assert row.state == State.SENDING


@pytest.mark.parametrize("state", [State.WAITING, State.SENDING, State.UNCLEAR, State.FAILED])
def test_what_is_taken_back_is_never_sent_and_may_be_told_anew(
    world: World, frozen: time_machine.Traveller, settings: Any, sent: list[tuple[str, str]], state: str
) -> None:
    settings.SMS_DRIVER = f"{__name__}.NeverHeard"
    row = told(world.wang)
    Message.objects.filter(pk=row.pk).update(state=state, taken_at=None if state == State.WAITING else TEN)
    assert outbox.recall(resident=world.wang, occasions=["class:1"]) == (state == State.WAITING)
    frozen.shift(delivery.LOST_AFTER + timedelta(seconds=1))
    delivery.run()
    assert {one.state for one in Message.objects.filter(pk=row.pk)} <= {State.LAPSED, State.UNCLEAR, State.FAILED}
    assert sent == []
    told(world.wang)
    assert Message.objects.filter(resident=world.wang, occasion="class:1", state=State.WAITING).count() == 1


def test_a_clock_that_was_put_back_silences_no_alarm(world: World, frozen: time_machine.Traveller) -> None:
    rows = [
        outbox.message("care-alarm:1", outbox.Words("孩子还没有接走", "请马上来接"), channel, resident=world.wang)
        for channel in (Channel.INBOX, Channel.SMS)
    ]
    outbox.tell_many(rows)
    frozen.shift(-timedelta(minutes=10))
    delivery.run(urgent=True)
    assert set(Message.objects.filter(occasion="care-alarm:1").values_list("state", flat=True)) == {State.SENT}


def test_an_alarm_rings_at_night_and_what_is_urgent_at_noon(
    world: World, frozen: time_machine.Traveller, settings: Any, sent: list[tuple[str, str]]
) -> None:
    settings.SMS_DRIVER = "tests.communities.phonebox.PhoneBox"
    for occasion in ("session:1:reminder", "course:1:changed", "care-alarm:1"):
        outbox.message(occasion, outbox.Words("通知", "内容"), Channel.SMS, resident=world.wang).save()
    frozen.move_to(NIGHT)
    delivery.run(urgent=True)
    assert len(sent) == 1
    frozen.move_to(clock.at(clock.today() + timedelta(days=1), time(13)))
    delivery.run()
    assert len(sent) == 2
    frozen.move_to(clock.at(clock.today(), time(14)))
    delivery.run()
    assert len(sent) == 3


def test_the_urgent_relay_leaves_the_rest_to_the_other(world: World, frozen: time_machine.Traveller) -> None:
    row = told(world.wang, Channel.INBOX)
    delivery.run(urgent=True)
    row.refresh_from_db()
    assert row.state == State.WAITING


def test_the_kind_is_the_occasion_without_its_numbers(world: World) -> None:
    row = outbox.message("care-staff:5:2026-11-30:due:30", outbox.Words("a", "b"), Channel.INBOX, resident=world.wang)
    row.save()
    row.refresh_from_db()
    assert row.kind == "care-staff:due"


def test_a_short_message_to_somebody_without_a_phone_was_not_sent(world: World, frozen: time_machine.Traveller) -> None:
    row = told(world.zhao)
    assert (delivered(row), row.sent_at) == (State.FAILED, None)


@pytest.mark.django_db(transaction=True)
def test_doubled_tasks_send_once(
    world: World, frozen: time_machine.Traveller, settings: Any, sent: list[tuple[str, str]]
) -> None:
    settings.SMS_DRIVER = "tests.communities.phonebox.PhoneBox"
    rows = [told(world.wang), told(world.zhou), told(world.wang, Channel.INBOX)]
    barrier = Barrier(6)

    def run() -> None:
        barrier.wait()
        delivery.run()
        connection.close()

    threads = [Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = Message.objects.filter(pk__in=[row.pk for row in rows])
    assert {(row.state, row.tries) for row in found} == {(State.SENT, 1)}
    assert len(sent) == 2
