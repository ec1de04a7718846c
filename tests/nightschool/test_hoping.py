"""The register beside the seats: who waits, was offered a seat, or applied."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from nightschool import leaving
from nightschool.line import waitlist
from nightschool.models import Channel, Course
from tests import world as cast
from tests.nightschool import applicants
from tests.nightschool.desk.reading import QUERIES_OF_A_LIST, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db


def lined(world: World) -> Course:
    """The seat that was given back is offered to 李; 王 waits."""
    course = cast.course(world.wenxing, capacity=10, price=0)
    people = [cast.resident(world.wenxing, f"同学{n}", f"139100000{n:02d}") for n in range(9)]
    given_back, *_ = cast.seated(course, *people, world.zhao)
    for person in (world.li, world.wang):
        waitlist.join(course_id=course.pk, resident=person, by=world.zhang, channel=Channel.PHONE)
    leaving.cancel(enrolment=given_back, by=world.zhang, reason="搬家")
    return course


def hopes(client: Client, **query: Any) -> list[tuple[str, str]]:
    answer = client.get(reverse("desk:enrolments"), query)
    assert answer.status_code == 200
    return [(one.name, one.said) for one in answer.context["hopes"]]


def test_seats_line_and_applications_of_one_course_are_seen_together(world: World, desk: Client) -> None:
    course = lined(world)
    shown = text(desk, "enrolments", course=course.pk)
    assert "赵玉珍" in shown and "候补和申请" in shown
    assert reverse("desk:line", args=[course.pk]) in shown and world.wang.phone not in shown
    assert hopes(desk, course=course.pk) == [("李建国", "待确认"), ("王秀兰", "候补中")]
    assert hopes(desk, course=course.pk, status="seated") == [] == hopes(desk)


def test_who_waits_and_who_applied_is_found_by_the_same_filter(world: World, desk: Client) -> None:
    course = lined(world)
    asked = applicants.by_approval(world, title="书法审核")
    applicants.applied(asked, world.wang)
    applicants.applied(applicants.by_draw(world, community=world.yongan, title="永安抽签"), world.zhou)
    assert hopes(desk, status="waiting") == [("李建国", "待确认"), ("王秀兰", "候补中")]
    assert hopes(desk, status="applied") == [("王秀兰", "待审核")]
    assert hopes(desk, status="waiting", q="王") == [("王秀兰", "候补中")]
    assert hopes(desk, status="applied", course=course.pk) == []
    assert hopes(desk, status="waiting", channel="api") == []
    tiles = desk.get(reverse("desk:enrolments")).context["kpis"]
    assert [(tile["label"], tile["value"]) for tile in tiles[3:5]] == [("候补、待确认", "2"), ("申请待定", "1")]


def test_their_file_has_masked_phones(world: World, desk: Client) -> None:
    lined(world)
    answer = desk.get(reverse("desk:enrolments-export"), {"status": "waiting"})
    sheet: Any = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert [[sheet[n][column].value for column in (0, 1, 8)] for n in (2, 3)] == [
        ["李建国", "139****1187", "待确认"], ["王秀兰", "138****6021", "候补中"],
    ]  # fmt: skip


def test_the_list_asks_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    course = applicants.by_approval(world)
    applicants.applied(course, world.wang)
    one = queries(desk, "enrolments", course=course.pk)
    applicants.applied(course, *applicants.neighbours(world, 29, points=0))
    assert queries(desk, "enrolments", course=course.pk) == one <= QUERIES_OF_A_LIST + 3
