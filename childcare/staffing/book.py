"""What pages read of a centre's staff: the list, the days of a fortnight."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from childcare.models import Centre, Group, Place, Staffer, Turn
from communities.models import User
from communities.settings import CARE_ADULTS, CARE_RATIO, CARE_STAFF_DAYS, values_of
from core import clock


@dataclass(frozen=True)
class Day:
    """Who is on duty on a day, and for how many children; `short` says how many adults are missing."""

    day: date
    turns: list[Turn]
    children: int
    short: int


def fortnight(centre: Centre, days: list[date]) -> list[Day]:
    """A fixed number of queries for any number of days."""
    said = values_of((CARE_RATIO, CARE_ADULTS), centre.community.sub_district_id)
    rows = Turn.objects.filter(centre=centre, day__in=days).select_related("staffer").order_by("staffer__name", "pk")
    there: dict[date, list[Turn]] = {}
    for one in rows:
        there.setdefault(one.day, []).append(one)
    groups = {one.pk: one for one in Group.objects.filter(centre=centre, status=Group.Status.OPEN)}
    places = list(Place.objects.filter(group__in=groups, status=Place.Status.HELD))
    return [_day(one, there.get(one, []), _coming(one, places, groups), said[CARE_RATIO], said[CARE_ADULTS]) for one in days]  # fmt: skip


def _coming(day: date, places: list[Place], groups: dict[int, Group]) -> int:
    def comes(one: Place) -> bool:
        group = groups[one.group_id]
        runs = group.first_on <= day <= group.last_on and day.weekday() in group.weekdays
        held = one.starts_on is not None and one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)
        return runs and held and day.weekday() in one.plan

    return len({one.child_id for one in places if comes(one)})


def _day(day: date, turns: list[Turn], children: int, ratio: int, adults: int) -> Day:
    needed = max(-(-children // ratio), adults) if children else 0
    return Day(day, turns, children, max(needed - len(turns), 0))


def staff_of(user: User) -> QuerySet[Staffer]:
    """Everybody of the communities of `user`: who works there first, then by name."""
    rows = Staffer.objects.for_staff(user).select_related("centre__community", "account")
    return rows.order_by("centre__name", "left_on", "name", "pk")


def overdue(rows: QuerySet[Staffer]) -> QuerySet[Staffer]:
    """Who works there without a check that counts today."""
    return rows.filter(left_on=None).exclude(record_due__gte=clock.today())


def soon(rows: QuerySet[Staffer], street: int) -> QuerySet[Staffer]:
    """Whose check counts today and not for much longer."""
    today, days = clock.today(), max(values_of(CARE_STAFF_DAYS, street).values())
    return rows.filter(left_on=None, record_due__gte=today, record_due__lte=today + timedelta(days=days))
