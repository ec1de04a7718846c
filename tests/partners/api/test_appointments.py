"""Appointments over REST: a partner's system offers hours and answers, within its own community; it learns no name and no address."""

from datetime import timedelta

import pytest

from core import clock
from partners.models import Appointment, Slot, Suspension
from partners.vouchers import addresses
from partners.vouchers.appointments import NotYourAppointment
from points import statement
from tests import world as cast
from tests.api import client_of
from tests.books import breaches, refuses
from tests.partners import booked
from tests.partners.shops import offer
from tests.world import World

pytestmark = pytest.mark.django_db


def test_asked_for_answered_and_listed(world: World) -> None:
    agreement = cast.partner(world.street, world.wenxing, world.zhang)
    home, api = booked.offer(agreement), client_of(world.wenxing)
    first, second = (booked.asked(home, world.wang, when=booked.slot(home, hours)) for hours in (48, 72))
    listed = api.get("appointments/")
    assert [row["id"] for row in listed.json()["results"]] == [second.pk, first.pk]
    assert not any(word in listed.content.decode() for word in ("王", booked.HOME, "轻敲门"))
    assert client_of(world.yongan).get("appointments/").json()["results"] == []
    done = api.post(f"appointments/{first.pk}/confirm/", key="a")
    assert (done.status_code, done.json()["status"], done.json()["offer"]) == (200, "confirmed", home.pk)
    path = f"appointments/{second.pk}/decline/"
    assert api.post(path, {"reason": ""}, key="b").status_code == 400
    assert api.post(path, {"reason": "师傅生病"}, key="c").json()["status"] == "declined"
    assert api.post(path, {"reason": "又"}, key="d").json()["code"] == "appointment_settled"
    Suspension.objects.create(agreement=agreement, cause="other", reason="查", by=world.chen)
    assert api.post(f"appointments/{first.pk}/confirm/", key="e").json()["code"] == "partner_suspended"
    for act in ("confirm", "decline"):
        elsewhere = client_of(world.yongan).post(f"appointments/{first.pk}/{act}/", {"reason": "x"}, key=act)
        assert elsewhere.status_code == 404
    with refuses(NotYourAppointment):  # where somebody lives is for people
        addresses.opened(appointment=Appointment.objects.get(pk=first.pk), by=api.user)
    assert statement.available(world.wang) == 60 and breaches() == []


def test_hours_are_added_and_taken_away(world: World) -> None:
    agreement = cast.partner(world.street, world.wenxing, world.zhang)
    shop, api = booked.offer(agreement, "shop"), client_of(world.wenxing)
    day = clock.today() + timedelta(days=3)
    body: dict[str, object] = {
        "offer": shop.pk,
        "day": str(day),
        "starts": "09:00",
        "ends": "10:00",
        "places": 2,
        "weeks": 3,
    }
    made = api.post("slots/", body, key="a")
    assert made.status_code == 201 and [row["left"] for row in made.json()] == [2, 2, 2]
    answers = [
        api.post("slots/", body | more, key=f"k{n}").json()["code"]
        for n, more in enumerate(({}, {"day": str(clock.today() - timedelta(days=1))}, {"offer": offer(agreement).pk}))
    ]
    assert answers == ["slot_exists", "bad_slot", "offer_without_appointments"]
    gone, kept = Slot.objects.order_by("pk")[:2]
    booked.asked(shop, world.wang, when=kept)
    assert api.post(f"slots/{gone.pk}/remove/", key="b").json()["id"] == gone.pk
    assert api.post(f"slots/{kept.pk}/remove/", key="c").json()["code"] == "slot_in_use"
    other = client_of(world.yongan)
    assert {
        other.post("slots/", body, key="d").status_code,
        other.post(f"slots/{kept.pk}/remove/", key="e").status_code,
    } == {404}
    assert Slot.objects.count() == 2
