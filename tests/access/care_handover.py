"""The addresses of hand-overs and staffing, with their doors (tests/access/doors.py)."""

from typing import Any

from childcare.handover.barring import BASES, LIFTING
from core import clock
from tests.access.doors import Arguments, Route, nothing
from tests.access.rows import Rows


def of(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.handing, name).pk}


def care(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.care, name).pk}


def pickup(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.care.child.pk, "number": rows.care.pickup.pk}


def code(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.care.child.pk, "number": rows.handing.code.pk}


def person(_: Rows) -> dict[str, Any]:
    return {"name": "金丝雀友", "relation": "友", "phone": "13700007777", "id_tail": "1234", "of_age": "on"}


def stranger(_: Rows) -> dict[str, Any]:
    return {"name": "金丝雀生", "relation": "友", "day": clock.today().isoformat()}


def tried(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.care.place.pk, "barred": rows.handing.barred.pk}


def taken(rows: Rows) -> dict[str, Any]:
    return {"who": f"pickup:{rows.care.pickup.pk}", "check": "known"}


def file(rows: Rows) -> dict[str, Any]:
    return {"centre": rows.care.centre.pk, "name": "金丝雀员", "contract": "labour"}


def bar(rows: Rows) -> dict[str, Any]:
    return {
        "child": rows.care.child.pk, "name": "金丝雀乙", "looks": "高", "basis": BASES[0], "number": "2号", "ruled_on": clock.today(),
    }  # fmt: skip


def lifted(_: Rows) -> dict[str, Any]:
    return {"purpose": "核对文书", "basis": LIFTING[0], "number": "3号", "ruled_on": clock.today()}


def released(rows: Rows) -> dict[str, Any]:
    return {
        "place": rows.care.place.pk, "way": "pickup", "check": "document", "id_tail": rows.care.pickup.id_tail, "who": rows.care.pickup.pk,
        "staffer": rows.care.post.pk,
    }  # fmt: skip


def sent(rows: Rows) -> dict[str, Any]:
    return {
        "child": rows.care.child.pk, "guardian": rows.world.wang.pk, "name": "金丝雀友", "relation": "友", "phone": "13700007777",
        "id_tail": "1234", "of_age": True,
    }  # fmt: skip


CARE_HANDOVER: dict[str, Route] = {
    "childcare:pickups": Route("MINE", care("child"), form=person),
    "childcare:pickup-revoke": Route("MINE", pickup, form=nothing),
    "childcare:pickup-code": Route("MINE", care("child"), form=stranger),
    "childcare:pickup-code-revoke": Route("MINE", code, form=nothing, post_only=True),
    "care:handover": Route("CAREROW", care("place"), form=taken),
    "care:handover-tried": Route("CAREROW", tried, form=nothing, post_only=True),
    "care:handovers": Route("CARE"),
    "care:handed": Route("CAREROW", of("handover")),
    "care:turns": Route("CARE"),
    "care:turn-drop": Route("LEADROW", of("turn"), form=nothing, post_only=True),
    "desk:care-barred": Route("DESK"),
    "desk:care-barred-new": Route("DESK", form=bar),
    "desk:care-barred-child": Route("ROW", care("child")),
    "desk:care-barred-lift": Route("HEADALONE", of("barred"), form=lifted),
    "desk:care-barred-tries": Route("DESK"),
    "desk:care-barred-seen": Route("ROW", of("tried"), form=nothing, post_only=True),
    "desk:care-pickups": Route("ROW", care("child")),
    "desk:care-pickup-code": Route("ROW", care("child")),
    "desk:care-staff": Route("DESK"),
    "desk:care-staff-new": Route("DESK", form=file),
    "desk:care-staffer": Route("ROW", care("post")),
    "desk:care-staff-change": Route("ROW", care("post"), form=file),
    "desk:care-staff-check": Route("ROW", care("post"), form=lambda _: {"checked_on": clock.today(), "clear": "yes"}),
    "desk:care-staff-check-void": Route(
        "HEAD", lambda rows: {"pk": rows.handing.check.pk}, form=lambda _: {"reason": "点错了"}
    ),
    "desk:care-centre-turns": Route("ROW", care("centre")),
    "desk:care-staff-turns": Route("ROW", care("post"), form=lambda _: {"days": []}),
    "desk:care-staff-leave": Route("ROW", care("post"), form=lambda _: {"last_day": clock.today()}),
    "api:care-handover-list": Route("API", form=released, post_only=True),
    "api:care-pickup-list": Route("API", form=sent, post_only=True),
    "api:care-pickup-revoke": Route("API", care("pickup"), form=nothing, post_only=True),
}
