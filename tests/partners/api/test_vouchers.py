"""Vouchers over REST: charged and given together, once per key, each client its own."""

import pytest

from partners.models import Voucher
from partners.vouchers import issuing
from partners.vouchers.booking import Wanted
from points import statement
from tests import world as cast
from tests.api import client_of
from tests.books import breaches
from tests.partners import booked
from tests.partners.shops import offer
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_takes_a_voucher_for_a_resident(world: World) -> None:
    agreement = cast.partner(world.street, world.wenxing, world.zhang)
    mine, api = offer(agreement, price=50), client_of(world.wenxing)
    (row,) = api.get("offers/").json()["results"]
    assert row["title"] == "理发一次" and not {"worth_cents", "status"} & set(row)
    body = {"offer": mine.pk, "resident": world.wang.pk}
    made = api.post("vouchers/", body, key="a")
    assert (made.status_code, made.json()["status"], statement.available(world.wang)) == (201, "issued", 30)
    assert "token" not in made.json() and api.post("vouchers/", body, key="a").json() == made.json()
    refused = api.post("vouchers/", body, key="b")
    assert (refused.status_code, refused.json()["code"]) == (409, "short_of_points")
    path = f"vouchers/{made.json()['id']}/"
    assert api.get(path).json()["number"] == Voucher.objects.get().number
    for other in (client_of(world.wenxing), client_of(world.yongan)):
        assert other.get(path).status_code == 404
    assert client_of(world.yongan).post("vouchers/", body, key="c").status_code == 404
    assert client_of(world.yongan).get("offers/").json()["results"] == [] and breaches() == []


def test_booking_needs_a_slot_of_the_offer_and_the_residents_word(world: World) -> None:
    agreement = cast.partner(world.street, world.wenxing, world.zhang)
    home, api = booked.offer(agreement), client_of(world.wenxing)
    body = {"offer": home.pk, "resident": world.wang.pk}
    elsewhere = booked.slot(booked.offer(agreement, title="别的"))
    answers = [
        api.post("vouchers/", body | more, key=f"k{n}")
        for n, more in enumerate(({}, {"slot": elsewhere.pk}, {"slot": booked.slot(home).pk, "address": "3号楼"}))
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (409, "no_slot"), (404, "not_found"), (409, "partner_consent_needed"),
    ]  # fmt: skip
    assert not Voucher.objects.exists()


def test_slots_are_listed_and_what_was_taken_is_called_off_or_given_back(world: World) -> None:
    agreement = cast.partner(world.street, world.wenxing, world.zhang)
    shop, plain, api = booked.offer(agreement, "shop"), offer(agreement), client_of(world.wenxing)
    mine, full = booked.slot(shop), booked.slot(shop, 72)
    issuing.take(offer=shop, resident=world.zhao, by=world.zhang, wanted=Wanted(full))
    (row,) = api.get(f"offers/{shop.pk}/slots/").json()
    assert (row["id"], row["left"]) == (mine.pk, 1)
    assert client_of(world.yongan).get(f"offers/{shop.pk}/slots/").status_code == 404
    body = {"offer": shop.pk, "resident": world.wang.pk, "slot": mine.pk}
    first = api.post("vouchers/", body, key="a").json()["id"]
    second = api.post("vouchers/", {"offer": plain.pk, "resident": world.wang.pk}, key="b").json()["id"]
    assert client_of(world.wenxing).post(f"vouchers/{second}/back/", key="c").status_code == 404
    assert api.post(f"vouchers/{first}/back/", key="d").json()["code"] == "voucher_booked"
    for path in (f"vouchers/{first}/cancel/", f"vouchers/{second}/back/"):
        done = api.post(path, key=path[:30])
        assert (done.status_code, done.json()["status"]) == (200, "returned")
        assert api.post(path, key=f"{path[:30]}again").status_code == 409
    assert api.post(f"vouchers/{second}/cancel/", key="e").status_code == 404
    assert statement.available(world.wang) == 80 and breaches() == []
