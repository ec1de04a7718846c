"""Rows of the stock book for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from communities.models import Duty
from partners import exchanging
from partners.models import Exchange, Gift, StockCount, StockSlip
from partners.stock import counting
from tests import world as cast
from tests.partners.giving import brought, gift, taken
from tests.world import World


@dataclass(frozen=True)
class StockRows:
    """Written down by a colleague who knocks at no door."""

    slip: StockSlip  # waits
    count: StockCount  # waits
    handed: Exchange  # of 王秀兰


def lay_stock(world: World, soap: Gift) -> StockRows:
    keeper = cast.staff(f"keeper{world.wenxing.pk}", "库管员", Duty.Role.WORKER, community=world.wenxing)
    given = taken(gift(world, "金丝雀毛毯", price=5), world.wang)
    handed = exchanging.hand_out(exchange=given, by=keeper, taker="金丝雀女儿", relation="女儿")
    counted = {one.pk: one.remaining for one in counting.batches_of(world.wenxing)}
    count = counting.count(place=world.wenxing, counted=counted, by=keeper)
    return StockRows(brought(soap, by=keeper, supplier="金丝雀超市"), count, handed)
