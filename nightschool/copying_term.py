"""沿用上期: all courses of a term once more, as drafts of another, on the same weekdays. Rooms are claimed when each is opened."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from communities import duties
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from nightschool import planning
from nightschool.models import Course, CoursePhoto, Session, Term
from venues.claiming import Hours

WEEK = timedelta(days=7)
MOST = 200  # courses copied at once
SAME = (
    "community_id", "room_id", "partner_id", "title", "category", "teacher", "taught_by_id", "summary", "audience", "bring", "safety", "fee",
    "for_beginners", "min_age", "max_age", "capacity", "least", "mode", "own_first", "price",
)  # fmt: skip


class CannotCopyTerm(Refused):
    code = "cannot_copy_term"
    message = "只能沿用到同一街道、还没有结束的另一期，没有复制。请另选期次。"


class NothingToCopy(Refused):
    code = "nothing_to_copy_term"
    message = "这一期没有可以沿用的课程，或已经全部沿用过，没有复制。"


def of_term(source: Term, by: User) -> list[Course]:
    """The courses of `source` that `by` may copy; those called off are left out."""
    mine = Course.objects.filter(term=source, status=Course.Status.OPEN, community__in=duties.served_by(by))
    found = mine.select_related("community", "room__community", "term", "taught_by")
    return list(found.order_by("pk")[:MOST])


def left_to_copy(source: Term, target: Term, by: User) -> list[Course]:
    """Those of `of_term` that `target` has no copy of."""
    copied = set(Course.objects.filter(term=target).exclude(copied_from=None).values_list("copied_from", flat=True))
    return [one for one in of_term(source, by) if one.pk not in copied]


def refusal_for(source: Term, target: Term, at: datetime) -> Refused | None:
    """Why nothing of `source` can be copied into `target`; None when nothing stands against it."""
    same = source.pk == target.pk or source.sub_district_id != target.sub_district_id
    return CannotCopyTerm() if same or target.ends_on < clock.local(at).date() else None


@verb()
def copy_term(*, source: Term, target: Term, by: User, at: datetime | None = None) -> list[Course]:
    """A draft in `target` of every course that is left to copy, all or none. Refuses `CannotCopyTerm` and `NothingToCopy`.

    The first class comes as many whole weeks later as the terms lie apart; holidays and taken hours go to later weeks.
    """
    at = at or clock.now()
    if refused := refusal_for(source, target, at):
        raise refused
    Term.objects.select_for_update(no_key=True).get(pk=target.pk)  # two at once would copy everything twice
    found = left_to_copy(source, target, by)
    if not found:
        raise NothingToCopy
    return [_copied(course, target, shift(source, target), by, at) for course in found]


def shift(source: Term, target: Term) -> timedelta:
    """Whole weeks, so that a Tuesday stays one; no class comes to lie before the term begins that did not before."""
    return -(-(target.starts_on - source.starts_on) // WEEK) * WEEK


def _copied(course: Course, target: Term, later: timedelta, by: User, at: datetime) -> Course:
    sessions = list(course.sessions.held().order_by("starts_at"))
    hours = _later(course, sessions, later)
    twin = Course(**{name: getattr(course, name) for name in SAME}, term=target, copied_from=course)
    twin.status = Course.Status.DRAFT
    if course.taught_by and not course.taught_by.confirmed:
        twin.taught_by = None
    _sign_up(twin, course, target, hours, later)
    twin.save(force_insert=True)
    Session.objects.bulk_create(
        Session(
            course=twin, number=number, topic=old.topic, starts_at=one.starts_at, ends_at=one.ends_at, room=course.room
        )
        for number, (one, old) in enumerate(zip(hours, sessions, strict=True), 1)
    )  # fmt: skip
    if photo := CoursePhoto.objects.filter(course=course).first():
        CoursePhoto.objects.create(course=twin, jpeg=photo.jpeg, by=by, at=at)
    return twin


def _later(course: Course, sessions: Sequence[Session], later: timedelta) -> list[Hours]:
    """So much later; by the pattern where that leaves enough free days."""
    moved = [
        Hours(
            (one.planned_at or one.starts_at) + later,
            (one.planned_at or one.starts_at) + later + (one.ends_at - one.starts_at),
        )
        for one in sessions
    ]
    moved.sort()
    pattern = planning.pattern_of([Session(starts_at=one.starts_at, ends_at=one.ends_at) for one in moved])
    usual = _weekdays(course)
    if pattern and pattern.weekdays > usual:
        first = next(one.starts_at for one in moved if clock.local(one.starts_at).weekday() in usual)
        pattern = replace(pattern, weekdays=usual, first=clock.local(first).date(), starts=clock.local(first).time())
    planned = planning.classes(planning.plan(pattern, course.room)) if pattern else []
    return planned if len(planned) == len(moved) else moved


def _weekdays(course: Course) -> frozenset[int]:
    """Those of the course as it was planned: a class called off may have been made up for on any day, at the end of the list."""
    planned = list(course.sessions.order_by("number"))
    off = sum(1 for one in planned if one.status == Session.Status.CANCELLED)
    original = planned[: len(planned) - off] or planned
    return frozenset(clock.local(one.planned_at or one.starts_at).weekday() for one in original)


def _sign_up(twin: Course, course: Course, target: Term, hours: Sequence[Hours], later: timedelta) -> None:
    """The term's own hours of sign-up, else those of the course so much later; in order whatever was typed there."""
    twin.opens_at = target.opens_at or course.opens_at + later
    twin.closes_at = target.closes_at or course.closes_at + later
    if twin.closes_at <= twin.opens_at and hours:
        twin.closes_at = hours[0].starts_at
    if twin.closes_at <= twin.opens_at:
        twin.opens_at = twin.closes_at - 2 * WEEK
    twin.one_each_until = twin.opens_at if course.one_each_until else None
