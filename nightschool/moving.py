"""调课、停课、换教室: what may still change after a course was opened. The room is claimed anew in the same transaction, and

everybody who has a seat, waits for one or has applied is told. Rooms are locked by number before the classes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from communities import duties
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import verb
from nightschool import changed, courses
from nightschool.changed import When
from nightschool.courses import FARTHEST, CourseNotOpen, NoReason
from nightschool.models import Course, Session
from nightschool.timetable import MINUTES
from venues import claiming
from venues.claiming import Hours, Purpose
from venues.models import Booking, Room, Use


class ClassBegun(Refused):
    code = "class_begun"
    message = "这节课已经开始或上完，没有改动。"


class ClassCalledOff(Refused):
    code = "class_called_off"
    message = "这节课已经停课，没有再改动。要补课，请在停课时填写补课时间，或把别的课调过去。"


class BadHours(BadInput):
    code = "bad_class_hours"
    message = "上课时间填写有误，没有改动。请检查后重新提交。"


class NothingNew(BadInput):
    code = "class_unchanged"
    message = "时间和教室都没有变化，没有改动。"


class LastClass(Refused):
    code = "last_class"
    message = "这门课只剩这一节课，停课等于停办，没有改动。请改为调课、填写补课时间，或停办这门课。"


class RoomTooSmall(Refused):
    code = "room_too_small"

    def __init__(self, room: Room | None = None, places: int = 0) -> None:
        named = f"{room}最多容纳{room.capacity}人" if room else "教室太小"
        super().__init__(f"{named}，这门课有{places}个名额，没有改动。请换大一点的教室，或先减少名额。")


def refusal_for(session: Session, at: datetime) -> Refused | None:
    """Why nothing of this class can be changed at `at`; None when nothing stands against it. Page, REST and verbs ask."""
    reasons: list[tuple[bool, Refused]] = [
        (session.course.status != Course.Status.OPEN, CourseNotOpen()),
        (session.status == Session.Status.CANCELLED, ClassCalledOff()),
        (session.starts_at <= at, ClassBegun()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(claiming.REFUSALS)
def move(
    *, session: Session, hours: Hours, room: Room, by: User, reason: str, at: datetime | None = None
) -> changed.Told:
    """The class takes place at `hours` in `room`. Refuses what `refusal_for` says, bad hours, a room that is taken or too small."""
    at, reason = at or clock.now(), _said(reason)
    claiming.hold([session.room, room])
    mine = _locked(session, by, at)
    before = When.of(mine)
    if (mine.starts_at, mine.ends_at, mine.room_id) == (hours.starts_at, hours.ends_at, room.pk):
        raise NothingNew
    _fits(mine.course, hours, room, at, but=mine)
    _free([mine], by, at, "调课")
    (mine.booking,) = _claim(mine.course, room, [hours], by, at)
    mine.planned_at = mine.planned_at or mine.starts_at
    mine.starts_at, mine.ends_at, mine.room = hours.starts_at, hours.ends_at, room
    _mark(mine, Session.Status.MOVED, by, at, reason)
    return changed.tell_moved(mine, before, at)


@verb(claiming.REFUSALS)
def call_off(
    *, session: Session, by: User, reason: str, instead: Hours | None = None, at: datetime | None = None
) -> changed.Told:
    """停课: the class does not take place and its room is free. `instead`: a class more at the end of the list, in the same room.

    Refuses what `refusal_for` says, an empty reason, bad hours and a room that is taken; and the last class that is left.
    """
    at, reason = at or clock.now(), _said(reason)
    claiming.hold([session.room])
    mine = _locked(session, by, at)
    if instead is None and not mine.course.sessions.held().exclude(pk=mine.pk).exists():
        raise LastClass
    if instead:
        _fits(mine.course, instead, mine.room, at, but=mine)
    _free([mine], by, at, "停课")
    mine.booking = None
    _mark(mine, Session.Status.CANCELLED, by, at, reason)
    more = _one_more(mine, instead, by, at) if instead else None
    return changed.tell_called_off(mine, more, at)


@verb(claiming.REFUSALS)
def change_room(*, course: Course, room: Room, by: User, reason: str, at: datetime | None = None) -> changed.Told:
    """All classes to come are held in `room`. Refuses a course that is not open, a room that is taken or too small, another community's."""
    at, reason = at or clock.now(), _said(reason)
    rooms = [one.room for one in _ahead(course, at)]
    claiming.hold([*rooms, course.room, room])
    mine = _open_course(course.pk, by)
    ahead = [one for one in _ahead(mine, at) if one.room_id != room.pk]
    if not ahead and mine.room_id == room.pk:
        raise NothingNew
    _roomy(mine, room)
    _free(ahead, by, at, "换教室")
    hours = [Hours(one.starts_at, one.ends_at) for one in ahead]
    for one, booking in zip(ahead, _claim(mine, room, hours, by, at), strict=True):
        one.room, one.booking = room, booking
    Session.objects.bulk_update(ahead, ["room", "booking"])
    mine.room = room
    mine.save(update_fields=["room"])
    return changed.tell_room(mine, ahead, reason, at)


