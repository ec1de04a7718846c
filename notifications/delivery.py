"""Delivering: a worker takes a row by changing its state, sends, and marks it sent. Twice taken is impossible."""

from datetime import timedelta
from typing import Protocol, cast

from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from core import clock
from notifications import quiet
from notifications.models import Message, MessageQuerySet

State = Message.State
TRIES = 5
LOST_AFTER = timedelta(minutes=5)
BATCH = 200


class Driver(Protocol):
    """A way out of the house for short messages."""

    def send(self, *, phone: str, text: str) -> None:
        """Hand over one message, or raise `OSError` when the provider could not be reached."""


def sms() -> Driver:
    """The configured driver (SMS_DRIVER)."""
    return cast(Driver, import_string(settings.SMS_DRIVER)())


def due() -> list[int]:
    """Rows to be delivered now, oldest first, at most a batch. Rows whose worker was lost go back to the queue before.

    What has lost its worker five times is given up: the fault is in the message or its driver.
    """
    now = clock.now()
    lost = Message.objects.filter(state=State.SENDING, taken_at__lt=now - LOST_AFTER)
    lost.filter(tries__gte=TRIES).update(state=State.FAILED)
    lost.update(state=State.WAITING)
    return list(Message.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])


def deliver(message_id: int) -> bool:
    """Deliver one row; the taking is one UPDATE, so a doubled task sends once.

    False when somebody else took it, when the provider is away, at night (a short message waits), and when it came too late.
    """
    taken = Message.objects.filter(pk=message_id, state=State.WAITING).update(
        state=State.SENDING, tries=F("tries") + 1, taken_at=clock.now()
    )
    if not taken:
        return False
    message = Message.objects.select_related("resident", "staff").get(pk=message_id)
    if _not_now(message):
        return False
    try:
        _hand_over(message)
    except OSError:
        _later(message)
        return False
    Message.objects.filter(pk=message_id, state=State.SENDING).update(state=State.SENT, sent_at=clock.now())
    return True


def _held(message: Message) -> MessageQuerySet:
    """The row, as long as it was not given to somebody else meanwhile."""
    return Message.objects.filter(pk=message.pk, state=State.SENDING, taken_at=message.taken_at)


def _not_now(message: Message) -> bool:
    now, rings = clock.now(), message.channel == Message.Channel.SMS
    morning = quiet.calm(now) if rings else now
    if (message.until is not None and message.until <= now) or (rings and not _phone(message)):
        _held(message).update(state=State.FAILED)
    elif morning > now:
        _held(message).update(state=State.WAITING, due_at=morning, tries=F("tries") - 1)
    else:
        return False
    return True


def _phone(message: Message) -> str:
    reader = message.resident or message.staff
    return (reader.phone if reader else "") or ""


def _hand_over(message: Message) -> None:
    if message.channel == Message.Channel.SMS:
        sms().send(phone=_phone(message), text=message.body)


def _later(message: Message) -> None:
    state = State.FAILED if message.tries >= TRIES else State.WAITING
    wait = timedelta(minutes=2**message.tries)
    _held(message).update(state=state, due_at=clock.now() + wait)
