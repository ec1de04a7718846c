"""Rooms and bookings of the fixed cast."""

from datetime import datetime, time, timedelta
from typing import Any

from communities.models import Community, Resident
from core import clock
from tests import world as cast
from tests.world import World
from venues import booking as bookings, claiming
from venues.booking import Reason, Wish
from venues.claiming import Hours, Purpose
from venues.models import Booking, Room, Use


def shared(community: Community, name: str = "共享活动室", **fields: Any) -> Room:
    """A room that residents book, for twenty people."""
    return Room.objects.create(
        **{"community": community, "name": name, "place": "活动室1楼", "capacity": 20, "shared": True} | fields
    )


def hours(days: int = 5, at: str = "10:00", minutes: int = 120) -> Hours:
    """So many days from today, by Shanghai's clock."""
    day = clock.today() + timedelta(days=days)
    begins = clock.at(day, time.fromisoformat(at))
    return Hours(begins, begins + timedelta(minutes=minutes))


def wish(days: int = 5, at: str = "10:00", minutes: int = 120, people: int = 8) -> Wish:
    return Wish(hours(days, at, minutes), people, Reason.ART)


def booked(room: Room, resident: Resident, world: World, wanted: Wish | None = None, **fields: Any) -> Booking:
    """As on one's own phone; `at` is when."""
    return bookings.book(
        room=room, resident=resident, wish=wanted or wish(), by=resident.account or world.zhang, **fields
    )


def held(room: Room, world: World, when: Hours, use: Use = Use.TEAM, title: str = "合唱团", **more: Any) -> Booking:
    """As a class or a colleague has it."""
    (made,) = claiming.claim(
        room=room, hours=[when], purpose=Purpose(use, title, **more), by=world.zhang, at=clock.now()
    )
    return made


def missed(room: Room, resident: Resident, world: World, begins: datetime, ended: datetime | None = None) -> Booking:
    """One that nobody came to, marked the same evening."""
    return Booking.objects.create(
        room=room, use=Use.RESIDENT, title="文艺排练", resident=resident, starts_at=begins,
        ends_at=begins + timedelta(hours=1), blocked_until=begins + timedelta(hours=1), by=world.zhang,
        at=begins - timedelta(days=3), status=Booking.Status.NO_SHOW,
        ended_at=ended or begins + timedelta(hours=2), ended_by=world.zhang,
    )  # fmt: skip


def neighbour(world: World, number: int = 1) -> Resident:
    return cast.resident(world.wenxing, f"邻居{number}", f"1360000{number:04d}")
