"""阵地台账 of the demo: what stands in each room, when it is open, who answers for it. Names and telephones are invented."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from venues.models import OpeningHours, Room

WEEK = range(7)
WORKDAYS = range(5)
EVERY_DAY = [(weekday, time(8, 30), time(21)) for weekday in WEEK]
# The door is kept by colleagues: shut at noon, and on Sundays.
BY_COLLEAGUES = [
    *((weekday, begin, end) for weekday in WORKDAYS for begin, end in ((time(8, 30), time(12)), (time(14, 30), time(21)))),
    (5, time(9), time(17)),
]  # fmt: skip
FACTS: dict[str, dict[str, Any]] = {
    "花艺教室": {"floor": "1楼", "area": 48, "facilities": "操作台6张、洗手池、投影、冷柜", "accessible": True, "access_note": "入口有坡道"},
    "舞蹈厅": {"floor": "2楼", "area": 96, "facilities": "把杆、镜墙、音响、空调、更衣间", "accessible": False, "access_note": "只有楼梯"},
    "书画室": {"floor": "2楼", "area": 42, "facilities": "画案8张、毛毡、展示架", "shared": True, "access_note": "只有楼梯"},
    "多功能厅": {"floor": "2楼", "area": 80, "facilities": "投影、音响、可移动桌椅", "shared": True, "accessible": True, "access_note": "有电梯"},
    "共享客厅": {"floor": "1楼", "area": 55, "facilities": "沙发、茶台、图书角", "shared": True, "accessible": True, "access_note": "无台阶"},
    "邻里课堂": {"floor": "1楼", "area": 60, "facilities": "课桌、投影、饮水机", "accessible": True, "access_note": "无台阶"},
    "小哥驿站": {"floor": "1楼", "area": 35, "facilities": "充电柜、微波炉、饮水机", "accessible": True, "access_note": "无台阶"},
}  # fmt: skip
SHUT_AT_NOON = ("共享客厅",)
PEOPLE = ("白建军", "康瑞芳", "武志刚")


def write(rooms: Iterable[Room]) -> None:
    """Save `rooms` with everything an inspection asks."""
    for number, room in enumerate(rooms):
        person = PEOPLE[number % len(PEOPLE)]
        facts = {"holder": f"{room.community}居委会", "safety_person": person, "safety_phone": room.community.phone, "keeper": person}  # fmt: skip
        for name, value in (facts | FACTS.get(room.name, {})).items():
            setattr(room, name, value)
        room.save(force_insert=True)
        hours = BY_COLLEAGUES if room.name in SHUT_AT_NOON else EVERY_DAY
        OpeningHours.objects.bulk_create(
            OpeningHours(room=room, weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in hours
        )
