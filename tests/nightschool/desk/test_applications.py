"""The desk of courses by draw and approval: who applied, the draw's button, many at once with a look first, the file."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from core import clock
from nightschool.applications import drawing_lots
from nightschool.models import Course
from points import statement
from tests import world as cast
from tests.nightschool.applicants import applied, by_approval, by_draw, neighbours
from tests.nightschool.desk.reading import queries, text
from tests.pages import words
from tests.world import World

pytestmark = pytest.mark.django_db


def said(client: Client, course: Course, name: str = "applications", **query: Any) -> str:
    return words(text(client, name, course.pk, **query))


def test_the_list_is_in_the_order_of_time_and_says_who_is_short(world: World, desk: Client) -> None:
    course = by_approval(world)
    applied(course, world.wang, world.li)
    page = said(desk, course)
    assert (
        page.index("王秀兰") < page.index("李建国") and "还差60" in page and "138****6021" in page and "2待审核" in page
    )
    assert "李建国" not in said(desk, course, points="enough") and "王秀兰" not in said(desk, course, points="short")
    assert "没有这样的申请" in words(
        desk.get(f"/desk/night-school/{course.pk}/applications/?status=declined").content.decode()
    )
    assert "王秀兰" in said(desk, course, q="6021") and "李建国" not in said(desk, course, q="王")


def test_the_confirm_page_says_what_will_become_of_whom_and_then_it_happens(world: World, desk: Client) -> None:
    course = by_approval(world, capacity=2)
    first, second, third = neighbours(world, 3)
    asked = applied(course, first, world.li, second, third)
    ids = [one.pk for one in asked]
    page = said(desk, course, "applications-approve", id=ids)
    assert "还剩2个名额。确认后2人报上，共使用120积分，剩0个名额" in page
    assert page.count("报上名额") == 2 and "还差60积分，会告诉本人" in page and "名额已满" in page
    assert statement.available(first) == 60
    answer = desk.post(f"/desk/night-school/{course.pk}/applications/approve/", {"id": ids}, follow=True)
    shown = words(answer.content.decode())
    assert "2人通过并报上名额，共使用120积分" in shown and "李建国：积分不够，仍为待审核" in shown
    assert "邻居2没有办理：名额已满" in shown
    assert list(course.applications.order_by("number").values_list("status", flat=True)) == [
        "seated",
        "applied",
        "seated",
        "applied",
    ]


def test_declining_asks_for_a_reason_first(world: World, desk: Client) -> None:
    course = by_approval(world)
    (mine,) = applied(course, world.wang)
    address = f"/desk/night-school/{course.pk}/applications/decline/"
    assert "可以申诉" in said(desk, course, "applications-decline", id=[mine.pk])
    assert desk.post(address, {"id": mine.pk, "reason": " "}).status_code == 400
    answer = desk.post(address, {"id": mine.pk, "reason": "这期先照顾新学员"}, follow=True)
    assert "1人不通过，都已告知原因" in words(answer.content.decode())


def test_nothing_ticked_and_what_is_not_of_this_course(world: World, desk: Client) -> None:
    course = by_approval(world)
    (other,) = applied(by_approval(world), world.wang)
    for way in ("approve", "decline"):
        address = f"/desk/night-school/{course.pk}/applications/{way}/"
        assert "请先勾选" in words(desk.post(address, follow=True).content.decode())
        assert desk.post(address, {"id": other.pk}).status_code == 404
        assert desk.post(address, {"id": "x"}).status_code == 404


def test_the_button_appears_when_the_window_has_closed_and_draws(world: World, desk: Client) -> None:
    course = by_draw(world, capacity=1)
    applied(course, world.wang, world.zhao)
    assert "现在抽签" not in said(desk, course) and "系统自动抽签" in said(desk, course)
    address = f"/desk/night-school/{course.pk}/applications/draw/"
    assert "不能抽签" in words(desk.post(address, follow=True).content.decode())
    closed = by_draw(world, opens_at=clock.now() - 3 * timedelta(days=1), closes_at=clock.now())
    assert "现在抽签" in said(desk, closed)
    answer = desk.post(f"/desk/night-school/{closed.pk}/applications/draw/", follow=True)
    assert "抽签已办完" in words(answer.content.decode()) and "现在抽签" not in said(desk, closed)


def test_a_draw_that_was_cut_off_shows_how_far_it_is(world: World, desk: Client) -> None:
    course = by_draw(world)
    asked = neighbours(world, 3)
    applied(course, *asked)
    Course.objects.filter(pk=course.pk).update(opens_at=clock.now() - timedelta(days=3), closes_at=clock.now())
    drawing_lots.run(course_id=course.pk, by=world.system, seconds=0)
    page = said(desk, course)
    assert "1/3人" in page and "接着办理" in page
    desk.post(f"/desk/night-school/{course.pk}/applications/draw/")
    assert "3人都已告知结果" in said(desk, course)


def test_the_file_holds_what_the_list_shows(world: World, desk: Client) -> None:
    course = by_approval(world)
    applied(course, world.wang, world.li)
    answer = desk.get(f"/desk/night-school/{course.pk}/applications/export/?points=short")
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    lines = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert lines[0][:3] == ("编号", "姓名", "手机") and [line[1] for line in lines[1:]] == ["李建国"]


def test_a_course_where_the_first_to_come_has_the_seat_has_no_such_page(world: World, desk: Client) -> None:
    assert desk.get(f"/desk/night-school/{cast.course(world.wenxing).pk}/applications/").status_code == 404


def test_the_own_family_cannot_be_ticked(world: World, desk: Client) -> None:
    course = by_approval(world)
    type(world.wang).objects.filter(pk=world.wang.pk).update(phone=world.zhang.own_phone)
    (mine,) = applied(course, world.wang)
    page = text(desk, "applications", course.pk)
    assert f'value="{mine.pk}"' not in page and "请同事审核" in page


@pytest.mark.parametrize("make", [by_draw, by_approval])
def test_thirty_applications_ask_as_much_as_one(world: World, desk: Client, make: Any) -> None:
    few, many = make(world), make(world)
    people = neighbours(world, 30)
    ids = [one.pk for one in applied(few, people[0])], [one.pk for one in applied(many, *people)]
    assert queries(desk, "applications", few.pk) == queries(desk, "applications", many.pk)
    if make is by_approval:
        assert queries(desk, "applications-approve", few.pk, id=ids[0]) == queries(
            desk, "applications-approve", many.pk, id=ids[1]
        )
