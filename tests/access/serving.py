"""Rows of the book of hours for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from activities.models import Correction, Participation, Service, Training
from core import clock
from tests import world as cast
from tests.activities.serving_hours import attend, nine
from tests.world import World


@dataclass(frozen=True)
class ServingRows:
    """What 王秀兰 served, what of it is to be corrected, and what she learnt."""

    part: Participation
    service: Service
    correction: Correction  # proposed by nobody of the house
    training: Training


def lay_serving(world: World) -> ServingRows:
    activity = cast.activity(world.wenxing, title="金丝雀服务", starts_at=nine(5))
    part = attend(world, activity, world.wang, 60)
    correction = Correction.objects.create(
        participation=part, old_minutes=60, new_minutes=30, old_points=part.points or 0, reason="金丝雀更正",
        proposed_by=world.system,
    )  # fmt: skip
    training = Training.objects.create(
        community=world.wenxing, resident=world.wang, name="金丝雀培训", content="急救", minutes=60, host="红十字会",
        on=clock.today(), by=world.zhang,
    )  # fmt: skip
    return ServingRows(part, Service.objects.get(participation=part), correction, training)
