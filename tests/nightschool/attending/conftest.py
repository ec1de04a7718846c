"""Who stayed away."""

from collections.abc import Iterator

import pytest

from nightschool.models import Course, Enrolment
from tests.nightschool.attending.coming import course, day_after, lesson, missed
from tests.world import World


@pytest.fixture
def away(world: World) -> Iterator[tuple[Course, Enrolment]]:
    """赵玉珍 (60 points paid) missed the first two of eight classes; it is the morning after."""
    made, (mine,) = course(world, world.zhao, lessons=8, price=60)
    missed(world, made, mine, 1, 2)
    with day_after(lesson(made, 2)):
        yield made, mine
