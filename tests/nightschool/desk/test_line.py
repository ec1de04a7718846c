"""The line on the desk: who waits and who was offered a seat, moved with a reason, let in at the door, as a file."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core import clock
from nightschool.models import Course, LineMove
from tests.books import breaches
from tests.nightschool.lining import DESK, freed, full, join, people, status
from tests.world import World

pytestmark = pytest.mark.django_db


def page(desk: Client, course: Course, **query: str) -> str:
    return desk.get(f"/desk/night-school/{course.pk}/line/", query).content.decode()


def test_offers_come_first_then_the_line_with_masked_phones(world: World, desk: Client) -> None:
    course, taken = full(world, seats=6)
    join(course, world.zhao, world, DESK)
    join(course, world.wang, world)
    join(course, world.li, world)
    freed(taken[0], world)
    shown = page(desk, course)
    assert shown.index("赵玉珍") < shown.index("王秀兰") < shown.index("李建国")
    assert "待确认" in shown and "请打电话告诉本人" in shown and "没有手机" in shown
    assert world.wang.phone not in shown and "6021" in shown
    assert "第1位" in shown and "第2位" in shown
    assert "赵玉珍" not in page(desk, course, shown="waiting")
    assert "没有人候补" in page(desk, course, shown="lapsed")
    assert f"/desk/night-school/{course.pk}/line/" in desk.get(f"/desk/night-school/{course.pk}/").content.decode()


def test_somebody_is_moved_with_a_reason(world: World, desk: Client) -> None:
    course, _ = full(world)
    _first, second = join(course, world.wang, world), join(course, world.li, world)
    address = f"/desk/night-school/line/{second.pk}/move/"
    assert "现在的次序" in desk.get(address).content.decode()
    assert desk.post(address, {"to": 1, "reason": ""}).status_code == 400
    answer = desk.post(address, {"to": 5, "reason": "登记有误"})
    assert answer.status_code == 400 and "没有这个位置" in answer.content.decode()
    said = desk.post(address, {"to": 1, "reason": "登记有误"}, follow=True).content.decode()
    assert "李建国已从第2位调到第1位" in said and "登记有误" in said and "张晓燕" in said
    assert LineMove.objects.get().waiting == second
    assert desk.get("/desk/night-school/line/999999/move/").status_code == 404


def test_who_stands_at_the_door_is_let_in(world: World, desk: Client) -> None:
    course, taken = full(world)
    first, second = join(course, world.wang, world), join(course, world.li, world)
    address = f"/desk/night-school/line/{second.pk}/promote/"
    assert "今天没有这门课" in desk.get(address).content.decode()
    assert "当场补位" not in page(desk, course)
    at = clock.now()
    course.sessions.filter(number=1).update(starts_at=at - timedelta(seconds=30), ends_at=at + timedelta(seconds=30))
    assert "当场补位" in page(desk, course)
    answer = desk.post(address, {"seat": ""})
    assert answer.status_code == 409 and "现在没有空名额" in answer.content.decode()
    freed(taken[0], world)
    assert "王秀兰放弃的名额" in desk.get(address).content.decode()
    said = desk.post(address, {"seat": first.pk}, follow=True).content.decode()
    assert "李建国已补上，报名码" in said
    assert status(first, second) == ["declined", "accepted"]
    assert breaches() == []


def test_the_file_holds_what_the_list_shows(world: World, desk: Client) -> None:
    course, _ = full(world)
    join(course, world.wang, world)
    answer = desk.get(f"/desk/night-school/{course.pk}/line/export/")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    heads, row = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert heads[:4] == ("次序", "姓名", "手机", "社区")
    assert (row[0], row[1], row[3], row[4]) == (1, "王秀兰", "文兴社区", "候补中") and "****" in str(row[2])


def test_another_community_sees_no_line(world: World, client: Client) -> None:
    course, _ = full(world)
    mine = join(course, world.wang, world)
    client.force_login(world.qian)
    for address in (f"{course.pk}/line/", f"{course.pk}/line/export/", f"line/{mine.pk}/move/"):
        assert client.get(f"/desk/night-school/{address}").status_code == 404


def test_thirty_who_wait_cost_as_many_queries_as_one(world: World, desk: Client) -> None:
    counts = []
    course, _ = full(world, seats=70)
    for many in (1, 29):
        for one in people(world, many):
            join(course, one, world)
        with CaptureQueriesContext(connection) as seen:
            page(desk, course)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_ten_who_stand_at_the_door_are_let_in_by_one_tap_each_beside_the_roll(world: World, desk: Client) -> None:
    course, taken = full(world, seats=12)
    waits = [join(course, one, world, DESK) for one in people(world, 3)]
    at = clock.now()
    course.sessions.filter(number=1).update(starts_at=at - timedelta(seconds=30), ends_at=at + timedelta(seconds=30))
    roll = f"/desk/night-school/classes/{course.sessions.get(number=1).pk}/"
    shown = desk.get(roll).content.decode()
    assert "空名额0个" in shown and shown.count("用别人放弃的名额") == 3
    freed(taken[0], world)
    Course.objects.filter(pk=course.pk).update(capacity=13)
    before = desk.get(roll).content.decode()
    assert "空名额1个" in before and before.count(">补位<") == 3
    said = desk.post(f"/desk/night-school/line/{waits[2].pk}/promote/", {"next": roll}, follow=True)
    assert said.redirect_chain == [(roll, 302)] and "已补上，报名码" in said.content.decode()
    assert status(waits[2]) == ["accepted"] and breaches() == []
    course.sessions.filter(number=2).update(starts_at=at - timedelta(days=1, hours=1), ends_at=at - timedelta(days=1))
    for number in (2, 3):
        other = desk.get(f"/desk/night-school/classes/{course.sessions.get(number=number).pk}/")
        assert "空名额" not in other.content.decode()
