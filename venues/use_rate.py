"""使用率: hours that somebody had a room, of the hours that it was open; by room and month.

Only time inside the opening hours counts, those of that day; 检修停用 counts neither as open nor as used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO

from django.db.models import prefetch_related_objects

from communities.models import Community, User
from communities.workbook import Cell, workbook
from core import clock
from venues import opening
from venues.claiming import Hours
from venues.models import Booking, Room, Use
from venues.occupancy import held_between
from venues.opening import Usual

COLUMNS = (
    ("社区", 14), ("活动室", 16), ("状态", 8), ("月份", 10), ("开放小时", 10), ("使用小时", 10), ("使用率（%）", 10), ("使用次数", 10),
)  # fmt: skip
DEFINITION = (
    "使用率＝开放时间内有人用的小时÷开放小时。检修停用的时间不计入；本月算到今天；每一天按当天登记的开放时间计算。"
)


@dataclass(frozen=True)
class Rate:
    """One room in one month; minutes."""

    room: Room
    month: date
    open: int
    used: int
    uses: int

    @property
    def percent(self) -> int | None:
        """None for a room that was never open."""
        return self.used * 100 // self.open if self.open else None

    @property
    def idle(self) -> bool:
        """Open, and nobody came."""
        return self.open > 0 and self.uses == 0

    @property
    def open_hours(self) -> Decimal:
        return _hours(self.open)

    @property
    def used_hours(self) -> Decimal:
        return _hours(self.used)


def _hours(minutes: int) -> Decimal:
    return round(Decimal(minutes) / 60, 1)


def rates(user: User, months: Sequence[date], community: Community | None = None) -> list[Rate]:
    """Each room of `user`'s communities (or of `community`) in each of `months` (first days, in order); nothing of days to come.

    Closed rooms are left out unless somebody used them. The number of queries grows with the sub-districts alone.
    """
    rooms = list(Room.objects.for_staff(user).select_related("community").order_by("community", "name"))
    rooms = [room for room in rooms if community is None or room.community_id == community.pk]
    prefetch_related_objects(rooms, "hours", "earlier_hours")
    usual = {street: opening.usual_over_time(street) for street in {room.community.sub_district_id for room in rooms}}
    tomorrow = clock.today() + timedelta(days=1)
    end = clock.at(min(after(months[-1]), tomorrow), datetime.min.time())
    held = held_between(rooms, clock.at(months[0], datetime.min.time()), end)
    found = [
        _rate(room, month, min(after(month), tomorrow), held[room.pk], usual[room.community.sub_district_id])
        for room in rooms
        for month in months
    ]
    return [one for one in found if one.uses or one.room.standing != Room.Standing.CLOSED]


def after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def _rate(room: Room, month: date, end: date, held: Sequence[Booking], usual: Usual) -> Rate:
    days = [month + timedelta(days=n) for n in range(max(0, (end - month).days))]
    windows = [window for day in days for window in opening.windows_then(room, day, usual(day))]
    shut = [one for one in held if one.use == Use.CLOSED]
    used = [one for one in held if one.use != Use.CLOSED]
    begin, until = clock.at(month, datetime.min.time()), clock.at(end, datetime.min.time())
    return Rate(
        room, month, sum(map(_minutes, windows)) - _within(windows, shut), _within(windows, used),
        sum(begin <= one.starts_at < until for one in used),
    )  # fmt: skip


def _minutes(hours: Hours) -> int:
    return int((hours.ends_at - hours.starts_at).total_seconds()) // 60


def _within(windows: Sequence[Hours], held: Sequence[Booking]) -> int:
    """How many minutes of `held` lie in `windows`; bookings of one room never overlap. Both are in order."""
    total, first = 0, 0
    for window in windows:
        while first < len(held) and held[first].ends_at <= window.starts_at:
            first += 1
        for one in held[first:]:
            if one.starts_at >= window.ends_at:
                break
            total += _minutes(Hours(max(one.starts_at, window.starts_at), min(one.ends_at, window.ends_at)))
    return total


def file_of(user: User, month: date, community: Community | None) -> IO[bytes]:
    """Every month of the year up to `month`, a line for each room and month."""
    months = [month.replace(month=number) for number in range(1, month.month + 1)]
    return workbook("活动室使用率", COLUMNS, _rows(rates(user, months, community)), mark=DEFINITION)


def _rows(found: Sequence[Rate]) -> Iterator[tuple[Cell, ...]]:
    for one in found:
        yield (
            one.room.community.name, one.room.name, one.room.get_standing_display(), f"{one.month:%Y-%m}",
            one.open_hours, one.used_hours, one.percent, one.uses,
        )  # fmt: skip
