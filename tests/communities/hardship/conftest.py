"""A child with two guardians, of whom the mother signed for the reduction."""

from dataclasses import dataclass
from datetime import date

import pytest

from communities.models import Guardian, Resident
from core import clock
from tests import world as cast
from tests.communities.relieving import agreed
from tests.world import World


@dataclass
class Family:
    child: Resident
    mother: Resident
    father: Resident


@pytest.fixture
def family(world: World) -> Family:
    mother = cast.resident(world.wenxing, "何小燕", "13700001001", date(1988, 4, 1))
    father = cast.resident(world.wenxing, "高志远", "13700001002", date(1986, 4, 1))
    child = cast.resident(world.wenxing, "高雨桐", "", date(clock.today().year - 9, 1, 1))
    for guardian, relation in ((mother, "母亲"), (father, "父亲")):
        basis = Guardian.Basis.HOUSEHOLD_BOOK
        Guardian.objects.create(child=child, guardian=guardian, relation=relation, basis=basis, by=world.zhang)
    agreed(child, mother, world.zhang)
    return Family(child, mother, father)
