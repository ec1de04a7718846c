"""Rows of rooms for the doors (tests/access/rows.py)."""

from dataclasses import dataclass
from datetime import timedelta

from core import clock
from tests.activities import pictures
from tests.world import World
from venues import addresses
from venues.models import Booking, CalendarAddress, Room, RoomPhoto, Use


@dataclass(frozen=True)
class KeyRows:
    """A room whose keys 王秀兰 keeps, a use of it that goes on, and its calendar."""

    room: Room
    use: Booking
    address: CalendarAddress


def lay_keys(world: World) -> KeyRows:
    room = Room.objects.create(community=world.wenxing, name="金丝雀室", place="1楼", capacity=20, keyholder=world.wang)
    RoomPhoto.objects.create(room=room, jpeg=pictures.jpeg(), by=world.zhang)
    now = clock.now()
    use = Booking.objects.create(
        room=room, use=Use.TEAM, title="金丝雀合唱", starts_at=now - timedelta(minutes=30),
        ends_at=now + timedelta(minutes=30), blocked_until=now + timedelta(minutes=45), by=world.zhang,
    )  # fmt: skip
    return KeyRows(room, use, addresses.renew(room=room, by=world.zhang))
