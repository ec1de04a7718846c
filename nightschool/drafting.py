"""草稿: a course that is looked over before anybody sees it. Its classes stand on dates; the room is claimed when it opens."""

from datetime import datetime, time, timedelta

from communities import calendar, duties
from communities.models import User
from communities.models.guardians import ADULT
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import verb
from nightschool import courses, planning
from nightschool.models import Course, Session
from nightschool.timetable import Timetable
from venues import claiming
from venues.claiming import Hours

ANNOUNCED = timedelta(days=3)  # before sign-up opens (domain guide, 5.3)
FILLED_IN = (
    "community", "room", "partner", "title", "category", "term", "teacher", "taught_by", "summary", "audience", "bring", "safety", "fee",
    "for_beginners", "min_age", "max_age", "capacity", "least", "mode", "own_first", "one_each_until", "price", "opens_at",
    "closes_at",
)  # fmt: skip


class NotDraft(Refused):
    code = "not_draft"
    message = "这门课已经开放报名，或已经删除，没有改动。请刷新页面看看。"


class DraftChanged(Refused):
    code = "draft_changed"
    message = "这份草稿刚刚被同事修改，没有开放。请核对后再开放。"


class TooFewDays(BadInput):
    code = "too_few_days"

    def __init__(self, found: int = 0, wanted: int = 0) -> None:
        super().__init__(
            f"去掉节假日和教室占用的日子，只排得下{found}课，不够{wanted}课，课程没有保存。请换教室、时间或减少课次。"
        )


@verb()
def draft(
    *, course: Course, timetable: Timetable, by: User, closes_at: datetime | None = None, at: datetime | None = None
) -> Course:
    """Save `course` (new, filled in) as a draft, its classes on the free days of `timetable` (planning.py).

    Sign-up ends at `closes_at`, else with the first class, or a day before it where seats are drawn or approved. Refuses what `courses.refusal_for` says and `TooFewDays`.
    """
    at = at or clock.now()
    duties.require(by, course.community, *duties.ENTERING)
    hours = _planned(course, timetable, closes_at, at)
    course.status = Course.Status.DRAFT
    course.save(force_insert=True)
    _lay(course, hours)
    return course


@verb()
def redraft(
    *, course: Course, timetable: Timetable, by: User, closes_at: datetime | None = None, at: datetime | None = None
) -> Course:
    """The draft becomes as `course` says, with its classes planned anew. Refuses as `draft`, and `NotDraft`."""
    at = at or clock.now()
    locked = _locked(course.pk)
    duties.require(by, locked.community)
    duties.require(by, course.community)
    hours = _planned(course, timetable, closes_at, at)
    course.save(update_fields=FILLED_IN)
    course.sessions.all().delete()
    _lay(course, hours)
    return course


@verb()
def replan(*, course: Course, by: User, at: datetime | None = None) -> Course:
    """The same draft on days that are free: what lies on a holiday or in somebody else's hours goes to later days.

    Refuses as `redraft`.
    """
    at = at or clock.now()
    mine = _locked(course.pk)
    duties.require(by, mine.community)
    pattern = planning.pattern_of(classes_of(mine))
    if pattern is None:
        raise courses.BadCourse("还没有上课日期，没有改动。请先修改草稿，填写上课日期。")
    first = clock.at(pattern.first, pattern.starts)
    closes = None if mine.closes_at == _latest(mine, first) else mine.closes_at
    return redraft(course=mine, timetable=pattern, by=by, closes_at=closes, at=at)


@verb(claiming.REFUSALS)
def open_draft(*, course: Course, by: User, at: datetime | None = None) -> Course:
    """Residents see it and the room is claimed for all its classes, or nothing happens.

    Refuses what `courses.refusal_to_open` says, a room that is taken, and `NotDraft`.
    """
    at = at or clock.now()
    claiming.hold([course.room])  # rooms before one's own rows
    mine = _locked(course.pk)
    if mine.room_id != course.room_id:
        raise DraftChanged
    duties.require(by, mine.community, *duties.ENTERING)
    sessions = classes_of(mine)
    hours = [Hours(one.starts_at, one.ends_at) for one in sessions]
    if refused := courses.refusal_to_open(mine, hours, at):
        raise refused
    booked = courses.claim_room(mine, hours, by=by, at=at)
    courses.prepare(mine)
    mine.save()
    for one, booking in zip(sessions, booked, strict=True):
        one.booking = booking
    Session.objects.bulk_update(sessions, ["booking"])
    courses.opened(mine, by=by, at=at)
    return mine


@verb()
def discard(*, course: Course, by: User) -> None:
    """The draft is gone: nobody has seen it. Refuses `NotDraft`."""
    mine = _locked(course.pk)
    duties.require(by, mine.community)
    mine.delete()


def classes_of(course: Course) -> list[Session]:
    return list(course.sessions.order_by("starts_at", "pk"))


def warnings(course: Course, classes: list[Session], at: datetime) -> list[str]:
    """What staff should think of before they open `course`; none of it keeps them from it."""
    street, days = course.community.sub_district_id, [one.day for one in classes]
    opens = clock.local(course.opens_at).date()
    outside = [day for day in days if not course.term.starts_on <= day <= course.term.ends_on]
    unknown = calendar.unmarked(street, days)
    answers = [
        (course.opens_at - at < ANNOUNCED, "离报名开始不到3天，居民可能来不及知道。建议至少提前3天公布。"),
        (not calendar.calendar_of(street, opens).is_working(opens), f"报名从{words.day(opens)}开始，这天不上班，打电话和到窗口的居民报不了名。"),
        (bool(outside), f"有{len(outside)}课不在{course.term}（{words.day(course.term.starts_on)}到{words.day(course.term.ends_on)}）里。"),
        (course.min_age < ADULT, "招收14至17岁学员：请先为老师办妥从业查询，开课内容不能是学科辅导；报名须监护人同意。"),
        (bool(unknown), f"{'、'.join(map(str, unknown))}年的节假日还没有登记，排课没有避开。"),
    ]  # fmt: skip
    return [text for stands, text in answers if stands]


def _planned(course: Course, timetable: Timetable, closes_at: datetime | None, at: datetime) -> list[Hours]:
    if refused := courses.refusal_for(course, timetable, at):
        raise refused
    hours = planning.classes(planning.plan(timetable, course.room))
    if len(hours) < timetable.lessons:
        raise TooFewDays(len(hours), timetable.lessons)
    course.closes_at = closes_at or _latest(course, hours[0].starts_at)
    if refused := courses.refusal_to_open(course, hours, at):
        raise refused
    return hours


def _latest(course: Course, first: datetime) -> datetime:
    """When sign-up ends unless staff say otherwise; who is drawn or approved has a day to hear of it."""
    return first if course.mode == Course.Mode.FIRST else first - timedelta(days=1)


def _lay(course: Course, hours: list[Hours]) -> None:
    Session.objects.bulk_create(
        Session(course=course, number=number, starts_at=one.starts_at, ends_at=one.ends_at, room=course.room)
        for number, one in enumerate(hours, 1)
    )


def _locked(course_id: int) -> Course:
    rows = Course.objects.select_for_update(no_key=True, of=("self",)).filter(status=Course.Status.DRAFT)
    found = (
        rows.select_related("community__sub_district", "room__community", "term", "taught_by__community")
        .filter(pk=course_id)
        .first()
    )
    if found is None:
        raise NotDraft
    return found


def next_morning(at: datetime) -> datetime:
    """When sign-up begins unless staff say otherwise: 10:00 of a day that is far enough to be announced."""
    return clock.at(clock.local(at).date() + ANNOUNCED, time(10))
