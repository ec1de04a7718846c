"""Finding a resident by phone over REST."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Resident
from tests import world as cast
from tests.api import client_of
from tests.world import World

pytestmark = pytest.mark.django_db
PHONE = "13812346021"  # 王秀兰


def test_a_client_finds_whom_a_phone_serves(world: World) -> None:
    child = cast.resident(world.wenxing, "王小明", PHONE)
    answer = client_of(world.wenxing).post("residents/lookup/", {"phone": PHONE})
    shape = {"community": world.wenxing.pk, "status": "confirmed"}
    assert answer.json() == {
        "results": [{"id": world.wang.pk, "name": "王*兰", **shape}, {"id": child.pk, "name": "王*明", **shape}]
    }


def test_nobody_is_an_empty_list(world: World) -> None:
    answer = client_of(world.wenxing).post("residents/lookup/", {"phone": "13000000000"})
    assert (answer.status_code, answer.json()) == (200, {"results": []})


def test_people_of_other_communities_are_not_found(world: World) -> None:
    assert client_of(world.yongan).post("residents/lookup/", {"phone": PHONE}).json() == {"results": []}
    assert len(client_of(world.street).post("residents/lookup/", {"phone": PHONE}).json()["results"]) == 1


def test_whom_the_community_declined_is_not_found(world: World) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(status=Resident.Status.DECLINED, decline_reason="不住这里")
    assert client_of(world.wenxing).post("residents/lookup/", {"phone": PHONE}).json() == {"results": []}


def test_neither_name_nor_phone_is_given_away(world: World) -> None:
    said = client_of(world.wenxing).post("residents/lookup/", {"phone": PHONE}).content.decode()
    assert "王秀兰" not in said
    assert PHONE not in said


def queries(world: World) -> int:
    api = client_of(world.wenxing)
    with CaptureQueriesContext(connection) as caught:
        assert api.post("residents/lookup/", {"phone": PHONE}).status_code == 200
    return len(caught)


def test_thirty_people_on_one_phone_cost_no_more_than_one(world: World) -> None:
    one = queries(world)
    for number in range(29):
        cast.resident(world.wenxing, f"家人{number}", PHONE)
    assert queries(world) == one == 5  # three of them count the look-up


@pytest.mark.parametrize("typed", ["１３８１２３４６０２１", "138 1234 6021", "+86-13812346021"])
def test_a_phone_is_read_as_people_type_it(world: World, typed: str) -> None:
    found = client_of(world.wenxing).post("residents/lookup/", {"phone": typed}).json()["results"]
    assert [one["id"] for one in found] == [world.wang.pk]


@pytest.mark.parametrize("typed", ["١٣٨١٢٣٤٦٠٢١", "0352-0000001", "1381234602", "\ud800"])
def test_a_phone_that_is_none_is_bad_input(world: World, typed: str) -> None:
    answer = client_of(world.wenxing).post("residents/lookup/", {"phone": typed})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")


def test_numbers_cannot_be_tried_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communities.api.LOOKUPS", 3)
    api = client_of(world.wenxing)
    answers = [api.post("residents/lookup/", {"phone": PHONE}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert client_of(world.wenxing).post("residents/lookup/", {"phone": PHONE}).status_code == 200


def test_a_resident_who_is_signed_in_reads_the_description_of_rest(world: World, client: Client) -> None:
    assert world.wang.account
    client.force_login(world.wang.account)
    assert client.get("/me/").status_code == 200  # from now on the session acts for 王秀兰
    assert client.get("/api/v1/docs/").status_code == 200
