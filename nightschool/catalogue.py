"""The courses on offer, as a resident or a visitor sees them in lists and on a course's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db.models import F, Q

from communities.models import Resident
from communities.models.guardians import ADULT
from core import clock, words
from core.refusals import Refused
from nightschool import enrolment, family, leaving
from nightschool.line import waitlist
from nightschool.models import Course, Session
from points.earning import Ways, ways_to
from points.ledger import ShortOfPoints

if TYPE_CHECKING:
    from nightschool.seen import Offer

PAGE = 30
DRAWINGS = {
    Course.Category.FLOWERS: ("flower", "r"),
    Course.Category.BODY: ("stretching", ""),
    Course.Category.ARTS: ("palette", "b"),
    Course.Category.SKILLS: ("school", "b"),
    Course.Category.HEALTH: ("plant-2", "g"),
    Course.Category.DIGITAL: ("phone", "b"),
    Course.Category.BUSINESS: ("building-store", "o"),
}
STATES = {
    "already_enrolled": ("已报名", "g"),
    "course_full": ("已满", ""),
    "held_for_counter": ("网上已满", ""),
    "people_wait": ("可候补", ""),
    "offered_to_you": ("待确认", "y"),
    "own_community_first": ("本社区优先", "y"),
    "head_start_lost": ("暂不能报", ""),
    "one_each": ("限报一门", ""),
    "guardian_needed": ("要监护人同意", "y"),
    "by_draw": ("抽签", "b"),
    "by_approval": ("需审核", "b"),
    "not_open_yet": ("未开始报名", "b"),
    "wrong_age": ("年龄不符", ""),
}


@dataclass(frozen=True)
class Card:
    """What `components/course_card.html` shows of a course."""

    id: int
    title: str
    pattern_text: str
    lessons: int
    price: int
    taken: int
    capacity: int
    seats_left: int
    few: bool
    state_label: str
    state_tone: str
    icon: str
    tone: str
    way: str  # what can be done now: seat, line (to join it), or nothing


def page_of(resident: Resident | None, at: datetime, *, category: str = "", after: int | None = None) -> list["Offer"]:
    """Courses whose sign-up has not closed, the own community's first, then by closing date; one more than a page."""
    listed = Course.objects.within_reach_of(resident).upcoming(at)
    if category:
        listed = listed.filter(category=category)
    if after:
        listed = listed.filter(_behind(after, resident))
    seen = listed.with_view_of(resident, at).with_own(resident).with_starts().select_related("community")
    found = cast("list[Offer]", list(seen.order_by(F("is_own").desc(), "closes_at", "pk")[: PAGE + 1]))
    guardian = family.guardian_of(resident, at)
    for course in found:
        course.guardian = guardian
    return found


def _behind(after: int, resident: Resident | None) -> Q:
    """What stands behind course `after` in the order of the list; everything if there is no such course."""
    last = Course.objects.filter(pk=after).values_list("community_id", "closes_at").first()
    if last is None:
        return Q()
    later = Q(closes_at__gt=last[1]) | Q(closes_at=last[1], pk__gt=after)
    if resident is None:
        return later
    own = Q(community=resident.community_id)
    return (own & later) | ~own if last[0] == resident.community_id else ~own & later


def card(course: "Offer", resident: Resident | None, at: datetime) -> Card:
    """`course` as one card; its label comes from the one “why not?”."""
    refused = enrolment.refusal_for(course, resident, at)
    label, tone = STATES.get(refused.code if refused else "", ("", ""))
    if not label and course.nearly_full:
        label, tone = "名额紧张", "o"
    icon, drawing_tone = DRAWINGS[Course.Category(course.category)]
    where = "" if course.is_own else f"{course.community.name}，"
    return Card(
        course.pk, course.title, where + pattern(course.starts), len(course.starts), course.price, course.taken,
        course.capacity, course.seats_left, course.nearly_full, label, tone, icon, drawing_tone, _way(course, refused),
    )  # fmt: skip


def _way(course: "Offer", refused: Refused | None) -> str:
    if refused is None:
        return "seat"
    return "line" if refused.code in waitlist.WORTH_WAITING and not course.waiting else ""


def pattern(starts: list[datetime]) -> str:
    """周二、周四19:00起; a single class, or classes at changing hours, by date: 12月2日（周二）起."""
    moments = [clock.local(start) for start in starts]
    if not moments:
        return "时间待定"
    hours = {f"{moment:%H:%M}" for moment in moments}
    if len(moments) == 1 or len(hours) > 1:
        return f"{words.day(moments[0].date())}{'起' if len(moments) > 1 else moments[0].strftime('%H:%M')}"
    return f"{_weekdays(moments)}{hours.pop()}起"


