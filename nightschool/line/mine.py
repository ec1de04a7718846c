"""我的候补: where a resident stands in the lines, what was offered, and what staff changed in the order meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db.models import F

from communities.models import Resident
from core import words
from core.refusals import Refused
from nightschool import catalogue, family
from nightschool.line import moves as line_moves, waitlist
from nightschool.models import LineMove, Waiting

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from nightschool.seen import Offer

    class Ahead(TypedDict):
        ahead: int

    Placed = WithAnnotations[Waiting, Ahead]

MOST = 20


def standing(resident: Resident) -> list["Placed"]:
    """Offers first, the one that ends soonest on top; then the lines, with how many stand before. One query."""
    mine = Waiting.objects.of(resident).standing().with_ahead().select_related("course__community", "course__room")
    return cast("list[Placed]", list(mine.order_by(F("offer_until").asc(nulls_last=True), "pk")[:MOST]))


def offers(resident: Resident) -> list[Waiting]:
    """Seats that are kept for the resident, the one that ends soonest on top. One query."""
    return list(Waiting.objects.of(resident).offered().select_related("course").order_by("offer_until", "pk")[:MOST])


def in_course(course_id: int, resident: Resident) -> "Placed | None":
    """The same for one course."""
    return next((one for one in standing(resident) if one.course_id == course_id), None)


def moves(mine: Waiting) -> list[str]:
    """What staff changed in this line since `mine` joined it, the newest first; nobody is named."""
    seen: Iterable[LineMove] = LineMove.objects.filter(course=mine.course_id, at__gte=mine.at).order_by("-pk")[:MOST]
    return [_said(one, mine) for one in seen]


def starts(course: "Offer", at: datetime) -> tuple[str, str]:
    """首课 and when; of a course that has begun 下次上课, and how many classes are left of those that are paid for."""
    if course.first_starts_at is None:
        return "首课", "时间待定"
    if course.first_starts_at > at:
        return "首课", words.moment(course.first_starts_at)
    left = list(course.sessions.held().filter(starts_at__gt=at).order_by("starts_at"))
    if not left:
        return "下次上课", "课已上完"
    return "下次上课", f"{words.moment(left[0].starts_at)}，{left[0]}，还剩{len(left)}课"


def sheet(course: "Offer", resident: Resident, at: datetime, refused: Refused | None = None) -> dict[str, Any]:
    """Context of `nightschool/wait.html`: an offer to answer, a place in the line, or the way into it."""
    mine = in_course(course.pk, resident)
    if mine is None:
        return joining(course, resident, at, refused)
    if mine.status == Waiting.Status.WAITING:
        until = waitlist.line_until(course)
        return {"course": course, "mine": mine, "refused": refused, "moves": moves(mine), "until": until}
    purse = course.spendable < course.price and (course.purse or 0) >= course.price
    against = waitlist.refusal_to_accept(course, mine, resident, at, purse=purse)
    have = course.purse if purse and course.purse else course.spendable
    return {
        "course": course, "mine": mine, "refused": refused or against, "purse": purse, "left": have - course.price,
        "can_take": against is None, "others": course.price - course.spendable,
        "first": starts(course, at), "rule": catalogue.rules(course, at)[0],
    }  # fmt: skip


def joining(
    course: "Offer", who: Resident, at: datetime, refused: Refused | None = None, *, other: bool = False
) -> dict[str, Any]:
    """The way into the line for `who`; of an `other` of the family a refusal speaks by name, and says no more."""
    refused = refused or waitlist.refusal_for(course.pk, course, who, at)
    waits = Waiting.objects.in_line().filter(course=course.pk).count()
    return {
        "course": course, "mine": None, "refused": refused, "place": waits + 1, "who": who, "other": other,
        "message": family.addressed(refused, who, other=other), "first": starts(course, at),
    }  # fmt: skip


def _said(one: LineMove, mine: Waiting) -> str:
    who = "把您" if one.waiting_id == mine.pk else "把一位居民"
    if one.reason == line_moves.AT_THE_DOOR:
        return f"{words.dated(one.at)}，排第{one.before}位的一位居民当天到场，补上了空名额。"
    return f"{words.dated(one.at)}，工作人员{who}从第{one.before}位调到第{one.after}位。原因：{one.reason}"
