"""The addresses of evidence, with their doors (tests/access/doors.py)."""

from typing import Any

from tests.access.doors import Arguments, Route, nothing, wang
from tests.access.rows import Rows


def at(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.evidence, name).pk}


def purpose(_: Rows) -> dict[str, Any]:
    return {"purpose": "复核"}


CARE_EVIDENCE: dict[str, Route] = {
    "me-relief": Route("PHONE"),
    "me-relief-agree": Route("MINE", wang, form=nothing, post_only=True),
    "me-relief-withdraw": Route("MINE", wang, form=nothing, post_only=True),
    "desk:evidence": Route("DESK"),
    "desk:evidence-export": Route("DESK"),
    "desk:evidence-of": Route("ROW", wang, form=nothing),
    "desk:evidence-sign": Route("ROW", wang, form=nothing, post_only=True),
    "desk:evidence-one": Route("ROW", at("waits"), form=nothing),
    "desk:evidence-renew": Route("ROW", at("stands"), form=nothing),
    "desk:evidence-verify": Route("HEAD", at("waits"), form=nothing, post_only=True),
    "desk:evidence-decline": Route("HEAD", at("waits"), form=lambda _: {"reason": "unclear"}, post_only=True),
    "desk:evidence-end": Route("HEAD", at("stands"), form=lambda _: {"reason": "changed"}, post_only=True),
    "desk:evidence-image": Route("HEAD", at("waits")),
    "desk:evidence-paper": Route("ROW", at("stands")),
    "api:evidence-list": Route("CLIENT"),
}
