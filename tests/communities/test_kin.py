"""Staff are known as residents by account or phone, and with them whoever lives there."""

import pytest

from communities.kin import kin_of
from communities.models import Household
from tests import world as cast
from tests.activities.cast import relative
from tests.world import World

pytestmark = pytest.mark.django_db


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
