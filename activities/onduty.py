"""在岗: staff do not earn for their job: who announced or led an activity, or wrote others down at it (domain guide, 4.3).

Cadres' meetings and duty shifts were booked as service (domain guide, 3.3); in their own time staff volunteer like everybody,
written down by somebody else.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from activities.models import Participation, ParticipationQuerySet
from communities.models import User


def _worked() -> Exists:
    """Of a participation: it is of a staff member who published or led the activity, or recorded somebody at it."""
    here = Participation.objects.filter(activity=OuterRef(OuterRef("activity")), recorded_by=OuterRef("pk"))
    own = Q(pk=OuterRef("resident__account")) | (Q(own_phone=OuterRef("resident__phone")) & ~Q(own_phone=""))
    led = Q(name=OuterRef("activity__leader"))
    worked = Q(pk=OuterRef("activity__published_by")) | led | Exists(here)
    return Exists(User.objects.filter(own, worked, kind=User.Kind.STAFF))


def among(participations: Iterable[int]) -> frozenset[int]:
    """Those of `participations` whose person was on duty; one query."""
    return frozenset(Participation.objects.filter(_worked(), pk__in=list(participations)).values_list("pk", flat=True))


def without(rows: ParticipationQuerySet) -> ParticipationQuerySet:
    """The same answer as a query."""
    return rows.exclude(_worked())
