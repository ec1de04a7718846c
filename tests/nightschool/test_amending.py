"""What is said of an open course is put right; another teacher is told, and nothing else of it changes."""

import pytest
from django.test import Client
from django.urls import reverse

from communities.duties import NotYourDuty
from nightschool import amending, courses, keeping
from nightschool.models import Course
from notifications.models import Message
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_desk_puts_a_word_right_and_names_another_teacher(world: World, client: Client) -> None:
    course = cast.course(world.wenxing, bring="剪刀")
    cast.seated(course, world.zhao)
    client.force_login(world.zhang)
    url = reverse("desk:course-facts", args=[course.pk])
    sent = {"teacher": "李老师", "bring": "剪刀、毛巾", "for_beginners": "on", "audience": "爱花的人"}
    client.post(url, sent)
    course.refresh_from_db()
    assert (course.bring, course.audience) == ("剪刀、毛巾", "爱花的人")
    assert not Message.objects.filter(title="换老师通知").exists()
    said = client.post(url, sent | {"teacher": "王秀兰老师", "taught_by": "王秀兰6021"}, follow=True).content.decode()
    course.refresh_from_db()
    assert "已通知1人" in said and "1人没有手机" in said and course.taught_by == world.wang
    told = Message.objects.get(title="换老师通知", resident=world.zhao, channel="inbox")
    assert "以后由王秀兰老师上课" in told.body


def test_a_price_that_was_typed_beside_it_is_not_kept(world: World) -> None:
    course = cast.course(world.wenxing)
    course.price, course.capacity, course.safety = 1, 999, "小心剪刀"
    amending.amend(course=course, by=world.zhang)
    course.refresh_from_db()
    assert (course.price, course.capacity, course.safety) == (60, 30, "小心剪刀")


def test_only_an_open_course_by_its_own_staff_with_a_teacher_of_the_street(world: World) -> None:
    course = cast.course(world.wenxing)
    with pytest.raises(NotYourDuty):
        amending.amend(course=course, by=world.qian)
    course.taught_by = cast.resident(world.hualin, "外街道", "13700008888")
    with pytest.raises(courses.BadCourse):
        amending.amend(course=course, by=world.zhang)
    for status in ("draft", "cancelled"):
        with pytest.raises(courses.CourseNotOpen):
            amending.amend(course=cast.course(world.wenxing, status=status), by=world.zhang)
    assert not Course.objects.exclude(taught_by=None).exists()


def test_who_teaches_a_course_that_goes_on_does_not_leave_without_a_successor(world: World) -> None:
    course = cast.course(world.wenxing, taught_by=world.wang)
    assert [said for said in keeping.obstacles(world.wang) if "请社区先换老师" in said]
    course.taught_by = None
    amending.amend(course=course, by=world.zhang)
    assert not list(keeping.obstacles(world.wang))
