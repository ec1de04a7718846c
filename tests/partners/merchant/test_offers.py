"""我的服务 on the shop's phone: drafting, handing in, slots, appointments; never a phone number, never more than needed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from partners.models import Agreement, Clerk, Offer, Slot, Voucher
from tests import world as cast
from tests.books import breaches
from tests.pages import queries, text, words
from tests.partners import booked
from tests.partners.shops import clerk, offer, owner
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


@pytest.fixture
def boss(agreement: Agreement, client: Client) -> Clerk:
    made = owner(agreement)
    client.force_login(made.account)
    return made


def form(**fields: Any) -> dict[str, Any]:
    today = clock.today()
    return {
        "title": "理发一次", "note": "含洗吹", "price": 20, "worth": "15.50", "stock": 10, "period": "month", "group": "all", "booking": "shop",
        "starts_on": today.isoformat(), "ends_on": (today + timedelta(days=30)).isoformat(), "valid_days": 30,
    } | fields  # fmt: skip


def test_the_owner_drafts_hands_in_and_adds_slots(
    client: Client, world: World, agreement: Agreement, boss: Clerk
) -> None:
    answer = client.post("/merchant/offers/new/", form(agreement=agreement.pk, note="全城最好"))
    mine = Offer.objects.get()
    assert answer["Location"] == f"/merchant/offers/{mine.pk}/" and (mine.worth_cents, mine.made_by) == (
        1550,
        boss.account,
    )
    assert "“最好”" in text(client, f"/merchant/offers/{mine.pk}/")
    client.post(f"/merchant/offers/{mine.pk}/edit/", form())
    day = clock.today() + timedelta(days=3)
    client.post(
        f"/merchant/offers/{mine.pk}/slot/", {"day": day, "starts": "09:00", "ends": "10:00", "places": 1, "weeks": 2}
    )
    assert Slot.objects.count() == 2
    client.post(f"/merchant/slots/{Slot.objects.first().pk}/remove/")  # type: ignore[union-attr]
    client.post(f"/merchant/offers/{mine.pk}/submit/")
    mine.refresh_from_db()
    assert (mine.status, mine.note, Slot.objects.count()) == ("submitted", "含洗吹", 1)
    assert client.post("/merchant/offers/new/", form(agreement=agreement.pk, ends_on="2020-01-01")).status_code == 400
    client.post(f"/merchant/offers/{mine.pk}/close/")
    assert client.post(f"/merchant/offers/{mine.pk}/copy/")["Location"].endswith("/edit/")


def test_an_agreement_of_another_shop_cannot_be_named(client: Client, world: World, boss: Clerk) -> None:
    other = cast.Partner.objects.create(
        sub_district=world.street, name="别家", kind="merchant", trade="retail", summary="x"
    )
    theirs = cast.partner(world.street, world.wenxing, world.zhang, partner=other)
    assert (
        client.post("/merchant/offers/new/", form(agreement=theirs.pk)).status_code == 400
        and not Offer.objects.exists()
    )


def test_appointments_are_answered_and_show_no_more_than_is_needed(
    client: Client, world: World, agreement: Agreement, boss: Clerk
) -> None:
    home = booked.offer(agreement)
    mine = booked.asked(home, world.wang)
    here = f"/merchant/appointments/{mine.pk}/"
    said = text(client, "/merchant/appointments/") + text(client, here)
    assert "待答复" in said and "王*兰" in said
    for secret in ("王秀兰", "6021", booked.HOME, "80", "天和城"):
        assert secret not in said, secret
    opened = words(client.post(f"{here}address/").content.decode())
    assert booked.HOME in opened and booked.HOME not in text(client, here)
    client.post(f"{here}confirm/")
    assert "已确认" in text(client, here) and client.get("/merchant/offers/").status_code == 200
    client.post(f"{here}decline/", {"reason": "师傅生病"})
    assert Voucher.objects.get().status == "returned" and breaches() == []
    assert client.post(f"{here}address/").status_code == 403


def test_one_row_and_thirty_cost_the_same(client: Client, world: World, agreement: Agreement) -> None:
    client.force_login(clerk(agreement).account)
    cast.award(world.wang, 900)
    home = booked.offer(agreement)
    booked.asked(home, world.wang, when=booked.slot(home, 5))
    one = [queries(client, path) for path in ("/merchant/offers/", "/merchant/appointments/")]
    for n in range(29):
        offer(agreement, title=f"第{n}个")
        booked.asked(home, world.wang, when=booked.slot(home, 10 + n))
    assert [queries(client, path) for path in ("/merchant/offers/", "/merchant/appointments/")] == one
