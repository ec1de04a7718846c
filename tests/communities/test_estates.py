"""Estates and grids: kept by the head and the sub-district, each name once, nothing deleted that a file names."""

from collections.abc import Callable

import pytest

from communities.estates import add, change, colleagues, remove
from communities.models import Duty, Estate, Grid, Resident
from core.refusals import Refused
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def grid(world: World, name: str = "第一网格") -> Grid:
    made = add(place=Grid(community=world.wenxing, name=name, keeper=world.zhang), by=world.chen)
    assert isinstance(made, Grid)
    return made


def test_the_head_and_the_sub_district_add_and_rename(world: World) -> None:
    made = add(place=Estate(community=world.wenxing, name=" 恒大  绿洲 "), by=world.he)
    assert Estate.objects.get(pk=made.pk).name == "恒大 绿洲"
    change(place=made, name="恒大绿洲", by=world.chen)
    assert Estate.objects.get(pk=made.pk).name == "恒大绿洲"


def test_a_worker_reads_and_does_not_keep(world: World) -> None:
    made = grid(world)
    for act in (
        lambda: add(place=Estate(community=world.wenxing, name="新"), by=world.zhang),
        lambda: change(place=made, name="新", by=world.zhang),
        lambda: remove(place=made, by=world.zhang),
        lambda: add(place=Estate(community=world.yongan, name="新"), by=world.chen),
    ):
        assert code(act) == "not_your_duty"


def test_each_name_once_in_a_community(world: World) -> None:
    grid(world)
    assert code(lambda: grid(world)) == "place_taken"
    assert code(lambda: add(place=Estate(community=world.wenxing, name="天和城"), by=world.chen)) == "place_taken"
    other = add(place=Estate(community=world.wenxing, name="恒大绿洲"), by=world.chen)
    assert code(lambda: change(place=other, name="天和城", by=world.chen)) == "place_taken"
    assert add(place=Grid(community=world.yongan, name="第一网格"), by=world.he).pk
    for name in (" ", "长" * 41):
        assert (
            code(lambda name=name: add(place=Estate(community=world.wenxing, name=name), by=world.chen)) == "bad_input"
        )


def test_the_keeper_is_a_colleague_who_works_there_today(world: World) -> None:
    made = grid(world)
    assert set(colleagues(world.wenxing)) == {world.zhang, world.chen}
    change(place=made, name=made.name, keeper=world.chen, by=world.he)
    assert Grid.objects.get(pk=made.pk).keeper == world.chen
    books = cast.staff("money", "财务", Duty.Role.FINANCE, community=world.wenxing)
    for stranger in (world.qian, books):
        assert (
            code(lambda one=stranger: change(place=made, name=made.name, keeper=one, by=world.he))
            == "keeper_no_colleague"
        )
    change(place=made, name=made.name, keeper=None, by=world.chen)
    assert Grid.objects.get(pk=made.pk).keeper is None


def test_what_a_file_names_stays(world: World) -> None:
    made, used = grid(world), Estate.objects.get(community=world.wenxing)
    assert code(lambda: remove(place=used, by=world.chen)) == "place_in_use"
    Resident.objects.filter(pk=world.wang.pk).update(grid=made)
    assert code(lambda: remove(place=made, by=world.chen)) == "place_in_use"
    Resident.objects.filter(pk=world.wang.pk).update(grid=None)
    remove(place=made, by=world.chen)
    assert not Grid.objects.exists()
