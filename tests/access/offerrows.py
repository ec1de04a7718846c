"""Rows of offers, vouchers and appointments for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from partners.models import Agreement, Appointment, Clerk, Offer, Slot, Voucher
from tests.partners import booked, shops
from tests.world import World


@dataclass(frozen=True)
class OfferRows:
    """What the partner of `agreement` offers, and what 王秀兰 took of it."""

    shown: Offer
    draft: Offer
    waiting: Offer  # to be reviewed
    slot: Slot  # free
    voucher: Voucher  # of 王秀兰
    visit: Appointment  # of 王秀兰, at home


def lay_offers(world: World, agreement: Agreement) -> OfferRows:
    plain = {"reviewed_by": None, "reviewed_at": None}
    home = booked.offer(agreement, price=1, title="金丝雀上门")
    theirs = Clerk.objects.get(partner=agreement.partner, slot=Clerk.OWNER).account  # whom any colleague may review
    return OfferRows(
        shops.offer(agreement, price=1, title="金丝雀服务", stock=9),
        shops.offer(agreement, title="金丝雀草稿", status="draft", **plain),
        shops.offer(agreement, title="金丝雀送审", status="submitted", made_by=theirs, **plain),
        booked.slot(home, 72),
        shops.voucher(shops.offer(agreement, price=1, title="金丝雀理发"), world.wang),
        booked.asked(home, world.wang),
    )
