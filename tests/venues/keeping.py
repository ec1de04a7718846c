"""Rooms with facts and keys, and what was done in them."""

from datetime import datetime, time, timedelta

from communities.models import Community, Resident
from core import clock
from tests.venues.letting import held, hours
from tests.world import World
from venues import register
from venues.claiming import Hours
from venues.models import Booking, Room, Use
from venues.register import Opening

EVERY_DAY = [Opening(weekday, time(8, 30), time(21)) for weekday in range(7)]
FORM = {
    "name": "书画室", "place": "活动室2楼", "capacity": "20", "standing": "used", "facilities": "投影", "shared": "on",
    **{f"day{weekday}": "08:30—21:00" for weekday in range(7)},
}  # fmt: skip


def room(community: Community, name: str = "书画室", **fields: object) -> Room:
    """Open every day from half past eight to nine."""
    made = Room.objects.create(**{"community": community, "name": name, "place": "活动室2楼", "capacity": 20} | fields)
    register._open(made, EVERY_DAY)
    return made


def keyholder(mine: Room, resident: Resident) -> Room:
    Room.objects.filter(pk=mine.pk).update(keyholder=resident)
    mine.refresh_from_db()
    return mine


def used(
    mine: Room, world: World, ago: timedelta = timedelta(hours=2), title: str = "合唱团", **more: object
) -> Booking:
    """A use of an hour that ended `ago`, as somebody booked it beforehand."""
    end = clock.now() - ago
    return held(mine, world, Hours(end - timedelta(hours=1), end), title=title, **more)  # type: ignore[arg-type]


def coming(
    mine: Room, world: World, days: int = 2, title: str = "合唱团", use: Use = Use.TEAM, **more: object
) -> Booking:
    return held(mine, world, hours(days), use, title, **more)  # type: ignore[arg-type]


def moment(text: str) -> datetime:
    """2026-12-02 10:00 by Shanghai's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
