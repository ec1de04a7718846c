"""Couriers of the fixed cast."""

from communities import couriers
from communities.models import Courier, Resident, User
from tests.world import World


def registered(
    resident: Resident, platform: str = "美团", *, station: str = "华林站", by: User | None = None
) -> Courier:
    """Asked for on the own phone, or by `by`."""
    account = by or resident.account
    assert account
    return couriers.register(resident=resident, platform=platform, station=station, by=account)


def riding(world: World, resident: Resident, *, by: User | None = None) -> Courier:
    """Confirmed by 张晓燕, or by `by`."""
    return couriers.confirm(
        courier=registered(resident, by=None if resident.account else world.chen), by=by or world.zhang
    )
