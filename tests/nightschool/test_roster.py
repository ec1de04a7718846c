"""The roster on paper: a column for each class, no whole phone, no price."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from nightschool import leaving, roster
from nightschool.models import Session
from tests import world as cast
from tests.nightschool.desk.reading import QUERIES_OF_A_LIST, neighbours, queries, text
from tests.world import World
from venues.models import Room

pytestmark = pytest.mark.django_db


def test_the_roster_has_a_column_for_each_class_and_no_price(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, price=61)
    cast.award(world.wang, 10)
    cast.seated(course, world.wang, world.zhao)
    shown = text(desk, "roster", course.pk)
    for word in (
        "水泊寺街道文兴社区夜校花名册",
        "王秀兰",
        "138****6021",
        "第3课",
        "制表人：张晓燕",
        "任课教师（签字）",
    ):
        assert word in shown
    sheet = shown[shown.index("<main") :]  # the menu beside it has a page of that name
    assert ">61<" not in sheet and "61积分" not in sheet and "优待" not in sheet
    assert world.wang.phone not in shown


def test_who_gave_the_seat_back_is_not_on_the_roster(world: World) -> None:
    course = cast.course(world.wenxing)
    gone, _ = cast.seated(course, world.wang, world.zhao)
    leaving.cancel(enrolment=gone, by=world.zhang, reason="搬家")
    assert [person.name for person in roster.people(course)] == ["赵玉珍"]


def test_each_class_stands_with_its_own_room_and_none_that_is_off(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    assert f"地点：{course.room}" in text(desk, "roster", course.pk)
    other = Room.objects.create(community=world.wenxing, name="手工室", place="活动室1楼", capacity=20)
    course.sessions.filter(number=2).update(room=other)
    course.sessions.filter(number=3).update(
        status="cancelled", changed_at=clock.now(), changed_by=world.zhang, booking=None
    )
    shown = text(desk, "roster", course.pk)
    assert "地点：见各课" in shown and "手工室" in shown and "第2课" in shown and "第3课" not in shown
    course.sessions.filter(number=1).update(room=other)
    assert f"地点：{other}" in text(desk, "roster", course.pk)


def test_a_long_course_takes_several_sheets_of_equal_width() -> None:
    def widths(lessons: int) -> list[int]:
        start = clock.now()
        sessions = [
            Session(number=n, starts_at=start + timedelta(days=7 * n), room=Room(name="教室")) for n in range(lessons)
        ]
        return [len(sheet.classes) for sheet in roster.sheets(sessions)]

    assert [widths(n) for n in (0, 1, 10, 11, 12, 24)] == [[0], [1], [10], [6, 5], [6, 6], [8, 8, 8]]


def test_the_roster_asks_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    one = queries(desk, "roster", course.pk)
    cast.seated(course, *neighbours(world.wenxing, 29))
    assert queries(desk, "roster", course.pk) == one <= QUERIES_OF_A_LIST
