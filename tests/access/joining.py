"""Doors of 招募: what everybody reads, the applicant's phone, the desk."""

from typing import Any

from core import clock
from tests.access.doors import Route, nothing
from tests.access.rows import Rows


def application(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.joining.application.pk}


def rival(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.joining.rival.pk}


def opened(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.joining.open.pk}


def draft(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.joining.draft.pk}


def licence(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.joining.licence.pk}


def looked(_: Rows) -> dict[str, Any]:
    return {"register": "entity", "nothing_found": "yes", "looked_on": clock.today().isoformat()}


def handed_in(rows: Rows) -> dict[str, Any]:
    return {
        "community": rows.world.wenxing.pk, "name": "陈记理发", "kind": "person", "trade": "beauty", "contact": "陈师傅",
        "contact_phone": "0352-1234567", "services": "理发", "promises": [{"item": "免费理发", "times": 2}], "pledged": True,
        "kinship": False,
    }  # fmt: skip


JOINING: dict[str, Route] = {
    "partners:calls": Route("OPEN"),
    "partners:call": Route("OPEN", opened),
    "partners:applications": Route("PHONE"),
    "partners:apply": Route("PHONE", form=nothing),
    "partners:application": Route("OWNERROW", application),
    "partners:apply-who": Route("OWNERROW", application, form=nothing),
    "partners:apply-what": Route("OWNERROW", application, form=nothing),
    "partners:apply-papers": Route("OWNERROW", application, form=lambda _: {"kinship": "no", "pledged": "on"}),
    "partners:apply-licence": Route("OWNERROW", application, form=nothing, post_only=True),
    "partners:apply-withdraw": Route("OWNERROW", application, form=nothing, post_only=True),
    "merchant:licences": Route("OWNER", form=nothing),
    "desk:joining": Route("DESK"),
    "desk:joining-export": Route("DESK"),
    "desk:joining-new": Route("DESK", form=nothing),
    "desk:joining-one": Route("ROW", rival, form=looked),
    "desk:joining-edit": Route("ROW", application, form=nothing),
    "desk:joining-licence": Route("ROW", rival, form=nothing),
    "desk:joining-do": Route("ROW", lambda rows: rival(rows) | {"act": "pass"}, form=nothing, post_only=True),
    "desk:joining-say": Route("ROW", lambda rows: rival(rows) | {"act": "return"}, form=lambda _: {"note": "请补"}),
    "desk:calls": Route("DESK"),
    "desk:call-new": Route("DESK", form=nothing),
    "desk:call": Route("ROW", opened),
    "desk:call-edit": Route("ROW", draft, form=nothing),
    "desk:call-do": Route("HEAD", lambda rows: draft(rows) | {"act": "publish"}, form=nothing, post_only=True),
    "desk:call-say": Route("ROW", lambda rows: draft(rows) | {"act": "withdraw"}, form=lambda _: {"note": "不办了"}),
    "desk:call-reviewers": Route("ROW", opened, form=nothing),
    "desk:call-excuse": Route("ROW", lambda rows: {"pk": rows.joining.reviewer.pk}, form=nothing),
    "desk:call-paper": Route("ROW", opened),
    "desk:call-mark": Route("ROW", rival, form=nothing),
    "desk:licences": Route("DESK"),
    "desk:licence-check": Route("ROW", licence, form=lambda _: {"seen": "yes"}, post_only=True),
    "desk:licence-photo": Route("ROW", licence),
    "api:partner-call-list": Route("CLIENT"),
    "api:partner-call-detail": Route("API", opened),
    "api:partner-application-list": Route("API", form=handed_in),
    "api:partner-application-detail": Route("API", rival),
    "api:partner-application-lookups": Route(
        "API", rival, form=lambda rows: looked(rows) | {"nothing_found": True}, post_only=True
    ),
    "api:partner-application-check": Route(
        "API", rival, form=lambda _: {"result": "return", "note": "请补"}, post_only=True
    ),
}
