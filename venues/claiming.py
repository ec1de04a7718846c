"""占用: the one way into a room. Classes, activities, childcare and bookings all come through `claim`.

The lock of the room comes first: the constraint behind it (EXCLUDE `booking_no_overlap`) alone would deadlock when many ask at
once. Rooms are locked by number, before the caller's own rows.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from communities import settings, waiting
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.verbs import Refusals
from venues.models import Booking, BookingSeries, Room, Use

LINE = 6001  # the kind of this lock among all (communities/waiting.py)


class RoomTaken(Refused):
    code = "room_taken"
    message = "这个时间房间已经有人用，没有办成，什么都没有改动。请换一个时间或房间。"

    def __init__(self, taken: Booking | None = None) -> None:
        if taken is None:
            super().__init__()
            return
        when = f"{words.day(clock.local(taken.starts_at).date())}{words.span(taken.starts_at, taken.ends_at)}"
        super().__init__(
            f"{taken.room}{when}已有“{taken.title}”，没有办成，什么都没有改动。请换一个时间或房间（前后要留出整理时间）。"
        )


class RoomClosed(Refused):
    code = "room_closed"
    message = "这个房间已停用，没有办成，什么都没有改动。请换一个房间。"


REFUSALS: Refusals = {"booking_no_overlap": lambda _: RoomTaken()}


class Hours(NamedTuple):
    """From when to when."""

    starts_at: datetime
    ends_at: datetime


class Purpose(NamedTuple):
    """What a room is wanted for. `people` is checked by whoever knows how many come."""

    use: Use
    title: str
    unit: str = ""
    resident: Resident | None = None
    people: int | None = None
    series: BookingSeries | None = None


def hold(rooms: Iterable[Room]) -> None:
    """Whoever else wants one of `rooms` waits until this transaction ends. Locked by number."""
    for number in sorted({room.pk for room in rooms}):
        waiting.hold(LINE, number)


def gap_of(room: Room) -> timedelta:
    """How long it takes to tidy up and change over (setting, 15 minutes)."""
    return timedelta(minutes=settings.value_of(settings.ROOM_GAP, room.community.sub_district_id))


def in_the_way(
    room: Room, hours: Sequence[Hours], *, gap: timedelta, but: Iterable[Booking] = ()
) -> "QuerySet[Booking]":
    """What already holds `room` somewhere between the first and the last of `hours`; callers compare with `clash`."""
    first, last = min(one.starts_at for one in hours), max(one.ends_at for one in hours) + gap
    held = Booking.objects.holding().filter(room=room).meeting(first, last)
    return held.exclude(pk__in=[one.pk for one in but]).select_related("room").order_by("starts_at")


def clash(held: Iterable[Booking], hours: Hours, gap: timedelta) -> Booking | None:
    """The first of `held` that `hours` and the time to tidy up after it would run into."""
    end = hours.ends_at + gap
    return next((one for one in held if one.starts_at < end and hours.starts_at < one.blocked_until), None)


def claim(
    *, room: Room, hours: Sequence[Hours], purpose: Purpose, by: User, at: datetime, but: Iterable[Booking] = ()
) -> list[Booking]:
    """A booking for each of `hours`, all or none; `but` is what the caller is giving up (it is freed by the caller).

    Called inside a verb. Refuses a closed room and the first hours that are taken (`RoomTaken` names by what).
    """
    hold([room])
    if Room.objects.filter(pk=room.pk, standing=Room.Standing.CLOSED).exists():  # whoever closed it held it too
        raise RoomClosed
    gap = gap_of(room)
    held = list(in_the_way(room, hours, gap=gap, but=but)) if hours else []
    for one in hours:
        if taken := clash(held, one, gap):
            raise RoomTaken(taken)
    return Booking.objects.bulk_create(
        Booking(
            room=room, use=purpose.use, title=purpose.title, unit=purpose.unit, resident=purpose.resident,
            people=purpose.people, series=purpose.series, starts_at=one.starts_at, ends_at=one.ends_at,
            blocked_until=one.ends_at + gap, by=by, at=at,
        )
        for one in hours
    )  # fmt: skip


def free(bookings: Iterable[Booking], *, by: User, at: datetime, reason: str) -> None:
    """Give the hours of `bookings` back: called inside a verb, by whoever claimed them. Those that hold nothing stay as they are."""
    held = Booking.objects.holding().filter(pk__in=[one.pk for one in bookings])
    held.update(status=Booking.Status.CANCELLED, ended_at=at, ended_by=by, end_reason=reason)
