"""The addresses of watching, with their doors (tests/access/doors.py)."""

from typing import Any

from core import clock
from tests.access.doors import Route, street
from tests.access.rows import Rows


def child(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.care.child.pk}


def wenxing(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.world.wenxing.pk}


def year(_: Rows) -> dict[str, Any]:
    return {"year": clock.today().year - 1}


def found(rows: Rows) -> dict[str, Any]:
    return {"community": rows.world.wenxing.pk, "what": "lost", "found_on": clock.today().isoformat(), "children": 2}


CARE_WATCHING: dict[str, Route] = {
    "childcare:looks": Route("MINE", child),
    "desk:care-looks": Route("HEAD", child),
    "desk:care-audit": Route("DESK"),
    "desk:care-audit-community": Route("HEAD", wenxing),
    "desk:care-audit-community-file": Route("HEAD", wenxing, form=year, post_only=True),
    "desk:care-audit-street": Route("STREET", street),
    "desk:care-audit-street-file": Route("STREET", street, form=year, post_only=True),
    "desk:care-audit-report": Route(
        "STREET",
        lambda rows: street(rows) | year(rows),
        form=lambda _: {"number": "WX-1", "reported_on": clock.today().isoformat()},
    ),
    "desk:care-incidents": Route("DESK"),
    "desk:care-incident-new": Route("DESK", form=found),
    "desk:care-incident-note": Route(
        "HEAD",
        lambda rows: {"pk": rows.watching.pk},
        form=lambda _: {"step": "told_on", "on": clock.today().isoformat()},
        post_only=True,
    ),
    "api:care-audit-list": Route("CLIENT"),
}
