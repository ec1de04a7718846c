"""今天的课 on the first page of the desk: tonight's roster is one tap away."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core import clock
from nightschool.line import waitlist
from nightschool.models import Channel, Course, Session
from tests import world as cast
from tests.nightschool.desk.reading import queries, text
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afternoon() -> object:
    with time_machine.travel("2026-12-02T15:00:00+08:00", tick=False):
        yield


def test_the_roster_of_tonights_class_is_one_tap_away(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, title="今晚的", price=0, starts_at=clock.now() + timedelta(hours=4))
    cast.seated(course, world.wang)
    Course.objects.filter(pk=course.pk).update(capacity=1)
    waitlist.join(course_id=course.pk, resident=world.li, by=world.zhang, channel=Channel.DESK)
    Course.objects.filter(pk=course.pk).update(capacity=2)
    waitlist.offer_next(course.pk, at=clock.now())  # kept for somebody who has not answered: nobody on the roster yet
    tomorrow = cast.course(world.wenxing, title="明天的", starts_at=clock.now() + timedelta(days=1))
    theirs = cast.course(world.yongan, title="永安的", starts_at=clock.now() + timedelta(hours=4))
    shown = text(desk, "home")
    assert "今晚的第1课" in shown and "19:00—20:30" in shown and "1人" in shown
    assert reverse("desk:roster", args=[course.pk]) in shown
    assert reverse("desk:class", args=[course.sessions.get(number=1).pk]) in shown
    for other in (tomorrow, theirs):
        assert reverse("desk:roster", args=[other.pk]) not in shown


def test_a_class_that_is_off_over_or_of_a_closed_course_is_not_tonights(world: World, desk: Client) -> None:
    soon = clock.now() + timedelta(hours=2)
    off = cast.course(world.wenxing, title="停一课", starts_at=soon)
    Session.objects.filter(course=off, number=1).update(
        status="cancelled", changed_at=clock.now(), changed_by=world.zhang, booking=None
    )
    cast.course(world.wenxing, title="已停办", starts_at=soon, status="cancelled")
    cast.course(
        world.wenxing,
        title="早上的",
        starts_at=clock.now() - timedelta(hours=5),
        opens_at=clock.now() - timedelta(days=9),
    )
    shown = text(desk, "home")
    assert "今天的课" not in shown
    assert [title for title in ("停一课第", "已停办第", "早上的第") if title in shown] == []


def test_the_first_page_asks_as_much_for_ten_classes_as_for_one(world: World, desk: Client) -> None:
    cast.course(world.wenxing, starts_at=clock.now() + timedelta(hours=4))
    one = queries(desk, "home")
    for n in range(9):
        cast.course(world.wenxing, title=f"课{n}", starts_at=clock.now() + timedelta(hours=4))
    assert queries(desk, "home") == one
