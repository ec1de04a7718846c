"""占用情况: who has which room when, by the day, the week and the month, and what is free between."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import prefetch_related_objects

from communities import calendar, settings
from communities.models import Community
from core import clock
from venues import opening
from venues.claiming import Hours
from venues.models import Booking, Room

WEEK = 7


@dataclass(frozen=True)
class Day:
    """One day of one room: what is booked, in order, what is free of the opening hours, and whether it is a holiday."""

    room: Room
    on: date
    held: Sequence[Booking]
    free: Sequence[Hours]
    open: bool
    holiday: str = ""


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_of(community: Community, day: date) -> list[Day]:
    """All rooms of `community` on `day`, by name; closed ones only if something still holds them. Four queries."""
    rooms = list(Room.objects.filter(community=community).order_by("name"))
    found = _days(community, rooms, [day])
    return [one for one in found if one.held or one.room.standing != Room.Standing.CLOSED]


def week_of(room: Room, day: date) -> list[Day]:
    """The seven days of the week of `day`, Monday first."""
    monday = monday_of(day)
    return _days(room.community, [room], [monday + timedelta(days=n) for n in range(WEEK)])


def month_of(room: Room, day: date) -> list[list[Day]]:
    """The weeks of the month of `day`, whole: the last days of the month before and the first of the one after belong to them."""
    first = monday_of(day.replace(day=1))
    last = (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    weeks = (monday_of(last) - first).days // WEEK + 1
    days = _days(room.community, [room], [first + timedelta(days=n) for n in range(weeks * WEEK)])
    return [days[n : n + WEEK] for n in range(0, len(days), WEEK)]


def held_between(rooms: Iterable[Room], begin: datetime, end: datetime) -> dict[int, list[Booking]]:
    """What holds each of `rooms` from `begin` to `end`, in order, with who booked it; one query."""
    found: dict[int, list[Booking]] = defaultdict(list)
    rows = Booking.objects.holding().filter(room__in=[room.pk for room in rooms]).meeting(begin, end)
    for one in rows.select_related("resident").order_by("starts_at"):
        found[one.room_id].append(one)
    return found


def _days(community: Community, rooms: list[Room], days: Sequence[date]) -> list[Day]:
    """Each of `days` of each of `rooms`, in that order; a number of queries that grows with neither."""
    prefetch_related_objects(rooms, "hours")
    street = community.sub_district_id
    usual, gap = opening.usual(street), timedelta(minutes=settings.value_of(settings.ROOM_GAP, street))
    named = calendar.names_of(street, days)
    held = held_between(rooms, clock.at(days[0], datetime.min.time()), clock.midnight_after(days[-1]))
    return [_day(room, day, held[room.pk], usual, gap, named.get(day, "")) for room in rooms for day in days]


def _day(
    room: Room, day: date, held: Sequence[Booking], usual: Sequence[int], gap: timedelta, holiday: str
) -> Day:  # fmt: skip
    begin, end = clock.at(day, datetime.min.time()), clock.midnight_after(day)
    mine = [one for one in held if one.starts_at < end and one.ends_at > begin]
    windows = [] if room.standing == Room.Standing.CLOSED else opening.windows_of(room, day, usual)
    free = [left for window in windows for left in opening.left_of(window, mine, gap)]
    return Day(room, day, mine, free, bool(windows), holiday)
