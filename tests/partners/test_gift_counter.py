"""Gifts at the counter: an elder without a phone exchanges, collects and gives back, each with a slip."""

import pytest

from communities import counter
from communities.counter import OwnCounter
from communities.models import Resident, Slip
from core import clock
from partners import counter as desk
from partners.models import Exchange
from points import statement
from tests.activities.cast import relative
from tests.books import breaches, refuses
from tests.partners.giving import gift, taken
from tests.world import World

pytestmark = pytest.mark.django_db


def perform(world: World, code: str, number: int, who: Resident | None = None) -> Slip:
    act = counter.act_of(code)
    assert act
    return counter.perform(act=act, resident=who or world.zhao, number=number, by=world.zhang)


def test_exchanged_and_collected_with_two_slips(world: World) -> None:
    mine = gift(world)
    act = counter.act_of("gift")
    assert act and act.plan
    plan = act.plan(world.zhao, mine.pk, clock.now())
    assert (dict(plan.facts)["可用积分"], plan.refused) == ("办理前200，办理后150", None)
    slip = perform(world, "gift", mine.pk)
    made = Exchange.objects.get()
    assert (
        slip.about == f"gift:{made.pk}"
        and "办理前200，办理后150" in slip.lines[0]
        and made.spoken_number in slip.lines[1]
    )
    slip = perform(world, "gift-collect", made.pk)
    made.refresh_from_db()
    assert (slip.lines, made.status, made.settled_by) == (
        [f"已领取“肥皂”1件，出库单号{made.issue_number}。"], "handed", world.zhang
    )  # fmt: skip
    assert made.way == "slip"
    assert breaches() == []


def test_given_back_with_a_slip(world: World) -> None:
    made = taken(gift(world), world.zhao, world.zhang)
    slip = perform(world, "gift-back", made.pk)
    assert "50积分已退回账户" in slip.lines[0] and statement.available(world.zhao) == 200


def test_what_may_be_chosen_and_why_not(world: World) -> None:
    gift(world)
    gift(world, "头盔", group="couriers")
    gift(world, "毛巾", stock=0)
    found = {one.label: one.refused for one in desk.on_list(world.zhao, clock.now())}
    assert found["肥皂"] == "" and "刚被兑完" in found["毛巾"] and "头盔" not in found
    assert desk.to_collect(world.zhao, clock.now()) == []


def test_nobody_hands_out_to_the_own_family(world: World) -> None:
    kin = relative(world, world.zhang)
    with refuses(OwnCounter):
        perform(world, "gift", gift(world).pk, kin)


def test_what_is_settled_says_so_on_the_confirming_page(world: World) -> None:
    made = taken(gift(world), world.zhao, world.zhang)
    perform(world, "gift-collect", made.pk)
    for code in ("gift-collect", "gift-back"):
        act = counter.act_of(code)
        assert act and act.plan
        refused = act.plan(world.zhao, made.pk, clock.now()).refused
        assert refused and refused.code == "exchange_settled"
