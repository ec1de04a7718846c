"""Rows of vouchers and their uses for the doors (tests/access/rows.py)."""

from dataclasses import dataclass
from datetime import timedelta

from core import clock
from partners.models import Agreement, Clerk, Redemption, Voucher
from partners.vouchers import freezing
from partners.vouchers.redeeming import redeem
from tests.partners.shops import offer, voucher
from tests.world import World


@dataclass(frozen=True)
class UsingRows:
    """Of 王秀兰 at the partner of `agreement`."""

    open: Voucher
    frozen: Voucher
    use: Redemption  # flagged: used as soon as it was taken


def lay_using(world: World, agreement: Agreement) -> UsingRows:
    """Three vouchers of one point each."""
    mine = offer(agreement, title="金丝雀券", price=1)
    opened, frozen, used = (voucher(mine, world.wang, clock.now() - timedelta(seconds=n)) for n in range(3))
    freezing.freeze(voucher=frozen, by=world.chen, reason="金丝雀核查")
    by = Clerk.objects.get(partner=agreement.partner, slot=Clerk.OWNER)
    return UsingRows(opened, frozen, redeem(voucher=used, by=by.account, clerk=by, way=Redemption.Way.SCAN))
