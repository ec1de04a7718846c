"""到课、请假: signing in by the changing code, asking for leave, and what the hours of a class allow.

Who was there saw the code on the spot (communities/rotating.py): no position, no face. The list of the teacher and of the staff
is calling_roll.py; what follows from staying away is absence.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from communities import helping, settings
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.verbs import verb
from nightschool.models import Attendance, Enrolment, Session
from notifications.outbox import Words, recall, tell

Status, How = Attendance.Status, Attendance.How
KEYS = (settings.LEAVE_HOURS, settings.SIGN_IN_EARLY, settings.LATE_MINUTES, settings.SIGN_IN_CLOSES)


class NoSeatHere(Refused):
    code = "no_seat_here"
    message = "您没有这门课的名额，或已经退课，没有登记。请打社区电话核对。"


class ClassCalledOff(Refused):
    code = "class_called_off"
    message = "这次课已经停课或课程已停办，没有登记。请看消息里的说明。"


class TooEarlyToSignIn(Refused):
    code = "too_early_to_sign_in"

    def __init__(self, since: str = "") -> None:
        super().__init__(f"还没有到签到时间，这次没有签到。{since}起可以签到，到时再扫一次教室的码。")


class TooLateToSignIn(Refused):
    code = "too_late_to_sign_in"
    message = "签到时间已过，这次没有签到。您人在教室的，请告诉老师或工作人员登记。"


class AlreadySignedIn(Refused):
    code = "already_signed_in"
    message = "这次课已经签到，不用再签。"


class TooLateForLeave(Refused):
    code = "too_late_for_leave"

    def __init__(self, until: str = "") -> None:
        super().__init__(f"请假要在{until}前提出，这次没有请假。确有急事的，请打社区电话说明，可以不计缺课。")


class AlreadyOnLeave(Refused):
    code = "already_on_leave"
    message = "这次课已经请过假，没有重复登记。"


class NotOnLeave(Refused):
    code = "not_on_leave"
    message = "这次课没有请假，或已经撤回，没有改动。"


@dataclass(frozen=True)
class Hours:
    """When one may sign in (`opens` to `closes`), from when on one is late, until when leave is asked for."""

    opens: datetime
    late_from: datetime
    closes: datetime
    leave_until: datetime


def hours_of(session: Session, values: dict[settings.Value, int] | None = None) -> Hours:
    """By the settings of the sub-district; a list passes `values`, read once."""
    values = values or settings.values_of(KEYS, session.course.community.sub_district_id)
    starts = session.starts_at
    return Hours(
        opens=starts - timedelta(minutes=values[settings.SIGN_IN_EARLY]),
        late_from=starts + timedelta(minutes=values[settings.LATE_MINUTES]),
        closes=starts + timedelta(minutes=values[settings.SIGN_IN_CLOSES]),
        leave_until=starts - timedelta(hours=values[settings.LEAVE_HOURS]),
    )


def refusal_to_sign_in(
    session: Session, seat: Enrolment | None, row: Attendance | None, seen: datetime
) -> Refused | None:
    """Why nobody signs in with `seat`, who was seen at `seen`; None when nothing stands against it. Page and verb ask.

    Who had asked for leave and comes after all is welcome; so is whom a list called absent too early.
    """
    hours = hours_of(session)
    reasons: list[tuple[bool, Refused]] = [
        (_is_off(session), ClassCalledOff()),
        (seat is None or seat.status != Enrolment.Status.SEATED, NoSeatHere()),
        (row is not None and row.status in (Status.PRESENT, Status.LATE), AlreadySignedIn()),
        (seen < hours.opens, TooEarlyToSignIn(words.moment(hours.opens))),
        (seen > hours.closes, TooLateToSignIn()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def refusal_to_ask_leave(session: Session, seat: Enrolment, row: Attendance | None, at: datetime) -> Refused | None:
    """Why no leave can be asked for at `at`; None when nothing stands against it."""
    until = hours_of(session).leave_until
    reasons: list[tuple[bool, Refused]] = [
        (_is_off(session), ClassCalledOff()),
        (seat.status != Enrolment.Status.SEATED, NoSeatHere()),
        (row is not None and row.status == Status.LEAVE, AlreadyOnLeave()),
        (row is not None, AlreadySignedIn()),
        (at > until, TooLateForLeave(words.moment(until))),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def counts_from(session: Session, seen: datetime) -> Attendance.Status:
    """到课, or 迟到 after so many minutes."""
    return Status.LATE if seen > hours_of(session).late_from else Status.PRESENT


@verb()
def sign_in(
    *, session_id: int, resident: Resident, by: User, how: Attendance.How = How.CODE, seen_at: datetime | None = None,
    at: datetime | None = None,
) -> Attendance:  # fmt: skip
    """`resident` is there, seen at `seen_at` (now). Refuses what `refusal_to_sign_in` says."""
    at = at or clock.now()
    seen = seen_at or at
    session, seat = _found(session_id), _seat(session_id, resident)
    row = row_of(session, seat) if seat else None
    if refused := refusal_to_sign_in(session, seat, row, seen):
        raise refused
    assert seat
    return write(row, session, seat, counts_from(session, seen), how, by, seen)


@verb()
def ask_leave(
    *, session_id: int, resident: Resident, by: User, how: Attendance.How = How.SELF, note: str = "",
    at: datetime | None = None,
) -> Attendance:  # fmt: skip
    """请假: it counts as not there, and not as staying away. Refuses what `refusal_to_ask_leave` says.

    By the resident, whose helper it may be (the resident is told), or at the counter.
    """
    at = at or clock.now()
    session, seat = _found(session_id), _seat(session_id, resident)
    if seat is None:
        raise NoSeatHere
    if refused := refusal_to_ask_leave(session, seat, row_of(session, seat), at):
        raise refused
    recall(resident=resident, occasions=[session.reminder])
    if helper := helping.said(resident, by):
        said = Words("已请假", f"{named(session)}已请假，不计缺课。{helper}", page_of(seat))
        tell(resident=resident, occasion=f"session:{session.pk}:leave:{int(at.timestamp())}", words=said)
    return write(None, session, seat, Status.LEAVE, how, by, at, note)


@verb()
def take_leave_back(*, session_id: int, resident: Resident, by: User, at: datetime | None = None) -> None:
    """One comes after all. Refuses `NotOnLeave`; after the class has begun the row stays as it is."""
    at = at or clock.now()
    session, seat = _found(session_id), _seat(session_id, resident)
    row = row_of(session, seat) if seat else None
    if row is None or row.status != Status.LEAVE or at >= session.starts_at:
        raise NotOnLeave
    row.delete()


def write(
    row: Attendance | None, session: Session, seat: Enrolment, status: Attendance.Status, how: Attendance.How, by: User,
    at: datetime, note: str = "",
) -> Attendance:  # fmt: skip
    """The one row of `seat` for `session`, new or changed; for verbs that hold the seat (`held`). What was excused is so no more."""
    mine = row or Attendance(session=session, enrolment=seat)
    mine.status, mine.how, mine.by, mine.at, mine.note = status, how, by, at, note
    mine.excused_at, mine.excused_by = None, None
    mine.save()
    return mine


def row_of(session: Session, seat: Enrolment) -> Attendance | None:
    return Attendance.objects.filter(session=session, enrolment=seat).first()


def held(seat_id: int) -> Enrolment:
    """The seat, locked: nobody else writes its attendance until the transaction ends."""
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("course__community", "resident").get(pk=seat_id)


def named(session: Session) -> str:
    """《形体塑形》第3课（12月2日（周二）19:00）."""
    return f"《{session.course.title}》{session}（{words.dated(session.starts_at)}）"


def page_of(seat: Enrolment) -> str:
    """Where the resident reads all classes of a seat."""
    return f"/tickets/{seat.pk}/classes/"


def _found(session_id: int) -> Session:
    return Session.objects.select_related("course__community").get(pk=session_id)


def _seat(session_id: int, resident: Resident) -> Enrolment | None:
    """The resident's seat of the class's course, locked."""
    mine = Enrolment.objects.of(resident).seated().filter(course__sessions=session_id).values_list("pk", flat=True)
    pk = mine.first()
    seat = held(pk) if pk else None
    return seat if seat and seat.status == Enrolment.Status.SEATED else None


def _is_off(session: Session) -> bool:
    return session.status == Session.Status.CANCELLED or session.course.status != "open"
