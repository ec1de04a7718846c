"""What the staff member was told and has not read, and what of their residents' messages did not arrive."""

from collections.abc import Iterator

from django.urls import reverse

from communities.models import User
from communities.todo import Waiting
from notifications import settling
from notifications.models import Message


def rows(user: User) -> Iterator[Waiting]:
    unread = Message.objects.desk_of(user).unread()
    yield Waiting("messages", "未读消息", reverse("desk:messages"), lambda _: unread)
    lost = Message.objects.for_staff(user).undelivered(settling.left_since())
    yield Waiting("messages", "未送达的消息", reverse("desk:undelivered"), lambda _: lost)
