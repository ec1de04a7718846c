"""Telling people: a row in the caller's transaction; the commit only wakes the relay, beat finds what it missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerDown

from communities.models import Resident, User
from core import clock
from notifications.models import Message

Channel = Message.Channel
BATCH = 500
WAKE_EVERY = 1.0
STALE = 60  # seconds after which a call of the relay is dropped: beat has made newer ones
_woken = 0.0


@dataclass(frozen=True)
class Words:
    """What a message says; `link` is a path of this site. Never a hardship word, a child's name, a full phone."""

    title: str
    body: str
    link: str = ""


def tell(
    *, occasion: str, words: Words, resident: Resident | None = None, staff: User | None = None,
    channels: Iterable[Channel] = (Channel.INBOX,), due_at: datetime | None = None,
) -> None:  # fmt: skip
    """Write one row per channel for `resident` or `staff`; a second call for the same occasion writes nothing."""
    rows = [message(occasion, words, channel, resident=resident, staff=staff, due_at=due_at) for channel in channels]
    tell_many(rows)


def message(
    occasion: str, words: Words, channel: Channel, *, resident: Resident | None = None, staff: User | None = None,
    due_at: datetime | None = None, until: datetime | None = None,
) -> Message:  # fmt: skip
    """An unsaved row for `tell_many`; after `until` it is of no use to anybody and is not sent."""
    return Message(
        resident=resident, staff=staff, occasion=occasion, channel=channel,
        title=words.title, body=words.body, link=words.link, due_at=due_at or clock.now(), until=until,
    )  # fmt: skip


def tell_many(rows: Iterable[Message]) -> None:
    """Write many rows at once; those already written for the same person, occasion and channel are left alone."""
    Message.objects.bulk_create(list(rows), ignore_conflicts=True, batch_size=BATCH)
    told()


def recall(*, resident: Resident, occasions: Iterable[str]) -> int:
    """Take back what is no longer true and was not sent yet; how many rows that were. The occasion may come again."""
    waiting = Message.objects.filter(resident=resident, occasion__in=list(occasions), state=Message.State.WAITING)
    return waiting.delete()[0]


def told() -> None:
    """After writing rows: when they are committed, wake the relay."""
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Ask a worker to look at the outbox now, once a second at most: in a rush one look finds all.

    If the broker is away or this second is taken, beat's sweep finds the rows all the same.
    """
    global _woken
    moment = monotonic()
    if moment - _woken < WAKE_EVERY:
        return
    _woken = moment
    try:
        current_app.send_task("notifications.tasks.relay", expires=STALE, ignore_result=True, retry=False)
    except BrokerDown:
        return
