"""What gives points is shown first: a notice of weeks ago that has ended, so that a test has the booked adjustment at once."""

from collections.abc import Sequence
from datetime import timedelta

from communities import notices, publishing
from communities.models import Notice, User
from core import clock
from points import showing
from points.adjusting import approve
from points.models import Adjustment
from tests.world import World

LONG_AGO = timedelta(days=40)


def shown(adjustments: Sequence[Adjustment], by: User, publisher: User) -> Notice:
    """`by` lists them, `publisher` published it forty days ago: its window has passed, nobody has swept."""
    notice = showing.prepare(adjustments=adjustments, title="积分调整公示", by=by)
    return publishing.publish(notice=notice, by=publisher, at=clock.now() - LONG_AGO)


def booked(
    world: World, adjustment: Adjustment, by: User | None = None, lister: User | None = None
) -> Adjustment:  # fmt: skip
    """陈志强 approved it; what gives stood on a notice that ended without an objection."""
    mine = approve(adjustment=adjustment, by=by or world.chen)
    if mine.status == Adjustment.Status.NOTICE:
        assert publishing.end(notice=shown([mine], lister or world.zhang, world.he))
        mine = Adjustment.objects.get(pk=mine.pk)
    assert mine.entry_id and notices.standing(f"adjustment:{mine.pk}") is not None
    return mine
