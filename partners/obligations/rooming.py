"""场地登记: which series in a room's book is the one that an agreement gives, so that what was held counts (balance.py)."""

from django.db.models import QuerySet

from communities import duties
from communities.models import User
from core.refusals import Refused
from core.verbs import Refusals, verb
from partners.models import RoomGrant
from venues.models import BookingSeries, Use


class NotThisSeries(Refused):
    code = "series_not_of_grant"
    message = (
        "请选协议里这间活动室给合伙人用的预订系列，没有保存。选不到的，请先在“场地”里办系列预订，用途选“合伙人服务”。"
    )


REFUSALS: Refusals = {"partners_roomgrant_series_id_key": lambda _: NotThisSeries()}


def choices(grant: RoomGrant) -> QuerySet[BookingSeries]:
    """Series of its room, for partners, within its term and of no other agreement."""
    term = grant.agreement
    free = BookingSeries.objects.filter(room=grant.room_id, use=Use.PARTNER, grant=None)
    return free.filter(first__lte=term.ends_on, last__gte=term.starts_on).order_by("-pk")


@verb(REFUSALS)
def link(*, grant: RoomGrant, series: BookingSeries | None, by: User) -> RoomGrant:
    """From now on the bookings of `series` count as given, no longer what the agreement says. Refuses a stranger, `NotThisSeries`."""
    duties.require(by, grant.agreement.community)
    held = RoomGrant.objects.select_for_update(no_key=True, of=("self",)).select_related("agreement")
    mine = held.get(pk=grant.pk)
    if series is None or not choices(mine).filter(pk=series.pk).exists():
        raise NotThisSeries
    mine.series = series
    mine.save(update_fields=["series"])
    return mine
