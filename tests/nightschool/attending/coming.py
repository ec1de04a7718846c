"""An evening course with people in it, and moments of its classes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import time_machine

from communities import appeals
from communities.models import Appeal, Resident, User
from core import clock
from nightschool.attending import absence, attendance, calling_roll, consequences
from nightschool.models import AbsenceNotice, Attendance, Course, Enrolment, Session
from tests import world as cast
from tests.world import World

MINUTE = timedelta(minutes=1)
Status, How = Attendance.Status, Attendance.How


def evening(days: int = 10) -> datetime:
    """19:00 in so many days."""
    return clock.at(clock.today() + timedelta(days=days), time(19))


def course(world: World, *people: Resident, lessons: int = 3, **fields: object) -> tuple[Course, list[Enrolment]]:
    """A course of some evenings, a week apart from 19:00 in ten days on, with seats for `people`."""
    made = cast.course(world.wenxing, **{"starts_at": evening(), "price": 0, **fields})
    last = made.sessions.order_by("number").last()
    assert last
    for n in range(4, lessons + 1):
        starts = last.starts_at + timedelta(days=7 * (n - 3))
        Session.objects.create(
            course=made, number=n, starts_at=starts, ends_at=starts + timedelta(minutes=90), room=made.room
        )
    return made, cast.seated(made, *people)


def lesson(made: Course, number: int) -> Session:
    return made.sessions.select_related("course__community", "course__taught_by").get(number=number)


@contextmanager
def at_class(session: Session, minutes: int = -10) -> Iterator[datetime]:
    """So many minutes after the class has begun."""
    with time_machine.travel(session.starts_at + minutes * MINUTE, tick=False):
        yield clock.now()


@contextmanager
def day_after(session: Session, days: int = 1) -> Iterator[datetime]:
    """09:00 of the day after (or `days` after) the class."""
    with time_machine.travel(clock.at(session.day + timedelta(days=days), time(9)), tick=False):
        yield clock.now()


def here(session: Session, who: Resident, by: User | None = None) -> Attendance:
    """Signed in by the code, in time."""
    with at_class(session):
        return attendance.sign_in(session_id=session.pk, resident=who, by=by or _own(who))


def ticked(world: World, session: Session, seat: Enrolment, status: Attendance.Status) -> Attendance:
    """At the desk, on the evening of the class."""
    with at_class(session, 5):
        return calling_roll.tick(session=session, seat=seat, status=status, by=world.zhang, how=How.DESK)


def missed(world: World, made: Course, seat: Enrolment, *numbers: int) -> list[Attendance]:
    """Written down as absent by the sweep."""
    return [
        Attendance.objects.create(
            session=lesson(made, n), enrolment=seat, status="absent", how="sweep", by=world.system, at=lesson(made, n).ends_at
        )
        for n in numbers
    ]  # fmt: skip


def noticed(seat: Enrolment) -> AbsenceNotice:
    assert absence.sweep(clock.now())["noticed"] == 1
    return seat.absence_notices.get()


def freed(world: World, mine: Enrolment) -> None:
    """The notice is written and runs out."""
    notice = noticed(mine)
    assert consequences.free(notice=notice, by=world.system, at=notice.until)


def file(world: World, who: Resident, about: str) -> Appeal:
    """By the colleague at the counter: 赵玉珍 has no phone."""
    return appeals.file(resident=who, about=about, text="那天我在医院", by=world.zhang)


def upheld(world: World, who: Resident, about: str) -> None:
    appeals.answer(appeal=file(world, who, about), upheld=True, new_value="不计缺课", text="已核实", by=world.chen)


def _own(who: Resident) -> User:
    assert who.account
    return who.account
