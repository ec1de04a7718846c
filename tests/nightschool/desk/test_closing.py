"""The pages on which a course ends: called off, merged, and a merger that was cut off half-way."""

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from nightschool import courses
from nightschool.models import Course
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db


def read(desk: Client, name: str, course: Course) -> str:
    return desk.get(reverse(f"desk:{name}", args=[course.pk])).content.decode()


def test_who_has_no_phone_is_named_to_the_colleague_who_closes_the_course(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, price=0)
    cast.seated(course, world.wang, cast.resident(world.wenxing, "林桂英"))
    url = reverse("desk:course-close", args=[course.pk])
    shown = desk.post(url, {"reason": "停电"}, follow=True).content.decode()
    assert "1人没有手机，收不到消息，请打电话或上门告知：林桂英。" in shown


def test_a_merger_that_was_cut_off_goes_on_as_a_merger(world: World, desk: Client) -> None:
    """Going on with 停办 would send home whoever agreed to be moved."""
    course, other = cast.course(world.wenxing, least=6), cast.course(world.wenxing, title="花艺美学", price=50)
    (seat,) = cast.seated(course, world.wang)
    courses.shut(course_id=course.pk, by=world.zhang, reason="人数不足", at=clock.now(), into=other)
    page = read(desk, "course", course)
    assert "并入" in page and reverse("desk:course-merge", args=[course.pk]) in page and "继续办理退课" not in page
    form = desk.get(reverse("desk:course-merge", args=[course.pk])).context["form"]
    assert (form["into"].value(), form["reason"].value()) == (other.pk, "人数不足")
    sent = {"into": other.pk, "reason": "人数不足", "agreed": seat.pk}
    done = desk.post(reverse("desk:course-merge", args=[course.pk]), sent, follow=True).content.decode()
    assert "已有1人转入《花艺美学》" in done and "都已转入新课" in done
    assert statement.available(world.wang) == 30 and breaches() == []
