"""合伙人 in the demo, from the call to the settlement: each thing that the pages are to show is there, and the books are clean."""

from datetime import timedelta

import pytest
from django.db.models import Count, F
from django.test import Client

from communities.models import Notice, Resident
from core import clock
from demo import candidates, cast, joining, partnering, promises, shelf, stocking
from demo.affairs import person
from partners.agreements.verifying import verify
from partners.models import (
    Agreement,
    Application,
    Appointment,
    Call,
    Complaint,
    Correction,
    Delivery,
    Licence,
    Offer,
    Partner,
    Rating,
    Redemption,
    Review,
    Slot,
    Statement,
    StockCount,
    StockSlip,
    Voucher,
)
from partners.obligations import balance, rating
from partners.offers import adwords
from partners.settling import lines
from tests.books import breaches
from tests.demo.story import DAY, NOON, told

pytestmark = [pytest.mark.django_db, pytest.mark.heavy, pytest.mark.urls("tests.demo.urls")]
COUNTED = (Application, Voucher, Redemption, Delivery, Complaint, Statement, StockSlip, Offer, Slot, Agreement, Rating)


def test_one_call_is_settled_one_is_open_and_three_apply_without_one() -> None:
    call = Call.objects.get(title=joining.SETTLED)
    ranked = call.applications.order_by("rank").values_list("partner__name", "status")
    assert list(ranked) == [
        (one.name, "admitted" if one is candidates.BARBER else "declined") for one in candidates.RIVALS
    ]  # fmt: skip
    assert (call.status, Review.objects.filter(application__call=call).count()) == ("settled", 9)
    assert call.applications.annotate(many=Count("lookups")).filter(many=4).count() == 3
    assert [one.title for one in Call.objects.filter(status="open", closes_on__gte=DAY)] == [joining.RUNNING]
    alone = {one.partner.name: one for one in Application.objects.filter(call=None).select_related("partner")}
    states = {name: one.status for name, one in alone.items()}
    assert states == {
        candidates.PROPOSED.name: "proposed",
        candidates.RETURNED.name: "returned",
        candidates.WAITING.name: "submitted",
    }
    shown = Notice.objects.get(items__about=f"partner:{alone[candidates.PROPOSED.name].pk}")
    assert shown.status == "open" and shown.closes_on and shown.closes_on >= DAY
    assert not Application.objects.filter(proposed_by=F("checked_by")).exists()


def test_the_winner_signed_and_a_renewal_waits() -> None:
    signed = Agreement.objects.get(partner__name=candidates.BARBER.name)
    assert (signed.status, signed.signatures.count(), verify(signed).sound) == ("signed", 2, True)
    renewal = Agreement.objects.get(status="signing")
    assert renewal.replaces
    assert (renewal.partner.name, renewal.starts_on) == (shelf.BOSCH, renewal.replaces.ends_on + timedelta(days=1))


def test_the_shelf_has_four_trades_groups_slots_and_one_to_review() -> None:
    shown = Offer.objects.on_show(DAY)
    assert {one.partner.trade for one in shown.select_related("partner")} == {
        "housekeeping",
        "elder_care",
        "living",
        "beauty",
    }
    assert set(shown.values_list("booking", flat=True)) == set(Offer.Booking.values)
    assert shown.get(group="couriers").title == shelf.RIDERS.title
    for one in shown.exclude(booking="none"):
        days = {clock.local(slot.starts_at).date() for slot in one.slots.filter(starts_at__gt=NOON)}
        assert days == {DAY + timedelta(days=n) for n in range(1, 8)}
    waiting = Offer.objects.get(status="submitted")
    assert adwords.hits(waiting.title, waiting.note) and not adwords.forbidden(waiting.title, waiting.note)
    assert not Offer.objects.filter(reviewed_by=F("made_by")).exists()
    ending = Licence.objects.current().get(valid_until__range=(DAY, DAY + timedelta(days=60)))
    assert (ending.partner.name, ending.valid_until) == (shelf.KANGLE, DAY + timedelta(days=shelf.ENDS_SOON))
    assert Licence.objects.unchecked().count() == 1


