from datetime import timedelta

import pytest

from communities import duties
from communities.models import Duty
from core import clock
from tests.world import World

pytestmark = pytest.mark.django_db


def test_who_holds_a_duty_where(world: World) -> None:
    assert duties.holds(world.zhang, world.wenxing)
    assert duties.holds(world.he, world.wenxing) and duties.holds(world.he, world.yongan)
    for user, place in (
        (world.zhang, world.yongan),
        (world.qian, world.wenxing),
        (world.he, world.hualin),
        (world.wang.account, world.wenxing),
    ):
        assert not duties.holds(user, place)
        with pytest.raises(duties.NotYourDuty):
            duties.require(user, place)


def test_a_role_may_be_asked_for(world: World) -> None:
    duties.require(world.chen, world.wenxing, Duty.Role.HEAD)
    with pytest.raises(duties.NotYourDuty):
        duties.require(world.zhang, world.wenxing, Duty.Role.HEAD)


def test_a_programs_duty_is_not_a_staff_duty(world: World) -> None:
    Duty.objects.create(user=world.system, role=Duty.Role.CLIENT, community=world.wenxing)
    assert not duties.holds(world.system, world.wenxing)
    assert duties.holds(world.system, world.wenxing, Duty.Role.CLIENT)


def test_a_duty_counts_from_its_first_to_its_last_day_and_not_for_a_closed_account(world: World) -> None:
    today, day = clock.today(), timedelta(days=1)
    for starts, ends, held in ((today, today, True), (today - day, today - day, False), (today + day, None, False)):
        world.zhang.duties.update(starts_on=starts, ends_on=ends)
        assert duties.holds(world.zhang, world.wenxing) is held
    world.zhang.duties.update(starts_on=today, ends_on=None)
    world.zhang.is_active = False
    assert not duties.holds(world.zhang, world.wenxing)


def test_only_a_sub_districts_administrator_administers_it(world: World) -> None:
    assert duties.administered_by(world.he) == [world.street]
    assert duties.administered_by(world.chen) == []
