"""阵地台账 as a list and as an Excel file: the rooms of a reader's communities with everything an inspection asks."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.db.models import Count, Exists, OuterRef

from communities.models import User
from communities.workbook import Cell, workbook
from core import words
from venues.models import OpeningHours, Room, RoomPhoto
from venues.models.rooms import RoomQuerySet

COLUMNS = (
    ("社区", 14), ("名称", 16), ("位置", 24), ("楼层", 8), ("面积（平方米）", 10), ("容纳人数（消防核定）", 12), ("设施", 30),
    ("无障碍", 8), ("无障碍说明", 20), ("开放时间", 40), ("产权或管理单位", 20), ("安全责任人", 12), ("安全责任人电话", 16), ("钥匙保管", 12),
    ("状态", 8), ("居民可以预订", 8), ("收费", 8), ("照片", 8),
)  # fmt: skip
FREE = "免费"  # no room costs anything (domain guide, 12: 收费 0)


def asked(user: User, wanted: dict[str, Any]) -> RoomQuerySet:
    """What the list was filtered by: `standing`, `community`, `shared` (yes, no); by community and name."""
    own = Room.objects.for_staff(user)
    if wanted.get("standing"):
        own = own.filter(standing=wanted["standing"])
    if wanted.get("community"):
        own = own.filter(community=wanted["community"])
    if wanted.get("shared"):
        own = own.filter(shared=wanted["shared"] == "yes")
    own = own.annotate(pictured=Exists(RoomPhoto.objects.filter(room=OuterRef("pk"))))
    return own.select_related("community").prefetch_related("hours").order_by("community", "name")


def figures(user: User) -> dict[str, int]:
    """How many rooms stand how."""
    counted = Room.objects.for_staff(user).values_list("standing").annotate(n=Count("pk"))
    return dict.fromkeys(Room.Standing.values, 0) | dict(counted)


def hours_said(hours: Sequence[OpeningHours]) -> str:
    """周一至周五08:30—21:00；周六09:00—17:00: days in a row that open alike are said once."""
    by_day = [_day(hours, weekday) for weekday in range(7)]
    said: list[str] = []
    begin = 0
    for weekday in range(1, 8):
        if weekday < 7 and by_day[weekday] == by_day[begin]:
            continue
        if by_day[begin]:
            days = _days(begin, weekday - 1)
            said.append(f"{days}{by_day[begin]}")
        begin = weekday
    return "；".join(said)


def _day(hours: Sequence[OpeningHours], weekday: int) -> str:
    return "、".join(str(one) for one in sorted(hours, key=lambda one: one.opens) if one.weekday == weekday)


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return "每天"
    return f"周{words.WEEKDAYS[first]}" + (f"至周{words.WEEKDAYS[last]}" if last > first else "")


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    """The list as an Excel file."""
    return workbook("阵地台账", COLUMNS, _rows(asked(user, wanted)))


def _rows(rooms: RoomQuerySet) -> Iterator[tuple[Cell, ...]]:
    for room in rooms.iterator(chunk_size=500):
        yield (
            room.community.name, room.name, room.place, room.floor, room.area, room.capacity, room.facilities,
            "是" if room.accessible else "否", room.access_note, hours_said(list(room.hours.all())) or "按街道统一时间",
            room.holder, room.safety_person, room.safety_phone, room.keeper, room.get_standing_display(),
            "是" if room.shared else "否", FREE, "有" if room.pictured else "没有",  # type: ignore[attr-defined]
        )  # fmt: skip
