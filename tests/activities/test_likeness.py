"""What may be the same thing is suggested: one community, one kind, within a day, the same place or the same words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.answering import decline, merge
from activities.likeness import alike, shared, suggestions
from activities.models import Deed
from communities.models import Grid
from core import clock
from tests.activities.pictures import sent
from tests.world import World

pytestmark = pytest.mark.django_db


def deed(**fields: object) -> Deed:
    return Deed(**{"kind": "snapshot", "at": clock.now(), "text": "路灯不亮", "place": "", **fields})


@pytest.mark.parametrize(
    ("place", "other", "same"),
    [
        ("天和城东门", "天和城 东门口", True),
        ("天和城东门", "文兴路菜市场", False),
        ("", "", False),
        ("东", "东", False),
    ],
)
def test_the_words_of_the_place_tell(place: str, other: str, same: bool) -> None:
    assert alike(deed(text="垃圾满了", place=place), deed(text="井盖坏了", place=other)) is same


def test_the_words_themselves_tell(world: World) -> None:
    assert alike(deed(text="3号楼路灯不亮了"), deed(text="路灯不亮，在3号楼前面"))
    assert not alike(deed(text="垃圾桶满了没人收"), deed(text="井盖坏了有危险"))


def test_in_one_grid_fewer_words_are_enough(world: World) -> None:
    mine, other = (Grid.objects.create(community=world.wenxing, name=name) for name in ("一网格", "二网格"))
    one, two = {"text": "楼道里堆了好多旧家具"}, {"text": "楼道里全是纸箱杂物没法走路"}
    assert 0.2 <= shared(one["text"], two["text"]) < 0.4
    assert alike(deed(grid=mine, **one), deed(grid=mine, **two))
    assert not alike(deed(grid=mine, **one), deed(grid=other, **two))
    assert not alike(deed(**one), deed(**two))


def test_another_kind_or_another_day_is_another_thing() -> None:
    now = clock.now()
    assert alike(deed(at=now), deed(at=now - timedelta(hours=24)))
    assert not alike(deed(at=now), deed(at=now - timedelta(hours=24, minutes=1)))
    assert not alike(deed(), deed(kind="kindness"))


def test_suggested_is_what_stands_in_the_same_community(world: World) -> None:
    first, second = sent(world, place="东门"), sent(world, world.wang, place="东门")
    foreign = sent(world, world.zhou, by=world.qian, place="东门")  # the neighbours' gate
    gone = decline(deed=sent(world, text="路灯 不亮", place="东门"), by=world.chen, reason="不实")
    third = sent(world, world.zhao, by=world.zhang, place="东门")
    merge(deed=third, into=first, by=world.chen)
    found = suggestions([first, second, foreign])
    assert found.pop(foreign.pk) == []
    assert {pk: [one.pk for one in like] for pk, like in found.items()} == {
        first.pk: [second.pk],
        second.pk: [first.pk],
    }
    assert gone.pk not in {one.pk for like in found.values() for one in like}


def test_one_query_for_any_number(world: World) -> None:
    rows = [sent(world, text=f"路灯不亮{n}") for n in range(5)]
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as asked:
            suggestions(some)
        assert len(asked) == 1
    assert suggestions([]) == {}
