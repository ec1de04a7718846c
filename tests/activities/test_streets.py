"""Two sub-districts: what was earned where another one rules by now is priced by the street where the points stand."""

from typing import Any

import pytest

from activities import (
    announcing,
    answering,
    attended,
    awarding,
    correcting,
    deeds_queue,
    honours,
    rates,
    recording,
    reviewing,
)  # fmt: skip
from activities.answering import RULES
from activities.honours import Level
from activities.kinds import TEMPLATES
from activities.models import Participation, Service
from core import clock
from notifications.models import Message
from points import moving, pricing, statement
from points.models import Rule
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.activities.pictures import sent
from tests.activities.test_honours import recorded as honoured
from tests.books import breaches
from tests.points.deeds import rule
from tests.world import World

pytestmark = pytest.mark.django_db


def given_away(world: World) -> None:
    """永安 belongs to another sub-district from now on, which has no rules of its own."""
    world.yongan.sub_district = world.hualin.sub_district
    world.yongan.save()
    for one in (world.zhou, world.li):
        one.refresh_from_db()


def own_rule(world: World, **fields: Any) -> Rule:
    """清扫 gives 20 an hour in the street of the activity, 10 everywhere else."""
    return rule(world, "ENV", **{"points": 20, "day_points": None, **fields})


def test_what_was_recorded_before_is_confirmed_by_the_rule_of_the_persons_street(world: World) -> None:
    own_rule(world)
    mine = recorded(world, world.zhou)
    assert mine.points == 40
    given_away(world)
    fresh = reviewing.open_for(world.chen).get()
    assert attended.lines([fresh])[0].price == rates.price_of(fresh.activity, 120, world.zhou)
    done = reviewing.confirm(participation=mine, minutes=120, by=world.chen)
    assert (done.status, done.points, statement.available(world.zhou)) == ("confirmed", 20, 120)
    assert Service.objects.get(participation=done).minutes == 120
    assert "按您现在街道的规则计算" in Message.objects.get(occasion=f"participation:{mine.pk}:confirmed").body
    assert breaches() == []


def test_the_other_way_round_too_and_at_home_nothing_is_said_of_streets(world: World) -> None:
    own_rule(world)
    here, there = recorded(world, world.li), recorded(world, world.zhou)
    world.wenxing.sub_district = world.hualin.sub_district  # the activity goes, 周海涛's street keeps its rule
    world.wenxing.save()
    for mine, points in ((here, 20), (there, 40)):
        assert reviewing.confirm(participation=mine, minutes=120, by=world.chen).points == points
    said = dict(Message.objects.filter(occasion__endswith=":confirmed").values_list("resident__name", "body"))
    assert "您现在街道" in said["周海涛"] and "您现在街道" not in said["李建国"]
    assert breaches() == []


def test_what_is_recorded_afterwards_freezes_what_the_books_will_give(world: World) -> None:
    own_rule(world)
    activity = cast.activity(world.wenxing, ago=3)
    mine = signed(activity, world.zhou, world)
    given_away(world)
    mine = recording.record(participation=mine, minutes=120, by=world.zhang)
    assert mine.points == 20
    assert reviewing.confirm(participation=mine, minutes=120, by=world.chen).points == 20


def test_what_the_persons_street_has_switched_off_gives_hours_and_says_why_no_points(world: World) -> None:
    own_rule(world, points=0)
    mine = recorded(world, world.zhou)
    world.wenxing.sub_district = world.hualin.sub_district
    world.wenxing.save()
    done = reviewing.confirm(participation=mine, minutes=120, by=world.chen)
    assert (done.award, done.points, Service.objects.count()) == (None, 0, 1)
    assert "现在不计积分" in Message.objects.get(occasion=f"participation:{mine.pk}:confirmed").body


def test_a_correction_takes_back_what_was_given_and_gives_by_the_street_of_now(world: World) -> None:
    own_rule(world)
    done = reviewing.confirm(participation=recorded(world, world.zhou), minutes=120, by=world.chen)
    given_away(world)
    asked = correcting.propose(participation=done, minutes=60, reason="签退时间记错", by=world.zhang)
    correcting.approve(correction=asked, by=world.chen)
    assert (done.points, Participation.objects.get(pk=done.pk).points) == (40, 10)
    assert statement.available(world.zhou) == 110
    assert breaches() == []


def test_a_good_deed_and_an_honour_of_somebody_who_moved_on_too(world: World) -> None:
    rule(world, "PHOTO", points=9)
    rule(world, "HONOR_CITY", points=99)
    deed, honour = sent(world), honoured(world, level="HONOR_CITY")
    moving.move(resident=world.li, community=world.yongan, by=world.qian)
    given_away(world)
    assert [one.price and one.price.asked for one in (*deeds_queue.lines([deed]), *honours.lines([honour]))] == [3, 80]
    assert answering.accept(deed=deed, by=world.chen).points == 3
    award = honours.approve(honour=honour, by=world.chen).award
    assert award and award.asked == 80 and awarding._price(award).asked == 80
    assert announcing.lines([award])[0].price == awarding._price(award)
    assert breaches() == []


@pytest.mark.parametrize(
    "code", sorted({one.rule for one in TEMPLATES.values()} | set(RULES.values()) | {"PHOTO_SOLVED", "POST"} | {one.value for one in Level if one != Level.NONE})
)  # fmt: skip
def test_every_code_that_this_app_awards_has_a_rule_everywhere_and_always(world: World, code: str) -> None:
    long_ago = clock.today().replace(year=2000, month=1, day=1)
    assert pricing.tariff(code, world.hualin.sub_district_id, on=long_ago).rule.sub_district is None
