"""Gifts of 文兴 with a stock, and what was taken of them."""

from datetime import datetime
from typing import Any

from communities.models import Resident, User
from partners import exchanging, gifts
from partners.models import Exchange, Gift
from tests.world import World


def gift(world: World, title: str = "肥皂", price: int = 50, stock: int = 5, **fields: Any) -> Gift:
    return gifts.offer(
        **{
            "title": title, "price": price, "stock": stock, "where": "文兴社区服务大厅", "by": world.zhang,
            "community": world.wenxing,
        }
        | fields
    )  # fmt: skip


def taken(mine: Gift, resident: Resident, by: User | None = None, at: datetime | None = None) -> Exchange:
    account = by or resident.account
    assert account
    return exchanging.reserve(gift=mine, resident=resident, by=account, at=at)
