"""Opening a course and calling it off; taking many people off at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from communities import duties
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import verb
from nightschool import enrolment
from nightschool.models import Course, Enrolment, Session
from nightschool.timetable import LESSONS, MINUTES, Timetable
from venues.models import Room

FARTHEST = timedelta(days=366)


class BadCourse(BadInput):
    code = "bad_course"
    message = "课程填写有误，课程没有建立。请检查后重新提交。"


class RoomTaken(Refused):
    code = "room_taken"

    def __init__(self, session: Session) -> None:
        start = words.dated(session.starts_at)
        super().__init__(f"{start}教室里有《{session.course.title}》，课程没有建立。请换一个时间或教室。")


class NoReason(BadInput):
    code = "no_reason"
    message = "请写明原因，居民会看到。这次什么都没有改动。"


class CourseOver(Refused):
    code = "course_over"
    message = "这门课已经上完了，不能再停办，积分没有变动。个别退课请在报名名单里办理。"


class AlreadyCalledOff(Refused):
    code = "already_called_off"
    message = "这门课已经停办，学员都已退课，积分没有重复退回。"


@dataclass(frozen=True)
class Outcome:
    """What became of many people: `done` were taken off, `refused` says why not; `refunded` points went back."""

    done: list[Enrolment] = field(default_factory=list)
    refused: list[tuple[Enrolment, Refused]] = field(default_factory=list)

    @property
    def refunded(self) -> int:
        return sum(enrolment.price for enrolment in self.done)


@verb()
def open_course(
    *, course: Course, timetable: Timetable, by: User, closes_at: datetime | None = None, at: datetime | None = None
) -> Course:
    """Save `course` (new, filled in) as open, with its classes. Sign-up ends at `closes_at`, else with the first class.

    Refuses what `refusal_for` says, a room that is taken, and staff without a duty in the community.
    """
    at = at or clock.now()
    duties.require(by, course.community)
    classes = timetable.classes()
    course.closes_at = closes_at or (classes[0][0] if classes else at)
    if refused := refusal_for(course, timetable, at):
        raise refused
    if taken := _in_the_way(course.room, classes):
        raise RoomTaken(taken)
    course.status = Course.Status.OPEN
    course.save(force_insert=True)
    Session.objects.bulk_create(
        Session(course=course, number=number, starts_at=start, ends_at=end)
        for number, (start, end) in enumerate(classes, 1)
    )
    return course


def refusal_for(course: Course, timetable: Timetable, at: datetime) -> Refused | None:
    """Why `course` cannot be opened as filled in; None when nothing stands against it."""
    reasons = [
        (course.room.community_id != course.community_id, "教室不在这个社区，请重新选择教室。"),
        (not 1 <= course.capacity <= course.room.capacity, f"名额须在1到{course.room.capacity}之间：教室最多容纳这么多人。"),
        (course.max_age is not None and course.max_age < course.min_age, "最高年龄不能小于最低年龄。"),
        (timetable.lessons not in LESSONS, f"课次须在{LESSONS[0]}到{LESSONS[-1]}之间。"),
        (timetable.minutes not in MINUTES, f"每课须在{MINUTES[0]}到{MINUTES[-1]}分钟之间。"),
        (not timetable.weekdays, "请至少选一个上课日。"),
        (timetable.first.weekday() not in timetable.weekdays, f"第一课是{words.day(timetable.first)}，不在所选的上课日里。"),
        (clock.at(timetable.first, timetable.starts) <= at, "第一课的时间已经过了，请选今后的日期。"),
        (clock.at(timetable.first, timetable.starts) > at + FARTHEST, "第一课在一年以后，请检查日期。"),
    ]  # fmt: skip
    said = next((text for stands, text in reasons if stands), "") or _sign_up_refusal(course, timetable)
    return BadCourse(f"{said}课程没有建立。") if said else None


def close_course(*, course: Course, by: User, reason: str, at: datetime | None = None) -> Outcome:
    """Call `course` off: nobody new comes in, then everybody gets the points back, one transaction per person.

    Cut off half-way, the same call goes on where it stopped, with the reason of the first time. Refuses an empty reason, a course
    that is over, one where nobody is left, and staff without a duty in the community.
    """
    at = at or clock.now()
    closed = _call_off(course_id=course.pk, by=by, reason=reason.strip(), at=at)
    left = closed.enrolments.seated().select_related("course__community", "resident").order_by("pk")
    return cancel_many(enrolments=left, by=by, reason=f"课程停办，{closed.cancel_reason}", at=at)


@verb()
def _call_off(*, course_id: int, by: User, reason: str, at: datetime) -> Course:
    course = Course.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=course_id)
    duties.require(by, course.community)
    if course.status == Course.Status.CANCELLED:
        if not course.taken:
            raise AlreadyCalledOff
        return course
    if not reason:
        raise NoReason
    if not course.sessions.filter(ends_at__gt=at).exists():
        raise CourseOver
    course.status, course.cancelled_at, course.cancelled_by, course.cancel_reason = (
        Course.Status.CANCELLED,
        at,
        by,
        reason,
    )
    course.save(update_fields=["status", "cancelled_at", "cancelled_by", "cancel_reason"])
    return course


def cancel_many(*, enrolments: Iterable[Enrolment], by: User, reason: str, at: datetime | None = None) -> Outcome:
    """Take everybody in `enrolments` off their courses, one transaction per person; one refusal does not stop the rest."""
    if not reason.strip():
        raise NoReason
    outcome = Outcome()
    for one in enrolments:
        try:
            outcome.done.append(enrolment.cancel(enrolment=one, by=by, reason=reason.strip(), at=at))
        except Refused as refused:
            outcome.refused.append((one, refused))
    return outcome


def _sign_up_refusal(course: Course, timetable: Timetable) -> str:
    last_end = timetable.classes()[-1][1]
    if course.opens_at >= course.closes_at:
        return "报名开始须早于报名截止（不填时为第一课开始）。"
    return "报名截止不能晚于最后一课。" if course.closes_at > last_end else ""


def _in_the_way(room: Room, classes: list[tuple[datetime, datetime]]) -> Session | None:
    # Two courses opened at the same moment: the second waits here for the first, and then sees its classes.
    Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    others = Session.objects.filter(course__room=room, starts_at__lt=classes[-1][1], ends_at__gt=classes[0][0])
    held = others.exclude(course__status=Course.Status.CANCELLED).select_related("course").order_by("starts_at")
    return next(
        (one for one in held if any(one.starts_at < end and start < one.ends_at for start, end in classes)), None
    )
