"""申诉 against what staying away led to: one absence, the notice, the freed seat, the lost priority (communities/appeals.py).

Upheld, each is taken back by the answer itself; what becomes of a freed seat: restoring.py.
"""

from datetime import datetime

from communities.appeals import Decision
from communities.models import Appeal, Resident, User
from core.verbs import verb
from nightschool.attending import absence, attendance, consequences, restoring
from nightschool.attending.consequences import ABSENCE, LOSS, NOTICE
from nightschool.models import AbsenceNotice, Attendance, Enrolment, PriorityLoss

FREED = "seat_freed"
SAID = "申诉成立"


def absence_about(resident: Resident, number: int) -> Decision | None:
    rows = Attendance.objects.filter(pk=number, enrolment__resident=resident, status=Attendance.Status.ABSENT)
    row = rows.select_related("session__course__community").first()
    if row is None:
        return None
    subject, seat = f"{attendance.named(row.session)}记为缺课", f"/tickets/{row.enrolment_id}/classes/"
    return Decision(f"{ABSENCE}:{number}", subject, row.at, row.by_id, row.session.course.community, seat, "缺课")


def notice_about(resident: Resident, number: int) -> Decision | None:
    rows = AbsenceNotice.objects.filter(pk=number, enrolment__resident=resident)
    one = rows.select_related("enrolment__course__community").first()
    if one is None:
        return None
    course = one.enrolment.course
    subject, link = f"《{course.title}》缺课提醒", attendance.page_of(one.enrolment)
    return Decision(f"{NOTICE}:{number}", subject, one.at, one.by_id, course.community, link, "到期让出名额")


def freed_about(resident: Resident, number: int) -> Decision | None:
    rows = Enrolment.objects.of(resident).filter(pk=number, status=Enrolment.Status.FREED)
    seat = rows.select_related("course__community").first()
    if seat is None or seat.cancelled_at is None:
        return None
    subject, now = f"《{seat.course.title}》因缺课让出名额", f"名额已让出，{seat.price}积分不退回"
    by, community = seat.cancelled_by_id, seat.course.community
    return Decision(f"{FREED}:{number}", subject, seat.cancelled_at, by, community, attendance.page_of(seat), now)


def loss_about(resident: Resident, number: int) -> Decision | None:
    one = PriorityLoss.objects.filter(pk=number, resident=resident).select_related("term").first()
    if one is None:
        return None
    subject, now = f"{one.term}多次缺课，暂停优先报名", f"{one.until:%Y年%-m月%-d日}前不能优先报名"
    return Decision(f"{LOSS}:{number}", subject, one.at, one.by_id, resident.community, "/night-school/", now)


@verb(restoring.REFUSALS)
def answered(appeal: Appeal) -> None:
    """Listener of communities/appeals.py: what was upheld is put right in the same transaction."""
    prefix, _, number = appeal.about.partition(":")
    act = {ABSENCE: _absence, NOTICE: _notice, FREED: _freed, LOSS: _loss}.get(prefix)
    if act and appeal.status == Appeal.Status.UPHELD and appeal.answered_by and appeal.answered_at:
        act(int(number), appeal.answered_by, appeal.answered_at)


def _absence(number: int, by: User, at: datetime) -> None:
    row = Attendance.objects.select_related("session__course").get(pk=number)
    seat = restoring.held(row.enrolment_id)
    row.refresh_from_db()
    if row.status == Attendance.Status.ABSENT and row.excused_at is None:
        absence.excused(row, seat, SAID, by, at)


def _notice(number: int, by: User, at: datetime) -> None:
    """The absences that it stood on are excused, which lifts it."""
    notice = AbsenceNotice.objects.get(pk=number)
    seat = attendance.held(notice.enrolment_id)
    rows = consequences.counted(at).filter(enrolment=seat, session__starts_at__lt=notice.at)
    for row in rows.select_related("session__course").order_by("pk"):
        absence.excused(row, seat, SAID, by, at)


def _loss(number: int, by: User, at: datetime) -> None:
    consequences.lift_loss(PriorityLoss.objects.get(pk=number), by, SAID, at)


def _freed(number: int, by: User, at: datetime) -> None:
    """The absences that it stood on are excused with it."""
    seat = restoring.held(number)
    if seat.status != Enrolment.Status.FREED:
        return
    for row in consequences.counted(at).filter(enrolment=seat):
        row.excused_at, row.excused_by, row.note = at, by, SAID
        row.save(update_fields=["excused_at", "excused_by", "note"])
    restoring.restore(seat, by, SAID, at)
