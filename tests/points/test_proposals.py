"""What the desk's first page and its lists say about adjustments."""

import pytest

from communities.models import Duty, User
from communities.todo import rows_for
from points import proposals, statement
from points.adjusting import approve, propose, refusal_for, reject
from points.models import Adjustment
from tests import world as cast
from tests.activities.cast import relative
from tests.points.correcting import REASON, proposed, take_back
from tests.points.shown import booked
from tests.world import World

pytestmark = pytest.mark.django_db


def mine(user: User) -> set[Adjustment]:
    return set(proposals.waiting_for(user))


def test_what_waits_is_what_one_may_decide(world: World) -> None:
    """The to-do list and the refusal give the same answer, for everybody and every proposal."""
    kin = relative(world, world.chen)
    head = cast.staff("head", "永安主任", Duty.Role.HEAD, community=world.yongan)
    finance = cast.staff("money", "财务", Duty.Role.FINANCE, community=world.wenxing)
    unknown = cast.staff("new", "新主任", Duty.Role.HEAD, own_phone="", community=world.wenxing)
    made = [
        proposed(world),
        proposed(world, 10, kin),
        take_back(world),
        propose(resident=world.zhou, amount=5, reason=REASON, by=world.qian),
        propose(resident=world.li, amount=5, reason=REASON, by=world.chen),
        propose(resident=world.zhao, amount=5, reason=REASON, by=world.he),
    ]
    decided = approve(adjustment=proposed(world, 7), by=world.he)
    for user in (world.zhang, world.chen, world.qian, world.he, head, finance, unknown, world.wang.account):
        assert user is not None
        may = {one for one in [*made, decided] if refusal_for(one, user, approving=False) is None}
        assert mine(user) == may, user.username
    assert len(mine(world.chen)) == 3 and len(mine(world.he)) == 5 and mine(head) == {made[3]}
    assert mine(world.zhang) == mine(finance) == mine(unknown) == set()


def test_the_desk_asks_for_this_row(world: World) -> None:
    proposed(world)
    (row,) = [row for row in rows_for(world.chen) if row.section == "adjustments"]
    assert (row.label, row.count, row.url) == ("积分调整待您复核", 1, "/desk/adjustments/?status=proposed")
    assert not [row for row in rows_for(world.zhang) if row.section == "adjustments"]


def test_the_list_is_of_own_communities(world: World) -> None:
    theirs = propose(resident=world.zhou, amount=5, reason=REASON, by=world.qian)
    ours, done = proposed(world), proposed(world, 5)
    reject(adjustment=done, reason="不对", by=world.chen)
    assert proposals.page_of(world.qian, {}, None) == [theirs]
    assert proposals.page_of(world.zhang, {}, None) == [done, ours]
    assert proposals.page_of(world.zhang, {"status": "proposed"}, None) == [ours]
    assert proposals.page_of(world.he, {"community": world.yongan}, None) == [theirs]
    assert proposals.page_of(world.zhang, {}, done.pk) == [ours]
    assert proposals.figures(world.zhang) == {"proposed": 1, "notice": 0, "approved": 0, "rejected": 1, "stopped": 0}


def test_residents_are_found_by_name_or_the_last_four(world: World) -> None:
    assert proposals.candidates(world.zhang, "秀兰") == [world.wang]
    assert proposals.candidates(world.zhang, "6021") == [world.wang]
    assert proposals.candidates(world.zhang, "孙桂芳") == []  # not confirmed
    assert proposals.candidates(world.qian, "6021") == []


def test_only_what_was_given_and_stands_can_be_taken_back(world: World) -> None:
    cast.seated(cast.course(world.wenxing, price=10), world.wang)
    given = booked(world, proposed(world, 30))
    approve(adjustment=proposed(world, -5), by=world.chen)
    waiting = take_back(world)
    marks = proposals.marked(statement.lines(world.wang))
    assert [(mark.line.amount, mark.entry, mark.proposal) for mark in marks] == [
        (-5, None, None), (30, given.entry_id, None), (-10, None, None), (80, None, waiting),
    ]  # fmt: skip
    approve(adjustment=waiting, by=world.chen)
    (mark,) = [mark for mark in proposals.marked(statement.lines(world.wang)) if mark.line.amount == 80]
    assert (mark.entry, mark.proposal, mark.is_reversed) == (None, None, True)
