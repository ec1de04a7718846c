"""What is kept of who was there, for 我的信息 and for closing a file."""

from collections.abc import Iterator, Sequence

from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from nightschool.models import AbsenceNotice, Attendance, Completion, Feedback, PriorityLoss


def attended(resident: Resident) -> Iterator[Sequence[Cell]]:
    rows = Attendance.objects.filter(enrolment__resident=resident).select_related("session__course").order_by("pk")
    for row in rows:
        excused = "不计缺课" if row.excused_at else ""
        how, said = row.get_how_display(), row.get_status_display()
        yield row.session.course.title, str(row.session), row.session.starts_at, said, how, row.at, row.note, excused


def consequences(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in AbsenceNotice.objects.filter(enrolment__resident=resident).select_related("enrolment__course"):
        yield "缺课提醒", one.enrolment.course.title, one.at, one.until, one.lift_reason
    for loss in PriorityLoss.objects.filter(resident=resident).select_related("term"):
        yield "暂停优先报名", loss.term.name, loss.begins, loss.until, loss.lift_reason


def completed(resident: Resident) -> Iterator[Sequence[Cell]]:
    rows = Completion.objects.filter(enrolment__resident=resident).select_related("enrolment__course")
    for one in rows.order_by("pk"):
        yield one.number, one.enrolment.course.title, one.attended, one.lessons, one.issued_at, one.revoke_reason


def rated(resident: Resident) -> Iterator[Sequence[Cell]]:
    rows = Feedback.objects.filter(enrolment__resident=resident).select_related("enrolment__course")
    for one in rows.order_by("pk"):
        yield one.enrolment.course.title, one.stars, one.words, one.at


SECTIONS = (
    Section("attendance", "夜校到课", ("课程", "课次", "上课时间", "状态", "方式", "登记时间", "说明", "不计"), attended),
    Section("absences", "夜校缺课处理", ("事项", "课程或期次", "开始", "到", "撤销原因"), consequences),
    Section("completions", "夜校结业", ("编号", "课程", "到课次数", "课次", "发放时间", "作废原因"), completed),
    Section("feedback", "夜校评价", ("课程", "评分", "意见", "时间"), rated),
)  # fmt: skip


def empty(gone: Gone) -> None:
    """One's own words go whole; out of what others wrote goes the name."""
    Feedback.objects.filter(enrolment__resident=gone.resident).update(words="")
    scrub(Attendance.objects.filter(enrolment__resident=gone.resident), "note", gone=gone)
    scrub(Completion.objects.filter(enrolment__resident=gone.resident), "revoke_reason", gone=gone)
    for rows in (
        AbsenceNotice.objects.filter(enrolment__resident=gone.resident), PriorityLoss.objects.filter(resident=gone.resident)
    ):  # fmt: skip
        scrub(rows, "lift_reason", gone=gone)
