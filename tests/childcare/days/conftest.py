"""A Wednesday afternoon at the centre: the group meets every day of the week from 15:30 to 17:30."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import pytest
import time_machine

from childcare.models import Group, Place, Turn
from core import clock
from tests.childcare.cast import Care, build
from tests.world import World, build as build_world

DAY = date(2026, 12, 2)
STARTS, ENDS = time(15, 30), time(17, 30)


@dataclass
class Afternoon:
    """`world` and `care` as they are at 15:35; `at` says an hour of this day."""

    world: World
    care: Care
    now: time_machine.Traveller | None

    @staticmethod
    def at(hour: int, minute: int = 0) -> datetime:
        return clock.at(DAY, time(hour, minute))

    def move(self, hour: int, minute: int = 0) -> None:
        assert self.now is not None
        self.now.move_to(self.at(hour, minute))


@pytest.fixture
def afternoon(db: None) -> Iterator[Afternoon]:
    with time_machine.travel(clock.at(DAY, time(15, 35)), tick=False) as now:
        yield laid(now)


def laid(now: time_machine.Traveller | None) -> Afternoon:
    world = build_world()
    care = build(world)
    Group.objects.filter(pk=care.group.pk).update(kind=Group.Kind.HOLIDAY, starts=STARTS, ends=ENDS)
    Place.objects.filter(group=care.group).update(plan=list(range(7)))
    for row in (care.group, care.place, care.other_place):
        row.refresh_from_db()
    assert Turn.objects.filter(day=clock.today()).count() == 3
    return Afternoon(world, care, now)
