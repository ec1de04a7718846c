"""Activities as ways to earn what a course asks for (points/earning.py)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from activities import finding, joining
from activities.models import Activity, Participation
from communities.models import Resident
from core import words
from points.earning import Way

LOOKED_AT = 20


def ways(resident: Resident, at: datetime, until: datetime) -> Iterator[Way]:
    """What `resident` can join, and what is over before `until`: the question that the button asks, too; four queries."""
    mine = Participation.objects.standing().of(resident).filter(activity=OuterRef("pk"))
    near = Activity.objects.upcoming(at).nearest_to(resident.community)
    free = near.filter(~Exists(mine), taken__lt=F("capacity"), ends_at__lt=until)
    found = list(free.select_related("community")[:LOOKED_AT])
    known = joining.known_of(resident, found)
    fit = [one for one in found if joining.refusal_for(one, resident, at, known=known) is None]
    for offer in finding.offered(fit, resident.community):
        one = offer.activity
        yield Way(one.title, f"{words.dated(one.starts_at)}，{one.place}", offer.points, f"/activities/{one.pk}/")
