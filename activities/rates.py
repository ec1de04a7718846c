"""What taking part gives: the points rule of the activity's kind, in force on the day of service (points/pricing.py)."""

from datetime import date

from activities.kinds import TEMPLATES
from activities.models import Activity
from core import clock
from points import pricing
from points.pricing import Price, Tariff


def quantity_of(activity: Activity, minutes: int) -> int:
    """What the rule counts: minutes of volunteering, one time of everything else."""
    return minutes if activity.volunteering else 1


def price_of(activity: Activity, minutes: int) -> Price:
    """What `minutes` of this activity ask for, by the rule of the day it began."""
    day = clock.local(activity.starts_at).date()
    found = pricing.tariff(TEMPLATES[activity.kind].rule, activity.community.sub_district_id, on=day)
    return found.price(quantity_of(activity, minutes))


class Prices:
    """The tariffs of a list, each sub-district's and day's read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, date], dict[str, Tariff]] = {}

    def of(self, code: str, quantity: int, sub_district_id: int, on: date) -> Price:
        """What `quantity` of the rule `code` asks for on the day `on`. Refuses `UnknownRule`."""
        key = sub_district_id, on
        if key not in self._read:
            self._read[key] = pricing.tariffs(sub_district_id, on=on)
        if code not in self._read[key]:
            raise pricing.UnknownRule
        return self._read[key][code].price(quantity)

    def of_activity(self, activity: Activity, minutes: int) -> Price:
        day = clock.local(activity.starts_at).date()
        street = activity.community.sub_district_id
        return self.of(TEMPLATES[activity.kind].rule, quantity_of(activity, minutes), street, day)
