"""Reading what one was told."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from communities.acting import resident_of
from communities.models import Resident, User
from core import clock
from notifications.models import Message

PAGE = 20


def page_of(resident: Resident, before: int | None = None) -> list[Message]:
    """The newest messages, older than `before` when it is given; one more than a page."""
    messages = Message.objects.inbox_of(resident)
    return list((messages.filter(pk__lt=before) if before else messages)[: PAGE + 1])


def desk_page_of(user: User, before: int | None = None) -> list[Message]:
    """The same for a staff member."""
    messages = Message.objects.desk_of(user)
    return list((messages.filter(pk__lt=before) if before else messages)[: PAGE + 1])


def mark_read(messages: Sequence[Message]) -> None:
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
