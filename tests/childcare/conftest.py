"""The childcare cast on top of the fixed one."""

import pytest

from tests.childcare.cast import Care, build
from tests.world import World


@pytest.fixture
def care(world: World) -> Care:
    return build(world)
