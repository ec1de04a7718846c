"""导出: the list of activities that is on the screen, as an Excel file (communities/workbook.py)."""

from collections.abc import Iterable
from typing import IO

from activities.models import Activity, ActivityQuerySet
from communities.workbook import MOST, Cell, workbook as written

COLUMNS = (
    ("开始", 18), ("结束", 18), ("活动", 24), ("类别", 12), ("计服务时长", 10), ("社区", 12), ("系列", 16), ("集合地点", 20),
    ("活动室", 16), ("负责人", 10), ("主讲或协办", 24), ("招募人数", 10), ("已报名", 8), ("未记录", 8), ("待确认", 8),
    ("已确认", 8), ("状态", 10), ("取消原因", 24), ("活动小结", 40),
)  # fmt: skip


def workbook(activities: ActivityQuerySet, *, most: int = MOST) -> IO[bytes]:
    """One row each, the latest first; refuses more than `most` rows with `TooLong`."""
    rows = activities.with_counts().select_related("community", "series", "room").prefetch_related("providers")
    return written("活动", COLUMNS, _lines(rows.order_by("-starts_at", "-pk")[: most + 1]), most=most)


def _lines(rows: Iterable[Activity]) -> Iterable[tuple[Cell, ...]]:
    for one in rows:
        people = (one.signed, one.recorded, one.confirmed)  # type: ignore[attr-defined]
        yield (
            one.starts_at, one.ends_at, one.title, one.get_kind_display(), "是" if one.volunteering else "否",
            one.community.name, one.series.title if one.series else "", one.place, one.room.name if one.room else "",
            one.leader, "、".join(partner.name for partner in one.providers.all()), one.capacity, one.taken, *people,
            one.get_status_display(), one.cancel_reason, one.summary,
        )  # fmt: skip
