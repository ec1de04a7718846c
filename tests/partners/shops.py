"""Partners as tests need them: their phones, an offer on the shelf, a voucher of it."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from communities.models import Resident, User
from core import clock
from partners.models import Agreement, Clerk, Offer, Partner, Voucher
from partners.vouchers import issuing
from tests.world import World

_phones = count(15000000001)


def phone(name: str = "") -> User:
    """An account that signs in by a phone and is no resident."""
    number = str(next(_phones))
    return User.objects.create(
        phone=number, username=f"p{number}", kind=User.Kind.RESIDENT, name=name, last_login=clock.now()
    )


def owner(agreement: Agreement, account: User | None = None) -> Clerk:
    account = account or phone("店主")
    return Clerk.objects.create(partner=agreement.partner, account=account, slot=0, label="店主", added_by=account)


def clerk(agreement: Agreement, slot: int = 1) -> Clerk:
    account = phone("店员")
    return Clerk.objects.create(
        partner=agreement.partner, account=account, slot=slot, label=f"前台{slot}号", added_by=account
    )


def rival(world: World) -> Clerk:
    """The owner of a partner that has no agreement with anybody."""
    partner, _ = Partner.objects.get_or_create(
        sub_district=world.street, name="别家小店", defaults={"kind": "merchant", "trade": "retail", "summary": "百货"}
    )
    if known := Clerk.objects.current().filter(partner=partner, slot=0).first():
        return known
    account = phone("别家店主")
    return Clerk.objects.create(partner=partner, account=account, slot=0, label="店主", added_by=account)


def offer(agreement: Agreement, **fields: Any) -> Offer:
    """On the shelf, as if reviewed; 20 points, no end of stock."""
    today = clock.today()
    by, head = User.objects.get(username="zhangxiaoyan"), User.objects.get(username="chenzhuren")
    return Offer.objects.create(
        **{
            "partner": agreement.partner, "community": agreement.community, "title": "理发一次", "price": 20, "worth_cents": 1500,
            "starts_on": today - timedelta(days=30), "ends_on": today + timedelta(days=300), "status": "open", "made_by": by,
            "reviewed_by": head, "reviewed_at": clock.now(), "per_person": None,
        }
        | fields
    )  # fmt: skip


def voucher(mine: Offer, resident: Resident, at: datetime | None = None) -> Voucher:
    assert resident.account
    return issuing.take(offer=mine, resident=resident, by=resident.account, at=at)
