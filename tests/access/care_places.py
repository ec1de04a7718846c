"""The addresses of places, with their doors (tests/access/doors.py)."""

from typing import Any

from core import clock
from tests.access.doors import Arguments, Route, nothing
from tests.access.rows import Rows


def of(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.placing, name).pk}


def care(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.care, name).pk}


def last_day(_: Rows) -> dict[str, Any]:
    return {"last_day": clock.today().isoformat()}


def ended(rows: Rows) -> dict[str, Any]:
    return last_day(rows) | {"reason": "guardian"}


def asked(rows: Rows) -> dict[str, Any]:
    return {"group": rows.placing.full.pk, "child": rows.care.child.pk, "payer": rows.world.wang.pk, "plan": [0, 1, 2]}


CARE_PLACES: dict[str, Route] = {
    "childcare:centres": Route("OPEN"),
    "childcare:centre": Route("OPEN", care("centre")),
    "childcare:place": Route("MINE", care("place")),
    "childcare:place-accept": Route("MINE", of("offered"), form=nothing, post_only=True),
    "childcare:place-decline": Route("MINE", of("offered"), form=nothing),
    "childcare:place-end": Route("MINE", care("place"), form=last_day),
    "childcare:place-keep": Route("MINE", care("place"), form=nothing, post_only=True),
    "desk:care-centres": Route("DESK"),
    "desk:care-centre-new": Route("DESK", form=nothing),
    "desk:care-centre": Route("ROW", care("centre")),
    "desk:care-centre-change": Route("ROW", care("centre"), form=nothing),
    "desk:care-centre-close": Route("ROW", care("centre"), form=nothing),
    "desk:care-group-new": Route("ROW", care("centre"), form=nothing),
    "desk:care-group": Route("ROW", care("group")),
    "desk:care-group-change": Route("ROW", of("draft"), form=nothing),
    "desk:care-group-open": Route("HEAD", of("draft"), form=nothing, post_only=True),
    "desk:care-group-discard": Route("ROW", of("draft"), form=nothing, post_only=True),
    "desk:care-group-close": Route("ROW", care("group"), form=nothing),
    "desk:care-places": Route("DESK"),
    "desk:care-places-export": Route("DESK"),
    "desk:care-places-print": Route("DESK"),
    "desk:care-place": Route("ROW", care("place")),
    "desk:care-place-accept": Route("ROW", of("offered"), form=nothing, post_only=True),
    "desk:care-place-decline": Route("ROW", of("offered"), form=nothing, post_only=True),
    "desk:care-place-end": Route("ROW", care("place"), form=ended),
    "desk:care-place-keep": Route("ROW", care("place"), form=nothing, post_only=True),
    "desk:care-place-move": Route("ROW", care("place"), form=nothing),
    "api:care-centre-list": Route("CLIENT"),
    "api:care-group-list": Route("CLIENT"),
    "api:care-place-list": Route("CLIENT", form=asked),
    "api:care-place-detail": Route("API", care("place")),
    "api:care-place-accept": Route("API", of("offered"), form=nothing, post_only=True),
    "api:care-place-decline": Route("API", of("offered"), form=nothing, post_only=True),
    "api:care-place-end": Route("API", care("place"), form=last_day, post_only=True),
}
