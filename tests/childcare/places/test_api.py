"""REST of places: read without names, written by the same verbs, answered once."""

import pytest

from childcare.models import Place
from childcare.places import ending
from core import clock
from tests.api import Api, client_of
from tests.childcare.cast import Care
from tests.childcare.places.lined import family, several, small
from tests.world import World


@pytest.fixture
def gate(world: World) -> Api:
    return client_of(world.wenxing, "care:read", "care-centres:read", "care:places")


def test_a_client_reads_centres_groups_and_places_without_names(gate: Api, world: World, care: Care) -> None:
    here = small(care, 1)
    several(world, here, 2)
    found = [gate.get(f"{name}/") for name in ("care-centres", "care-groups", "care-places")]
    assert [one.status_code for one in found] == [200, 200, 200]
    row = next(one for one in found[1].json()["results"] if one["id"] == here.pk)
    assert (row["free"], row["waits"], row["capacity"]) == (0, 1, 1)
    assert care.child.name not in found[2].content.decode() and "tier" not in found[2].json()["results"][0]


def test_a_client_asks_once_accepts_and_ends(gate: Api, world: World, care: Care) -> None:
    here = small(care, 1)
    (first,) = several(world, here, 1)
    mother, child = family(world, 9)
    order = {"group": here.pk, "child": child.pk, "payer": mother.pk, "plan": [0, 1, 2, 3, 4]}
    answers = [gate.post("care-places/", order, key="care-place-1") for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201] and answers[0].json() == answers[1].json()
    assert (answers[0].json()["status"], answers[0].json()["ahead"]) == ("waiting", 0)
    number = answers[0].json()["id"]
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    assert gate.post(f"care-places/{number}/accept/", {}, key="care-place-2").json()["status"] == "held"
    assert gate.post(f"care-places/{number}/end/", {}, key="care-place-3").status_code == 200
    assert Place.objects.get(pk=number).status == "withdrawn"


def test_a_client_of_another_community_finds_nothing(world: World, care: Care) -> None:
    other = client_of(world.yongan, "care:read", "care:places")
    assert other.get("care-places/").json()["results"] == []
    assert other.get(f"care-places/{care.place.pk}/").status_code == 404
    assert other.post(f"care-places/{care.place.pk}/end/", {}, key="care-place-4").status_code == 404


def test_a_client_without_the_scope_writes_nothing(world: World, care: Care) -> None:
    reader = client_of(world.wenxing, "care:read")
    assert reader.post(f"care-places/{care.place.pk}/end/", {}, key="care-place-5").status_code == 403


def test_each_scope_opens_its_own_lists_alone(world: World, care: Care) -> None:
    lists = {
        "care-centres:read": {"care-centres", "care-groups"},
        "care:read": {"care-places"},
        "care:roster": {"care-children", "care-attendances", "care-leaves", "care-handovers"},
        "care:pickups": {"care-pickups"},
        "care:bills": {"care-bills"},
    }
    everything = set().union(*lists.values())
    for scope, opened in lists.items():
        api = client_of(world.wenxing, scope)
        answers = {name: api.get(f"{name}/").status_code for name in everything}
        assert answers == {name: 200 if name in opened else 403 for name in everything}, scope
