"""The addresses of settling, with their doors (tests/access/doors.py)."""

from typing import Any

from core import clock
from tests.access.doors import Arguments, Route, nothing
from tests.access.rows import Rows


def at(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.settling, name).pk}


def text(_: Rows) -> dict[str, Any]:
    return {"text": "再核对一遍"}


def payment(_: Rows) -> dict[str, Any]:
    return {"invoice": "00123", "paid_on": clock.today().isoformat(), "yuan": "1.00"}


def wenxing(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.world.wenxing.pk}


def street(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.world.street.pk}


SETTLING: dict[str, Route] = {
    "partners:posting": Route("OPEN"),
    "merchant:statements": Route("OWNER"),
    "merchant:statement": Route("OWNERROW", at("open")),
    "merchant:statement-agree": Route("OWNERROW", at("open"), form=nothing, post_only=True),
    "merchant:statement-dispute": Route("OWNERROW", at("open"), form=text),
    "merchant:statement-file": Route("OWNERROW", at("open")),
    "merchant:statement-paper": Route("OWNERROW", at("open")),
    "desk:statements": Route("DESK"),
    "desk:statements-export": Route("DESK"),
    "desk:statement-draw": Route("DESK", form=nothing),
    "desk:statement": Route("BOOKS", at("open")),
    "desk:statement-file": Route("BOOKS", at("open")),
    "desk:statement-paper": Route("BOOKS", at("open")),
    "desk:statement-redraw": Route("ROW", at("open"), form=nothing, post_only=True),
    "desk:statement-signed": Route("ROW", at("open"), form=nothing, post_only=True),
    "desk:statement-answer": Route("ROW", at("open"), form=text, post_only=True),
    "desk:statement-back": Route("HEAD", at("agreed"), form=text, post_only=True),
    "desk:statement-freeze": Route("HEAD", at("agreed"), form=nothing, post_only=True),
    "desk:statement-pay": Route("FINANCE", at("frozen"), form=payment),
    "desk:statement-correct": Route("ROW", at("frozen"), form=lambda _: {"yuan": "1.00", "reason": "少付"}),
    "desk:settling-approve": Route("HEAD", at("correction"), form=nothing, post_only=True),
    "desk:settling-drop": Route("ROW", at("correction"), form=nothing, post_only=True),
    "desk:liability": Route("DESK"),
    "desk:liability-community": Route("BOOKS", wenxing),
    "desk:liability-community-export": Route("BOOKS", wenxing),
    "desk:liability-street": Route("MONEY", street),
    "desk:liability-street-export": Route("MONEY", street),
    "api:statement-list": Route("CLIENT"),
    "api:statement-detail": Route("API", at("open")),
}
