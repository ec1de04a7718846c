from datetime import timedelta

import pytest

from communities import duties
from communities.models import Community, Duty
from core import clock
from tests.world import World, staff

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


def test_the_query_and_the_question_agree_for_everybody(world: World) -> None:
    Duty.objects.create(user=world.system, role=Duty.Role.CLIENT, community=world.wenxing)
    world.qian.duties.update(ends_on=clock.today() - timedelta(days=1))
    world.chen.is_active = False
    for user in (world.zhang, world.chen, world.qian, world.he, world.system, world.wang.account):
        served = set(duties.served_by(user))
        for place in (world.wenxing, world.yongan, world.hualin):
            assert (place in served) is duties.holds(user, place), (user, place)
    assert set(duties.served_by(world.he)) == {world.wenxing, world.yongan}


def test_only_a_sub_districts_administrator_administers_it(world: World) -> None:
    assert duties.administered_by(world.he) == [world.street]
    assert duties.administered_by(world.chen) == []


def test_finance_reaches_the_books_and_nothing_else(world: World) -> None:
    money = staff("money", "财务", Duty.Role.FINANCE, community=world.wenxing)
    above = staff("street-money", "街道财务", Duty.Role.FINANCE, sub_district=world.street)
    for user, places in ((money, {world.wenxing}), (above, {world.wenxing, world.yongan})):
        assert set(Community.objects.for_books(user)) == places
        assert not Community.objects.for_staff(user).exists()
        assert not duties.served_by(user).exists()
        assert not duties.holds(user, world.wenxing)
        assert duties.holds(user, world.wenxing, Duty.Role.FINANCE)
    assert duties.streets_of(money, Duty.Role.FINANCE) == []
    assert duties.streets_of(above, Duty.Role.FINANCE) == [world.street]
    assert duties.administered_by(above) == []
    assert (
        set(Community.objects.for_books(world.zhang))
        == set(Community.objects.for_staff(world.zhang))
        == {world.wenxing}
    )


def test_a_colleague_who_also_looks_after_the_money_keeps_the_own_desk(world: World) -> None:
    Duty.objects.create(user=world.zhang, role=Duty.Role.FINANCE, community=world.yongan)
    assert set(Community.objects.for_staff(world.zhang)) == {world.wenxing}
    assert set(Community.objects.for_books(world.zhang)) == {world.wenxing, world.yongan}


def test_a_finance_duty_ends(world: World) -> None:
    money = staff("money", "财务", Duty.Role.FINANCE, sub_district=world.street)
    money.duties.update(ends_on=clock.today() - timedelta(days=1))
    assert not Community.objects.for_books(money).exists()
    assert duties.streets_of(money, Duty.Role.FINANCE) == []
