"""Applying at the counter for somebody without a phone, and by call; the slip says what was done and that nothing was charged."""

from datetime import timedelta

import pytest

from communities import counter
from communities.models import Resident, Slip
from core import clock
from core.refusals import Refused
from nightschool.applications import applying, counter as desk, wiring
from nightschool.models import Application
from points import statement
from tests import world as cast
from tests.nightschool.applicants import applied, by_approval, by_draw
from tests.world import World

pytestmark = pytest.mark.django_db


def perform(world: World, code: str, who: Resident, number: int) -> Slip:
    act = counter.act_of(code)
    assert act
    return counter.perform(act=act, resident=who, number=number, by=world.zhang)


@pytest.mark.parametrize(("code", "channel"), [(desk.CODE, "desk"), (f"{desk.CODE}-call", "call")])
def test_an_elder_without_a_phone_applies(world: World, code: str, channel: str) -> None:
    course = by_draw(world)
    (choice,) = desk.choices(world.zhao, clock.now())
    assert (choice.number, choice.refused, choice.value) == (course.pk, "", "60积分") and choice.sub.startswith(
        "抽签，"
    )
    plan = desk.plan(world.zhao, course.pk, clock.now())
    assert dict(plan.facts)["可用积分"] == "200" and plan.refused is None
    slip = perform(world, code, world.zhao, course.pk)
    mine = Application.objects.get()
    assert (mine.channel, mine.by, slip.about) == (channel, world.zhang, f"application:{mine.pk}")
    assert "编号1" in slip.said and "没有扣积分" in slip.said
    assert statement.available(world.zhao) == 200 and desk.choices(world.zhao, clock.now()) == []


def test_what_cannot_be_asked_for_says_why(world: World) -> None:
    by_approval(world, max_age=40)
    by_draw(world, opens_at=clock.now() + timedelta(hours=3), title="还没开始")
    cast.course(world.wenxing)
    said = {one.label: one.refused for one in desk.choices(world.wang, clock.now())}
    assert said["书法审核"].startswith("年龄不符") and said["还没开始"].startswith("申请未开始") and len(said) == 2


def test_who_is_short_is_told_before(world: World) -> None:
    course = by_draw(world)
    assert dict(desk.plan(world.li, course.pk, clock.now()).facts)["可用积分"] == "0，还差60"


def test_taking_back_at_the_counter(world: World) -> None:
    (mine,) = applied(by_approval(world), world.zhao)
    (choice,) = desk.mine(world.zhao, clock.now())
    assert choice.sub == "编号1，待审核"
    assert desk.back_plan(world.zhao, mine.pk, clock.now()).refused is None
    slip = perform(world, desk.BACK, world.zhao, mine.pk)
    assert "已撤回" in slip.said
    refused = desk.back_plan(world.zhao, mine.pk, clock.now()).refused
    assert isinstance(refused, applying.NotApplied)
    with pytest.raises(Refused):
        perform(world, desk.BACK, world.zhao, mine.pk)


def test_nobody_applies_at_the_counter_for_the_own_family(world: World) -> None:
    type(world.wang).objects.filter(pk=world.wang.pk).update(phone=world.zhang.own_phone)
    with pytest.raises(counter.OwnCounter):
        perform(world, desk.CODE, Resident.objects.get(pk=world.wang.pk), by_draw(world).pk)


def test_the_copy_of_ones_data_and_the_closing_of_a_file_know_applications(world: World) -> None:
    (mine,) = applied(by_approval(world), world.wang)
    assert [row[0] for row in wiring.kept(world.wang)] == ["书法审核"]
    assert list(wiring.obstacles(world.wang)) == ["夜校“书法审核”的申请还没有结果，请先撤回"]
    applying.withdraw(application=mine, by=world.wang.account)
    assert list(wiring.obstacles(world.wang)) == []
