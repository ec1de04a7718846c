"""Doors of terms and courses: drafts, classes moved and called off, rooms, seats, mergers, pictures."""

from datetime import timedelta
from typing import Any

from core import clock
from nightschool.models import Session
from tests.access.doors import Route, course, nothing, street
from tests.access.rows import Rows


def draft(rows: Rows) -> dict[str, Any]:
    return {"course_id": rows.drafted.pk}


def of_draft(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.drafted.pk}


def of_course(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.course.pk}


def term(rows: Rows) -> dict[str, Any]:
    return {"pk": rows.course.term_id}


def lesson(rows: Rows) -> dict[str, Any]:
    return {"course_id": rows.course.pk, "number": 2}


def session(rows: Rows) -> dict[str, Any]:
    return {"pk": Session.objects.get(course=rows.course, number=2).pk}


def named(rows: Rows) -> dict[str, Any]:
    return {"name": "新一期", "starts_on": rows.tomorrow, "ends_on": rows.tomorrow + timedelta(days=90)}


def off(_: Rows) -> dict[str, Any]:
    return {"reason": "停电"}


def moved(rows: Rows) -> dict[str, Any]:
    day = clock.today() + timedelta(days=40)
    room = {"room": rows.course.room_id, "reason": "停电"}
    return room | {
        "day": day,
        "starts": "19:00",
        "ends": "20:00",
        "starts_at": f"{day}T19:00",
        "ends_at": f"{day}T20:00",
    }


def shifted(rows: Rows) -> dict[str, Any]:
    day = clock.today() + timedelta(days=40)
    return {"starts_at": f"{day}T19:00:00+08:00", "ends_at": f"{day}T20:00:00+08:00", "reason": "停电"}


PLANNING: dict[str, Route] = {
    "nightschool:photo": Route("OPEN", course),
    "desk:courses-export": Route("DESK"),
    "desk:terms": Route("DESK"),
    "desk:term-new": Route("STREET", street, form=named),
    "desk:term": Route("STREET", term, form=named),
    "desk:term-copy": Route("SHARED", term, form=nothing),
    "desk:course-draft": Route("ROW", draft),
    "desk:course-edit": Route("ROW", draft, form=nothing),
    "desk:course-replan": Route("ROW", draft, form=nothing, post_only=True),
    "desk:course-open": Route("ROW", draft, form=nothing, post_only=True),
    "desk:course-discard": Route("ROW", draft, form=nothing, post_only=True),
    "desk:course-photo": Route("ROW", course, form=nothing),
    "desk:course-photo-remove": Route("ROW", course, form=nothing, post_only=True),
    "desk:course-photo-shown": Route("ROW", course),
    "desk:class-move": Route("ROW", lesson, form=moved),
    "desk:class-off": Route("ROW", lesson, form=off),
    "desk:course-room": Route("ROW", course, form=moved),
    "desk:course-facts": Route("ROW", course, form=lambda _: {"teacher": "李老师"}),
    "desk:course-seats": Route("ROW", course, form=lambda _: {"capacity": 20}),
    "desk:course-merge": Route("ROW", course, form=nothing),
    "desk:course-run": Route("ROW", course, form=nothing, post_only=True),
    "api:course-open": Route("API", of_draft, form=nothing, post_only=True),
    "api:course-close": Route("API", of_course, form=off, post_only=True),
    "api:course-seats": Route("API", of_course, form=lambda _: {"capacity": 20}, post_only=True),
    "api:term-list": Route("CLIENT"),
    "api:class-list": Route("CLIENT"),
    "api:class-move": Route("API", session, form=shifted, post_only=True),
    "api:class-call-off": Route("API", session, form=off, post_only=True),
}
