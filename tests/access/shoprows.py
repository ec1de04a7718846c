"""Rows of partners for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from core import clock
from partners.models import Agreement, Clerk, Partner
from tests import world as cast
from tests.partners.shops import clerk, owner, rival
from tests.world import World


@dataclass(frozen=True)
class ShopRows:
    """The phones of the partner of `agreement`, and the owner of another partner."""

    owner: Clerk
    clerk: Clerk
    rival: Clerk


def lay_agreement(world: World) -> Agreement:
    """Of a partner of this community alone."""
    shop, _ = Partner.objects.get_or_create(
        sub_district=world.street, name=f"{world.wenxing.name[:2]}巧手维修",
        defaults={"kind": "merchant", "trade": "living", "summary": "维修", "admitted_at": clock.now()},
    )  # fmt: skip
    return cast.partner(world.street, world.wenxing, world.zhang, partner=shop, promise="金丝雀承诺")


def lay_shop(world: World, agreement: Agreement) -> ShopRows:
    return ShopRows(owner(agreement), clerk(agreement), rival(world))
