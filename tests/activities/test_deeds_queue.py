"""小事 in the one queue of what waits: approved in bulk, but for suggestions, which need words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities import approving, queue
from activities.deeds_queue import KIND, lines, open_for, refusals, waiting_for
from points import statement
from tests.activities.cast import relative
from tests.activities.pictures import sent
from tests.world import World

pytestmark = pytest.mark.django_db


def test_it_is_part_of_the_queue() -> None:
    assert queue.kind_of("deed") is KIND


def test_what_waits_is_what_is_not_refused(world: World) -> None:
    sent(world), sent(world, world.zhao, by=world.zhang), sent(world, relative(world, world.chen), by=world.zhang)
    sent(world, kind="idea")
    sent(world, world.zhou, by=world.qian)
    for user in (world.chen, world.zhang, world.qian, world.he):
        rows = list(open_for(user))
        why_not = refusals(user, rows)
        may = {one.pk for one in rows if why_not(one) is None}
        assert may == set(waiting_for(user).values_list("pk", flat=True)), user
    assert "idea" not in {one.kind for one in open_for(world.he)}


def test_bulk_approval_pays_and_says_what(world: World) -> None:
    mine, other = sent(world), sent(world, world.wang, kind="kindness")
    keys = [one.key for one in approving.shown(world.chen, KIND, list(open_for(world.chen)))]
    outcome = approving.approve(keys=keys, by=world.chen)
    assert (len(outcome.done), outcome.refused, outcome.points) == (2, [], 5)
    assert statement.available(world.li) == 3
    for one in (mine, other):
        one.refresh_from_db()
        assert one.status == "accepted"


def test_its_lines_cost_the_same_for_one_and_for_many(world: World) -> None:
    for n in range(4):
        sent(world, text=f"第{n}件")
    counted = []
    for some in (1, 4):
        rows = list(open_for(world.chen)[:some])
        with CaptureQueriesContext(connection) as asked:
            found = lines(rows)
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert [(one.what, one.price.asked if one.price else None) for one in found][:1] == [("随手拍：第0件", 3)]
