"""Rows of posts, couriers and gifts for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from activities.models import DutyMonth, Holding
from communities.models import Courier
from partners.models import Exchange, Gift
from tests.access.stockrows import StockRows, lay_stock
from tests.activities.posting import claimed, post, said
from tests.communities.couriering import registered
from tests.partners.giving import gift, taken
from tests.world import World


@dataclass(frozen=True)
class HoldingRows:
    """What hangs on 王秀兰's post and gift, and what 李建国 asked for."""

    held: Holding  # of 王秀兰
    month: DutyMonth  # of it, waiting
    asked: Holding  # of 李建国
    courier: Courier  # 李建国, waiting
    gift: Gift  # of the community
    near: Gift  # of the sub-district
    exchange: Exchange  # of 王秀兰
    stock: StockRows


def lay_holding(world: World) -> HoldingRows:
    month = said(world, world.wang)
    soap = gift(world, "金丝雀礼品", price=5)
    near = gift(
        world, f"金丝雀毛巾{world.wenxing.pk}", price=5, by=world.he, community=None, sub_district=world.street
    )  # fmt: skip
    asked = claimed(post(world, "金丝雀岗位"), world.li)
    return HoldingRows(
        month.holding, month, asked, registered(world.li), soap, near, taken(soap, world.wang), lay_stock(world, soap)
    )
