"""录入量和抽查: who writes down unusually many in a day, and which records of a month are checked against the paper.

Hours that were bought were entered in bursts by one administrator; civil affairs checks records on the spot (domain guide, 3.3).
Who scans the code on the spot writes down themselves, so bursts count what one colleague or organiser entered for others.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import MD5, Cast, Concat, TruncDate
from django.urls import reverse

from activities import terms
from activities.models import Means, Participation, ParticipationQuerySet, Service
from communities import settings, todo
from communities.duties import Role
from communities.models import Community, Duty, User
from communities.settings import BURST_PEOPLE, SAMPLE_PERCENT
from core import clock, words
from notifications.outbox import Words, tell

LOOKED_BACK = timedelta(days=30)
RECENT = timedelta(days=3)


class Burst(NamedTuple):
    """So many records of one recorder on one day in one community's activities."""

    recorder: User
    on: date
    community: Community
    people: int


def by_hand(rows: ParticipationQuerySet) -> ParticipationQuerySet:
    """What somebody wrote down for others."""
    own = Q(recorded_by=F("resident__account")) | Q(arrived_how=Means.CODE, left_how=Means.CODE)
    return rows.filter(recorded_at__isnull=False, recorded_by__isnull=False).exclude(own)


def bursts(rows: ParticipationQuerySet, since: datetime) -> list[Burst]:
    """Who recorded more people on one day than the setting allows without a look, the newest first."""
    counted = by_hand(rows).filter(recorded_at__gte=since).order_by().values(
        "recorded_by", "activity__community", on=TruncDate("recorded_at")
    ).annotate(people=Count("pk"))  # fmt: skip
    found = [row for row in counted.order_by("-on", "recorded_by") if row["people"] > BURST_PEOPLE.low]
    places = Community.objects.in_bulk({row["activity__community"] for row in found})
    people = User.objects.in_bulk({row["recorded_by"] for row in found})
    most = {
        street: settings.over_time(BURST_PEOPLE, street) for street in {one.sub_district_id for one in places.values()}
    }
    made = [
        Burst(people[row["recorded_by"]], row["on"], places[row["activity__community"]], row["people"]) for row in found
    ]
    return [one for one in made if one.people > most[one.community.sub_district_id](one.on)]


def of_user(user: User, *, days: timedelta = LOOKED_BACK) -> list[Burst]:
    """Bursts in the communities where `user` works."""
    return bursts(Participation.objects.for_staff(user), clock.now() - days)


def recorded_on(user: User, recorder: int, on: date) -> QuerySet[Participation]:
    """What `recorder` wrote down on one day, as `user` may see it, by the minute."""
    begin = clock.at(on, time())
    mine = by_hand(Participation.objects.for_staff(user)).filter(recorded_by=recorder)
    day = mine.filter(recorded_at__gte=begin, recorded_at__lt=begin + timedelta(days=1))
    return day.with_people().order_by("recorded_at", "pk")


def tell_heads(at: datetime) -> int:
    """Beat: the heads of a community hear of each burst once; how many bursts there are. Repeatable."""
    found = bursts(Participation.objects.all(), at - RECENT)
    for one in found:
        said = Words(
            "录入量偏多，请核对",
            f"{one.recorder}在{words.day(one.on)}为“{one.community.name}”录入了{one.people}人次的到场和时长，超过提醒线。请抽几条和签到表核对。",
            reverse("desk:oversight-recorder", args=[one.recorder.pk, one.on]),
        )
        for head in _heads(one.community):
            tell(staff=head, occasion=f"burst:{one.recorder.pk}:{one.community.pk}:{one.on}", words=said)
    return len(found)


def _heads(community: Community) -> Iterator[User]:
    held = Duty.objects.current().filter(Q(role=Role.HEAD, community=community))
    street = Duty.objects.current().filter(role=Role.STREET_ADMIN, sub_district=community.sub_district_id)
    yield from User.objects.filter(pk__in=(held | street).values("user"), is_active=True).order_by("pk")


def rows(user: User) -> list[todo.Row]:
    """To-do of heads and administrators: bursts of the last days."""
    held = user.duties.current().filter(role__in=(Role.HEAD, Role.STREET_ADMIN))
    if not held.exists():
        return []
    count = sum(one.recorder.pk != user.pk for one in of_user(user, days=RECENT))
    return [todo.Row("review", "录入量偏多待核对", count, reverse("desk:oversight"))]


# 抽查


def sample(community: Community, month: date) -> list[Service]:
    """The records of `month` to be checked: so many per hundred, drawn by the number of the record, the same each time it is asked.

    Nobody chooses them, and whoever records cannot know which they will be before the record stands.
    """
    first = terms.month_of(month)
    after = terms.add_months(first, 1)
    mine = Service.objects.filter(community=community).standing().filter(on__gte=first, on__lt=after)
    percent = settings.value_of(SAMPLE_PERCENT, community.sub_district_id, on=min(after, clock.today()))
    wanted = -(-mine.count() * percent // 100)
    drawn = MD5(Concat(Value(f"{community.pk}:{first}:"), Cast("pk", CharField())))
    picked = mine.annotate(drawn=drawn).order_by("drawn", "pk").values("pk")[:wanted]
    rows = Service.objects.filter(pk__in=list(picked.values_list("pk", flat=True)))
    return list(rows.select_related("resident", "recorded_by", "confirmed_by", "participation").order_by("on", "pk"))
