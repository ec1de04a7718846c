"""The addresses of enrolment, with their doors (tests/access/doors.py)."""

from typing import Any

from tests.access.doors import Arguments, Route, nothing, wang
from tests.access.rows import Rows
from tests.childcare.enrolment.families import said


def at(name: str, **more: int) -> Arguments:
    return lambda rows: {"pk": getattr(rows.enrolling, name).pk} | more


def child(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.care.child.pk}


def purpose(_: Rows) -> dict[str, Any]:
    return {"purpose": "care_photo"}


def why(_: Rows) -> dict[str, Any]:
    return {"why": "联系家长"}


def order(rows: Rows) -> dict[str, Any]:
    return {"centre": rows.care.centre.pk, "guardian": rows.world.wang.pk, **said(rows.care.place.group)}


CARE_ENROLMENT: dict[str, Route] = {
    "privacy-children": Route("OPEN"),
    "childcare:agreement": Route("OPEN"),
    "childcare:home": Route("PHONE"),
    "childcare:enrol": Route("PHONE", form=lambda rows: {"centre": rows.care.centre.pk}),
    "childcare:enrolment": Route("MINE", at("submitted")),
    "childcare:enrol-step": Route("MINE", at("draft", at=1), form=nothing),
    "childcare:enrol-withdraw": Route("MINE", at("submitted"), form=nothing, post_only=True),
    "childcare:child": Route("MINE", child),
    "childcare:child-facts": Route("MINE", child, form=nothing),
    "childcare:child-contacts": Route("MINE", child, form=nothing),
    "childcare:child-health": Route("MINE", child, form=nothing),
    "childcare:consents": Route("MINE", child),
    "childcare:consent-agree": Route("MINE", child, form=purpose, post_only=True),
    "childcare:consent-withdraw": Route("MINE", child, form=purpose, post_only=True),
    "desk:care-enrolments": Route("DESK"),
    "desk:care-enrolment": Route("ROW", at("submitted"), form=nothing),
    "desk:care-enrolment-decline": Route("ROW", at("submitted"), form=lambda _: {"reason": "other"}, post_only=True),
    "desk:care-enrolment-withdraw": Route("ROW", at("submitted"), form=nothing, post_only=True),
    "desk:care-counter-new": Route("ROW", wang, form=lambda rows: {"centre": rows.care.centre.pk}),
    "desk:care-counter-draft": Route("ROW", at("draft"), form=lambda _: {"why": "家长来窗口更正", "there": "on"}),
    "desk:care-counter-step": Route("ROW", at("draft", at=1), form=nothing),
    "desk:care-children": Route("DESK"),
    "desk:care-children-print": Route("DESK"),
    "desk:care-children-export": Route("DESK"),
    "desk:care-child": Route("ROW", child, form=why),
    "desk:care-child-facts": Route("ROW", child, form=nothing),
    "desk:care-child-contacts": Route("ROW", child, form=nothing),
    "desk:care-child-health": Route("ROW", child, form=nothing),
    "desk:care-child-carer": Route("ROW", child, form=nothing),
    "desk:care-carer-end": Route("ROW", at("carer"), form=nothing, post_only=True),
    "api:care-enrolment-list": Route("API", form=order, post_only=True),
    "api:care-enrolment-detail": Route("API", at("submitted")),
    "api:care-enrolment-withdraw": Route("API", at("submitted"), form=nothing, post_only=True),
    "api:care-child-list": Route("CLIENT"),
    "api:care-child-withdraw": Route("API", child, form=purpose, post_only=True),
}
