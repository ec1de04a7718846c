"""What a line leaves waiting for a staff member: an offer that nobody but a colleague can tell of."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from communities.models import User
from communities.todo import Waiting as Row
from nightschool.models import Channel, Waiting


def rows(user: User) -> Iterator[Row]:
    """Offers to people without a phone of their own, or who came by call or to the counter: somebody rings them up."""
    by_mouth = Q(resident__phone="") | Q(channel__in=[Channel.CALL, Channel.DESK])
    offers = Waiting.objects.for_staff(user).offered().filter(by_mouth)
    yield Row(
        "courses", "候补已轮到，请打电话告诉居民", reverse("desk:courses"), lambda _: offers, since="offer_until", until=_until,
        leads=("desk:line", "course"),
    )  # fmt: skip


def _until(since: datetime, sub_district_id: int) -> datetime:
    return since
