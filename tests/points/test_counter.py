"""At the counter the statement is two pages away at most; looking leaves no slip."""

import pytest

from communities.models import Slip
from core import clock
from points.counter import pages
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_passbook_and_the_statement_are_links(world: World) -> None:
    paper, lines = pages(world.wang, clock.now())
    assert (paper.value, paper.link) == ("可用80积分", f"/desk/residents/{world.wang.pk}/passbook/")
    assert lines.link == f"/desk/residents/{world.wang.pk}/points/"
    assert not Slip.objects.exists()
