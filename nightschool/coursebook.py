"""The courses of the staff's own communities: what runs, how full it is, when it meets next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from communities.models import User
from core import words
from nightschool.models import Course, CourseQuerySet, Enrolment, Session

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Times(TypedDict):
        lessons: int
        next_at: datetime | None
        last_end: datetime | None

    Timed = WithAnnotations[Course, Times]

PAGE = 50
RUNNING, OVER = "running", "over"
STATES = (
    (RUNNING, "在办"),
    (OVER, "已结课"),
    (Course.Status.CANCELLED.value, "已停办"),
    (Course.Status.DRAFT.value, "草稿"),
)


@dataclass(frozen=True)
class Line:
    """One course in the list."""

    id: int
    title: str
    term: str
    community: str
    category: str
    room: str
    next_class: str
    lessons: int
    price: int
    taken: int
    capacity: int
    few: bool
    standing: str
    tone: str


@dataclass(frozen=True)
class Seats:
    """Who is in a course: `points` were paid by those seated, and would return if it were called off."""

    seated: int
    cancelled: int
    points: int


def page_of(
    user: User, at: datetime, *, state: str = "", community: int | None = None, category: str = "", before: int | None = None
) -> list[Line]:  # fmt: skip
    """One page, the newest first, older than course `before`, and one more when there is another page."""
    mine = Course.objects.for_staff(user).filter(_in_state(state, at))
    if community:
        mine = mine.filter(community=community)
    if category:
        mine = mine.filter(category=category)
    if before:
        mine = mine.filter(pk__lt=before)
    timed = with_times(mine, at).select_related("community", "room").order_by("-pk")[: PAGE + 1]
    return [_line(course, at) for course in cast("Iterable[Timed]", timed)]


def with_times(courses: CourseQuerySet, at: datetime) -> QuerySet[Course]:
    """Adds `lessons`, `next_at` (the next class that has not begun) and `last_end`."""
    ahead = Q(sessions__starts_at__gt=at)
    return courses.annotate(
        lessons=Count("sessions"), next_at=Min("sessions__starts_at", filter=ahead), last_end=Max("sessions__ends_at")
    )


def seats_of(course: Course) -> Seats:
    """Counted on the enrolments, in one query."""
    seated = Q(status=Enrolment.Status.SEATED)
    counted = course.enrolments.aggregate(
        seated=Count("pk", filter=seated), cancelled=Count("pk", filter=~seated),
        points=Coalesce(Sum(F("price"), filter=seated), 0),
    )  # fmt: skip
    return Seats(**counted)


def standing(course: "Timed", at: datetime) -> tuple[str, str]:
    """Where the course stands, and the tag's tone."""
    answers = [
        (course.status == Course.Status.CANCELLED, ("已停办", "")),
        (course.status == Course.Status.DRAFT, ("草稿", "")),
        (course.last_end is None or course.last_end <= at, ("已结课", "")),
        (at < course.opens_at, ("未开始报名", "b")),
        (at >= course.closes_at, ("报名已截止", "")),
        (course.seats_left <= 0, ("已满", "y")),
        (course.nearly_full, ("名额紧张", "o")),
    ]
    return next((answer for stands, answer in answers if stands), ("报名中", "g"))


def _in_state(state: str, at: datetime) -> Q:
    ahead = Exists(Session.objects.filter(course=OuterRef("pk"), ends_at__gt=at))
    if state == RUNNING:
        return Q(ahead, status=Course.Status.OPEN)
    if state == OVER:
        return Q(~ahead, status=Course.Status.OPEN)
    return Q(status=state) if state else Q()


def _line(course: "Timed", at: datetime) -> Line:
    label, tone = standing(course, at)
    running = course.status == Course.Status.OPEN and course.next_at is not None
    return Line(
        course.pk, course.title, course.term, course.community.name, course.get_category_display(), str(course.room),
        words.dated(course.next_at) if running and course.next_at else "", course.lessons, course.price,
        course.taken, course.capacity, course.nearly_full, label, tone,
    )  # fmt: skip
