"""What is kept of a resident beside bookings: their calendar's address, the keys they keep, their name under a hand-over."""

from collections.abc import Iterator, Sequence

from django.db.models import Q

from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident
from venues.models import CalendarAddress, Room, RoomCheck


def calendars(resident: Resident) -> Iterator[Sequence[Cell]]:
    """When addresses were made and ended; never the address itself, which stands on 我的日历."""
    for one in CalendarAddress.objects.filter(resident=resident).order_by("pk"):
        yield (one.made_at, one.revoked_at)


def keys(resident: Resident) -> Iterator[Sequence[Cell]]:
    for room in Room.objects.filter(keyholder=resident).order_by("pk"):
        yield (str(room),)


SECTIONS = (
    Section("calendars", "日历地址", ("生成时间", "停用时间"), calendars),
    Section("keys", "保管钥匙的活动室", ("活动室",), keys),
)


def ended(gone: Gone) -> None:
    """Who leaves keeps no calendar, and no keys."""
    CalendarAddress.objects.filter(resident=gone.resident).delete()
    Room.objects.filter(keyholder=gone.resident).update(keyholder=None)


def emptied(gone: Gone) -> None:
    """The name under hand-overs of the own bookings; elsewhere in the community unless a namesake lives there."""
    own = Q(booking__resident=gone.resident)
    here = Q() if gone.namesake else Q(booking__room__community=gone.resident.community_id)
    signed = RoomCheck.objects.filter(own | here if here else own)
    scrub(signed, "signed", "damage", "began_note", gone=gone)
    if not gone.namesake:
        scrub(Room.objects.filter(community=gone.resident.community_id), "keeper", "safety_person", gone=gone)
