"""What the night school keeps about a resident, and what closing the file asks of it."""

from collections.abc import Iterator, Sequence

from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from core import clock
from nightschool.models import Course, Enrolment


def enrolments(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Enrolment.objects.of(resident).select_related("course__term").order_by("pk"):
        status = one.get_status_display()
        yield one.course.title, one.course.term.name, one.at, one.price, status, one.cancelled_at, one.cancel_reason


SECTIONS = (
    Section("enrolments", "夜校报名", ("课程", "期次", "报名时间", "积分", "状态", "退课时间", "退课原因"), enrolments),
)  # fmt: skip


def obstacles(resident: Resident) -> Iterator[str]:
    for one in Enrolment.objects.of(resident).coming(clock.now()).select_related("course"):
        yield f"夜校“{one.course.title}”还没有上完，请先退课"
    taught = Course.objects.filter(taught_by=resident, status=Course.Status.OPEN, sessions__ends_at__gt=clock.now())
    for course in taught.distinct():
        yield f"夜校“{course.title}”由本人授课，还没有上完，请社区先换老师"


def empty(gone: Gone) -> None:
    scrub(Enrolment.objects.of(gone.resident), "cancel_reason", gone=gone)
