"""What the lower apps are told of applications once, when the app is ready (nightschool/apps.py)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from django.db.models import QuerySet
from django.urls import reverse

from communities import appeals, calendar, closing, copying, settings
from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.kin import Kin
from communities.models import Resident, User
from communities.todo import Waiting, register
from core import clock
from nightschool.applications import approving, counter as application_counter
from nightschool.models import Application, Course, Draw

COLUMNS = ("课程", "编号", "申请时间", "状态", "办理时间", "说明")


def wire() -> None:
    register(rows)
    application_counter.register_acts()
    appeals.register(approving.PREFIX, approving.declined_about)
    appeals.on_answer(approving.appealed)
    copying.register(Section("applications", "夜校申请", COLUMNS, kept))
    closing.register(obstacles)
    closing.on_empty(empty)


def rows(user: User) -> Iterator[Waiting]:
    """Applications to be approved, until some working days after the window; draws that are due and not done."""
    mine = Application.objects.for_staff(user).open()
    asked = mine.filter(course__mode=Course.Mode.APPROVAL, course__status=Course.Status.OPEN)

    def others(kin: Kin) -> QuerySet[Application]:
        return asked.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)

    yield Waiting(
        "courses", "夜校申请待审核", reverse("desk:courses"), others, "course__closes_at", _until,
        "course__community__sub_district", ("desk:applications", "course"),
    )  # fmt: skip
    courses = Course.objects.for_staff(user).filter(status=Course.Status.OPEN, closes_at__lte=clock.now())
    late = Draw.objects.filter(course__in=courses, settled_at=None)
    yield Waiting(
        "courses", "抽签还没有办完", reverse("desk:courses"), lambda _: late, "course__closes_at", _at_once,
        leads=("desk:applications", "course"),
    )  # fmt: skip


def _until(closes_at: datetime, street: int) -> datetime:
    days = settings.value_of(settings.APPROVE_DAYS, street)
    return clock.at(calendar.add_working_days(clock.local(closes_at).date(), days, street), time(23, 59))


def _at_once(closes_at: datetime, _street: int) -> datetime:
    return closes_at


def kept(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Application.objects.of(resident).select_related("course").order_by("pk"):
        yield one.course.title, one.number, one.at, one.get_status_display(), one.decided_at, one.reason


def obstacles(resident: Resident) -> Iterator[str]:
    for one in Application.objects.of(resident).open().select_related("course"):
        yield f"夜校“{one.course.title}”的申请还没有结果，请先撤回"


def empty(gone: Gone) -> None:
    scrub(Application.objects.of(gone.resident), "reason", gone=gone)
