"""Doors of single classes of the night school: who was there, leave, what a teacher sees, completions."""

from typing import Any

from tests.access.doors import Route, nothing
from tests.access.rows import Rows


def seat(rows: Rows) -> dict[str, Any]:
    return {"number": rows.school.seat.pk}


def lesson(rows: Rows) -> dict[str, Any]:
    return seat(rows) | {"session_id": rows.school.coming.pk}


def taught(rows: Rows) -> dict[str, Any]:
    return {"session_id": rows.school.taught.pk}


def roll(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.school.taught.pk}


def course(rows: Rows) -> dict[str, Any]:
    return {"course_id": rows.school.seat.course_id}


def completion(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.school.completion.pk}


def absence(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.school.row.pk}


def marked(rows: Rows) -> dict[str, Any]:
    return {"session": rows.school.coming.pk, "enrolment": rows.school.seat.pk, "status": "leave"}


ATTENDING: dict[str, Route] = {
    "nightschool:classes": Route("MINE", seat),
    "nightschool:class-leave": Route("MINE", lesson, form=nothing, post_only=True),
    "nightschool:class-leave-back": Route("MINE", lesson, form=nothing, post_only=True),
    "nightschool:feedback": Route("MINE", seat, form=lambda _: {"stars": 5}),
    "nightschool:class-here": Route("PHONE", taught, form=nothing),
    "nightschool:class-scan": Route("OPEN", lambda rows: taught(rows) | {"code": "old"}),
    "nightschool:teach": Route("PHONE"),
    "nightschool:teach-class": Route("MINE", taught, form=nothing),
    "nightschool:teach-code": Route("MINE", taught),
    "nightschool:completion": Route("MINE", completion),
    "nightschool:completion-check": Route("OPEN", lambda rows: {"token": rows.school.completion.token}),
    "desk:classes": Route("DESK"),
    "desk:class": Route("ROW", roll, form=nothing),
    "desk:class-code": Route("ROW", roll),
    "desk:attendance": Route("ROW", course),
    "desk:attendance-export": Route("ROW", course),
    "desk:absence-excuse": Route("ROW", absence, form=lambda _: {"reason": "因病"}),
    "desk:leave-late": Route("ROW", lambda rows: {"pk": rows.school.seat.pk}, form=lambda _: {"reason": "ill"}),
    "desk:completion": Route("ROW", completion),
    "desk:completion-print": Route("ROW", completion),
    "desk:completion-revoke": Route("HEAD", completion, form=lambda _: {"reason": "记错"}, post_only=True),
    "api:attendance-list": Route("API", form=marked, post_only=True),
    "api:attendance-take-back": Route("API", absence, form=nothing, post_only=True),
    "api:completion-list": Route("CLIENT"),
}
