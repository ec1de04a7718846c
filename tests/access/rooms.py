"""Doors of rooms: their register, hand-overs and calendars."""

from typing import Any

from tests.access.doors import Route, nothing
from tests.access.rows import Rows


def room(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.keys.room.pk}


def use(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.keys.use.pk}


def begun(_: Rows) -> dict[str, Any]:
    return {"well": "yes"}


def finished(_: Rows) -> dict[str, Any]:
    return {"water_off": "yes", "power_off": "yes", "locked": "yes"}


def filled(rows: Rows) -> dict[str, Any]:
    return {"name": "新室", "place": "2楼", "capacity": 10, "standing": "used", "community": rows.world.wenxing.pk}


ROOMS: dict[str, Route] = {
    "calendar": Route("OPEN", lambda rows: {"token": rows.keys.address.token}),
    "my-calendar": Route("PHONE"),
    "my-calendar-renew": Route("PHONE", form=nothing, post_only=True),
    "my-calendar-stop": Route("PHONE", form=nothing, post_only=True),
    "venues:keys": Route("PHONE"),
    "venues:check": Route("MINE", use),
    "venues:check-begin": Route("MINE", use, form=begun, post_only=True),
    "venues:check-finish": Route("MINE", use, form=finished, post_only=True),
    "desk:rooms": Route("DESK"),
    "desk:rooms-export": Route("DESK"),
    "desk:room-new": Route("DESK", form=filled),
    "desk:rooms-day": Route("DESK"),
    "desk:rooms-rate": Route("DESK"),
    "desk:rooms-rate-export": Route("DESK"),
    "desk:room-checks": Route("DESK"),
    "desk:room-checks-export": Route("DESK"),
    "desk:room-checks-print": Route("DESK"),
    "desk:room-check": Route("ROW", use),
    "desk:room-check-begin": Route("ROW", use, form=begun, post_only=True),
    "desk:room-check-finish": Route("ROW", use, form=finished, post_only=True),
    "desk:room-check-print": Route("ROW", use),
    "desk:room": Route("ROW", room),
    "desk:room-edit": Route("ROW", room, form=filled),
    "desk:room-week": Route("ROW", room),
    "desk:room-month": Route("ROW", room),
    "desk:room-close": Route("ROW", room, form=nothing, post_only=True),
    "desk:room-reopen": Route("ROW", room, form=nothing, post_only=True),
    "desk:room-keys": Route("ROW", room, form=lambda rows: {"resident": rows.world.wang.pk}),
    "desk:room-keys-back": Route("ROW", room, form=nothing, post_only=True),
    "venues:photo": Route("PHONE", lambda rows: {"room_id": rows.booking.room.pk}),
    "desk:room-photo": Route("ROW", room, form=nothing),
    "desk:room-photo-remove": Route("ROW", room, form=nothing, post_only=True),
    "desk:room-photo-shown": Route("ROW", room),
    "desk:room-calendar-renew": Route("ROW", room, form=nothing, post_only=True),
    "desk:room-calendar-stop": Route("ROW", room, form=nothing, post_only=True),
    "api:room-list": Route("CLIENT"),
    "api:room-detail": Route("API", room),
}
