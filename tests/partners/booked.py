"""Offers that ask for an appointment, their slots, and vouchers with one."""

from datetime import timedelta
from typing import Any

from communities.models import Consent, Resident, User
from core import clock
from partners.models import Agreement, Appointment, Offer, Slot
from partners.vouchers import appointments, issuing
from partners.vouchers.booking import Wanted
from tests import world as cast
from tests.partners import shops
from tests.world import World

HOME = "天和城3号楼2单元501"


def slot(mine: Offer, hours: int = 48, places: int = 1) -> Slot:
    starts = clock.now() + timedelta(hours=hours)
    return Slot.objects.create(
        offer=mine, starts_at=starts, ends_at=starts + timedelta(hours=1), places=places, by=mine.made_by
    )


def offer(agreement: Agreement, booking: str = "home", **fields: Any) -> Offer:
    return shops.offer(agreement, **{"title": "上门保洁", "booking": booking} | fields)


def asked(mine: Offer, resident: Resident, by: User | None = None, when: Slot | None = None) -> Appointment:
    """A visit that waits for the partner's answer."""
    account = by or resident.account
    assert account
    wanted = Wanted(when or slot(mine), HOME if mine.booking == "home" else "", "轻敲门", Consent.Way.TAP)
    return issuing.take(offer=mine, resident=resident, by=account, wanted=wanted).appointment


def visited(world: World) -> None:
    """For the check of the books: a visit that stands, and one that was called off."""
    buyer = cast.resident(world.wenxing, "冯上门", "13700009994")
    cast.award(buyer, 100)
    agreement = Agreement.objects.filter(community=world.wenxing).latest("pk")
    asked(offer(agreement), buyer)
    assert buyer.account
    appointments.cancel(appointment=asked(offer(agreement, "shop", title="到店"), buyer), by=buyer.account)
