"""REST of 履约: read and reported within the client's communities; a complaint for a resident, without its words coming back."""

import pytest

from communities import closing
from core import clock
from core.verbs import verb
from notifications.models import Message
from partners.models import Complaint, Delivery, Rating
from partners.obligations import complaining, rating, witnessing
from tests.api import client_of
from tests.books import refuses
from tests.partners.promised import agreed, complained, confirmed, promise_of, reported
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


def test_nothing_is_filed_or_opened_again_for_whose_file_is_closed(world: World) -> None:
    agreement, api = agreed(world), client_of(world.wenxing)
    before, open_one = complained(agreement, world.wang), complained(agreement, world.wang, "另一件事")
    complaining.accept(complaint=before, by=world.zhang)
    complaining.answer(complaint=before, answer="已道歉", upheld=True, by=world.zhang)
    closing.close(resident=world.wang, by=world.zhang, reason="核对了身份证原件")
    body = {"agreement": agreement.pk, "resident": world.wang.pk, "kind": "manner", "text": "态度不好"}
    said = api.post("complaints/", body, key="a")
    assert (said.status_code, Complaint.objects.count()) == (409, 2)
    assert said.json()["code"] == "already_closed"
    with pytest.raises(closing.AlreadyClosed):
        complaining.reopen(complaint=before, text="还是不行", by=world.zhang)
    seen = reported(agreement, world.zhang)
    late = {
        "partner": agreement.partner,
        "community": world.wenxing,
        "resident": world.wang,
        "delivery": seen,
        "stars": 5,
    }
    for refusals, refused in (
        (rating.REFUSALS, closing.AlreadyClosed),
        (witnessing.REFUSALS, witnessing.NotConfirmedYet),
    ):
        with refuses(refused):  # in the moment of closing, past the verbs' look
            verb(refusals)(lambda: Rating.objects.create(**late))()
    complaining.accept(complaint=open_one, by=world.zhang)
    complaining.answer(complaint=open_one, answer="已改进", upheld=True, by=world.zhang)  # nobody is there to be told
    assert not Message.objects.filter(resident=world.wang, body__contains="已改进").exists()
