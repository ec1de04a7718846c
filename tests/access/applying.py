"""Applications of 文兴 for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from nightschool.applications import applying
from nightschool.models import Application, Channel, Course
from tests.nightschool.applicants import by_approval, by_draw
from tests.world import World


@dataclass(frozen=True)
class ApplyingRows:
    """`asked` is 王秀兰's, for a course by approval; `drawn` is a course by draw that nobody asked for."""

    asked: Application
    drawn: Course


def lay_applying(world: World) -> ApplyingRows:
    course = by_approval(world, title="金丝雀课审核")
    asked = applying.apply(course_id=course.pk, resident=world.wang, by=world.zhang, channel=Channel.DESK)
    return ApplyingRows(asked, by_draw(world, title="金丝雀课抽签"))
