"""The addresses of the days at the centre, with their doors (tests/access/doors.py)."""

from datetime import timedelta
from typing import Any

from communities.models import Guardian
from core import clock
from tests.access.doors import Arguments, Route, nothing
from tests.access.rows import Rows


def of(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.days, name).pk}


def care(name: str) -> Arguments:
    return lambda rows: {"pk": getattr(rows.care, name).pk}


def tomorrow(_: Rows) -> dict[str, Any]:
    return {"day": (clock.today() + timedelta(days=1)).isoformat()}


def answering(rows: Rows) -> int:
    return Guardian.objects.filter(child=rows.care.child).latest("pk").pk


def called(rows: Rows) -> dict[str, Any]:
    return {"whom": f"guardian-{answering(rows)}", "result": "reached"}


def says(rows: Rows) -> dict[str, Any]:
    return {"guardian": answering(rows), "reason": "leave"}


def outcome(_: Rows) -> dict[str, Any]:
    return {"outcome": "其他", "words": "邻居看到孩子在家"}


def purpose(_: Rows) -> dict[str, Any]:
    return {"purpose": "联系家长"}


CARE_DAYS: dict[str, Route] = {
    "childcare:days": Route("MINE", care("child")),
    "childcare:leave": Route("MINE", care("place"), form=tomorrow, post_only=True),
    "childcare:leave-back": Route("MINE", care("place"), form=tomorrow, post_only=True),
    "care:today": Route("CARE"),
    "care:choose": Route("CARE", form=lambda rows: {"centre": rows.care.centre.pk}),
    "care:more": Route("CARE"),
    "care:roster": Route("CARE"),
    "care:group": Route("CAREROW", care("group")),
    "care:roll": Route("CAREROW", care("group"), form=lambda _: {"occasion": "用餐"}),
    "care:paper": Route("CAREROW", care("group"), form=nothing),
    "care:sheet": Route("CAREROW", care("group")),
    "care:rolled": Route("CAREROW", of("roll")),
    "care:child": Route("CAREROW", care("place"), form=purpose),
    "care:arrive": Route("CAREROW", care("place"), form=nothing, post_only=True),
    "care:arrive-with": Route("CAREROW", care("place"), form=nothing),
    "care:arrive-undo": Route("CAREROW", care("place"), form=nothing, post_only=True),
    "care:away": Route("CAREROW", care("place"), form=lambda _: {"absence": "sick"}),
    "care:away-back": Route("CAREROW", care("place"), form=nothing, post_only=True),
    "care:leave": Route("CAREROW", care("place"), form=says),
    "care:leave-back": Route("CAREROW", care("place"), form=nothing, post_only=True),
    "care:alarms": Route("CARE"),
    "care:alarm": Route("CAREROW", of("alarm")),
    "care:alarm-call": Route("CAREROW", of("alarm"), form=called, post_only=True),
    "care:alarm-close": Route("CAREROW", of("alarm"), form=outcome, post_only=True),
    "care:alarm-hold": Route("CAREROW", of("alarm"), form=nothing, post_only=True),
    "care:alarm-reopen": Route("CAREROW", of("alarm"), form=nothing, post_only=True),
    "desk:care-days": Route("DESK"),
    "desk:care-days-export": Route("DESK"),
    "desk:care-days-paper": Route("DESK"),
    "desk:care-days-handovers": Route("DESK"),
    "desk:care-alarms": Route("DESK"),
    "desk:care-alarm": Route("ROW", of("alarm")),
    "desk:care-alarm-call": Route("ROW", of("alarm"), form=called, post_only=True),
    "desk:care-alarm-close": Route("ROW", of("alarm"), form=outcome, post_only=True),
    "desk:care-alarm-hold": Route("ROW", of("alarm"), form=nothing, post_only=True),
    "desk:care-alarm-reopen": Route("ROW", of("alarm"), form=nothing, post_only=True),
    "desk:care-lates": Route("DESK"),
    "desk:care-late-excuse": Route("HEAD", of("mark"), form=lambda _: {"reason": "暴雪停运"}),
    "api:care-attendance-list": Route("CLIENT", form=lambda rows: {"place": rows.care.place.pk}),
    "api:care-leave-list": Route(
        "CLIENT",
        form=lambda rows: {"place": rows.care.place.pk, "guardian": rows.world.wang.pk, "day": tomorrow(rows)["day"]},
    ),
    "api:care-leave-take-back": Route("API", of("note"), form=nothing, post_only=True),
}
