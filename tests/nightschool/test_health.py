"""办班情况: how full, how many are missing, who came, who stayed away, who waits; sorted, filtered, as a file."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from nightschool import health
from nightschool.models import Attendance, Course, Enrolment, Waiting
from tests import world as cast
from tests.nightschool.desk.reading import QUERIES_OF_A_LIST, neighbours, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
PRESENT, LATE, LEAVE, ABSENT = Attendance.Status


def called(world: World, seats: list[Enrolment], *marks: str, number: int = 1, **fields: object) -> None:
    session = seats[0].course.sessions.get(number=number)
    Attendance.objects.bulk_create(
        Attendance(session=session, enrolment=seat, status=mark, how="desk", by=world.zhang, **fields)
        for seat, mark in zip(seats, marks, strict=True)
    )


def of(world: World, course: Course, **asked: object) -> health.Health:
    return next(one for one in health.found(world.zhang, clock.now(), state="all", **asked) if one.id == course.pk)  # type: ignore[arg-type]


def test_a_course_says_how_full_it_is_and_how_many_are_missing(world: World) -> None:
    course = cast.course(world.wenxing, capacity=10, least=6, price=0)
    cast.seated(course, world.wang, world.zhao)
    one = of(world, course)
    assert (one.seated, one.fill, one.missing, one.rate, one.last) == (2, 20, 4, None, "")
    over = cast.course(
        world.wenxing,
        title="结课的",
        least=6,
        starts_at=clock.now() - timedelta(days=60),
        opens_at=clock.now() - timedelta(days=90),
    )
    assert of(world, over).missing == 0


def test_a_late_comer_was_there_and_an_excused_absence_is_no_no_show(world: World) -> None:
    course = cast.course(
        world.wenxing, price=0, starts_at=clock.now() - timedelta(days=8), closes_at=clock.now() + timedelta(days=1)
    )
    seats = cast.seated(course, world.wang, world.zhao, world.li, world.zhou)
    called(world, seats, PRESENT, LATE, LEAVE, ABSENT)
    called(world, seats[:1], ABSENT, number=2, excused_at=clock.now(), excused_by=world.chen)
    one = of(world, course)
    assert (one.there, one.leave, one.absent, one.called, one.rate) == (2, 1, 1, 2, 50)
    assert one.last == "第2课0/1人"


def test_who_waits_and_who_lost_the_seat_is_counted(world: World) -> None:
    course = cast.course(world.wenxing, capacity=2, price=0)
    seats = cast.seated(course, world.wang, world.zhao)
    Waiting.objects.create(course=course, resident=world.li, channel="phone", place=1, by=world.zhang)
    Enrolment.objects.filter(pk=seats[0].pk).update(status="freed", cancelled_at=clock.now(), cancelled_by=world.zhang)
    one = of(world, course)
    assert (one.waiting, one.freed, one.seated) == (1, 1, 1)


def test_what_needs_a_look_comes_first(world: World) -> None:
    full = cast.course(world.wenxing, title="满的", capacity=2, price=0)
    empty = cast.course(world.wenxing, title="空的", capacity=20, least=12, price=0)
    seats = cast.seated(full, world.wang, world.zhao)
    called(world, seats, ABSENT, PRESENT)
    Waiting.objects.create(course=full, resident=world.li, channel="phone", place=1, by=world.zhang)

    def first(sort: str) -> int:
        return health.found(world.zhang, clock.now(), sort=sort)[0].id

    asked = {sort: first(sort) for sort in health.SORTS}
    assert asked == {"fill": empty.pk, "room": empty.pk, "attendance": full.pk, "absent": full.pk, "line": full.pk}
    assert first("") == empty.pk


def test_the_page_is_filtered_and_never_shows_the_neighbour(world: World, desk: Client) -> None:
    mine = cast.course(world.wenxing, title="在办的")
    cast.course(world.yongan, title="永安书法")
    over = cast.course(
        world.wenxing,
        title="结课的",
        starts_at=clock.now() - timedelta(days=60),
        opens_at=clock.now() - timedelta(days=90),
    )
    assert [title for title in ("在办的", "结课的", "永安书法") if title in text(desk, "health")] == ["在办的"]
    assert "结课的" in text(desk, "health", state="over") and "在办的" not in text(desk, "health", state="over")
    other = cast.term(world.wenxing, "第9期")
    assert "在办的" not in text(desk, "health", term=other.pk)
    text(desk, "health", community=world.yongan.pk, status=404)
    text(desk, "health", sort="nonsense", status=404)
    assert {mine.pk, over.pk} == {one.id for one in health.found(world.zhang, clock.now(), state="all")}


def test_the_page_asks_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    cast.course(world.wenxing)
    one = queries(desk, "health")
    for n in range(29):
        made = cast.course(world.wenxing, title=f"课程{n}", price=0)
        if n % 10 == 0:
            cast.seated(made, *neighbours(world.wenxing, 2, points=1) if n == 0 else [world.wang])
    assert queries(desk, "health") == one <= QUERIES_OF_A_LIST


def test_the_file_has_what_the_page_shows(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, capacity=4, price=0, least=2)
    called(world, cast.seated(course, world.wang, world.zhao), PRESENT, ABSENT)
    answer = desk.get(reverse("desk:health-export"), {"state": "running"})
    sheet: Any = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert [cell.value for cell in sheet[1]] == [name for name, _ in health.COLUMNS]
    assert [cell.value for cell in sheet[2]] == [
        "形体塑形", "第2期", "文兴社区", 4, 2, "50%", 2, 0, 1, 1, 0, 1, "50%", 0,
    ]  # fmt: skip
