"""A line of 文兴 for the doors (tests/access/rows.py)."""

from nightschool.line import waitlist
from nightschool.models import Channel, Waiting
from tests import world as cast
from tests.world import World


def lay_line(world: World) -> Waiting:
    """王秀兰 waits for a full course."""
    course = cast.course(world.wenxing, title="金丝雀课满", capacity=1, price=0)
    cast.seated(course, world.zhao)
    return waitlist.join(course_id=course.pk, resident=world.wang, by=world.zhang, channel=Channel.DESK)
