"""The courses of the staff's own communities: what runs, how full it is, when it meets next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, TypedDict, cast

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from communities.models import User
from communities.workbook import Cell, workbook
from core import words
from nightschool.models import Course, CourseQuerySet, Enrolment, Session
from nightschool.models.courses import HELD

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Times(TypedDict):
        lessons: int
        next_at: datetime | None
        last_end: datetime | None

    Timed = WithAnnotations[Course, Times]

PAGE, CHUNK = 50, 2000
RUNNING, FEW, OVER = "running", "few", "over"
STATES = (
    (RUNNING, "在办"),
    (FEW, "人数不足"),
    (OVER, "已结课"),
    (Course.Status.CANCELLED.value, "已停办"),
    (Course.Status.DRAFT.value, "草稿"),
)
COLUMNS = (
    ("课程", 20), ("期次", 10), ("社区", 12), ("类别", 10), ("适合人群", 24), ("零基础", 8), ("年龄", 12), ("教师", 16), ("提供合伙人", 18),
    ("教室", 18), ("课次", 8), ("名额", 8), ("最少开班", 10), ("已报", 8), ("报名方式", 10), ("积分", 8), ("材料费", 20),
    ("自备物品", 20), ("安全提示", 24), ("报名开始", 18), ("报名截止", 18), ("状态", 12), ("停办原因", 20),
)  # fmt: skip


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
    freed: int
    points: int


def page_of(user: User, at: datetime, *, before: int | None = None, **asked: Any) -> list[Line]:
    """One page, the newest first, older than course `before`, and one more when there is another page. `asked`: see `matching`."""
    mine = matching(user, at, **asked)
    if before:
        mine = mine.filter(pk__lt=before)
    timed = with_times(mine, at).select_related("community", "room", "term").order_by("-pk")[: PAGE + 1]
    return [_line(course, at) for course in cast("Iterable[Timed]", timed)]


def matching(
    user: User, at: datetime, *, state: str = "", community: int | None = None, category: str = "", term: int | None = None
) -> CourseQuerySet:  # fmt: skip
    """The courses of `user`'s communities; empty means everything."""
    kept = {"community": community, "category": category, "term": term}
    mine = Course.objects.for_staff(user).filter(_in_state(state, at))
    return mine.filter(**{name: value for name, value in kept.items() if value})


def exported(user: User, at: datetime, **asked: Any) -> IO[bytes]:
    """The file of exactly those, with what was filled in of each."""
    timed = with_times(matching(user, at, **asked), at).select_related("community", "room", "term", "partner")
    found = cast("Iterable[Timed]", timed.order_by("-pk").iterator(chunk_size=CHUNK))
    return workbook("夜校课程", COLUMNS, (_cells(course, at) for course in found))


def with_times(courses: CourseQuerySet, at: datetime) -> QuerySet[Course]:
    """Adds `lessons`, `next_at` (the next class that has not begun) and `last_end`."""
    ahead = Q(HELD, sessions__starts_at__gt=at)
    return courses.annotate(
        lessons=Count("sessions", filter=HELD), next_at=Min("sessions__starts_at", filter=ahead),
        last_end=Max("sessions__ends_at", filter=HELD),
    )  # fmt: skip


def seats_of(course: Course) -> Seats:
    """Counted on the enrolments, in one query."""
    seated = Q(status=Enrolment.Status.SEATED)
    counted = course.enrolments.aggregate(
        seated=Count("pk", filter=seated), cancelled=Count("pk", filter=Q(status=Enrolment.Status.CANCELLED)),
        freed=Count("pk", filter=Q(status=Enrolment.Status.FREED)),
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
        (course.mode != Course.Mode.FIRST, ("申请中", "g")),
        (course.taken >= course.capacity, ("已满", "y")),
        (course.seats_left <= 0, ("网上已满", "y")),
        (course.nearly_full, ("名额紧张", "o")),
    ]
    return next((answer for stands, answer in answers if stands), ("报名中", "g"))


def _in_state(state: str, at: datetime) -> Q:
    ahead = Exists(Session.objects.held().filter(course=OuterRef("pk"), ends_at__gt=at))
    if state == RUNNING:
        return Q(ahead, status=Course.Status.OPEN)
    if state == FEW:
        return Q(pk__in=Course.objects.too_few(at).values("pk"))
    if state == OVER:
        return Q(~ahead, status=Course.Status.OPEN)
    return Q(status=state) if state else Q()


def _cells(course: "Timed", at: datetime) -> tuple[Cell, ...]:
    label, _ = standing(course, at)
    oldest = f"{course.min_age}～{course.max_age}岁" if course.max_age else f"{course.min_age}岁以上"
    return (
        course.title, course.term.name, course.community.name, course.get_category_display(), course.audience,
        "是" if course.for_beginners else "否", oldest, course.teacher, course.partner.name if course.partner else "",
        str(course.room), course.lessons, course.capacity, course.least, course.taken, course.get_mode_display(), course.price,
        course.fee, course.bring, course.safety, course.opens_at, course.closes_at, label, course.cancel_reason,
    )  # fmt: skip


def _line(course: "Timed", at: datetime) -> Line:
    label, tone = standing(course, at)
    running = course.status == Course.Status.OPEN and course.next_at is not None
    return Line(
        course.pk, course.title, course.term.name, course.community.name, course.get_category_display(), str(course.room),
        words.dated(course.next_at) if running and course.next_at else "", course.lessons, course.price,
        course.taken, course.capacity, course.nearly_full, label, tone,
    )  # fmt: skip
