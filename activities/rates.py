"""What an hour of service gives, by kind of activity (domain guide, 4.2), in force on the day of service."""

from datetime import date

from activities.models import Activity
from communities import settings
from core import clock

HALF_HOUR = 30
Kind = Activity.Kind
DECLARED = dict.fromkeys(Kind, settings.PER_HOUR) | {
    Kind.ELD: settings.PER_HOUR_CARE,
    Kind.PRO: settings.PER_HOUR_PRO,
}


def per_hour(sub_district_id: int, *, on: date | None = None) -> dict[str, int]:
    """Points per hour of every kind in the sub-district on `on` (today), in one query."""
    values = settings.values_of(set(DECLARED.values()), sub_district_id, on=on)
    return {kind: values[declared] for kind, declared in DECLARED.items()}


def points_for(minutes: int, rate: int) -> int:
    """Whole half hours count, the rest is dropped, and so is half a point (domain guide, 3.2)."""
    return minutes // HALF_HOUR * rate // 2


def worth(activity: Activity, minutes: int) -> int:
    """What `minutes` of this activity give, by the rate of the day it began."""
    day = clock.local(activity.starts_at).date()
    return points_for(minutes, per_hour(activity.community.sub_district_id, on=day)[activity.kind])
