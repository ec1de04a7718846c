"""点名: the list of a class, ticked by the teacher on the own phone or by the staff at the desk.

The teacher sees names and masked phones, on the day of the class alone, and ticks nobody of the own family. The staff may write
what stands on paper for some days more; what had been taken for an absence is then put right with all that came of it.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import NamedTuple

from communities import duties
from communities.kin import kin_of
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from nightschool.attending import attendance, consequences
from nightschool.models import Attendance, Enrolment, Session

Status, How = Attendance.Status, Attendance.How
TICKED = (Status.PRESENT, Status.LATE, Status.ABSENT)
DESK_DAYS = 14  # how long after a class the staff write what stands on paper


class NotTheTeacher(Refused):
    code = "not_the_teacher"
    message = "这门课的名单由授课老师和社区工作人员登记，这次没有改动。"
    status = 403


class NotTheDay(Refused):
    code = "not_the_day"
    message = "名单只在上课当天打开，这次没有改动。过后要更正的，请告诉社区工作人员。"


class NotYetOpen(Refused):
    code = "roll_not_open"
    message = "还没有到签到时间，这次没有登记。"


class RollClosed(Refused):
    code = "roll_closed"
    message = f"上课已过{DESK_DAYS}天，不能再点名，没有改动。个别更正请用“不计缺课”。"


class SeatedLater(Refused):
    code = "seated_later"
    message = "上这次课时他还没有名额，这次课不能给他点名，没有改动。"


class OwnFamilyHere(Refused):
    code = "own_family_here"
    message = "不能给自己或家人点名，这次没有改动。请本人扫教室的码，或请另一位工作人员登记。"
    status = 403


class Line(NamedTuple):
    """One person of the list; `mine` when the reader may not tick it: the own file or family."""

    seat: Enrolment
    row: Attendance | None
    mine: bool

    @property
    def status(self) -> str:
        return self.row.status if self.row else ""


class Outcome(NamedTuple):
    """For whom it was done, and who was refused with which sentence."""

    done: list[Attendance]
    refused: list[tuple[Enrolment, Refused]]


def taught(resident: Resident, at: datetime) -> list[Session]:
    """The classes of `at`'s day that this resident teaches, the earliest first."""
    day = clock.local(at).date()
    mine = Session.objects.held().filter(course__taught_by=resident, course__status="open")
    today = mine.filter(starts_at__gte=clock.at(day, time()), starts_at__lt=clock.midnight_after(day))
    return list(today.select_related("course__community", "room").order_by("starts_at"))


def lines(session: Session, by: User) -> list[Line]:
    """Everybody who had a seat by the end of the class, by the sound of the name; three queries."""
    seats = (
        Enrolment.objects.seated().filter(course=session.course_id, at__lt=session.ends_at).select_related("resident")
    )
    rows = {row.enrolment_id: row for row in Attendance.objects.filter(session=session)}
    kin = kin_of(by)
    ordered = seats.order_by("resident__pinyin", "resident__name", "pk")
    return [Line(one, rows.get(one.pk), kin.includes(one.resident)) for one in ordered]


def refusal_to_teacher(session: Session, resident: Resident | None, at: datetime) -> Refused | None:
    """Why the teacher does not tick (or read) the list of `session` now; None when nothing stands against it."""
    if resident is None or session.course.taught_by_id != resident.pk:
        return NotTheTeacher()
    return None if session.day == clock.local(at).date() else NotTheDay()


def refusal_to_desk(session: Session, by: User, at: datetime) -> Refused | None:
    """Why `by` does not keep the list of `session` at the desk now; None when nothing stands against it."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, session.course.community, *duties.ENTERING), duties.NotYourDuty()),
        (at < attendance.hours_of(session).opens, NotYetOpen()),
        (at > session.starts_at + timedelta(days=DESK_DAYS), RollClosed()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def refusal_for(session: Session, by: User, how: Attendance.How, at: datetime) -> Refused | None:
    """The two above, by who keeps the list; nobody calls the roll of a class that does not take place."""
    if session.status == Session.Status.CANCELLED or session.course.status != "open":
        return attendance.ClassCalledOff()
    if how != How.LIST:
        return refusal_to_desk(session, by, at)
    teacher = session.course.taught_by
    own = teacher is not None and teacher.account_id == by.pk
    refused = refusal_to_teacher(session, teacher if own else None, at)
    return refused or (NotYetOpen() if at < attendance.hours_of(session).opens else None)


@verb()
def tick(
    *, session: Session, seat: Enrolment, status: Attendance.Status, by: User, how: Attendance.How,
    at: datetime | None = None,
) -> Attendance:  # fmt: skip
    """Write down one person: 到课, 迟到 or 缺课. Refuses what `refusal_for` says, family, who has no seat, or had none yet.

    Who asked for leave and is called absent stays on leave.
    """
    at = at or clock.now()
    if refused := refusal_for(session, by, how, at):
        raise refused
    mine = attendance.held(seat.pk)
    if mine.status != Enrolment.Status.SEATED or mine.course_id != session.course_id or status not in TICKED:
        raise attendance.NoSeatHere
    if mine.at >= session.ends_at:
        raise SeatedLater
    if kin_of(by).includes(mine.resident):
        raise OwnFamilyHere
    row = attendance.row_of(session, mine)
    if row and (row.status == status or (row.status == Status.LEAVE and status == Status.ABSENT)):
        return row
    was_absent = row is not None and row.status == Status.ABSENT
    written = attendance.write(row, session, mine, status, how, by, at)
    if was_absent:
        consequences.review(mine, by, "缺课已更正", at)
    return written


def call(
    *, session: Session, marks: Iterable[tuple[Enrolment, Attendance.Status]], by: User, how: Attendance.How,
    at: datetime | None = None,
) -> Outcome:  # fmt: skip
    """Tick many, one transaction per person; who is refused does not hold up the others."""
    outcome = Outcome([], [])
    for seat, status in marks:
        try:
            outcome.done.append(tick(session=session, seat=seat, status=status, by=by, how=how, at=at))
        except Refused as refused:
            outcome.refused.append((seat, refused))
    return outcome
