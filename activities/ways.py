"""Activities as ways to earn what a course asks for (points/earning.py)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from activities import finding
from activities.models import Activity, Participation
from communities.models import Resident
from core import words
from points.earning import Way

LOOKED_AT = 20


def ways(resident: Resident, at: datetime, until: datetime) -> Iterator[Way]:
    """What `resident` has not joined, that has a place and is over before `until`; two queries besides the rules."""
    mine = Participation.objects.standing().of(resident).filter(activity=OuterRef("pk"))
    near = Activity.objects.upcoming(at).nearest_to(resident.community)
    free = near.filter(~Exists(mine), taken__lt=F("capacity"), ends_at__lt=until)
    age = resident.age_on(at.date())
    fit = free.filter(min_age__lte=age) if age is not None else free
    for offer in finding.offered(fit.select_related("community")[:LOOKED_AT], resident.community):
        one = offer.activity
        yield Way(one.title, f"{words.dated(one.starts_at)}，{one.place}", offer.points, f"/activities/{one.pk}/")
