"""The addresses of messages, with their doors (tests/access/doors.py)."""

from typing import Any

from tests.access.doors import Route, nothing
from tests.access.rows import Rows


def street(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.world.street.pk}


def lost(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.lost.pk}


MESSAGING: dict[str, Route] = {
    "notifications:inbox": Route("PHONE"),
    "desk:messages": Route("DESK"),
    "desk:sent": Route("DESK"),
    "desk:sent-export": Route("DESK"),
    "desk:undelivered": Route("DESK"),
    "desk:message-send-again": Route("ROW", lost, form=lambda _: {"sure": "on"}, post_only=True),
    "desk:message-settle": Route("ROW", lost, form=nothing, post_only=True),
    "desk:message-ask": Route("ROW", lost, form=nothing, post_only=True),
    "desk:message-cost": Route("MONEY", street),
    "desk:message-cost-export": Route("MONEY", street),
}
