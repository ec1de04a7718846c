"""What the staff member was told and has not read."""

from collections.abc import Iterator

from django.urls import reverse

from communities.models import User
from communities.todo import Row
from notifications.models import Message


def rows(user: User) -> Iterator[Row]:
    unread = Message.objects.desk_of(user).unread().count()
    yield Row("messages", "未读消息", unread, reverse("desk:messages"))
