"""What the desk's first page says about activities."""

import pytest

from activities.todo import rows
from communities.models import User
from communities.todo import rows_for, rows_of
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.world import World

pytestmark = pytest.mark.django_db


def counts(user: User) -> list[int]:
    return [row.count for row in rows_of([rows], user)]


def test_what_waits_depends_on_who_asks(world: World) -> None:
    recorded(world)
    signed(cast.activity(world.wenxing, ago=5), world.wang, world)
    signed(cast.activity(world.wenxing), world.wang, world)
    assert counts(world.chen) == [1, 1]
    assert counts(world.zhang) == [1, 0]  # recorded it
    assert counts(world.qian) == [0, 0]
    assert counts(world.he) == [1, 1]


def test_the_desk_asks_for_these_rows(world: World) -> None:
    recorded(world)
    assert [row.label for row in rows_for(world.chen) if row.section == "review"] == ["参加记录待您审核入账"]
