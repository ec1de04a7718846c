"""What the database itself keeps of vouchers and their uses, whatever Python writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from partners.models import Agreement, Clerk, Redemption, Voucher
from partners.vouchers.redeeming import redeem
from points import ledger
from tests import world as cast
from tests.partners.shops import clerk, offer, owner, voucher
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


@pytest.fixture
def made(agreed: Agreement, world: World) -> Redemption:
    by = owner(agreed)
    one = voucher(offer(agreed), world.wang, clock.now() - timedelta(hours=1))
    return redeem(voucher=one, by=by.account, clerk=by, way=Redemption.Way.SCAN)


def test_a_voucher_has_one_use_that_stands(made: Redemption, world: World) -> None:
    entry = ledger.redeem(
        key="redeem:999", community=world.wenxing, party=made.partner_id, amount=20, by=world.zhang, reason="再核销"
    )
    again = {
        name: getattr(made, name)
        for name in (
            "voucher",
            "partner",
            "community",
            "agreement",
            "points",
            "unit_cents",
            "way",
            "at",
            "by",
            "served_on",
        )
    }
    with pytest.raises(IntegrityError, match="redeemed_once"), transaction.atomic():
        Redemption.objects.create(entry_id=entry, **again)


def test_a_use_is_neither_changed_nor_deleted(made: Redemption, world: World) -> None:
    mine = Redemption.objects.filter(pk=made.pk)
    earlier = made.at - timedelta(days=1)
    for change in ({"points": 1}, {"unit_cents": 1}, {"at": earlier}, {"by": world.chen}, {"flags": ["night", "fast"]}):
        with pytest.raises(IntegrityError, match="stands as it was"), transaction.atomic():
            mine.update(**change)
    with pytest.raises(IntegrityError, match="stands as it was"), transaction.atomic():
        mine.delete()


def test_a_voucher_goes_its_way_and_no_other(made: Redemption, world: World) -> None:
    mine = Voucher.objects.filter(pk=made.voucher_id)
    for change in (
        {"status": "frozen", "settled_at": clock.now()},
        {"price": 1},
        {"resident": world.li},
        {"token": "0" * 32},
    ):
        with pytest.raises(IntegrityError, match=r"does not become|of something else"), transaction.atomic():
            mine.update(**change)


def test_a_shop_has_one_owner_and_five_phones(agreed: Agreement) -> None:
    for slot in range(1, 6):
        clerk(agreed, slot)
    owner(agreed)
    for slot, name in ((0, "clerk_slot_once"), (5, "clerk_slot_once"), (6, "clerk_slots")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            clerk(agreed, slot)
    assert Clerk.objects.current().filter(partner=agreed.partner).count() == 6
