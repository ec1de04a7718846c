"""我的课次: every class of one seat as its owner reads it: what was, what can be done, what may be appealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from communities import appeals, settings
from communities.appeals import State
from communities.models import Resident
from core import clock, words
from nightschool.attending import appeals as absence_appeals, attendance, consequences, feedback
from nightschool.attending.appeals import FREED
from nightschool.attending.consequences import ABSENCE, LOSS, NOTICE
from nightschool.models import AbsenceNotice, Attendance, Completion, Enrolment, Session

Status = Attendance.Status
TONES = {Status.PRESENT: "g", Status.LATE: "y", Status.LEAVE: "b", Status.ABSENT: "r"}


@dataclass(frozen=True)
class Lesson:
    """One class: `word` and `tone` of its tag, `leave_until` while leave can be asked for, `back` while it can be taken back."""

    session: Session
    word: str
    tone: str
    leave_until: datetime | None
    back: bool
    appeal: State | None


def sheet(seat: Enrolment, at: datetime) -> dict[str, Any]:
    """Context of `nightschool/classes.html`."""
    resident = seat.resident
    sessions = list(seat.course.sessions.select_related("room").order_by("starts_at"))
    rows = {row.session_id: row for row in seat.attendances.all()}
    notice = seat.absence_notices.standing().first() if seat.status == Enrolment.Status.SEATED else None
    losses = consequences.losses_of(resident, clock.local(at).date())
    states = appeals.state_for(resident, _decided(seat, rows.values(), notice, losses), at=at)
    values = settings.values_of(attendance.KEYS, seat.course.community.sub_district_id)
    lessons = [_lesson(seat, one, rows.get(one.pk), values, states, at) for one in sessions]
    there = sum(row.status in (Status.PRESENT, Status.LATE) for row in rows.values())
    return {
        "seat": seat, "lessons": lessons, "there": there, "notice": notice,
        "notice_state": states.get(f"{NOTICE}:{notice.pk}") if notice else None,
        "freed_state": states.get(f"{FREED}:{seat.pk}"), "losses": [(one, states[f"{LOSS}:{one.pk}"]) for one in losses],
        "completion": Completion.objects.filter(enrolment=seat).first(),
        "rates": feedback.refusal_for(seat, at) is None,
    }  # fmt: skip


def _decided(seat: Enrolment, rows: Any, notice: AbsenceNotice | None, losses: Any) -> dict[str, datetime]:
    """What stands against the resident here, and since when."""
    found = {f"{ABSENCE}:{row.pk}": row.at for row in rows if row.status == Status.ABSENT and not row.excused_at}
    found |= {f"{LOSS}:{one.pk}": one.at for one in losses}
    if notice:
        found[f"{NOTICE}:{notice.pk}"] = notice.at
    if seat.status == Enrolment.Status.FREED and seat.cancelled_at:
        found[f"{absence_appeals.FREED}:{seat.pk}"] = seat.cancelled_at
    return found


def _lesson(
    seat: Enrolment, session: Session, row: Attendance | None, values: dict[settings.Value, int],
    states: dict[str, State], at: datetime,
) -> Lesson:  # fmt: skip
    word, tone = _word(session, row, at)
    seated = seat.status == Enrolment.Status.SEATED and session.status != Session.Status.CANCELLED
    until = attendance.hours_of(session, values).leave_until
    leave = until if seated and row is None and at <= until else None
    back = seated and row is not None and row.status == Status.LEAVE and at < session.starts_at
    return Lesson(session, word, tone, leave, back, states.get(f"{ABSENCE}:{row.pk}") if row else None)


def _word(session: Session, row: Attendance | None, at: datetime) -> tuple[str, str]:
    if session.status == Session.Status.CANCELLED:
        return "停课", ""
    if row is None:
        return ("未登记", "") if session.ends_at <= at else ("", "")
    if row.excused_at:
        return "缺课，不计", ""
    return row.get_status_display(), TONES[Status(row.status)]


def left(resident: Resident, session: Session) -> str:
    """What is said after asking for leave."""
    return f"{resident.name}：{session}（{words.moment(session.starts_at)}）已请假，不计缺课。"
