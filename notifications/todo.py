"""What the staff member was told and has not read."""

from collections.abc import Iterator

from django.urls import reverse

from communities.models import User
from communities.todo import Waiting
from notifications.models import Message


def rows(user: User) -> Iterator[Waiting]:
    unread = Message.objects.desk_of(user).unread()
    yield Waiting("messages", "未读消息", reverse("desk:messages"), lambda _: unread)
