"""办班情况: how each course of one's communities does. Fill, the least it takes, attendance, no-shows, the line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf

from communities.models import User
from communities.workbook import Cell
from nightschool.models import Application, Attendance, Course, Enrolment, Session, Waiting

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Counted(TypedDict):
        seated: int
        freed: int
        waiting: int
        applied: int
        there: int
        leave: int
        absent: int
        called: int
        ahead: int
        last_number: int | None
        last_there: int
        last_absent: int

    Watched = WithAnnotations[Course, Counted]

MOST = 200
RUNNING, OVER = "running", "over"
STATES = [(RUNNING, "在办"), (OVER, "已结课"), ("all", "全部（不含草稿）")]
SORTS = {
    "fill": "报满程度", "room": "距最少开班", "attendance": "到课率", "absent": "缺课", "line": "候补",
}  # fmt: skip
COLUMNS = (
    ("课程", 20), ("期次", 10), ("社区", 12), ("名额", 8), ("已报名", 8), ("报满", 8), ("最少开班", 10), ("候补", 8),
    ("已点名课次", 12), ("到课人次", 10), ("请假人次", 10), ("缺课人次", 10), ("到课率", 8), ("缺课让位", 10),
)  # fmt: skip
THERE = Q(status__in=[Attendance.Status.PRESENT, Attendance.Status.LATE])
LEAVE = Q(status=Attendance.Status.LEAVE)
ABSENT = Q(status=Attendance.Status.ABSENT, excused_at=None)


@dataclass(frozen=True)
class Health:
    """One course. `rate`: of those who had a seat in the classes that were called, the share that came, in percent; or None."""

    id: int
    title: str
    term: str
    community: str
    capacity: int
    seated: int
    least: int
    waiting: int
    called: int
    there: int
    leave: int
    absent: int
    freed: int
    rate: int | None
    last: str
    over: bool
    applied: int = 0
    opened: bool = True

    @property
    def fill(self) -> int:
        """In percent of the seats."""
        return 100 * self.seated // self.capacity if self.capacity else 0

    @property
    def missing(self) -> int:
        """How many are missing to the least that it takes, while it can still matter."""
        hoped = self.seated + self.applied
        return max(0, self.least - hoped) if self.opened and not self.over else 0

    @property
    def few(self) -> bool:
        return self.capacity - self.seated <= max(5, self.capacity // 5)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The line of the file; see COLUMNS."""
        rate = "—" if self.rate is None else f"{self.rate}%"
        return (
            self.title, self.term, self.community, self.capacity, self.seated, f"{self.fill}%", self.least or "—", self.waiting,
            self.called, self.there, self.leave, self.absent, rate, self.freed,
        )  # fmt: skip


def found(
    user: User, at: datetime, *, state: str = RUNNING, community: int | None = None, term: int | None = None, sort: str = "",
    most: int | None = MOST,
) -> list[Health]:  # fmt: skip
    """The courses of `user`'s communities, the one that needs a look first; at most `most` (the file: all)."""
    mine = _counted(Course.objects.for_staff(user).filter(_in(state, at)), at)
    if community:
        mine = mine.filter(community=community)
    if term:
        mine = mine.filter(term=term)
    named = mine.select_related("community", "term").order_by(*_order(sort), "-pk")[:most]
    return [_health(one, at) for one in cast("Iterable[Watched]", named)]


def _in(state: str, at: datetime) -> Q:
    ahead = Exists(Session.objects.held().filter(course=OuterRef("pk"), ends_at__gt=at))
    shown = Q(status=Course.Status.OPEN)
    if state == RUNNING:
        return shown & Q(ahead)
    return shown & ~Q(ahead) if state == OVER else ~Q(status=Course.Status.DRAFT)


def _order(sort: str) -> list[str | Combinable]:
    seats = NullIf(F("capacity"), Value(0))
    orders: dict[str, list[str | Combinable]] = {
        "fill": [F("seated") * 100 / seats],
        "room": [F("seated") - F("least")],
        "attendance": [(F("there") * 100 / NullIf(F("there") + F("leave") + F("absent"), Value(0))).asc(nulls_last=True)],
        "absent": [F("absent").desc()],
        "line": [F("waiting").desc()],
    }  # fmt: skip
    return orders.get(sort, [])


def _counted(courses: QuerySet[Course], at: datetime) -> QuerySet[Course]:
    seats = Enrolment.objects.filter(course=OuterRef("pk"))
    rows = Attendance.objects.filter(session__course=OuterRef("pk"))
    held = Session.objects.held().filter(course=OuterRef("pk"))
    called = held.filter(attendances__isnull=False).order_by("-starts_at")
    last = Attendance.objects.filter(session=OuterRef("last_id"))
    return courses.annotate(
        seated=_many(seats.seated()), freed=_many(seats.filter(status=Enrolment.Status.FREED)),
        waiting=_many(Waiting.objects.standing().filter(course=OuterRef("pk"))),
        applied=_many(Application.objects.open().filter(course=OuterRef("pk"))), there=_many(rows.filter(THERE)), leave=_many(rows.filter(LEAVE)), absent=_many(rows.filter(ABSENT)),
        called=_many(held.filter(Exists(Attendance.objects.filter(session=OuterRef("pk"))))),
        ahead=_many(held.filter(ends_at__gt=at)), last_id=Subquery(called.values("pk")[:1]),
        last_number=Subquery(called.values("number")[:1]),
    ).annotate(last_there=_many(last.filter(THERE)), last_absent=_many(last.exclude(THERE)))  # fmt: skip


def _many(rows: "QuerySet[Any]") -> Coalesce:
    one = rows.order_by().annotate(every=Cast(Value(1), IntegerField())).values("every")
    return Coalesce(Subquery(one.annotate(many=Count("pk")).values("many")), 0)


def _health(one: "Watched", at: datetime) -> Health:
    marked = one.there + one.leave + one.absent
    came = one.last_there + one.last_absent
    last = f"第{one.last_number}课{one.last_there}/{came}人" if one.last_number else ""
    return Health(
        one.pk, one.title, one.term.name, one.community.name, one.capacity, one.seated, one.least, one.waiting, one.called,
        one.there, one.leave, one.absent, one.freed, 100 * one.there // marked if marked else None, last, not one.ahead,
        one.applied, one.opens_at <= at,
    )  # fmt: skip