def sheet(course: "Offer", at: datetime) -> dict[str, Any]:
    """The facts of a course's page: context of `nightschool/course.html`."""
    sessions = list(course.sessions.select_related("room").order_by("starts_at", "number"))
    return {
        "changes": changes(sessions, at), "photo": course.pictured,
        "course": course, "community": course.community, "sessions": sessions, "when": when(sessions),
        "ages": ages(course), "tags": tags(course), "rules": rules(course, at), "sign_up": sign_up(course, at),
        "minors": course.min_age < ADULT,
    }  # fmt: skip


def tags(course: Course) -> list[str]:
    """花艺, 第2期, 零基础."""
    return [course.get_category_display(), course.term.name, *(["零基础"] if course.for_beginners else [])]


def when(sessions: list[Session]) -> list[str]:
    """The lines of “时间”: 12月2日（周二）起，每周二、周四 / 19:00—20:30，共12课. A class that was moved counts where it was planned."""
    sessions = [session for session in sessions if session.status != Session.Status.CANCELLED]
    if not sessions:
        return ["时间待定"]
    planned = [session for session in sessions if session.status == Session.Status.NORMAL] or sessions
    moments = [clock.local(session.planned_at or session.starts_at) for session in sessions]
    hours = {words.span(session.starts_at, session.ends_at) for session in planned}
    first = words.day(clock.local(sessions[0].starts_at).date())
    if len(sessions) == 1:
        return [first, hours.pop()]
    if len(hours) > 1:
        return [f"{first}起", f"共{len(sessions)}课，各课时间见课程安排"]
    return [f"{first}起，每{_weekdays(moments)}", f"{hours.pop()}，共{len(sessions)}课"]


def changes(sessions: list[Session], at: datetime) -> str:
    """What of the classes to come is not as it was planned: 第2课停课；第3课改到12月9日（周三）19:00. Nothing when all is."""
    said = [
        f"{session}{words.dated(session.starts_at)}停课"
        if session.status == Session.Status.CANCELLED
        else f"{session}改到{words.dated(session.starts_at)}"
        for session in sessions
        if session.status != Session.Status.NORMAL and session.ends_at > at
    ]
    return f"{'；'.join(said)}。" if said else ""


def ages(course: Course) -> str:
    """18～70岁, or 18岁以上."""
    return f"{course.min_age}～{course.max_age}岁" if course.max_age else f"{course.min_age}岁以上"


def sign_up(course: Course, at: datetime) -> list[str]:
    """报名规则, at most three sentences: how and when; for whom seats are held; who may come first. Only what is still to come."""
    held = ""
    if course.held and course.held_until and at < course.held_until:
        held = f"{words.moment(course.held_until)}前留{course.held}个名额给打电话和到窗口报名的居民。"
    return [said for said in (_how(course, at), held, _who_first(course, at)) if said]


def _how(course: Course, at: datetime) -> str:
    opens, closes = words.moment(course.opens_at), words.moment(course.closes_at)
    if course.mode == Course.Mode.DRAW:
        return f"{opens}到{closes}申请，截止后抽签，抽中才使用积分。"
    if course.mode == Course.Mode.APPROVAL:
        return f"{opens}到{closes}申请，社区审核通过后才使用积分。"
    return f"{opens}开始报名，先到先得。" if at < course.opens_at else f"先到先得，{closes}截止报名。"


def _who_first(course: Course, at: datetime) -> str:
    """One sentence for both options: 12月2日（周二）10:00前只限文兴社区居民报名，每人限报一门。"""
    if course.mode != Course.Mode.FIRST:
        return ""
    own = course.head_start_until if course.own_first else None
    limits = [(own, f"只限{course.community.name}居民报名"), (course.one_each_until, "每人限报一门")]
    coming = [(until, said) for until, said in limits if until is not None and at < until]
    if len({until for until, _ in coming}) == 1:
        return f"{words.moment(coming[0][0])}前{'，'.join(said for _, said in coming)}。"
    return "，".join(f"{words.moment(until)}前{said}" for until, said in coming) + ("。" if coming else "")


def rules(course: "Offer", at: datetime) -> list[str]:
    """The lines of “退课与缺席”, with the deadline that the setting gives."""
    deadline = leaving.deadline_before(course.first_starts_at, course)
    back = "积分全额退回" if course.price else "名额留给邻居"
    if at > deadline:
        return ["自行退课的时间已过，现在报名后不能自行退课。", "因病、搬家等原因，请联系社区办理。"]
    return [
        f"{words.moment(deadline)}前可自行退课，{back}。",
        "之后因病、搬家等原因要退课，请联系社区办理。",
        "不能来上课时请提前告诉社区，把名额留给邻居。",
    ]


def _weekdays(moments: Iterable[datetime]) -> str:
    return "、".join(f"周{words.WEEKDAYS[day]}" for day in sorted({moment.weekday() for moment in moments}))


def earning_for(course: "Offer", resident: Resident | None, refused: Refused | None, at: datetime) -> Ways | None:
    """Where points are short: what would earn them before the sign-up closes; else None."""
    if resident is None or not isinstance(refused, ShortOfPoints):
        return None
    return ways_to(refused.missing, resident, at=at, until=course.closes_at)
