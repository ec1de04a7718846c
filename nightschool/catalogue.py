"""The courses on offer, as a resident or a visitor sees them in lists and on a course's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db.models import F, Q

from communities.models import Resident
from core import clock, words
from core.refusals import Refused
from nightschool import enrolment
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
}
STATES = {
    "already_enrolled": ("已报名", "g"),
    "course_full": ("已满", ""),
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


def page_of(resident: Resident | None, at: datetime, *, category: str = "", after: int | None = None) -> list["Offer"]:
    """Courses whose sign-up has not closed, the own community's first, then by closing date; one more than a page."""
    listed = Course.objects.within_reach_of(resident).upcoming(at)
    if category:
        listed = listed.filter(category=category)
    if after:
        listed = listed.filter(_behind(after, resident))
    seen = listed.with_view_of(resident, at).with_own(resident).with_starts().select_related("community")
    return cast("list[Offer]", list(seen.order_by(F("is_own").desc(), "closes_at", "pk")[: PAGE + 1]))


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
        course.capacity, course.seats_left, course.nearly_full, label, tone, icon, drawing_tone,
    )  # fmt: skip


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
    sessions = list(course.sessions.order_by("number"))
    return {
        "course": course, "community": course.community, "sessions": sessions, "when": when(sessions),
        "ages": ages(course), "tags": tags(course), "rules": rules(course, at),
    }  # fmt: skip


def tags(course: Course) -> list[str]:
    """花艺, 第2期, 零基础."""
    return [course.get_category_display(), course.term, *(["零基础"] if course.for_beginners else [])]


def when(sessions: list[Session]) -> list[str]:
    """The lines of “时间”: 12月2日（周二）起，每周二、周四 / 19:00—20:30，共12课."""
    if not sessions:
        return ["时间待定"]
    moments = [clock.local(session.starts_at) for session in sessions]
    hours = {words.span(session.starts_at, session.ends_at) for session in sessions}
    first = words.day(moments[0].date())
    if len(sessions) == 1:
        return [first, hours.pop()]
    if len(hours) > 1:
        return [f"{first}起", f"共{len(sessions)}课，各课时间见课程安排"]
    return [f"{first}起，每{_weekdays(moments)}", f"{hours.pop()}，共{len(sessions)}课"]


def ages(course: Course) -> str:
    """18～70岁, or 18岁以上."""
    return f"{course.min_age}～{course.max_age}岁" if course.max_age else f"{course.min_age}岁以上"


def rules(course: "Offer", at: datetime) -> list[str]:
    """The lines of “退课与缺席”, with the deadline that the setting gives."""
    deadline = enrolment.deadline_before(course.first_starts_at, course)
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
