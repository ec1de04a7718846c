"""多人报名: what will become of whom is said first; then each is seated, waits, or hears why not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communities import cards
from communities.models import Resident, Slip, User
from core import clock
from nightschool import seating
from nightschool.models import Channel, Course, Enrolment, Waiting
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool.desk.reading import neighbours, text
from tests.world import World

pytestmark = pytest.mark.django_db


def told(world: World, course: Course, *people: Resident) -> list[tuple[str, bool, bool, int]]:
    found = seating.forecast(course, people, world.zhang, clock.now())
    return [(one.resident.name, one.seated, one.waits, one.short) for one in found]


def test_each_hears_beforehand_what_will_become_of_him_and_it_becomes_so(world: World) -> None:
    course = cast.course(world.wenxing, capacity=1, price=60)
    people = [world.li, world.wang, world.zhao]
    assert told(world, course, *people) == [
        ("李建国", False, False, 60), ("王秀兰", True, False, 0), ("赵玉珍", False, True, 0),
    ]  # fmt: skip
    assert not Enrolment.objects.exists() and not Waiting.objects.exists()
    outcome = seating.seat_many(course=course, people=people, by=world.zhang)
    assert (outcome.seated, outcome.waiting) == ([world.wang], [world.zhao])
    assert [(one, no.code) for one, no in outcome.refused] == [(world.li, "short_of_points")]
    seat, waits = Enrolment.objects.get(), Waiting.objects.get()
    assert (seat.channel, seat.by, waits.channel, waits.resident) == ("desk", world.zhang, "desk", world.zhao)
    assert (statement.available(world.wang), statement.available(world.zhao)) == (20, 200)
    assert breaches() == []


def test_seats_held_for_the_counter_can_be_had(world: World) -> None:
    course = cast.course(world.wenxing, capacity=1, price=0, held=1, held_until=clock.now() + timedelta(hours=5))
    assert told(world, course, world.wang) == [("王秀兰", True, False, 0)]
    assert seating.seat_many(course=course, people=[world.wang], by=world.zhang).seated == [world.wang]


def test_twice_the_same_is_neither_charged_nor_lined_up_twice(world: World) -> None:
    course = cast.course(world.wenxing, capacity=1, price=0)
    seating.seat_many(course=course, people=[world.wang, world.zhao], by=world.zhang)
    again = seating.forecast(course, [world.wang, world.zhao], world.zhang, clock.now())
    assert [one.said for one in again] == ["已有名额，不用再报", "已在候补"]
    outcome = seating.seat_many(course=course, people=[world.wang, world.zhao], by=world.zhang)
    assert [no.code for _, no in outcome.refused] == ["already_enrolled", "already_waiting"]
    assert (Enrolment.objects.count(), Waiting.objects.count()) == (1, 1)


def test_nobody_goes_past_a_pin_and_nobody_seats_the_own_family(world: World) -> None:
    course = cast.course(world.wenxing, price=0)
    card = cards.issue(resident=world.zhao, by=world.zhang)
    cards.set_pin(resident=card.resident, pin="246835", by=world.zhang)
    User.objects.filter(pk=world.zhang.pk).update(own_phone=world.wang.phone)
    world.zhang.refresh_from_db()
    found = seating.forecast(course, [world.zhao, world.wang], world.zhang, clock.now())
    assert [one.seated for one in found] == [False, False]
    outcome = seating.seat_many(course=course, people=[world.zhao, world.wang], by=world.zhang)
    assert (outcome.seated, len(outcome.refused)) == ([], 2)
    assert not Enrolment.objects.exists()


def test_a_line_means_exactly_one_person(world: World) -> None:
    cast.resident(world.wenxing, "王秀", "13700001111")
    cast.resident(world.wenxing, "李建国", "13700002222")
    typed = ["王秀兰6021", world.zhao.name, "李建国", "李建国2222", "永安没有的人", "王秀", "王秀兰6021"]
    assert [(one.resident and one.resident.name, one.found) for one in seating.named(world.zhang, typed)] == [
        ("王秀兰", ""), ("赵玉珍", ""), (None, "有几位同名或相近的，请加手机后四位"), ("李建国", ""),
        (None, "没有找到，请核对姓名或手机号"), ("王秀", ""), (None, "重复，只办一次"),
    ]  # fmt: skip


def test_people_of_the_neighbour_are_not_found(world: World) -> None:
    assert seating.named(world.zhang, [world.zhou.phone])[0].resident is None


# The pages


def post(client: Client, course: Course, names: str, **fields: Any) -> Any:
    return client.post(reverse("desk:seat-many", args=[course.pk]), {"names": names} | fields, follow=True)


def test_staff_see_who_is_seated_waits_or_is_short_before_anything_is_done(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, capacity=1, price=60)
    names = "李建国\n王秀兰6021\n赵玉珍\n没有的人"
    shown = post(desk, course, names).content.decode()
    assert "确认后1人报上，每人使用60积分；1人进入候补，不扣积分；其余的不办。" in shown
    assert "还差60积分，这次不办" in shown and "没有对上" in shown and world.wang.phone not in shown
    assert not Enrolment.objects.exists()
    done = post(desk, course, names, sure="1")
    said = done.content.decode()
    seat, waits = Enrolment.objects.get(), Waiting.objects.get()
    assert list(Slip.objects.order_by("pk").values_list("about", "proof")) == [
        (f"enrolment:{seat.pk}", "signature"), (f"waiting:{waits.pk}", "signature"),
    ]  # fmt: skip
    assert said.count('aria-label="居民联"') == 2 and seat.spoken_number in said and "排第1位，没有扣积分" in said
    assert "王秀兰" in said and "王*兰" in said and world.wang.phone not in said
    assert (
        "已报上1人，1人进入候补（没有扣积分）。每个人都会收到消息。" in said and "李建国没有办成：还差60积分。" in said
    )
    assert (Enrolment.objects.count(), Waiting.objects.count()) == (1, 1)


def test_the_slips_of_others_are_not_printed(world: World, desk: Client, client: Client) -> None:
    course = cast.course(world.wenxing, price=0)
    (mine,) = seating.seat_many(course=course, people=[world.wang], by=world.zhang).slips
    theirs = Slip.objects.create(
        community=world.yongan, resident=world.zhou, act="夜校报名", about="enrolment:9", said="别处", by=world.qian
    )
    assert "居民联" in text(desk, "seat-many-slips", course.pk, id=mine.pk)
    text(desk, "seat-many-slips", course.pk, id=[mine.pk, theirs.pk], status=404)
    client.force_login(world.qian)
    text(client, "seat-many-slips", course.pk, id=mine.pk, status=404)


def test_a_list_that_is_empty_or_too_long_is_asked_for_again(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    assert post(desk, course, " \n ").status_code == 400
    answer = post(desk, course, "王秀兰\n" * 31)
    assert answer.status_code == 400 and "一次最多30位" in answer.content.decode()


def test_a_course_of_the_neighbour_is_not_there(world: World, desk: Client) -> None:
    course = cast.course(world.yongan)
    text(desk, "seat-many", course.pk, status=404)
    assert post(desk, course, "王秀兰", sure="1").status_code == 404


def test_thirty_are_seated_in_one_go(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, capacity=30, price=10)
    people = neighbours(world.wenxing, 30, points=10)
    assert "已报上30人" in post(desk, course, "\n".join(one.phone for one in people), sure="1").content.decode()
    course.refresh_from_db()
    assert (course.taken, course.online) == (30, 0)
    assert set(course.enrolments.values_list("channel", flat=True)) == {Channel.DESK}
