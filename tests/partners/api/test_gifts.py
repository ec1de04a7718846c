"""Gifts over REST: charged and put aside together, given back whole, each client its own."""

import pytest

from points import statement
from tests.api import client_of
from tests.books import breaches
from tests.partners.giving import gift
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_takes_a_gift_for_a_resident_and_gives_it_back(world: World) -> None:
    soap, api = gift(world, "肥皂", price=50), client_of(world.wenxing)
    assert [row["title"] for row in api.get("gifts/").json()["results"]] == ["肥皂"]
    made = api.post("exchanges/", {"gift": soap.pk, "resident": world.wang.pk}, key="a")
    assert (made.status_code, made.json()["status"], statement.available(world.wang)) == (201, "reserved", 30)
    again = api.post("exchanges/", {"gift": soap.pk, "resident": world.wang.pk}, key="a")
    assert again.json() == made.json() and statement.available(world.wang) == 30
    refused = api.post("exchanges/", {"gift": soap.pk, "resident": world.wang.pk}, key="b")
    assert (refused.status_code, refused.json()["code"]) == (409, "short_of_points")
    path = f"exchanges/{made.json()['id']}/"
    for other in (client_of(world.wenxing), client_of(world.yongan)):
        assert other.get(path).status_code == other.post(f"{path}back/", {"reason": "x"}, key="c").status_code == 404
    assert api.post(f"{path}back/", {"reason": "不要了"}, key="d").json()["status"] == "returned"
    assert (statement.available(world.wang), breaches()) == (80, [])


def test_gifts_and_residents_of_others_are_not_there(world: World) -> None:
    soap = gift(world, "肥皂", price=5)
    api = client_of(world.yongan)
    assert api.get("gifts/").json()["results"] == []
    assert api.post("exchanges/", {"gift": soap.pk, "resident": world.zhou.pk}, key="a").status_code == 404
    ours = client_of(world.wenxing)
    assert ours.post("exchanges/", {"gift": soap.pk, "resident": world.zhou.pk}, key="b").status_code == 404
