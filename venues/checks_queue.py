"""What rooms leave waiting for a colleague: uses whose end nobody wrote down, and what was found wrong."""

from collections.abc import Iterator

from django.urls import reverse

from communities.models import User
from communities.todo import Waiting
from core import clock
from venues import checkbook, checks
from venues.models import Booking


def rows(user: User) -> Iterator[Waiting]:
    now, url = clock.now(), reverse("desk:room-checks")
    own = Booking.objects.for_staff(user)
    missing, trouble = checks.missing(own, now), checkbook.recent_trouble(user, now)
    yield Waiting(
        "rooms", "活动室用完，还没有交接记录", f"{url}?state=missing", lambda _: missing, "ends_at",
        lambda first, _: first + checks.OPEN_FOR,
    )  # fmt: skip
    yield Waiting("rooms", "交接发现损坏或没关好（近3天）", f"{url}?state=trouble", lambda _: trouble)
