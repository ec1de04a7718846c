"""The addresses of agreements, with their doors (tests/access/doors.py)."""

from typing import Any

from tests.access.doors import Arguments, Route, nothing, why
from tests.access.rows import Rows

HAND = {"name": "王小店", "code": "123456", "seen": "0" * 64}


def at(name: str) -> Arguments:
    return lambda rows: {"agreement_id": getattr(rows.agreeing, name).pk}


def annex(rows: Rows) -> dict[str, Any]:
    return {"agreement_id": rows.agreeing.draft.pk, "pk": rows.agreeing.annex.pk}


def scanned(rows: Rows) -> dict[str, Any]:
    sent = rows.agreeing.sent
    return {"agreement_id": sent.pk, "pk": sent.attachments.get().pk}


def partner(rows: Rows) -> dict[str, Any]:
    return {"partner_id": rows.agreement.partner_id}


def text(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.agreeing.text.pk}


def hand(_: Rows) -> dict[str, Any]:
    return HAND


def signed(rows: Rows) -> dict[str, Any]:
    return {"agreement_id": rows.agreement.pk}


AGREEING = {
    "partners:ceremonies": Route("OPEN"),
    "partners:ceremony": Route("OPEN", lambda rows: {"pk": rows.agreeing.ceremony.pk}),
    "partners:check": Route("OPEN", lambda rows: {"mark": rows.agreement.sha256[:32] or "x" * 32}),
    "merchant:agreements": Route("OWNER"),
    "merchant:agreement": Route("OWNERROW", at("sent"), form=hand),
    "merchant:agreement-code": Route("OWNERROW", at("sent"), form=nothing, post_only=True),
    "merchant:agreement-end": Route(
        "OWNERROW", lambda rows: signed(rows) | {"act": "drop"}, form=nothing, post_only=True
    ),
    "merchant:agreement-print": Route("OWNERROW", at("sent")),
    "merchant:agreement-picture": Route("OWNERROW", scanned),
    "desk:partners-export": Route("DESK"),
    "desk:partners-print": Route("DESK"),
    "desk:partners-roster": Route("DESK"),
    "desk:partner-file": Route("ROW", partner),
    "desk:partner-edit": Route("ROW", partner, form=lambda _: {"summary": "改"}),
    "desk:agreement-end-agreed": Route(
        "ROW", lambda rows: signed(rows) | {"act": "drop"}, form=nothing, post_only=True
    ),
    "desk:agreement-draft": Route("DESK", form=nothing),
    "desk:agreement-edit": Route(
        "ROW", at("draft"), form=lambda _: {"title": "改", "line0-item": "改", "line0-times": "1"}
    ),
    "desk:agreement-retype": Route("ROW", at("draft"), form=nothing, post_only=True),
    "desk:agreement-send": Route("ROW", at("draft"), form=nothing, post_only=True),
    "desk:agreement-recall": Route("ROW", at("sent"), form=nothing, post_only=True),
    "desk:agreement-renew": Route("ROW", signed, form=nothing, post_only=True),
    "desk:agreement-void": Route("ROW", at("draft"), form=why),
    "desk:agreement-attach": Route("ROW", at("draft"), form=lambda _: {"title": "照"}),
    "desk:agreement-detach": Route("ROW", annex, form=nothing, post_only=True),
    "desk:agreement-picture": Route("ROW", annex),
    "desk:agreement-sign": Route("ROW", at("sent"), form=hand),
    "desk:agreement-code": Route("HEAD", at("sent"), form=nothing, post_only=True),
    "desk:agreement-on-paper": Route(
        "ROW", at("sent"), form=lambda _: {"partner_name": "王小", "community_name": "陈志"}
    ),
    "desk:agreement-print": Route("ROW", at("sent")),
    "desk:agreement-verify": Route("ROW", at("sent")),
    "desk:agreement-wordings": Route("DESK"),
    "desk:agreement-wording-new": Route("DESK", form=nothing),
    "desk:agreement-wording": Route("SHARED", text),
    "desk:agreement-wording-approve": Route("SHARED", text, form=nothing, post_only=True),
    "desk:ceremonies": Route("DESK", form=nothing),
    "api:agreement-list": Route("CLIENT"),
    "api:agreement-detail": Route("API", lambda rows: {"pk": rows.agreement.pk}),
}
