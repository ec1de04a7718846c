"""日历地址: the secret address of a calendar is made, renewed and stopped; whoever knows it reads, so a new one ends the old one.

A resident's own is made by the own account alone: a family helper must not take away where somebody goes every evening.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from communities import duties
from communities.acting import ACTIVE
from communities.models import Resident, User
from communities.ownership import require_own
from core import clock
from core.refusals import Refused
from core.verbs import verb
from venues.models import CalendarAddress, Room


class NoAddress(Refused):
    code = "no_calendar_address"
    message = "现在没有在用的日历地址，什么都没有改动。"


def current(*, room: Room | None = None, resident: Resident | None = None) -> CalendarAddress | None:
    """The address in use of a room or of a resident."""
    return _of(room, resident).first()


def found(token: str) -> CalendarAddress | None:
    """Whose calendar `token` opens; None for one that was renewed, stopped, or whose resident left."""
    lives = Q(resident=None) | Q(resident__status__in=ACTIVE)
    rows = CalendarAddress.objects.filter(lives, token=token, revoked_at=None)
    return rows.select_related("room", "resident").first()


@verb()
def renew(
    *, by: User, room: Room | None = None, resident: Resident | None = None, at: datetime | None = None
) -> CalendarAddress:
    """A new address of `room` or of `resident`; the one before dies at once. Staff of the community, or the own account."""
    at = at or clock.now()
    _allow(by, room, resident)
    _hold(room, resident)
    _of(room, resident).update(revoked_at=at)
    return CalendarAddress.objects.create(room=room, resident=resident, made_by=by, made_at=at)


@verb()
def stop(*, by: User, room: Room | None = None, resident: Resident | None = None, at: datetime | None = None) -> None:
    """No address any more. Refuses `NoAddress` when there is none, and whoever may not renew it."""
    _allow(by, room, resident)
    _hold(room, resident)
    if not _of(room, resident).update(revoked_at=at or clock.now()):
        raise NoAddress


def _of(room: Room | None, resident: Resident | None) -> "QuerySet[CalendarAddress]":
    return CalendarAddress.objects.filter(room=room, resident=resident, revoked_at=None)


def _allow(by: User, room: Room | None, resident: Resident | None) -> None:
    if room is not None:
        duties.require(by, room.community)
    if resident is not None:
        require_own(by, resident)


def _hold(room: Room | None, resident: Resident | None) -> None:
    """Two taps at once make one address after the other."""
    if room is not None:
        Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if resident is not None:
        Resident.objects.select_for_update(no_key=True).get(pk=resident.pk)
