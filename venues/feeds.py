"""日历订阅: what a phone's calendar reads of a room, or of what one resident signed up for (RFC 5545, by the library `icalendar`).

An app registers its source of a resident's dates in `AppConfig.ready`; this home knows only bookings. No name of anybody
stands in a calendar, not even the reader's own: it is kept by programs that we know nothing of.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from communities.models import Resident
from venues.models import Booking, Room, Use

BEHIND = timedelta(days=31)  # how far back a calendar reaches
MAKER = "-//hehuoren//rooms and classes//ZH"
EVERY = timedelta(hours=6)  # how often a program may ask again
HOST = "hehuoren"


@dataclass(frozen=True)
class Date:
    """One line of a calendar: `key` tells it from all others for ever (session:12), `where` is a place, `note` a short text."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    where: str = ""
    note: str = ""


Source = Callable[[Resident, datetime], Iterable[Date]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """From now on `source(resident, since)` says what `resident` goes to that ends after `since`; names of nobody."""
    if source not in _sources:
        _sources.append(source)


def of_resident(resident: Resident, at: datetime) -> bytes:
    """Classes, activities and bookings of `resident`, as a calendar file."""
    since = at - BEHIND
    dates = [one for source in _sources for one in source(resident, since)]
    return calendar("我的社区日历", dates, at)


def of_room(room: Room, at: datetime) -> bytes:
    """Who has the room when: what for, and never which neighbour."""
    held = Booking.objects.holding().filter(room=room, ends_at__gt=at - BEHIND).order_by("starts_at")
    where = str(room)
    dates = [Date(f"booking:{one.pk}", said_of(one), one.starts_at, one.ends_at, where) for one in held]
    return calendar(where, dates, at)


def said_of(booking: Booking) -> str:
    """夜校：形体塑形; of a resident's own use only that it is one, for what they typed may name people."""
    if booking.use == Use.RESIDENT:
        return booking.get_use_display()
    return f"{booking.get_use_display()}：{booking.title}"


def bookings(resident: Resident, since: datetime) -> Iterable[Date]:
    """The resident's own bookings."""
    mine = Booking.objects.of(resident).holding().filter(ends_at__gt=since).select_related("room")
    for one in mine.order_by("starts_at"):
        yield Date(f"booking:{one.pk}", f"活动室：{one.room.name}", one.starts_at, one.ends_at, str(one.room))


def calendar(name: str, dates: Iterable[Date], at: datetime) -> bytes:
    """`dates` in their order as text/calendar, times in UTC; programs show them in the reader's zone."""
    made = Calendar()
    for key, value in (("prodid", MAKER), ("version", "2.0"), ("calscale", "GREGORIAN"), ("x-wr-calname", name)):
        made.add(key, value)
    made.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for one in sorted(dates, key=lambda date: (date.starts_at, date.key)):
        made.add_component(_event(one, at))
    return bytes(made.to_ical())


def _event(one: Date, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.key}@{HOST}")
    event.add("dtstamp", at)
    event.add("dtstart", one.starts_at)  # UTC, as stored
    event.add("dtend", one.ends_at)
    event.add("summary", one.title)
    for name, value in (("location", one.where), ("description", one.note)):
        if value:
            event.add(name, value)
    return event
