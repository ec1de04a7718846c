"""What the lines keep about a resident, and what closing the file ends. A move within the sub-district keeps the place in line."""

from collections.abc import Iterator, Sequence

from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from core.sql import call
from nightschool.line import waitlist
from nightschool.models import LineMove, Waiting
from points import ledger


def waitings(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Waiting.objects.of(resident).select_related("course").order_by("pk"):
        yield one.course.title, one.at, one.get_status_display(), one.offered_at, one.offer_until, one.ended_at


SECTIONS = (
    Section("waitings", "夜校候补", ("课程", "加入时间", "状态", "轮到时间", "确认截止", "结束时间"), waitings),
)


def losses(resident: Resident) -> Iterator[str]:
    for one in Waiting.objects.of(resident).standing().select_related("course").order_by("course"):
        yield f"夜校《{one.course.title}》的候补会退出。"


def file_closed(gone: Gone) -> None:
    """Out of every line, one after the other by course; an offer goes to the next."""
    lines = Waiting.objects.of(gone.resident).standing().order_by("course").values_list("course", flat=True)
    if not lines:
        return
    call(ledger.HOLD, [gone.resident.pk])  # wallets come before lines, also for what is closed after this
    for course_id in lines:
        waitlist.leave(course_id=course_id, resident=gone.resident, by=gone.by)


def empty(gone: Gone) -> None:
    scrub(LineMove.objects.filter(waiting__resident=gone.resident), "reason", gone=gone)
