"""并班: too few people have come. They are asked; who agrees gets a seat in another course, everybody else all points back.

One transaction per person: the seat here is cancelled with everything returned, and the one there is charged at its own price.
So no seat is without its charge, and the books show both. A tick is a colleague's word: whoever was moved may still refuse, online,
for some days (setting), with everything returned.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from communities import duties, settings
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Busy, Refused
from core.verbs import verb
from nightschool import courses, enrolment, leaving
from nightschool.courses import CourseNotOpen, Outcome
from nightschool.models import Channel, Course, CourseQuerySet, Enrolment, Session
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import Template

MERGED = Template("course-merged", "并班通知", "《{title}》并入《{into}》，{until}前可退课。", ("title", "into"))


class CannotMerge(BadInput):
    code = "cannot_merge"
    message = "只能并入同一期、还在上课的另一门课，没有改动。请另选一门。"


class TooFewSeats(Refused):
    code = "merge_too_few_seats"

    def __init__(self, left: int = 0, wanted: int = 0) -> None:
        super().__init__(f"要转入{wanted}人，对方只剩{left}个名额，没有改动。请先增加对方的名额，或少转几人。")


@dataclass(frozen=True)
class Merged:
    """`moved` sit in the other course; `back` says who got everything back; `stayed` could not be moved, with the reason."""

    moved: list[Enrolment] = field(default_factory=list)
    stayed: list[tuple[Enrolment, Refused]] = field(default_factory=list)
    back: Outcome = field(default_factory=Outcome)


def others(course: Course, by: User, at: datetime) -> CourseQuerySet:
    """The courses that `course` may be merged into by `by`: of the same term, open, with a class to come."""
    ahead = Session.objects.held().filter(starts_at__gt=at).values("course")
    found = Course.objects.for_staff(by).filter(term=course.term_id, status=Course.Status.OPEN, pk__in=ahead)
    return found.exclude(pk=course.pk).select_related("community__sub_district", "room").order_by("title", "pk")


def merge(
    *, course: Course, into: Course, agreed: Iterable[int], by: User, reason: str, at: datetime | None = None
) -> Merged:
    """Call `course` off; the seats numbered `agreed` go on in `into`, all others are cancelled with full return.

    Cut off half-way, the same call goes on with who is left. Refuses an empty reason, `CannotMerge`, `TooFewSeats`, what
    `courses.close_course` refuses, and staff without a duty in both communities. Who agreed and cannot have the seat after
    all (age, points) gets everything back as well, and is named in `stayed`.
    """
    at, wanted = at or clock.now(), set(agreed)
    target = _target(course, into, by, at)
    seated = list(
        course.enrolments.seated().select_related("course__community", "resident__community", "entry").order_by("pk")
    )
    willing = [one for one in seated if one.pk in wanted]
    if len(willing) > target.capacity - target.taken:
        raise TooFewSeats(target.capacity - target.taken, len(willing))
    shut = courses.shut(course_id=course.pk, by=by, reason=reason.strip(), at=at, into=target)
    merged = Merged()
    for one in willing:
        try:
            merged.moved.append(_move(seat=one, into=target, by=by, at=at))
        except Busy as busy:  # a moment later it may be done: neither moved nor given back
            merged.stayed.append((one, busy))
        except Refused as refused:
            merged.stayed.append((one, refused))
    waits = [one.pk for one, refused in merged.stayed if isinstance(refused, Busy)]
    left = shut.enrolments.seated().exclude(pk__in=waits).select_related("course__community", "resident").order_by("pk")
    back = courses.cancel_many(
        enrolments=left, by=by, reason=f"课程并入《{target.title}》，{shut.cancel_reason}", at=at
    )
    return Merged(merged.moved, merged.stayed, back)


@verb(enrolment.REFUSALS)
def _move(*, seat: Enrolment, into: Course, by: User, at: datetime) -> Enrolment:
    who, purse = seat.resident, bool(seat.entry and seat.entry.payer_id)
    leaving.cancel(enrolment=seat, by=by, reason=f"本人同意转入《{into.title}》", at=at)
    facts = enrolment.facts_of(into.pk, who, at, purse)
    against = [
        (facts.is_seated, enrolment.AlreadyEnrolled()),
        *enrolment.against(who, facts, at),
        *enrolment.against_payment(facts, purse=purse),
    ]
    if refused := next((no for stands, no in against if stands), None):
        raise refused
    moved = enrolment.seat(into.pk, facts, who, by, Channel.DESK, at, purse, seat.guardian)
    days = settings.value_of(settings.MERGED_DAYS, into.community.sub_district_id)
    moved.free_until = at + timedelta(days=days)
    moved.save(update_fields=["free_until"])
    _tell_moved(seat, moved, into, at)
    return moved


def _tell_moved(old: Enrolment, moved: Enrolment, into: Course, at: datetime) -> None:
    """One message instead of two: what became of the seat, the points of both, and until when one may refuse."""
    who = old.resident
    outbox.recall(resident=who, occasions=[f"enrolment:{old.pk}:cancelled", f"enrolment:{moved.pk}:seated"])
    coming = into.sessions.held().filter(starts_at__gt=at).select_related("room").order_by("starts_at").first()
    until = leaving.until(moved, leaving.cancel_deadline(into))
    back = f"{old.price}积分已退回，" if old.price else ""
    paid = f"新课使用{moved.price}积分" if moved.price else "新课不用积分"
    free = f"不想上的，{words.dated(until)}前在“我的码”里退课，{'积分全额退回' if moved.price else '把名额让给邻居'}。"
    next_ = f"下一课{words.dated(coming.starts_at)}，{coming.room}。" if coming else ""
    body = f"《{old.course.title}》并入《{into.title}》，您已转过去：{back}{paid}。{next_}{free}"
    page, occasion = f"/tickets/{moved.pk}/", f"enrolment:{moved.pk}:merged"
    rows = [outbox.message(occasion, Words("并班通知", body, page), Message.Channel.INBOX, resident=who)]
    if who.phone:
        street = into.community.sub_district
        sms = MERGED.short(street, title=old.course.title, into=into.title, until=words.dated(until))
        rows.append(outbox.message(occasion, sms, Message.Channel.SMS, resident=who, due_at=quiet.calm(at)))
    outbox.tell_many(rows)


@verb()
def run_anyway(*, course: Course, by: User) -> Course:
    """照常开班: the course takes place with those who are there. Refuses a course that is not open."""
    mine = Course.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=course.pk)
    duties.require(by, mine.community)
    if mine.status != Course.Status.OPEN:
        raise CourseNotOpen
    mine.least = min(mine.least, mine.taken)
    mine.save(update_fields=["least"])
    return mine


def _target(course: Course, into: Course, by: User, at: datetime) -> Course:
    target = others(course, by, at).filter(pk=into.pk).first()
    if target is None:
        raise CannotMerge
    duties.require(by, course.community)
    duties.require(by, target.community)
    return target
