"""What a resident can join: coming activities of the own sub-district, the own community's first."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from activities import awaited, deadlines, rates
from activities.kinds import TEMPLATES
from activities.models import Activity, Participation
from communities.models import Community, Resident
from core import clock
from points.pricing import tariffs

PAGE = 20
LED_FOR = timedelta(days=1)
Status = Participation.Status


class Offer(NamedTuple):
    """An activity and about how many points it gives."""

    activity: Activity
    points: int


class Mine(NamedTuple):
    """A resident's participations: to come or to be recorded, waiting for the second person, in line; and what one leads."""

    coming: list[Participation]
    waiting: list[Participation]
    in_line: list[Participation]
    led: list[Activity]

    @property
    def awaited(self) -> list[tuple[Participation, str]]:
        """With who confirms each, and by when."""
        days = deadlines.last_days(one.activity for one in self.waiting)
        return [(one, awaited.said_of(one, days[one.activity_id])) for one in self.waiting]

    @property
    def waiting_points(self) -> int:
        return sum(participation.points or 0 for participation in self.waiting)


def coming(community: Community, at: datetime, *, kind: str = "", after: int | None = None) -> list[Activity]:
    """What can be joined, from behind the activity `after` on; one more than a page."""
    near = Activity.objects.upcoming(at).nearest_to(community).select_related("community")
    if kind:
        near = near.filter(kind=kind)
    return list(near.filter(_later_than(community, after))[: PAGE + 1])


def kinds_of(community: Community, at: datetime) -> list[tuple[str, str]]:
    """The kinds of which something can be joined, as value and label: what the list offers to narrow by."""
    near = Activity.objects.upcoming(at).filter(community__sub_district=community.sub_district_id).order_by()
    there = set(near.values_list("kind", flat=True).distinct())
    return [(str(value), str(label)) for value, label in Activity.Kind.choices if value in there]


def offered(activities: Iterable[Activity], community: Community) -> list[Offer]:
    """With about how many points each gives, by today's rules, in two queries."""
    rules = tariffs(community.sub_district_id, on=clock.today())
    return [
        Offer(activity, rules[TEMPLATES[activity.kind].rule].price(rates.quantity_of(activity, activity.minutes)).asked)
        for activity in activities
    ]


def _later_than(community: Community, after: int | None) -> Q:
    last = Activity.objects.filter(pk=after).values_list("community", "starts_at").first() if after else None
    if last is None:
        return Q()
    elsewhere = int(last[0] != community.pk)
    same = Q(elsewhere=elsewhere)
    return Q(elsewhere__gt=elsewhere) | same & (Q(starts_at__gt=last[1]) | Q(starts_at=last[1], pk__gt=after))


def mine_of(resident: Resident, at: datetime) -> Mine:
    """What `resident` takes part in and is not settled yet, the soonest first; what they lead, until the day after."""
    open_ones = [Status.SIGNED_UP, Status.RECORDED, Status.WAITING]
    own = Participation.objects.of(resident).filter(status__in=open_ones).select_related("activity__community")
    rows = list(own.order_by("activity__starts_at", "pk"))
    coming, waiting, in_line = ([row for row in rows if row.status == status] for status in open_ones)
    led = Activity.objects.filter(organiser=resident, status=Activity.Status.OPEN, ends_at__gt=at - LED_FOR)
    return Mine(coming, waiting, in_line, list(led.order_by("starts_at", "pk")))


def settled(resident: Resident, before: int | None = None) -> list[Participation]:
    """What is booked, missed or given back, the newest first, older than `before`; one more than a page."""
    own = Participation.objects.of(resident).select_related("activity", "award").order_by("-pk")
    done = own.filter(status__in=[Status.CONFIRMED, Status.ABSENT, Status.CANCELLED])
    return list((done.filter(pk__lt=before) if before else done)[: PAGE + 1])
