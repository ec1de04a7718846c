"""变动通知: whoever has a seat, waits for one or has applied is told what changed of the classes; the reminders are written anew."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from communities.models import Resident, SubDistrict
from core import clock, words
from nightschool.models import Application, Course, Enrolment, Session, Waiting
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import Template
from venues.models import Room

INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
BODY_LIMIT = 300
WAYS = ("place", "title")  # what gives way in a short message
MOVED = Template("class-moved", "调课通知", "《{title}》{lesson}调课，{when}，{place}。", WAYS)
CALLED_OFF = Template("class-called-off", "停课通知", "《{title}》{when}停课。", ("title",))
MADE_UP = Template("class-made-up", "停课通知", "《{title}》{when}停课，{instead}补课。", ("title",))
ROOM = Template("course-room", "换教室通知", "《{title}》改在{place}上课。", WAYS)
ROOM_SINCE = Template("course-room-since", "换教室通知", "《{title}》从{when}起，改在{place}上课。", WAYS)
TEACHER = Template("course-teacher", "换老师通知", "《{title}》以后由{teacher}上课。", ("title",))
SEAT_OFF = Template("seat-off", "夜校报名已取消", "《{title}》报名已取消。{reason}。", ("reason", "title"))
SEAT_OFF_BACK = Template(
    "seat-off-back", "夜校报名已取消", "《{title}》报名已取消，{points}积分已退回。{reason}。", ("reason", "title")
)
TEMPLATES = (MOVED, CALLED_OFF, MADE_UP, ROOM, ROOM_SINCE, TEACHER, SEAT_OFF, SEAT_OFF_BACK)


class Told(NamedTuple):
    """How many people were told, and those of them with a seat who have no phone: somebody has to ring or call on them."""

    people: int
    by_hand: list[Resident]


class When(NamedTuple):
    """What a class was before it was moved."""

    starts_at: datetime
    ends_at: datetime
    room: Room

    @staticmethod
    def of(session: Session) -> "When":
        return When(session.starts_at, session.ends_at, session.room)


class News(NamedTuple):
    """What is said: at length in the inbox, `short` by short message."""

    body: str
    short: Words
    reason: str


def tell_moved(session: Session, before: When, at: datetime) -> Told:
    """`session` (saved) was `before`."""
    said = []
    if (session.starts_at, session.ends_at) != (before.starts_at, before.ends_at):
        new = f"{words.dated(session.starts_at)}—{clock.local(session.ends_at):%H:%M}"
        said.append(f"原定{words.dated(before.starts_at)}，改到{new}")
    if session.room_id != before.room.pk:
        said.append(f"教室改在{session.room}")
    title, when, place = session.course.title, words.dated(session.starts_at), session.room.name
    short = MOVED.short(_street(session.course), title=title, lesson=str(session), when=when, place=place)
    news = News(f"{session}调课：{'，'.join(said)}", short, session.change_reason)
    return _tell(session.course, [session], news, min(before.starts_at, session.starts_at), at)


def tell_called_off(session: Session, instead: Session | None, at: datetime) -> Told:
    """`session` (saved) does not take place; `instead` does."""
    course, when = session.course, words.dated(session.starts_at)
    if instead:
        later = words.dated(instead.starts_at)
        made_up, short = f"，{later}补课", MADE_UP.short(_street(course), title=course.title, when=when, instead=later)
    else:
        made_up, short = "", CALLED_OFF.short(_street(course), title=course.title, when=when)
    news = News(f"{session}（{when}）停课{made_up}", short, session.change_reason)
    return _tell(course, [session], news, session.starts_at, at)


def tell_room(course: Course, sessions: Sequence[Session], reason: str, at: datetime) -> Told:
    """`sessions` to come (saved) are held in the new room of `course`."""
    since, short = "", ROOM.short(_street(course), title=course.title, place=course.room.name)
    if sessions:
        when = words.dated(sessions[0].starts_at)
        since = f"从{when}起，"
        short = ROOM_SINCE.short(_street(course), title=course.title, when=when, place=course.room.name)
    news = News(f"{since}教室改在{course.room}", short, reason)
    return _tell(course, sessions, news, sessions[0].starts_at if sessions else course.closes_at, at)


def tell_teacher(course: Course, at: datetime) -> Told:
    """`course` (saved) has another teacher."""
    coming = Session.objects.held().filter(course=course, starts_at__gt=at).order_by("starts_at")
    first = coming.values_list("starts_at", flat=True).first()
    short = TEACHER.short(_street(course), title=course.title, teacher=str(course.teacher))
    news = News(f"以后由{course.teacher}上课", short, "老师调整")
    return _tell(course, [], news, first or at, at)


def tell_off(seat: Enrolment, reason: str, at: datetime) -> None:
    """`seat` (given back by staff, with its points): who would come to the next class for nothing; by night only if it is before the morning."""
    coming = Session.objects.filter(course=seat.course_id, starts_at__gt=at).order_by("starts_at")
    first = coming.values_list("starts_at", flat=True).first()
    if first is None or not seat.resident.phone:
        return
    street, title, calm = _street(seat.course), seat.course.title, quiet.calm(at)
    back = SEAT_OFF_BACK.short(street, title=title, points=str(seat.price), reason=reason)
    said = back if seat.price else SEAT_OFF.short(street, title=title, reason=reason)
    due = calm if calm < first else at
    rows = [outbox.message(f"enrolment:{seat.pk}:cancelled", said, SMS, resident=seat.resident, due_at=due)]
    outbox.tell_many(rows)


def _tell(course: Course, sessions: Sequence[Session], news: News, soonest: datetime, at: datetime) -> Told:
    """A short message waits for the morning, unless that is later than `soonest`, when the class begins or was to begin."""
    for session in sessions:
        _remind_anew(session, at)
    seats = list(Enrolment.objects.seated().filter(course=course).select_related("resident").order_by("pk"))
    body = f"《{course.title}》{news.body}。原因：{news.reason}。"
    free = f"{body}不方便来的，可以请假，或请社区办理退课，{'积分全额退回' if course.price else '把名额让给邻居'}。"
    occasion = f"course:{course.pk}:changed:{at:%Y%m%d%H%M%S%f}"
    calm, name = quiet.calm(at), news.short.title
    due = calm if calm < soonest else at
    rows = [
        row
        for seat in seats
        for row in _rows(occasion, seat, Words(name, free[:BODY_LIMIT], f"/tickets/{seat.pk}/"), news.short, due)
    ]
    others = list(_hopeful(course))
    page = f"/night-school/{course.pk}/"
    rows += [outbox.message(occasion, Words(name, body[:BODY_LIMIT], page), INBOX, resident=one) for one in others]
    outbox.tell_many(rows)
    return Told(len(seats) + len(others), [seat.resident for seat in seats if not seat.resident.phone])


def _hopeful(course: Course) -> Iterable[Resident]:
    """Those who wait or have applied, once each."""
    waits = Waiting.objects.standing().filter(course=course).values("resident")
    applied = Application.objects.open().filter(course=course).values("resident")
    return Resident.objects.filter(Q(pk__in=waits) | Q(pk__in=applied)).order_by("pk")


def _remind_anew(session: Session, at: datetime) -> None:
    """What was not yet sent is dropped; what was sent keeps its words under another occasion, so that the sweep writes again."""
    told = Message.objects.filter(occasion=session.reminder)
    outbox.take_back(told)
    told.update(occasion=f"{session.reminder}:before:{at:%Y%m%d%H%M%S%f}")


def _street(course: Course) -> SubDistrict:
    return course.community.sub_district


def _rows(occasion: str, seat: Enrolment, inbox: Words, sms: Words, due: datetime) -> list[Message]:
    rows = [outbox.message(occasion, inbox, INBOX, resident=seat.resident)]
    if seat.resident.phone:
        rows.append(outbox.message(occasion, sms, SMS, resident=seat.resident, due_at=due))
    return rows