def test_vouchers_in_every_state_and_appointments() -> None:
    many = {status: Voucher.objects.filter(status=status).count() for status in Voucher.Status.values}
    assert many == {"issued": 7, "used": 16, "expired": 2, "frozen": 1, "returned": 0}
    uses = Redemption.objects.all()
    assert (uses.count(), uses.standing().count()) == (18, 16)
    assert set(uses.exclude(undone_at=None).values_list("undo_reason", flat=True).distinct()) == {
        "商家撤销",
        "店里报错了券码，服务没有做",
    }
    assert [one.flags for one in uses.flagged().filter(looked_at=None)] == [["fast"]]
    assert {"scan", "number", "desk"} <= set(uses.values_list("way", flat=True))
    heroine, elder = (Voucher.objects.get(resident=person(one)) for one in (cast.WANG, cast.ELDER))
    assert (heroine.status, elder.status, elder.printed) == ("issued", "issued", True)
    states = Appointment.objects.filter(voucher__status="issued").values_list("status", flat=True)
    assert sorted(states) == ["asked", "confirmed"]
    assert rating.stars_of(Partner.objects.get(name=shelf.YIHE)).average
    assert breaches() == []


def test_promises_are_kept_and_wait_and_complaints_too() -> None:
    delivered = Delivery.objects.all()
    assert (delivered.filter(status="confirmed").count(), delivered.filter(status="reported").count()) == (15, 2)
    assert delivered.get(status="confirmed", settled_by=None).ratings.count() == 2
    granted = Agreement.objects.in_force(DAY).filter(grants__isnull=False)
    totals = [one.total for one in balance.of(granted, DAY)]
    assert len(totals) == 2 and all(one.given > 0 and one.hours > 0 for one in totals)
    assert set(Complaint.objects.values_list("text", "status")) == {
        (promises.LATE, "answered"),
        (promises.SOLD, "filed"),
    }


def test_last_month_is_settled_for_two_and_waits_for_one() -> None:
    found = Statement.objects.filter(month=DAY.replace(month=2, day=1))
    states = dict(found.values_list("partner__name", "status"))
    signed = {shelf.KANGLE, shelf.BOSCH}
    assert {name: states[name] for name in (*signed, shelf.YIHE)} == {
        **dict.fromkeys(signed, "frozen"),
        shelf.YIHE: "drawn",
    }
    assert all(one.points == lines.ledger_points(one.partner, one.community, one.month) for one in found)
    assert found.get(partner__name=shelf.KANGLE).net_cents > 0
    assert Correction.objects.get(approved_at=None).statement.partner.name == shelf.KANGLE


def test_the_stock_book_has_goods_a_slip_that_waits_a_near_date_and_a_count() -> None:
    here = StockSlip.objects.filter(gift__community__name="文兴社区")
    assert here.get(status="waiting").receipt == stocking.RECEIPT
    assert here.filter(status="accepted", kind="bought").exclude(settled_by=F("by")).count() == 4
    assert here.on_shelf().filter(best_before__range=(DAY, DAY + timedelta(days=60))).count() == 1
    count = StockCount.objects.get()
    assert (count.month, count.status) == (DAY.replace(month=2, day=1), "confirmed")
    assert [one.difference for one in count.lines.exclude(slip=None)] == [-1]


def test_the_owner_of_the_sign_in_page_finds_the_shop_busy(client: Client) -> None:
    client.post("/demo/merchant/")
    assert "康乐家政服务部" in client.get("/merchant/").content.decode()
    for address in ("offers", "appointments", "promises", "statements", "licences"):
        assert client.get(f"/merchant/{address}/").status_code == 200, address


def test_a_second_start_writes_nothing_and_a_killed_one_goes_on_in_its_own_day() -> None:
    before = [model.objects.count() for model in COUNTED]
    told()
    assert [model.objects.count() for model in COUNTED] == before
    partnering.last().delete()
    Slot.objects.filter(starts_at__gt=NOON, taken=0, offer__title=shelf.BATH.title).delete()
    told(now=NOON + timedelta(days=1))
    assert [model.objects.count() for model in COUNTED] == before
    assert Resident.objects.get(phone=cast.WANG.phone).complaints.count() == 1
