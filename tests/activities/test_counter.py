"""Joining at the counter, for somebody without a phone, and giving it back; the slip says so."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities import counter as acts, signup
from activities.models import Activity, Participation
from communities import counter
from communities.counter import Choice
from communities.models import Resident, Slip
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.activities.cast import signed
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db


def perform(world: World, code: str, who: Resident, number: int) -> Slip:
    act = counter.act_of(code)
    assert act
    return counter.perform(act=act, resident=who, number=number, by=world.zhang)


def offered(who: Resident) -> dict[str, Choice]:
    return {one.label: one for one in acts.coming(who, clock.now())}


def test_an_elder_without_a_phone_joins(world: World) -> None:
    activity = cast.activity(world.wenxing)
    said = acts.join_plan(world.zhao, activity.pk, clock.now())
    assert dict(said.facts)["集合地点"] == "天和城东门" and "搬重物" in said.note and said.refused is None
    slip = perform(world, "activity", world.zhao, activity.pk)
    mine = Participation.objects.get()
    assert (mine.resident, mine.by, mine.status, slip.about) == (
        world.zhao, world.zhang, "signed_up", f"participation:{mine.pk}",
    )  # fmt: skip
    assert "已报名《楼道清理》" in slip.lines[0] and "风险说明" in slip.lines[1]
    assert breaches() == []


def test_a_full_one_is_offered_as_waiting_and_says_how_many_are_ahead(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=1)
    signed(activity, world.wang, world)
    signup.join_line(activity_id=activity.pk, resident=world.li, by=world.system)
    choice = offered(world.zhao)["楼道清理"]
    assert (choice.code, choice.refused) == ("activity-line", "") and "名额已满，可候补" in choice.sub
    assert dict(acts.line_plan(world.zhao, activity.pk, clock.now()).facts)["前面候补"] == "1人"
    slip = perform(world, "activity-line", world.zhao, activity.pk)
    assert slip.lines[1] == "前面还有1人。"
    assert Participation.objects.get(resident=world.zhao).status == "waiting"


def test_a_place_is_given_back_and_the_line_moves_up(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=1)
    signed(activity, world.zhao, world)
    signup.join_line(activity_id=activity.pk, resident=world.li, by=world.system)
    assert [one.label for one in acts.joined(world.zhao, clock.now())] == ["楼道清理"]
    perform(world, "activity-back", world.zhao, activity.pk)
    assert Participation.objects.get(resident=world.li).status == "signed_up"
    perform(world, "activity-line", world.zhao, activity.pk)
    perform(world, "activity-back", world.zhao, activity.pk)  # a second row, a slip of its own
    assert not signup.standing(activity, world.zhao)


def test_what_the_resident_cannot_join_says_why_and_what_is_joined_is_not_offered(world: World) -> None:
    old = cast.activity(world.wenxing, title="限青年", max_age=30)
    joined = cast.activity(world.wenxing, title="已经报的", starts_at=old.starts_at + timedelta(days=1))
    signed(joined, world.zhao, world)
    meets = cast.activity(world.wenxing, title="撞时间", starts_at=joined.starts_at)
    shown = offered(world.zhao)
    assert set(shown) == {"限青年", "撞时间"}
    assert "30岁以下" in shown["限青年"].refused and "已经报的" in shown["撞时间"].refused
    for one in (old, meets):
        with pytest.raises(Refused):
            perform(world, "activity", world.zhao, one.pk)
    assert not Slip.objects.exists()


def test_the_list_and_the_verb_agree(world: World) -> None:
    for number in range(3):
        cast.activity(world.wenxing, title=f"活动{number}", capacity=number, min_age=90 if number == 2 else 18)
    for who in (world.zhao, world.sun, world.wang):
        for one in acts.coming(who, clock.now()):
            alone = signup.refusal_for(Activity.objects.get(pk=one.number), who, clock.now())
            assert bool(one.refused) is not (alone is None or signup.can_wait(alone))


def test_one_and_twenty_cost_the_same_queries(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            acts.coming(world.zhao, clock.now())
        return len(caught)

    cast.activity(world.wenxing)
    few = cost()
    for number in range(19):
        cast.activity(world.wenxing, title=f"活动{number}")
    assert cost() == few
