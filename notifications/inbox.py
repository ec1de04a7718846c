"""Reading what one was told."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from communities.acting import resident_of
from communities.models import Resident
from core import clock
from notifications.models import Message

PAGE = 20


def page_of(resident: Resident, before: int | None = None) -> list[Message]:
    """The newest messages, older than `before` when it is given."""
    messages = Message.objects.inbox_of(resident)
    return list((messages.filter(pk__lt=before) if before else messages)[:PAGE])


def mark_read(messages: list[Message]) -> None:
    """Shown is read."""
    fresh = [message.pk for message in messages if message.read_at is None]
    if fresh:
        Message.objects.filter(pk__in=fresh, read_at=None).update(read_at=clock.now())


def unread(request: HttpRequest) -> dict[str, Any]:
    """Context: how many messages the acting resident has not seen; counted only where a template asks."""

    def count() -> int:
        resident = resident_of(request)
        return Message.objects.inbox_of(resident).unread().count() if resident else 0

    return {"unread": SimpleLazyObject(count)}
