"""REST: rooms of the client's communities."""

import pytest

from tests.api import client_of
from tests.venues.keeping import room
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_reads_the_rooms_of_its_community(world: World) -> None:
    mine, theirs = room(world.wenxing, keeper="陈志强", safety_person="张晓燕"), room(world.yongan)
    client = client_of(world.wenxing, "rooms:read")
    (found,) = client.get("rooms/").json()["results"]
    assert (found["id"], found["capacity"], len(found["hours"])) == (mine.pk, 20, 7)
    assert found["hours"][0] == {"weekday": 0, "opens": "08:30:00", "closes": "21:00:00"}
    assert "陈志强" not in str(found) and "张晓燕" not in str(found)
    assert client.get(f"rooms/{mine.pk}/").json()["name"] == "书画室"
    assert client.get(f"rooms/{theirs.pk}/").status_code == 404
    assert client_of(world.wenxing, "courses:read").get("rooms/").status_code == 403


def test_rooms_are_filtered(world: World) -> None:
    room(world.wenxing, "甲室", standing="idle")
    room(world.yongan, "乙室")
    client = client_of(world.street, "rooms:read")
    for query, names in (
        ({"standing": "idle"}, {"甲室"}),
        ({"community": world.yongan.pk}, {"乙室"}),
        ({}, {"甲室", "乙室"}),
    ):
        assert {one["name"] for one in client.get("rooms/", **query).json()["results"]} == names
    assert client.get("rooms/", standing="x").status_code == 400
