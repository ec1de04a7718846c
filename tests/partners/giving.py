"""Gifts of 文兴 with a stock that two people signed for, and what was taken of them."""

from datetime import date, datetime, timedelta
from typing import Any

from communities.models import Duty, Resident, User
from core import clock
from partners import exchanging, gifts
from partners.models import Exchange, Gift, StockSlip
from partners.stock import accepting, intake
from partners.stock.intake import Goods
from partners.stock.keepers import place_of, refusal_to_second
from tests import world as cast
from tests.world import World


def gift(world: World, title: str = "肥皂", price: int = 50, stock: int = 5, **fields: Any) -> Gift:
    made = gifts.offer(
        **{"title": title, "price": price, "where": "文兴社区服务大厅", "by": world.zhang, "community": world.wenxing}
        | fields
    )
    if stock:
        batch(made, stock, by=fields.get("by", world.zhang))
        made.refresh_from_db()
    return made


def brought(mine: Gift, quantity: int = 5, *, by: User, best_before: date | None = None, **fields: Any) -> StockSlip:
    """A slip that waits."""
    goods = Goods(**{"kind": "bought", "quantity": quantity, "supplier": "惠民超市"} | fields, best_before=best_before)
    return intake.bring_in(gift=mine, goods=goods, by=by)


def batch(mine: Gift, quantity: int = 5, *, by: User, best_before: date | None = None, **fields: Any) -> StockSlip:
    """What `by` brought in and a colleague accepted."""
    return accepting.accept(slip=brought(mine, quantity, by=by, best_before=best_before, **fields), by=second(mine, by))


def second(mine: Gift, first: User) -> User:
    """Somebody else who may accept goods of this gift; a new colleague where there is none."""
    place = place_of(mine)
    held = Duty.objects.current().filter(sub_district=mine.sub_district_id) | Duty.objects.current().filter(
        community__sub_district=mine.sub_district_id
    )
    for one in User.objects.filter(pk__in=held.values("user")).order_by("pk"):
        if refusal_to_second(place, one, first.pk) is None:
            return one
    return cast.staff(f"second{mine.sub_district_id}", "验收员", Duty.Role.STREET_ADMIN, sub_district=mine.sub_district)


def taken(mine: Gift, resident: Resident, by: User | None = None, at: datetime | None = None) -> Exchange:
    account = by or resident.account
    assert account
    return exchanging.reserve(gift=mine, resident=resident, by=account, at=at)


def days(number: int) -> date:
    """So many days from today."""
    return clock.today() + timedelta(days=number)
