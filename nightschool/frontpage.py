"""What the first page says: today's classes, what can be redeemed now, and to a visitor how points work."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from communities import frontcards
from communities.models import Community, Guardian, Notice, Resident, User
from core import clock
from nightschool import enrolment, family
from nightschool.catalogue import Card, card
from nightschool.line import mine as my_line
from nightschool.models import Course, CourseQuerySet, Enrolment, Session, Waiting
from notifications.models import Message
from points.pricing import tariffs

if TYPE_CHECKING:
    from nightschool.seen import Offer

CARDS = 3
ROWS = 20  # today's classes, and enough courses to find three that fit
APPLY = {"by_draw", "by_approval"}
MENDABLE = {"not_signed_in", "resident_not_confirmed", "short_of_points"}
EVENING = 18
GREETINGS = ((5, "晚上好"), (11, "早上好"), (13, "中午好"), (EVENING, "下午好"), (24, "晚上好"))


@dataclass(frozen=True)
class Today:
    """What `components/today_card.html` shows of a class."""

    ticket: int
    day: str
    clock: str
    title: str
    sub: str


def front_page(resident: Resident | None, at: datetime) -> tuple[list[Today], list[Card]]:
    """The resident's classes of today, and a few courses that can be joined now: one query for both."""
    rows = cast("list[Offer]", list(_concerning(resident, at)[:ROWS]))
    guardian = family.guardian_of(resident, at)
    for course in rows:
        course.guardian = guardian
    offers = _offers([course for course in rows if not course.is_seated], resident, at)
    return [_today(course) for course in rows if course.is_seated], [card(course, resident, at) for course in offers]


def _concerning(resident: Resident | None, at: datetime) -> CourseQuerySet:
    seats = Enrolment.objects.filter(resident=resident).seated()
    today = Q(pk__in=seats.filter(course__sessions__in=Session.objects.of_the_day(at)).values("course"))
    open_now = Course.objects.within_reach_of(resident).open_now(at)
    joinable = Q(pk__in=open_now.exclude(pk__in=seats.values("course")).values("pk"))
    found = Course.objects.filter(today | joinable).with_view_of(resident, at).with_own(resident).with_starts()
    seated_first = F("seat_id").asc(nulls_last=True)
    found = found.with_class_of_the_day(at).order_by(seated_first, F("is_own").desc(), "closes_at", "pk")
    return found.select_related("community", "room")


def _offers(courses: "list[Offer]", resident: Resident | None, at: datetime) -> "list[Offer]":
    """First what can be had, or applied for, online now; then what the reader can mend: sign in, be confirmed, earn."""
    answers = [(course, enrolment.refusal_for(course, resident, at)) for course in courses]
    ready = [course for course, refused in answers if refused is None or refused.code in APPLY]
    mendable = [course for course, refused in answers if refused is not None and refused.code in MENDABLE]
    return (ready + mendable)[:CARDS]


def _today(course: "Offer") -> Today:
    moment = clock.local(cast(datetime, course.today_at))
    day = "今晚" if moment.hour >= EVENING else "今天"
    place = f"第{course.today_number}课，{course.today_place}"
    return Today(cast(int, course.seat_id), day, f"{moment:%H:%M}", course.title, place)


def beside(resident: Resident, on: date, account: User) -> dict[str, Any]:
    """What the page says beside the courses, in one query: `unread` messages, and the public `notice` that runs (pk, title) or None.

    Whoever has open offers of a waiting line reads them first (`offers`, one query more for them alone); who answers for a
    child, or is one, reads what other apps say to families (`family`).
    """
    running = Notice.objects.open().filter(community=OuterRef("community"), closes_on__gte=on).order_by("-pk")
    unread = Message.objects.inbox_of(resident).unread().order_by().values("resident").annotate(n=Count("pk"))
    found = Resident.objects.filter(pk=resident.pk).annotate(
        unread=Subquery(unread.values("n")), notice=Subquery(running.values("pk")[:1]), title=Subquery(running.values("title")[:1]),
        offered=Exists(Waiting.objects.of(resident).offered()),
        answers=Exists(Guardian.objects.current().filter(Q(guardian=OuterRef("pk")) | Q(child=OuterRef("pk")))),
    )  # fmt: skip
    count, pk, title, offered, answers = found.values_list("unread", "notice", "title", "offered", "answers").get()
    return {
        "unread": count or 0, "notice": {"pk": pk, "title": title} if pk else None,
        "offers": my_line.offers(resident) if offered else [], "family": frontcards.cards_for(resident, account) if answers else [],
    }  # fmt: skip


def greeting(at: datetime) -> str:
    """早上好 and so on, by Shanghai's clock."""
    hour = clock.local(at).hour
    return next(word for until, word in GREETINGS if hour < until)


def hello(resident: Resident, classes: int, at: datetime) -> str:
    """王秀兰，晚上好。今天您有1节课。"""
    return f"{resident.name}，{greeting(at)}。" + (f"今天您有{classes}节课。" if classes else "")


def how_points_work(community: Community | None) -> list[str]:
    """Three plain sentences for visitors, with the figure in force where they live."""
    rule = tariffs(community.sub_district_id if community else None, on=clock.today())["ENV"].rule
    earned = f"每小时获得{rule.points}积分" if rule.points else "可以获得积分"
    return [
        f"参加社区志愿服务，{earned}，由社区工作人员记录和确认。",
        "用积分兑换夜校名额，学插花、练形体，不用花钱。",
        "积分只能自己和加入家庭积分的家人用，不能买卖、不能换现金；用掉积分，志愿服务时长一分钟也不会少。",
    ]
