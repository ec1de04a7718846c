"""Staff are known as residents by account or phone, and with them whoever lives there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from communities import accounts, helping, phones, signin
from communities.kin import FAMILY_STILL, kin_of
from communities.models import Consent, Household, Resident
from core import clock
from tests import world as cast
from tests.activities.cast import relative
from tests.world import World

pytestmark = pytest.mark.django_db
NEW = "13800002222"


def test_oneself_and_the_household_are_kin_and_nobody_else(world: World) -> None:
    family = relative(world, world.chen)
    kin = kin_of(world.chen)
    assert kin.includes(family) and kin.includes(cast.Resident.objects.get(name="陈志强本人"))
    assert not kin.includes(world.wang)


def test_staff_who_sign_in_without_their_file_are_known_by_phone(world: World) -> None:
    assert not kin_of(world.zhang).includes(world.wang)
    world.zhang.own_phone = world.wang.phone
    assert kin_of(world.zhang).includes(world.wang)


def test_two_without_a_household_are_not_a_family(world: World) -> None:
    world.zhang.own_phone = world.wang.phone
    for person in (world.wang, world.li):
        person.household = None
        person.save()
    assert not kin_of(world.zhang).includes(world.li)


def test_an_empty_phone_makes_nobody_kin(world: World) -> None:
    world.zhang.own_phone = ""
    assert world.zhao.phone == ""
    assert not kin_of(world.zhang).includes(world.zhao)


def test_one_query_for_any_number(world: World, django_assert_num_queries) -> None:
    world.zhao.household = Household.objects.create(community=world.wenxing)
    with django_assert_num_queries(1):
        kin = kin_of(world.chen)
        assert not any(kin.includes(person) for person in (world.wang, world.li, world.zhao))


def by_oneself(world: World, own: Resident) -> None:
    assert own.account
    phones.change(account=own.account, phone=NEW)


def by_the_desk(world: World, own: Resident) -> None:
    phones.move(resident=own, phone=NEW, by=world.chen)


def taken_off(world: World, own: Resident) -> None:
    phones.release(resident=own, by=world.chen)


def at_the_account(world: World, own: Resident) -> None:
    accounts.register_phone(user=world.zhang, phone=NEW, by=world.he)


@pytest.mark.parametrize("road", [by_oneself, by_the_desk, taken_off, at_the_account])
def test_nobody_changes_a_number_in_order_to_decide_for_oneself(
    world: World, road: Callable[[World, Resident], None]
) -> None:
    own = cast.resident(world.wenxing, "张晓燕", world.zhang.own_phone)
    spouse = cast.resident(world.wenxing, "李大壮")
    Resident.objects.filter(pk=spouse.pk).update(household=own.household)
    road(world, own)
    world.zhang.refresh_from_db()
    kin = kin_of(world.zhang)
    assert kin.includes(Resident.objects.get(pk=own.pk)) and kin.includes(Resident.objects.get(pk=spouse.pk))
    assert not kin.includes(world.wang) and not kin_of(world.qian).includes(own)
    with time_machine.travel(clock.now() + FAMILY_STILL + timedelta(days=1), tick=False):
        known = kin_of(world.zhang).includes(Resident.objects.get(pk=own.pk))
    assert not known


def test_whom_ones_phone_helped_stays_kin_when_that_phone_is_changed(world: World) -> None:
    mine = signin.account_of(phone=world.zhang.own_phone)
    signed = Consent.Way.SIGNATURE
    world.zhang.own_phone = ""
    world.zhang.save()  # nobody had registered it yet
    helping.appoint(
        resident=world.zhao, phone=mine.phone or "", name="张晓燕", relation="邻居", by=world.chen, way=signed
    )
    world.zhang.own_phone = mine.phone or ""
    world.zhang.save()
    phones.change(account=mine, phone=NEW)
    assert kin_of(world.zhang).includes(world.zhao)
