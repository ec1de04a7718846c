"""优先次序: what gives way to what (domain guide, 12). Only 社区会议 takes a room that somebody has, and never childcare's.

Neighbours, teams and partners give way to a meeting, told at least 24 hours before (setting). A class and an activity have
people signed up: they are moved in their own pages. 托管 and 检修停用 give way to nothing.
"""

from datetime import datetime, timedelta

from communities import settings
from venues.models import Booking, Use

GIVES_WAY: dict[Use, frozenset[Use]] = {Use.MEETING: frozenset({Use.RESIDENT, Use.TEAM, Use.PARTNER})}


def notice_of(sub_district_id: int) -> timedelta:
    """How long before a booking whoever has it must hear that it gives way."""
    return timedelta(hours=settings.value_of(settings.ROOM_DISPLACE_HOURS, sub_district_id))


def yields(booking: Booking, use: Use, notice: timedelta, at: datetime) -> bool:
    """Whether `booking` gives way, at `at`, to somebody who wants the room for `use`."""
    return booking.use in GIVES_WAY.get(use, frozenset()) and booking.starts_at - at >= notice
