"""What of the activities stands in a resident's calendar: those they signed up for, and those they lead on the spot."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from activities.models import Activity, Participation
from communities.models import Resident
from venues.feeds import Date

Going = Participation.Status


def activities(resident: Resident, since: datetime) -> Iterator[Date]:
    """Every activity that is not called off, that ends after `since`, and for which the place is certain; one query."""
    mine = Participation.objects.of(resident).filter(status__in=(Going.SIGNED_UP, Going.RECORDED, Going.CONFIRMED))
    found = Activity.objects.filter(
        Q(pk__in=mine.values("activity")) | Q(organiser=resident),
        status__in=(Activity.Status.OPEN, Activity.Status.FINISHED), ends_at__gt=since,
    )  # fmt: skip
    for one in found.order_by("starts_at"):
        leads = "您是现场组织人。" if one.organiser_id == resident.pk else ""
        yield Date(f"activity:{one.pk}", f"活动：{one.title}", one.starts_at, one.ends_at, one.place, leads)
