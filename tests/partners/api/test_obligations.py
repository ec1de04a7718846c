"""REST of 履约: read and reported within the client's communities; a complaint for a resident, without its words coming back."""

import pytest

from core import clock
from partners.models import Complaint, Delivery
from tests.api import client_of
from tests.partners.promised import agreed, confirmed, promise_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_deliveries_are_reported_and_read(world: World) -> None:
    agreement, api = agreed(world, hours=10), client_of(world.wenxing)
    body = {
        "promise": promise_of(agreement).pk, "on": clock.today().isoformat(), "people": 5, "minutes": 60, "note": "理发",
    }  # fmt: skip
    made = api.post("deliveries/", body, key="a")
    assert (made.status_code, made.json()["status"], made.json()["times"]) == (201, "reported", 1)
    assert api.post("deliveries/", body, key="a").json() == made.json() and Delivery.objects.count() == 1
    late = api.post("deliveries/", body | {"on": "2020-01-01"}, key="b")
    assert (late.status_code, late.json()["code"]) == (400, "delivery_day")
    confirmed(agreement, world.zhang, world.chen, minutes=90)
    assert [row["status"] for row in api.get("deliveries/").json()["results"]] == ["confirmed", "reported"]
    shown = api.get(f"balances/{agreement.pk}/").json()
    assert (shown["agreement"], shown["total"]["hours"], shown["months"][0]["assumed"]) == (agreement.pk, "1.5", True)
    other = client_of(world.yongan)
    assert other.get("deliveries/").json()["results"] == []
    assert (
        other.get(f"balances/{agreement.pk}/").status_code
        == other.post("deliveries/", body, key="c").status_code
        == 404
    )


def test_a_complaint_for_a_resident(world: World) -> None:
    agreement, api = agreed(world), client_of(world.wenxing)
    body = {"agreement": agreement.pk, "resident": world.zhao.pk, "kind": "manner", "text": "态度不好"}
    made = api.post("complaints/", body, key="a")
    assert (made.status_code, made.json()["status"]) == (201, "filed") and "态度不好" not in made.content.decode()
    assert Complaint.objects.get().resident == world.zhao
    path = f"complaints/{made.json()['id']}/"
    assert api.get(path).json()["answer"] == ""
    assert client_of(world.yongan).get(path).status_code == 404
    assert api.post("complaints/", body | {"resident": world.zhou.pk}, key="b").status_code == 404
    assert client_of(world.yongan).post("complaints/", body, key="c").status_code == 404
