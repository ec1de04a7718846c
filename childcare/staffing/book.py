"""What pages read of a centre's staff: the list, the days of a fortnight."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from childcare.models import Centre, Group, Place, Staffer, Turn
from childcare.places.groups import days_between
from communities.models import Community, User
from communities.settings import CARE_ADULTS, CARE_RATIO, values_of
from core import clock
from venues.models import Booking


@dataclass(frozen=True)
class Day:
    """Who is on duty on a day, and for how many children; `short` says how many adults are missing."""

    day: date
    turns: list[Turn]
    children: int
    short: int


def fortnight(centre: Centre, days: list[date]) -> list[Day]:
    """A fixed number of queries for any number of days, one more for each open group."""
    said = values_of((CARE_RATIO, CARE_ADULTS), centre.community.sub_district_id)
    rows = Turn.objects.filter(centre=centre, day__in=days).select_related("staffer").order_by("staffer__name", "pk")
    there: dict[date, list[Turn]] = {}
    for one in rows:
        there.setdefault(one.day, []).append(one)
    open_ones = Group.objects.filter(centre=centre, status=Group.Status.OPEN).select_related("centre__community")
    runs = {one.pk: set(days_between(one, min(days), max(days))) for one in open_ones}
    places = list(Place.objects.filter(group__in=runs, status=Place.Status.HELD))
    return [_day(one, there.get(one, []), _coming(one, places, runs), said[CARE_RATIO], said[CARE_ADULTS]) for one in days]  # fmt: skip


def _coming(day: date, places: list[Place], runs: dict[int, set[date]]) -> int:
    def comes(one: Place) -> bool:
        held = one.starts_on is not None and one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)
        return day in runs[one.group_id] and held and day.weekday() in one.plan

    return len({one.child_id for one in places if comes(one)})


def short_in(communities: QuerySet[Community], ratio: int, least: int, days: list[date]) -> QuerySet[Centre]:
    """Centres with too few on duty on one of `days`, each with the first such day as `todo_day`: one for each `ratio` children,
    `least` at least (domain guide, 6.3). A sentence to be counted with others; `fortnight` says the same day by day."""
    found, cases = Centre.objects.filter(community__in=communities), []
    for day in days:
        there, coming = f"adults_{day:%d}", f"children_{day:%d}"
        found = found.annotate(**{there: _adults(day), coming: _children(day)})
        few = Q(**{f"{there}__lt": least}) | Q(**{f"{coming}__gt": F(there) * ratio})
        cases.append(When(Q(**{f"{coming}__gt": 0}) & few, then=Value(day)))
    return found.annotate(todo_day=Case(*cases, output_field=DateField())).filter(todo_day__isnull=False)


def today_in(user: User) -> QuerySet[Any, tuple[int, str, int, int]]:
    """(number, name, children expected, on duty) of the reader's centres where children are expected today; one query."""
    day = clock.today()
    found = Centre.objects.for_staff(user).annotate(children=_children(day), adults=_adults(day)).filter(children__gt=0)
    return found.order_by("name", "pk").values_list("pk", "name", "children", "adults")


def _adults(day: date) -> Coalesce:
    return _many(Turn.objects.filter(centre=OuterRef("pk"), day=day), "pk")


def _children(day: date) -> Coalesce:
    return _many(_expected(day), "child")


def _expected(day: date) -> QuerySet[Place]:
    """Places of the outer centre whose child is meant to come on `day`: the group has its room then (places/groups.days_between)."""
    start = clock.at(day, time())
    rooms = Booking.objects.filter(
        series=OuterRef("group__series"), status=Booking.Status.BOOKED, starts_at__gte=start, starts_at__lt=start + timedelta(days=1)
    )  # fmt: skip
    runs = Q(group__series=None, group__weekdays__contains=[day.weekday()]) | Exists(rooms)
    term = {"group__status": Group.Status.OPEN, "group__first_on__lte": day, "group__last_on__gte": day}
    mine = Place.objects.held_on(day).filter(group__centre=OuterRef("pk"), plan__contains=[day.weekday()], **term)
    return mine.filter(runs)


def _many(rows: QuerySet[Any], column: str) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(many=Count(column, distinct=True))
    return Coalesce(Subquery(counted.values("many")), 0)


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


def soon(rows: QuerySet[Staffer], days: int) -> QuerySet[Staffer]:
    """Whose check counts today and not for longer than so many days."""
    today = clock.today()
    return rows.filter(left_on=None, record_due__gte=today, record_due__lte=today + timedelta(days=days))
