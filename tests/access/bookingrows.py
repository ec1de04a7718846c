"""A booking for the doors (tests/access/rows.py)."""

from dataclasses import dataclass
from datetime import time, timedelta

from core import clock
from tests.activities import pictures
from tests.world import World
from venues.models import Booking, BookingSeries, Room, RoomPhoto, Use


@dataclass(frozen=True)
class BookingRows:
    """A room that residents book, what 王秀兰 has booked in it for the day after tomorrow, and what she did not come to."""

    room: Room
    booking: Booking
    missed: Booking
    series: BookingSeries


def lay_booking(world: World) -> BookingRows:
    room = Room.objects.create(
        community=world.wenxing, name="金丝雀共享室", place="活动室4楼", capacity=20, shared=True
    )
    RoomPhoto.objects.create(room=room, jpeg=pictures.jpeg(), by=world.zhang)
    begins = clock.at(clock.today() + timedelta(days=2), time(10))
    ends = begins + timedelta(hours=2)
    mine = Booking.objects.create(
        room=room, use=Use.RESIDENT, title="文艺排练", resident=world.wang, people=8, starts_at=begins, ends_at=ends,
        blocked_until=ends, by=world.wang.account or world.zhang,
    )  # fmt: skip
    past = clock.now() - timedelta(days=3)
    missed = Booking.objects.create(
        room=room, use=Use.RESIDENT, title="文艺排练", resident=world.wang, starts_at=past, ends_at=past + timedelta(hours=1),
        blocked_until=past + timedelta(hours=1), by=world.wang.account or world.zhang, status=Booking.Status.NO_SHOW,
        ended_at=clock.now(), ended_by=world.zhang,
    )  # fmt: skip
    day = clock.today()
    weekly = BookingSeries.objects.create(
        room=room, use=Use.TEAM, title="金丝雀合唱", weekdays=[0], starts=time(19), minutes=90, first=day, last=day + timedelta(days=14),
        made_by=world.zhang,
    )  # fmt: skip
    return BookingRows(room, mine, missed, weekly)
