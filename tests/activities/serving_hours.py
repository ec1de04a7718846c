"""Records of service for the tests of the book of hours."""

from datetime import datetime, timedelta
from typing import Any

from activities.models import Activity, Participation, Service
from activities.recording import record
from activities.reviewing import confirm
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.activities.cast import signed
from tests.world import World


def serve(
    world: World, resident: Resident | None = None, *, minutes: int = 120, days_ago: int = 1, late_reason: str = "",
    **fields: Any,
) -> Service:  # fmt: skip
    """张晓燕 recorded and 陈志强 confirmed `minutes` of `resident` (李建国), some days ago at nine; the record."""
    activity = cast.activity(world.wenxing, **{"starts_at": nine(days_ago), **fields})
    mine = attend(world, activity, resident or world.li, minutes, late_reason)
    return Service.objects.standing().get(participation=mine)


def attend(world: World, activity: Activity, resident: Resident, minutes: int, late_reason: str = "") -> Participation:
    signed_up = signed(activity, resident, world)
    mine = record(participation=signed_up, minutes=minutes, by=world.zhang, late_reason=late_reason)
    return confirm(participation=mine, minutes=minutes, by=world.chen)


def nine(days_ago: int) -> datetime:
    """Nine in the morning in Shanghai, so many days ago."""
    day = clock.today() - timedelta(days=days_ago)
    return clock.at(day, datetime.min.time().replace(hour=9))
