"""名册: the enrolments that staff of a community see. The list on the screen, its figures and the Excel file ask the same question.

Phones leave here masked; nobody downstream has the number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from communities.models import User
from core import clock, masks
from nightschool.models import Channel, Course, Enrolment, EnrolmentQuerySet, Session

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Running(TypedDict):
        running: bool

    Known = WithAnnotations[Course, Running]

Rows = TypeVar("Rows", bound="QuerySet[Any]")
PAGE = 50
MOST_AT_ONCE = 200
CHUNK = 2000
REMEMBERED = timedelta(days=200)  # how long after its last class a course stays in the list of choices
COLUMNS = (
    "pk", "resident__name", "resident__phone", "resident__estate__name", "course_id", "course__title", "course__term__name",
    "course__community__name", "at", "channel", "price", "course__price", "status", "cancelled_at", "cancel_reason",
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What was asked for; empty means everything. Both days belong to the span."""

    course: int | None = None
    status: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None
    q: str = ""

    def of(self, rows: Rows) -> Rows:
        """`rows` (of enrolments, of a line, of applications) without regard to the status: the figures need all."""
        if self.course:
            rows = rows.filter(course=self.course)
        if self.channel:
            rows = rows.filter(channel=self.channel)
        if self.since:
            rows = rows.filter(at__gte=clock.at(self.since, time()))
        if self.until:
            rows = rows.filter(at__lt=clock.midnight_after(self.until))
        return rows.filter(named(self.q)) if self.q else rows


@dataclass(frozen=True)
class Row:
    """One enrolment in the list and in the file; `phone` is masked, `relieved` says 优待 and never why."""

    id: int
    name: str
    phone: str
    estate: str
    course_id: int
    course: str
    term: str
    community: str
    at: datetime
    channel: str
    price: int
    relieved: bool
    seated: bool
    status: str
    cancelled_at: datetime | None
    cancel_reason: str

    @property
    def when(self) -> str:
        return moment_of(self.at)


@dataclass(frozen=True)
class Class:
    """A course in the list of choices, with its seats."""

    id: int
    title: str
    term: str
    community: str
    taken: int
    capacity: int
    few: bool
    running: bool

    @property
    def sub(self) -> str:
        left = self.capacity - self.taken
        return f"剩{left}个名额" if left else "已满"


def matching(user: User, asked: Filter) -> EnrolmentQuerySet:
    """The enrolments of `user`'s own communities that answer to `asked`, the newest first."""
    found = asked.of(Enrolment.objects.for_staff(user))
    return (found.filter(status=asked.status) if asked.status else found).order_by("-pk")


def page_of(user: User, asked: Filter, before: int | None = None) -> list[Row]:
    """One page, older than row `before`, and one row more when there is another page."""
    found = matching(user, asked)
    older = found.filter(pk__lt=before) if before else found
    return [_row(*values) for values in older.values_list(*COLUMNS)[: PAGE + 1]]


def all_of(user: User, asked: Filter) -> Iterator[Row]:
    """Every row that answers to `asked`, read in chunks so that a long file needs little memory."""
    for values in matching(user, asked).values_list(*COLUMNS).iterator(chunk_size=CHUNK):
        yield _row(*values)


def figures(user: User, asked: Filter) -> dict[str, int]:
    """How many are `seated` and `cancelled` among those that answer to `asked`, whatever status it names."""
    counted = {status.value: Count("pk", filter=Q(status=status)) for status in Enrolment.Status}
    return asked.of(Enrolment.objects.for_staff(user)).order_by().aggregate(**counted)


def classes_of(user: User, at: datetime, *, asked: int | None = None) -> list[Class]:
    """The courses of `user`'s communities that run or ended lately, and course `asked`; the newest first."""
    sessions = Session.objects.held().filter(course=OuterRef("pk"))
    lately = Exists(sessions.filter(ends_at__gt=at - REMEMBERED))
    running = Q(status=Course.Status.OPEN) & Exists(sessions.filter(ends_at__gt=at))
    mine = (
        Course.objects.for_staff(user).filter(lately | Q(pk=asked)).select_related("community", "term").order_by("-pk")
    )
    columns = ("title", "term__name", "taken", "capacity", "held", "online", "community__name")
    known = cast("Iterable[Known]", mine.only(*columns).annotate(running=running))
    return [
        Class(
            one.pk, one.title, one.term.name, one.community.name, one.taken, one.capacity, one.nearly_full, one.running
        )
        for one in known
    ]


def chosen(user: User, numbers: Iterable[str]) -> list[Enrolment]:
    """The ticked enrolments in their order. One that is not of `user`'s communities, or is no number, makes all of them 404."""
    asked = {int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0 for text in numbers}
    if len(asked) > MOST_AT_ONCE:
        raise Http404
    mine = Enrolment.objects.for_staff(user).filter(pk__in=asked).order_by("pk")
    found = list(mine.select_related("course__community", "resident__estate"))
    if len(found) < len(asked):
        raise Http404
    return found


def moment_of(at: datetime) -> str:
    """11月25日08:12; the year is named when it is another one."""
    local = clock.local(at)
    year = "" if local.year == clock.today().year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日{local:%H:%M}"


def named(q: str) -> Q:
    """Four digits are the end of a phone, eleven are a phone, anything else is a part of a name or the start of its pinyin."""
    if q.isdigit() and len(q) in {4, 11}:
        return Q(resident__phone__endswith=q)
    return Q(resident__name__contains=q) | Q(resident__pinyin__startswith=q.lower())


def _row(
    pk: int, name: str, phone: str, estate: str | None, course_id: int, course: str, term: str, community: str,
    at: datetime, channel: str, price: int, full_price: int, status: str, cancelled_at: datetime | None, reason: str,
) -> Row:  # fmt: skip
    labels: dict[str, Any] = dict(Enrolment.Status.choices) | dict(Channel.choices)
    return Row(
        pk, name, masks.phone(phone), estate or "", course_id, course, term, community, at, labels[channel], price,
        price < full_price, status == Enrolment.Status.SEATED, labels[status], cancelled_at, reason,
    )  # fmt: skip
