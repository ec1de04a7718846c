"""预订台账: what the desk lists and exports of bookings."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import IO, Any

from django.db.models import Q, QuerySet

from communities.models import User
from communities.workbook import MOST, Cell, workbook as written
from core import clock
from venues import reconfirming
from venues.models import Booking

STATES = {
    "coming": "待使用", "unconfirmed": "待再次确认", "over": "已结束", "no_show": "未到", "cancelled": "已取消", "displaced": "已调整",
    "released": "未确认已释放", "all": "全部",
}  # fmt: skip
COLUMNS = (
    ("社区", 14), ("活动室", 20), ("用途", 12), ("事由", 24), ("使用单位", 20), ("人数", 8), ("开始", 18), ("结束", 18), ("状态", 14),
    ("变动原因", 24), ("办理人", 12), ("预订时间", 18),
)  # fmt: skip


def listed(user: User, asked: dict[str, Any], at: datetime) -> "QuerySet[Booking]":
    """Of the rooms of the reader's communities: what the filter `asked` for; without a state what is to come."""
    found = _in_state(user, asked.get("state", "coming"), at).filter(_narrowed(asked))
    return found.select_related("room__community", "resident", "by")


def _in_state(user: User, state: str, at: datetime) -> "QuerySet[Booking]":
    mine = Booking.objects.for_staff(user)
    if state == "unconfirmed":
        return reconfirming.to_call(user)
    if state == "coming":
        return mine.holding().filter(ends_at__gt=at)
    if state == "over":
        return mine.holding().filter(ends_at__lte=at)
    return mine if state == "all" else mine.filter(status=state)


def _narrowed(asked: dict[str, Any]) -> Q:
    found = Q()
    for name, column in (("community", "room__community"), ("room", "room"), ("use", "use")):
        if name in asked:
            found &= Q(**{column: asked[name]})
    if "since" in asked:
        found &= Q(starts_at__gte=_midnight(asked["since"]))
    if "until" in asked:
        found &= Q(starts_at__lt=clock.midnight_after(asked["until"]))
    return found


def _midnight(day: date) -> datetime:
    return clock.at(day, time())


def order_of(asked: dict[str, Any]) -> tuple[str, ...]:
    """What is to come, the soonest first; else what was booked last."""
    return ("starts_at", "pk") if asked.get("state", "coming") in ("coming", "unconfirmed") else ("-pk",)


def workbook(rows: Iterable[Booking], *, most: int = MOST) -> IO[bytes]:
    """A file with one row each, without anybody's name but the colleague's."""
    return written("活动室预订", COLUMNS, map(_cells, rows), most=most)


def _cells(one: Booking) -> tuple[Cell, ...]:
    return (
        one.room.community.name, one.room.name, one.get_use_display(), one.title, one.unit or ("居民" if one.resident_id else ""),
        one.people or "", one.starts_at, one.ends_at, one.get_status_display(), one.end_reason, one.by.name, one.at,
    )  # fmt: skip
