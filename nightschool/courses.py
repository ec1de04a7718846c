"""Opening a course and calling it off; taking many people off at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from communities import duties, settings
from communities.guardians import CHILD
from communities.models import Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import verb
from nightschool import changed, leaving
from nightschool.applications import drawing_lots
from nightschool.line import offering
from nightschool.models import Course, Enrolment, Session
from nightschool.timetable import LESSONS, MINUTES, Timetable
from venues import claiming
from venues.claiming import Hours, Purpose
from venues.models import Booking, Use

FARTHEST = timedelta(days=366)


class BadCourse(BadInput):
    code = "bad_course"
    message = "课程填写有误，课程没有建立。请检查后重新提交。"


class NoReason(BadInput):
    code = "no_reason"
    message = "请写明原因，居民会看到。这次什么都没有改动。"


class CourseNotOpen(Refused):
    code = "course_not_open"
    message = "这门课没有开放，或已经停办，没有改动。草稿请直接修改。"


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

    @property
    def by_hand(self) -> list[Resident]:
        """Whom no message reaches: somebody has to ring or call on them."""
        return [enrolment.resident for enrolment in self.done if not enrolment.resident.phone]


@verb(claiming.REFUSALS)
def open_course(
    *, course: Course, timetable: Timetable, by: User, closes_at: datetime | None = None, at: datetime | None = None
) -> Course:
    """Save `course` (new, filled in) as open, with a class on every day of `timetable`, holidays or not.

    Sign-up ends at `closes_at`, else with the first class. Refuses what `refusal_for` says, a room that is taken, and staff
    without a duty in the community. A draft is looked over first, and opened by `drafting.open_draft`.
    """
    at = at or clock.now()
    duties.require(by, course.community)
    classes = timetable.classes()
    course.closes_at = closes_at or (classes[0].starts_at if classes else at)
    if refused := refusal_for(course, timetable, at) or refusal_to_open(course, classes, at):
        raise refused
    booked = claim_room(course, classes, by=by, at=at)
    prepare(course)
    course.save(force_insert=True)
    Session.objects.bulk_create(
        Session(
            course=course, number=number, starts_at=one.starts_at, ends_at=one.ends_at, room=course.room, booking=one
        )
        for number, one in enumerate(booked, 1)
    )
    opened(course, by=by, at=at)
    return course


def claim_room(course: Course, classes: Sequence[Hours], *, by: User, at: datetime) -> list[Booking]:
    """The room of `course` for `classes`, all or none. Called inside a verb; refuses as `claiming.claim`."""
    purpose = Purpose(Use.SCHOOL, course.title, people=course.capacity)
    return claiming.claim(room=course.room, hours=classes, purpose=purpose, by=by, at=at)


def prepare(course: Course) -> None:
    """`course` (not yet saved) opens: what the settings of the day give it. The least that it takes may have been typed."""
    keys = (
        settings.HELD_PERCENT, settings.HELD_HOURS, settings.HEAD_START_HOURS, settings.ONE_EACH_HOURS, settings.LEAST_PERCENT,
    )  # fmt: skip
    values = settings.values_of(keys, course.community.sub_district_id)
    course.status = Course.Status.OPEN
    course.head_start_until = course.opens_at + timedelta(hours=values[settings.HEAD_START_HOURS])
    if course.mode != Course.Mode.FIRST:  # within their window the hour makes no difference: nobody comes first
        course.own_first, course.one_each_until = False, None
    else:
        if course.one_each_until:
            course.one_each_until = course.opens_at + timedelta(hours=values[settings.ONE_EACH_HOURS])
        course.held = course.capacity * values[settings.HELD_PERCENT] // 100
        course.held_until = course.opens_at + timedelta(hours=values[settings.HELD_HOURS])
    course.least = course.least or course.capacity * values[settings.LEAST_PERCENT] // 100


def opened(course: Course, *, by: User, at: datetime) -> None:
    """What follows when `course` was just opened and saved, in the same transaction."""
    drawing_lots.commit(course, at=at)


def refusal_for(course: Course, timetable: Timetable, at: datetime) -> Refused | None:
    """Why `course` cannot be written down as filled in; None when nothing stands against it."""
    reasons = [
        (course.room.community_id != course.community_id, "教室不在这个社区，请重新选择教室。"),
        (course.term.sub_district_id != course.sub_district_id, "期次不是本街道的，请重新选择期次。"),
        (course.partner is not None and course.partner.sub_district_id != course.sub_district_id, "合伙人不是本街道的，请重新选择。"),
        (course.min_age < CHILD, f"夜校面向成年人，最低年龄不能小于{CHILD}岁（14至17岁须监护人同意）。"),
        (not 1 <= course.capacity <= course.room.capacity, f"名额须在1到{course.room.capacity}之间：教室最多容纳这么多人。"),
        (course.least > course.capacity, "最少开班人数不能多于名额。"),
        (course.max_age is not None and course.max_age < course.min_age, "最高年龄不能小于最低年龄。"),
        (not may_teach(course), "授课居民须是本街道已确认的居民。"),
        (timetable.lessons not in LESSONS, f"课次须在{LESSONS[0]}到{LESSONS[-1]}之间。"),
        (timetable.minutes not in MINUTES, f"每课须在{MINUTES[0]}到{MINUTES[-1]}分钟之间。"),
        (not timetable.weekdays, "请至少选一个上课日。"),
        (timetable.first.weekday() not in timetable.weekdays, f"第一课是{words.day(timetable.first)}，不在所选的上课日里。"),
        (clock.at(timetable.first, timetable.starts) <= at, "第一课的时间已经过了，请选今后的日期。"),
        (clock.at(timetable.first, timetable.starts) > at + FARTHEST, "第一课在一年以后，请检查日期。"),
    ]  # fmt: skip
    said = next((text for stands, text in reasons if stands), "")
    return BadCourse(f"{said}课程没有建立。") if said else None


def refusal_to_open(course: Course, classes: Sequence[Hours], at: datetime) -> Refused | None:
    """Why `course` with `classes` in order cannot be opened at `at`; None when nothing stands against it."""
    reasons = [
        (not classes, "还没有上课日期，请先排课。"),
        (bool(classes) and classes[0].starts_at <= at, "第一课的时间已经过了，请选今后的日期。"),
        (course.capacity > course.room.capacity, f"教室最多容纳{course.room.capacity}人，请减少名额或换教室。"),
        (course.opens_at >= course.closes_at, "报名开始须早于报名截止（不填时为第一课开始）。"),
        (bool(classes) and course.closes_at > classes[-1].ends_at, "报名截止不能晚于最后一课。"),
        (_too_late(course, classes), "抽签和审核的课，申请须在第一课至少一天前截止。"),
    ]
    said = next((text for stands, text in reasons if stands), "")
    return BadCourse(f"{said}课程没有建立。") if said else None


def _too_late(course: Course, classes: Sequence[Hours]) -> bool:
    """Whoever is drawn or approved on the last evening could not know of it in time."""
    asked = course.mode != Course.Mode.FIRST and bool(classes)
    return asked and course.closes_at > classes[0].starts_at - timedelta(days=1)


def may_teach(course: Course) -> bool:
    who = course.taught_by
    return who is None or (who.confirmed and who.community.sub_district_id == course.community.sub_district_id)


def too_few(course: Course, at: datetime) -> bool:
    """Whether `course` waits for somebody to decide: sign-up has ended with fewer people than it takes."""
    return Course.objects.filter(pk=course.pk).too_few(at).exists()


def close_course(*, course: Course, by: User, reason: str, at: datetime | None = None) -> Outcome:
    """Call `course` off: nobody new comes in, then everybody gets the points back, one transaction per person.

    Cut off half-way, the same call goes on where it stopped, with the reason of the first time. Refuses an empty reason, a course
    that is over, one where nobody is left, and staff without a duty in the community.
    """
    at = at or clock.now()
    closed = shut(course_id=course.pk, by=by, reason=reason.strip(), at=at)
    left = closed.enrolments.seated().select_related("course__community", "resident").order_by("pk")
    return cancel_many(enrolments=left, by=by, reason=f"课程停办，{closed.cancel_reason}", at=at)


@verb()
def shut(*, course_id: int, by: User, reason: str, at: datetime, into: Course | None = None) -> Course:
    """Nobody new comes in, the rooms are free and the line is over: the first step of calling off, and of merging `into` another.

    Done before, it only says so. Refuses as `close_course`.
    """
    offering.hold(course_id)
    course = Course.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=course_id)
    duties.require(by, course.community, *duties.ENTERING)
    if course.status == Course.Status.CANCELLED:
        if not course.taken or (into and course.merged_into_id != into.pk):
            raise AlreadyCalledOff
        return course
    if course.status == Course.Status.DRAFT:
        raise CourseNotOpen
    if not reason:
        raise NoReason
    if not course.sessions.held().filter(ends_at__gt=at).exists():
        raise CourseOver
    course.status, course.merged_into = Course.Status.CANCELLED, into
    course.cancelled_at, course.cancelled_by, course.cancel_reason = at, by, reason
    course.save(update_fields=["status", "merged_into", "cancelled_at", "cancelled_by", "cancel_reason"])
    offering.let_go(course, at=at)
    ahead = course.sessions.held().filter(starts_at__gt=at).exclude(booking=None)
    claiming.free(Booking.objects.filter(pk__in=ahead.values("booking")), by=by, at=at, reason="课程停办")
    ahead.update(booking=None)
    return course


def cancel_many(
    *, enrolments: Iterable[Enrolment], by: User, reason: str, at: datetime | None = None,
    act: Callable[..., Enrolment] = leaving.cancel,
) -> Outcome:  # fmt: skip
    """Take everybody in `enrolments` off their courses, one transaction per person; one refusal does not stop the rest.

    `act` is `leaving.take_off` where it is people who are picked, not a course that ends.
    """
    if not reason.strip():
        raise NoReason
    outcome, at = Outcome(), at or clock.now()
    for one in enrolments:
        try:
            outcome.done.append(_told(act=act, enrolment=one, by=by, reason=reason.strip(), at=at))
        except Refused as refused:
            outcome.refused.append((one, refused))
    return outcome


@verb()
def _told(*, act: Callable[..., Enrolment], enrolment: Enrolment, by: User, reason: str, at: datetime) -> Enrolment:
    """Who would come to a class for nothing hears of it by short message too."""
    released = act(enrolment=enrolment, by=by, reason=reason, at=at)
    changed.tell_off(released, reason, at)
    return released
