"""上课提醒: before a class everybody seated is told once, in the inbox and by short message. Beat asks every minute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from communities.settings import CANCEL_HOURS, REMIND_FIRST_HOURS, REMIND_HOURS, values_of
from core import clock, words
from core.verbs import verb
from nightschool.models import Attendance, Enrolment, Session
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import Template

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class First(TypedDict):
        first_starts_at: datetime

    Timed = WithAnnotations[Session, First]

PEOPLE = outbox.BATCH // 2  # two rows each, so that one statement writes a batch
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
BODY_LIMIT = 300
CLASS = Template("class-reminder", "上课提醒", "《{title}》{when}上课，{place}。", ("place", "title"))
FIRST_CLASS = Template(
    "class-reminder-first", "上课提醒", "《{title}》{when}上课，{place}。{until}前可退课。", ("place", "title")
)
TEMPLATES = (CLASS, FIRST_CLASS)


@dataclass(frozen=True)
class Reminder:
    """What the people of one class are told. At night it waits for the morning; `rings` is False where that is too late."""

    session: Session
    due_at: datetime
    rings: bool
    deadline: datetime | None  # until when the seat can be given back: before the first class, while it is ahead


def remind(at: datetime) -> int:
    """Write what is due at `at`; returns how many people were found. Called twice, even at once, everybody is told once.

    A class is due some hours before it starts: 24, the first class of a course 48 (settings of the sub-district).
    """
    reminders = {one.session.pk: one for one in _due(at)}
    found = told = _tell_some(reminders) if reminders else 0
    while told == PEOPLE:
        told = _tell_some(reminders)
        found += told
    return found


def _due(at: datetime) -> list[Reminder]:
    within = timedelta(hours=max(REMIND_HOURS.high, REMIND_FIRST_HOURS.high))
    first = Session.objects.held().filter(course=OuterRef("course")).order_by("starts_at").values("starts_at")[:1]
    untold = Exists(_untold(Q(course__sessions=OuterRef("pk"))))
    coming = Session.objects.starting(at, at + within).filter(untold)
    places = coming.select_related("course__community__sub_district", "room")
    by_street: dict[int, list[tuple[Session, bool]]] = {}
    for session in cast("Iterable[Timed]", places.annotate(first_starts_at=Subquery(first))):
        some = by_street.setdefault(session.course.community.sub_district_id, [])
        some.append((session, session.starts_at == session.first_starts_at))
    return [one for street, some in by_street.items() for one in _of_street(street, some, at)]


def _of_street(street: int, sessions: Iterable[tuple[Session, bool]], at: datetime) -> list[Reminder]:
    hours = values_of((REMIND_HOURS, REMIND_FIRST_HOURS, CANCEL_HOURS), street)
    found = []
    for session, is_first in sessions:
        if session.starts_at - at > timedelta(hours=hours[REMIND_FIRST_HOURS if is_first else REMIND_HOURS]):
            continue
        morning = quiet.calm(at)
        rings = morning < session.starts_at
        due_at = morning if rings else at
        deadline = session.starts_at - timedelta(hours=hours[CANCEL_HOURS])
        found.append(Reminder(session, due_at, rings, deadline if is_first and deadline > due_at else None))
    return found


def _untold(classes: Q) -> QuerySet[Enrolment]:
    # `classes` first: the annotations speak of the classes it found. The occasion is in step with Session.reminder.
    occasion = Concat(Value("session:"), Cast("course__sessions__pk", CharField()), Value(":reminder"))
    rows = Message.objects.filter(resident=OuterRef("resident"), staff=None, occasion=OuterRef("occasion"))
    leave = Attendance.objects.filter(session=OuterRef("lesson"), enrolment=OuterRef("pk"), status="leave")
    found = Enrolment.objects.seated().filter(classes).alias(occasion=occasion, lesson=F("course__sessions__pk"))
    return found.filter(~Exists(rows), ~Exists(leave))


@verb()
def _tell_some(reminders: Mapping[int, Reminder]) -> int:
    # Whoever is being taken off the course right now is skipped, and seen again in a minute if the seat is kept; whoever
    # is found cannot be taken off until the rows stand, and is then recalled (leaving._release).
    found = _untold(Q(course__sessions__in=list(reminders))).annotate(session=F("course__sessions__pk"))
    locked = found.select_for_update(no_key=True, skip_locked=True, of=("self",))
    seats = locked.select_related("resident").order_by("session", "pk")[:PEOPLE]
    outbox.tell_many(row for seat in seats for row in _rows(reminders[seat.session], seat))
    return len(seats)


def _rows(reminder: Reminder, seat: Enrolment) -> list[Message]:
    session = reminder.session
    inbox = Words("上课提醒", body_of(reminder, seat.price), f"/tickets/{seat.pk}/")
    told = [(INBOX, inbox), *([(SMS, sms_of(reminder))] if reminder.rings and seat.resident.phone else [])]
    return [
        outbox.message(
            session.reminder, said, channel, resident=seat.resident, due_at=reminder.due_at, until=session.starts_at
        )
        for channel, said in told
    ]


def body_of(reminder: Reminder, price: int) -> str:
    """What stands in the inbox of somebody who paid `price`; its link leads to the ticket, where the seat is given back."""
    session, course = reminder.session, reminder.session.course
    when = f"{words.dated(session.starts_at)}—{clock.local(session.ends_at):%H:%M}"
    returned = f"{price}积分全额退回。" if price else "把名额让给邻居。"
    last = f"如不能来，请在{words.dated(reminder.deadline)}前退课，{returned}" if reminder.deadline else ""
    bring = f"请自备：{course.bring}。" if course.bring else ""
    said = f"《{course.title}》{session}{when}，{session.room}。{last}{bring}"
    return said if len(said) <= BODY_LIMIT else f"{said[: BODY_LIMIT - 1]}…"


def sms_of(reminder: Reminder) -> Words:
    """The short message; the way to the room goes first if it does not fit, then the end of the title."""
    session, course = reminder.session, reminder.session.course
    street, room, when = course.community.sub_district, session.room, words.dated(session.starts_at)
    place = (str(room), room.name)
    if reminder.deadline is None:
        return CLASS.short(street, title=course.title, when=when, place=place)
    return FIRST_CLASS.short(street, title=course.title, when=when, place=place, until=words.dated(reminder.deadline))
