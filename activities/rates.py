"""What taking part gives: the points rule of the activity's kind, in force on the day of service (points/pricing.py)."""

from activities.models import Activity
from core import clock
from points import pricing
from points.pricing import Price


def price_of(activity: Activity, minutes: int) -> Price:
    """What `minutes` of this activity ask for, by the rule of the day it began."""
    day = clock.local(activity.starts_at).date()
    return pricing.tariff(activity.kind, activity.community.sub_district_id, on=day).price(minutes)