def _said(reason: str) -> str:
    if not reason.strip():
        raise NoReason
    return reason.strip()


def _open_course(course_id: int, by: User) -> Course:
    rows = Course.objects.select_for_update(no_key=True, of=("self",)).select_related("community__sub_district")
    mine = rows.get(pk=course_id)
    duties.require(by, mine.community)
    if mine.status != Course.Status.OPEN:
        raise CourseNotOpen
    return mine


def _locked(session: Session, by: User, at: datetime) -> Session:
    """The class under lock, after its course; whoever closes the course meanwhile waits, or was first."""
    courses_ = Course.objects.select_for_update(no_key=True, of=("self",)).select_related("community__sub_district")
    course = courses_.get(pk=session.course_id)
    duties.require(by, course.community, *duties.ENTERING)
    rows = Session.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("room__community", "booking").get(pk=session.pk)
    mine.course = course
    if refused := refusal_for(mine, at):
        raise refused
    return mine


def _ahead(course: Course, at: datetime) -> list[Session]:
    return list(
        course.sessions.held().filter(starts_at__gt=at).select_related("room__community").order_by("starts_at", "pk")
    )


def _fits(course: Course, hours: Hours, room: Room, at: datetime, *, but: Session) -> None:
    """`hours` in `room` for one class more of `course`, apart from `but`."""
    minutes = (hours.ends_at - hours.starts_at) / timedelta(minutes=1)
    others = course.sessions.held().exclude(pk=but.pk).filter(starts_at__lt=hours.ends_at, ends_at__gt=hours.starts_at)
    meets = others.order_by("starts_at").first()
    reasons = [
        (hours.starts_at <= at, "新的时间已经过了，请选今后的时间。"),
        (hours.starts_at > at + FARTHEST, "新的时间在一年以后，请检查日期。"),
        (not MINUTES[0] <= minutes <= MINUTES[-1], f"每课须在{MINUTES[0]}到{MINUTES[-1]}分钟之间。"),
        (meets is not None, f"这门课{meets and words.dated(meets.starts_at)}已有{meets}，不能重叠。"),
    ]
    said = next((text for stands, text in reasons if stands), "")
    if said:
        raise BadHours(f"{said}没有改动。")
    _roomy(course, room)


def _roomy(course: Course, room: Room) -> None:
    if room.community_id != course.community_id:
        raise courses.BadCourse("教室不在这个社区，没有改动。请重新选择教室。")
    if room.capacity < course.capacity:
        raise RoomTooSmall(room, course.capacity)


def _free(sessions: Sequence[Session], by: User, at: datetime, reason: str) -> None:
    """Before claiming: the constraint would count a booking of the same class."""
    claiming.free([one.booking for one in sessions if one.booking], by=by, at=at, reason=reason)


def _claim(course: Course, room: Room, hours: Sequence[Hours], by: User, at: datetime) -> list[Booking]:
    purpose = Purpose(Use.SCHOOL, course.title, people=course.capacity)
    return claiming.claim(room=room, hours=hours, purpose=purpose, by=by, at=at)


def _mark(mine: Session, status: str, by: User, at: datetime, reason: str) -> None:
    mine.status, mine.changed_at, mine.changed_by, mine.change_reason = status, at, by, reason
    mine.save()


def _one_more(mine: Session, hours: Hours, by: User, at: datetime) -> Session:
    (booked,) = _claim(mine.course, mine.room, [hours], by, at)
    last = mine.course.sessions.order_by("-number").values_list("number", flat=True)[0]
    return Session.objects.create(
        course=mine.course, number=last + 1, topic=mine.topic, starts_at=hours.starts_at, ends_at=hours.ends_at,
        room=mine.room, booking=booked,
    )  # fmt: skip
