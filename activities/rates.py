"""What taking part gives: the points rule of the activity's kind, in force on the day of service (points/pricing.py)."""

from activities.kinds import TEMPLATES
from activities.models import Activity
from core import clock
from points import pricing
from points.pricing import Price


def quantity_of(activity: Activity, minutes: int) -> int:
    """What the rule counts: minutes of volunteering, one time of everything else."""
    return minutes if activity.volunteering else 1


def price_of(activity: Activity, minutes: int) -> Price:
    """What `minutes` of this activity ask for, by the rule of the day it began."""
    day = clock.local(activity.starts_at).date()
    found = pricing.tariff(TEMPLATES[activity.kind].rule, activity.community.sub_district_id, on=day)
    return found.price(quantity_of(activity, minutes))
