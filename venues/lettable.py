"""可订的活动室: what the pages, the counter and REST show of rooms that residents book."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from communities.models import Resident
from venues import booking as bookings, claiming, opening
from venues.claiming import Hours
from venues.models import Booking, Room, RoomPhoto

PAGE = 20


class DayOf(NamedTuple):
    """A day that may be booked and what is free on it."""

    day: date
    free: list[Hours]


def rooms(resident: Resident) -> "QuerySet[Room]":
    """Rooms that `resident` may ask for, the own community's first; with hours, community and `pictured`."""
    own = Case(When(community=resident.community_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    shown = Room.objects.shared_with(resident).select_related("community__sub_district").prefetch_related("hours")
    shown = shown.annotate(pictured=Exists(RoomPhoto.objects.filter(room=OuterRef("pk"))))
    return shown.order_by(own, "community", "name")


def days(room: Room, at: datetime) -> list[DayOf]:
    """Every day that may be booked at `at` with what is free on it; a handful of queries for all of them."""
    first, last = bookings.first_and_last(bookings.rules_of(room), at)
    street, gap = room.community.sub_district_id, claiming.gap_of(room)
    usual = opening.usual(street)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    windows = {day: opening.windows_of(room, day, usual) for day in every}
    hours = [window for some in windows.values() for window in some]
    held = list(claiming.in_the_way(room, hours, gap=gap)) if hours else []
    return [
        DayOf(day, [left for window in windows[day] for left in opening.left_of(window, held, gap)]) for day in every
    ]


def coming(resident: Resident, at: datetime) -> "QuerySet[Booking]":
    """What is booked and not over, the soonest first."""
    mine = Booking.objects.of(resident).holding().filter(ends_at__gt=at)
    return mine.select_related("room__community__sub_district").order_by("starts_at", "pk")


def over(resident: Resident, at: datetime, before: int | None) -> list[Booking]:
    """One more than a page of what is over or was given up, the newest first."""
    still = coming(resident, at).values("pk")
    rows = Booking.objects.of(resident).exclude(pk__in=still).select_related("room").order_by("-pk")
    return list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])


def named(day: str, offered: list[DayOf]) -> DayOf | None:
    """The day that an address names among `offered`; None when it is not (no more) among them."""
    return next((one for one in offered if one.day.isoformat() == day), None)


def today_or(day: str, offered: list[DayOf]) -> DayOf | None:
    """The day that an address names among `offered`, else the first with something free, else the first.

    To look at only: whoever books gets the day that was asked for, or none (`named`).
    """
    first = next((one for one in offered if one.free), offered[0] if offered else None)
    return named(day, offered) or first
