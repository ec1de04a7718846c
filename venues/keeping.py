"""What rooms keep about a resident, and what closing the file asks of it."""

from collections.abc import Iterator, Sequence

from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from core import clock
from venues.models import Booking


def bookings(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Booking.objects.of(resident).select_related("room").order_by("pk"):
        yield (
            str(one.room),
            one.title,
            one.people,
            one.starts_at,
            one.ends_at,
            one.get_status_display(),
            one.end_reason,
            one.excuse,
        )


SECTIONS = (
    Section("bookings", "活动室预订", ("活动室", "做什么", "人数", "开始", "结束", "状态", "变动原因", "未到不计的原因"), bookings),
)  # fmt: skip


def obstacles(resident: Resident) -> Iterator[str]:
    ahead = Booking.objects.of(resident).holding().filter(ends_at__gt=clock.now()).select_related("room")
    for one in ahead.order_by("starts_at"):
        yield f"活动室“{one.room}”还有预订，请先取消"


def empty(gone: Gone) -> None:
    mine = Booking.objects.of(gone.resident)
    scrub(mine, "end_reason", gone=gone)
    scrub(mine, "excuse", gone=gone)
