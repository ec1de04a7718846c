"""A calling off that was cut off half-way waits on the desk's first page, for the own community only."""

import pytest

from communities.models import User
from communities.todo import rows_for
from core import clock
from nightschool import courses
from nightschool.models import Course
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db


def waiting(user: User) -> list[int]:
    return [row.count for row in rows_for(user) if row.section == "courses"]


def test_refunds_that_were_cut_off_wait_until_they_are_done(world: World) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    assert waiting(world.zhang) == []
    Course.objects.filter(pk=course.pk).update(status="cancelled", cancelled_at=clock.now(), cancel_reason="教室漏水")
    assert (waiting(world.zhang), waiting(world.qian)) == ([1], [])
    courses.close_course(course=course, by=world.zhang, reason="")
    assert waiting(world.zhang) == []
