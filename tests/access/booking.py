"""Doors of bookings."""

from datetime import time, timedelta
from typing import Any

from core import clock
from tests.access.doors import Route, nothing
from tests.access.rows import Rows


def room(rows: Rows) -> dict[str, Any]:
    return {"room_id": rows.booking.room.pk}


def booking(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.booking.booking.pk}


def missed(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.booking.missed.pk}


def why(_: Rows) -> dict[str, Any]:
    return {"reason": "停水"}


def wished(_: Rows) -> dict[str, Any]:
    day = (clock.today() + timedelta(days=3)).isoformat()
    return {"day": day, "start": "10:00", "minutes": 60, "people": 5, "reason": "art"}


def pattern(rows: Rows) -> dict[str, Any]:
    """A look at one evening; nothing is booked by it."""
    day = (clock.today() + timedelta(days=4)).isoformat()
    return {
        "room": rows.booking.room.pk,
        "use": "team",
        "title": "合唱团",
        "first": day,
        "starts": "19:00",
        "ends": "20:30",
    }


def team(rows: Rows) -> dict[str, Any]:
    day = (clock.today() + timedelta(days=6)).isoformat()
    return {
        "room": rows.booking.room.pk, "use": "team", "title": "合唱团", "first": day, "starts": "19:00", "minutes": 90,
    }  # fmt: skip


def series(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.booking.series.pk}


def order(rows: Rows) -> dict[str, Any]:
    begins = clock.at(clock.today() + timedelta(days=5), time(10)).isoformat()
    return {
        "room": rows.booking.room.pk, "resident": rows.world.wang.pk, "starts_at": begins, "minutes": 60, "people": 5,
    }  # fmt: skip


BOOKINGS: dict[str, Route] = {
    "venues:rooms": Route("PHONE"),
    "venues:room": Route("PHONE", room),
    "venues:confirm": Route("PHONE", room, form=wished),
    "venues:mine": Route("PHONE"),
    "venues:booking": Route("MINE", booking),
    "venues:reconfirm": Route("MINE", booking, form=nothing, post_only=True),
    "venues:cancel": Route("MINE", booking, form=nothing),
    "desk:bookings": Route("DESK"),
    "desk:bookings-export": Route("DESK"),
    "desk:booking-new": Route("DESK", form=pattern),
    "desk:booking-for": Route("ROW", lambda rows: room(rows) | {"pk": rows.world.wang.pk}),
    "desk:booking": Route("ROW", booking),
    "desk:booking-cancel": Route("ROW", booking, form=why, post_only=True),
    "desk:booking-reconfirm": Route("ROW", booking, form=nothing, post_only=True),
    "desk:booking-no-show": Route("ROW", booking, form=nothing, post_only=True),
    "desk:booking-excuse": Route("ROW", missed, form=why, post_only=True),
    "api:free-room-free": Route("API", lambda rows: {"pk": rows.booking.room.pk}),
    "api:booking-list": Route("API", form=order, post_only=True),
    "api:booking-detail": Route("API", booking),
    "api:booking-cancel": Route("API", booking, form=why, post_only=True),
    "api:room-use-list": Route("API", form=team, post_only=True),
    "api:room-use-detail": Route("API", series),
    "api:room-use-end": Route("API", series, form=why, post_only=True),
    "api:booking-keep": Route("API", booking, form=nothing, post_only=True),
}
