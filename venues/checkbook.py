"""场地使用台账: every use of a room with how it was handed over, as a list, on paper and as an Excel file."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO, Any

from django.db.models import Exists, OuterRef, Q

from communities.models import User
from communities.workbook import Cell, workbook
from core import clock
from venues import checks
from venues.models import Booking, RoomCheck
from venues.models.bookings import BookingQuerySet
from venues.use_rate import after

STATES = {"missing": "待补交接", "trouble": "有问题", "done": "已交接"}
COLUMNS = (
    ("社区", 14), ("活动室", 16), ("开始", 18), ("结束", 18), ("用途", 12), ("事由", 24), ("使用单位", 16), ("人数", 8),
    ("开始检查", 18), ("开始检查人", 12), ("开始时完好", 10), ("开始时情况", 24), ("结束检查", 18), ("结束检查人", 12), ("水已关", 8),
    ("电已断", 8), ("门窗已锁", 8), ("损坏", 24), ("使用人签字", 12),
)  # fmt: skip
RECENT = timedelta(days=3)  # so long a colleague is asked to look after what was found
MOST_ON_PAPER = 500
YES = {True: "是", False: "否", None: ""}


def asked(user: User, wanted: dict[str, Any], at: datetime) -> BookingQuerySet:
    """What the list was filtered by: `room`, `community`, `month` (first day), `state`; uses that have begun, in order."""
    own = checks.to_check(Booking.objects.for_staff(user)).filter(starts_at__lte=at)
    if wanted.get("room"):
        own = own.filter(room=wanted["room"])
    if wanted.get("community"):
        own = own.filter(room__community=wanted["community"])
    if month := wanted.get("month"):
        begin, end = (clock.at(day, datetime.min.time()) for day in (month, after(month)))
        own = own.filter(starts_at__gte=begin, starts_at__lt=end)
    return in_state(own, wanted.get("state", ""), at).select_related(
        "room__community", "resident", "room_check__began_by", "room_check__finished_by"
    )


def in_state(rows: BookingQuerySet, state: str, at: datetime) -> BookingQuerySet:
    """Those of `rows` that wait to be handed over, that were handed over, or with which something was wrong."""
    finished = RoomCheck.objects.finished().filter(booking=OuterRef("pk"))
    if state == "missing":
        return checks.missing(rows, at)
    if state == "done":
        return rows.filter(Exists(finished))
    return rows.filter(Exists(troubled(finished))) if state == "trouble" else rows


def troubled(found: "Any") -> "Any":
    """Those of `found` with something broken, running or unlocked."""
    return found.filter(Q(water_off=False) | Q(power_off=False) | Q(locked=False) | ~Q(damage=""))


def recent_trouble(user: User, at: datetime) -> BookingQuerySet:
    """Uses that ended in the last days with something wrong: somebody should go and look."""
    own = checks.to_check(Booking.objects.for_staff(user)).filter(room_check__finished_at__gt=at - RECENT)
    return in_state(own, "trouble", at)


def file_of(user: User, wanted: dict[str, Any], at: datetime) -> IO[bytes]:
    """The list as an Excel file."""
    return workbook("场地使用台账", COLUMNS, _rows(asked(user, wanted, at).order_by("starts_at", "pk")))


def _rows(found: BookingQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=500):
        check = checks.check_of(one) or RoomCheck()
        yield (
            one.room.community.name, one.room.name, one.starts_at, one.ends_at, one.get_use_display(), one.title, one.unit,
            one.people, check.began_at, check.began_by.name if check.began_by else "", YES[check.began_well], check.began_note,
            check.finished_at, check.finished_by.name if check.finished_by else "", YES[check.water_off], YES[check.power_off],
            YES[check.locked], check.damage, check.signed,
        )  # fmt: skip
