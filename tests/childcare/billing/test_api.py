"""REST: bills without names, points once however often it is sent, receipts; nothing of another community."""

import pytest

from childcare.billing import freezing
from childcare.models import Bill
from core import clock
from points import statement
from tests.api import client_of
from tests.childcare.billing.families import hardly, ordinary
from tests.childcare.cast import Care
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_reads_bills_with_their_lines_and_no_name(world: World, care: Care) -> None:
    bill, api = hardly(world, care), client_of(world.wenxing)
    listed = api.get("care-bills/", month="2026-11-01").json()["results"]
    assert [one["id"] for one in listed] == [bill.pk]
    whole = api.get(f"care-bills/{bill.pk}/")
    assert [line["kind"] for line in whole.json()["lines"]] == ["fee"]
    for secret in (
        bill.child.name,
        bill.payer.name,
        "evidence",
        "percent",
        "低保",
        "60007",
        "48006",
        "standard",
        "reduction",
    ):
        assert secret not in whole.content.decode()


def test_points_are_used_once_however_often_the_client_sends_it(world: World, care: Care) -> None:
    bill, api = ordinary(world, care, points=100), client_of(world.wenxing)
    first = api.post("care-offsets/", {"bill": bill.pk, "points": 60}, key="one")
    assert first.status_code == 201 and first.json()["cents"] == 1200
    assert api.post("care-offsets/", {"bill": bill.pk, "points": 60}, key="one").json() == first.json()
    assert statement.available(bill.payer) == 40
    again = api.post("care-offsets/", {"bill": bill.pk, "points": 10}, key="two")
    assert (again.status_code, again.json()["code"]) == (409, "care_offset_stands")
    assert api.post(f"care-offsets/{first.json()['id']}/undo/", key="back").status_code == 200
    assert statement.available(bill.payer) == 100


def test_without_a_figure_the_most_is_used(world: World, care: Care) -> None:
    bill, api = ordinary(world, care, points=5000), client_of(world.wenxing)
    assert api.post("care-offsets/", {"bill": bill.pk}, key="one").json()["points"] == 900
    assert Bill.objects.get(pk=bill.pk).due_cents == 60007 - 18000


def test_a_receipt_is_written_down_once(world: World, care: Care) -> None:
    bill, api = ordinary(world, care), client_of(world.wenxing)
    sent = {
        "bill": bill.pk,
        "amount_cents": 60007,
        "receipt": "A1",
        "way": "card",
        "paid_on": clock.today().isoformat(),
    }
    assert api.post("care-payments/", sent, key="one").json()["code"] == "care_not_payable"
    freezing.freeze(bill=bill, by=world.chen)
    assert api.post("care-payments/", sent, key="two").status_code == 201
    assert api.post("care-payments/", sent, key="two").status_code == 201
    assert Bill.objects.get(pk=bill.pk).status == "paid" and bill.payments.count() == 1
    assert api.post("care-payments/", sent | {"amount_cents": 0}, key="three").status_code == 400


def test_a_client_of_another_community_or_without_the_scope_reaches_nothing(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=10)
    far, few = client_of(world.yongan), client_of(world.wenxing, "care:bills")
    assert far.get(f"care-bills/{bill.pk}/").status_code == 404
    assert far.post("care-offsets/", {"bill": bill.pk, "points": 1}, key="a").status_code == 404
    assert few.post("care-offsets/", {"bill": bill.pk, "points": 1}, key="b").status_code == 403
    assert few.post("care-payments/", {"bill": bill.pk}, key="c").status_code == 403
    assert statement.available(bill.payer) == 10
