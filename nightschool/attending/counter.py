"""到课 at the counter: leave for somebody who calls or comes by, and signing in for who has no phone (communities/counter.py)."""

from datetime import datetime, timedelta

from django.http import Http404

from communities import settings
from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import words
from nightschool.attending import attendance, calling_roll
from nightschool.models import Attendance, Enrolment, Session

AHEAD = timedelta(days=14)
How = Attendance.How


def register_acts() -> None:
    """The counter offers these."""
    register(Act("night-school-here", "夜校签到", here_choices, here_plan, here, "现在没有可以签到的课。"))
    register(Act("night-school-leave", "夜校请假", leave_choices, leave_plan, leave, "近两周没有可以请假的课。"))


def here_choices(resident: Resident, at: datetime) -> list[Choice]:
    """The classes that one may sign in to now."""
    return [_choice(*one) for one in _classes(resident, at, timedelta(hours=2)) if _open(one[0], one[1], at)]


def leave_choices(resident: Resident, at: datetime) -> list[Choice]:
    """The classes of the next two weeks; one whose hour has passed says so."""
    return [
        _choice(session, hours, row, at)
        for session, hours, row in _classes(resident, at, AHEAD)
        if session.starts_at > at
    ]


def here_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for a class of a course in which the resident has no seat."""
    session, seat, row = _one(resident, number)
    facts = [*_facts(session), ("登记为", attendance.counts_from(session, at).label)]
    refused = attendance.refusal_to_sign_in(session, seat, row, at)
    return Plan(f"签到{attendance.named(session)}", facts, "确认签到", "本人在场才能签到。", refused)


def here(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `attendance.sign_in` refuses."""
    row = attendance.sign_in(session_id=number, resident=resident, by=by, how=How.DESK, at=at)
    return Done(f"attendance:{row.pk}", [f"已签到{attendance.named(row.session)}：{row.get_status_display()}。"])


def leave_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 as above."""
    session, seat, row = _one(resident, number)
    note = "请假不计缺课；结业按到课次数计算。"
    return Plan(
        f"请假{attendance.named(session)}", _facts(session), "确认请假", note,
        attendance.refusal_to_ask_leave(session, seat, row, at),
    )  # fmt: skip


def leave(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `attendance.ask_leave` refuses."""
    row = attendance.ask_leave(session_id=number, resident=resident, by=by, how=How.DESK, at=at)
    return Done(f"attendance:{row.pk}", [f"{attendance.named(row.session)}已请假，不计缺课。"])


Found = tuple[Session, attendance.Hours, Attendance | None]


def _classes(resident: Resident, at: datetime, ahead: timedelta) -> list[Found]:
    """Classes of the seats, from those that run now on; each setting is read once for a sub-district."""
    seats = Enrolment.objects.of(resident).seated().filter(course__status="open")
    sessions = Session.objects.held().filter(
        course__in=seats.values("course"), ends_at__gt=at, starts_at__lte=at + ahead
    )
    found = list(sessions.select_related("course__community").order_by("starts_at", "pk"))
    rows = {row.session_id: row for row in Attendance.objects.filter(session__in=found, enrolment__in=seats)}
    streets = {one.course.community.sub_district_id for one in found}
    values = {street: settings.values_of(attendance.KEYS, street) for street in streets}
    return [
        (one, attendance.hours_of(one, values[one.course.community.sub_district_id]), rows.get(one.pk)) for one in found
    ]


def _open(session: Session, hours: attendance.Hours, at: datetime) -> bool:
    return hours.opens <= at <= hours.closes


def _choice(
    session: Session, hours: attendance.Hours, row: Attendance | None, at: datetime | None = None
) -> Choice:  # fmt: skip
    late = at is not None and at > hours.leave_until
    said = "" if row is None else f"已登记{row.get_status_display()}"
    refused = said if row and (at or row.status in calling_roll.TICKED[:2]) else "请假时间已过" if late else ""
    return Choice(session.pk, f"{session.course.title}{session}", words.moment(session.starts_at), said, refused)


def _one(resident: Resident, number: int) -> tuple[Session, Enrolment, Attendance | None]:
    seat = Enrolment.objects.of(resident).seated().filter(course__sessions=number).first()
    session = Session.objects.select_related("course__community", "room").filter(pk=number).first()
    if seat is None or session is None:
        raise Http404
    return session, seat, attendance.row_of(session, seat)


def _facts(session: Session) -> list[tuple[str, str]]:
    return [
        ("课程", f"{session.course.title}{session}"),
        ("时间", words.dated(session.starts_at)),
        ("地点", str(session.room)),
    ]
