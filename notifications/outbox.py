"""Telling people: a row in the caller's transaction; the commit only wakes the relay, beat finds what it missed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from celery import current_app
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from kombu.exceptions import OperationalError as BrokerDown

from communities.models import Resident, User
from core import clock
from notifications import kinds
from notifications.models import Message, MessageQuerySet

Channel = Message.Channel
State = Message.State
BATCH = 500
WAKE_EVERY = 1.0
STALE = 60  # seconds after which a call of the relay is dropped: beat has made newer ones
RELAY, URGENT_RELAY = "notifications.tasks.relay", "notifications.tasks.relay_urgent"
_woken: dict[str, float] = {}


@dataclass(frozen=True)
class Words:
    """What a message says; `link` is a path of this site. Never a hardship word, a child's name, a full phone.

    A short message also says by which `template` a provider sends it, and what `fields` it is filled with (templates.py)."""

    title: str
    body: str
    link: str = ""
    template: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def tell(
    *, occasion: str, words: Words, resident: Resident | None = None, staff: User | None = None,
    channels: Iterable[Channel] = (Channel.INBOX,), due_at: datetime | None = None,
) -> None:  # fmt: skip
    """Write one row per channel for `resident` or `staff`; a second call for the same occasion writes nothing."""
    tell_many(message(occasion, words, channel, resident=resident, staff=staff, due_at=due_at) for channel in channels)


def message(
    occasion: str, words: Words, channel: Channel, *, resident: Resident | None = None, staff: User | None = None,
    due_at: datetime | None = None, until: datetime | None = None,
) -> Message:  # fmt: skip
    """An unsaved row for `tell_many`; after `until` it is of no use to anybody and is not sent."""
    urgency = kinds.urgency_of(kinds.kind_of(occasion))
    return Message(
        resident=resident, staff=staff, occasion=occasion, channel=channel, urgency=urgency,
        title=words.title, body=words.body, link=words.link, due_at=due_at or clock.now(), until=until,
        template=words.template, fields=dict(words.fields),
    )  # fmt: skip


def tell_many(rows: Iterable[Message]) -> None:
    """Write many rows at once; those already written for the same person, occasion and channel are left alone."""
    written = list(rows)
    Message.objects.bulk_create(written, ignore_conflicts=True, batch_size=BATCH)
    told(urgent=any(one.urgency for one in written))


def recall(*, resident: Resident, occasions: Iterable[str]) -> int:
    """Take back what is no longer true and was not sent yet; how many rows that were. The occasion may come again."""
    return take_back(Message.objects.filter(resident=resident, occasion__in=list(occasions)))


def take_back(rows: MessageQuerySet) -> int:
    """Of `rows` what waits is dropped, and what is on its way or was left to staff is of no use from now on: should it turn out that
    nobody ever had it, it is not sent again. How many were dropped."""
    now, unsent = clock.now(), (State.SENDING, State.UNCLEAR, State.FAILED)
    on_their_way = rows.outside().filter(state__in=unsent)
    on_their_way.update(until=now, occasion=Concat(F("occasion"), Value(f":{now.timestamp():.6f}")))
    return rows.filter(state=State.WAITING).delete()[0]


def told(*, urgent: bool = False) -> None:
    """After writing rows: when they are committed, wake the relay; what cannot wait has one of its own."""
    transaction.on_commit(lambda: wake(URGENT_RELAY if urgent else RELAY), robust=True)


def wake(relay: str = RELAY) -> None:
    """Ask a worker to look at the outbox now, once a second at most: in a rush one look finds all. What cannot wait asks each time.

    If the broker is away or this second is taken, beat's sweep finds the rows all the same.
    """
    moment = monotonic()
    if relay == RELAY and moment - _woken.get(relay, 0) < WAKE_EVERY:
        return
    _woken[relay] = moment
    try:
        current_app.send_task(relay, expires=STALE, ignore_result=True, retry=False)
    except BrokerDown:
        return
