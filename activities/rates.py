"""What taking part gives: the points rule of the activity's kind, in force on the day of service (points/pricing.py).

An offer is priced by the street of the activity; what somebody earned by the street where that person's points stand, because
the books take no other rule. Whoever signs up lives in the activity's street, so the two differ only when a community was given
to another sub-district since (区划调整); the message then says so. Every code has a default, so nothing is ever without a rule.
"""

from datetime import date

from activities.kinds import TEMPLATES
from activities.models import Activity
from communities.models import Resident
from core import clock
from points import pricing
from points.pricing import Price, Tariff


def quantity_of(activity: Activity, minutes: int) -> int:
    """What the rule counts: minutes of volunteering, one time of everything else."""
    return minutes if activity.volunteering else 1


def street_of(activity: Activity, earner: Resident | None) -> int:
    """Whose rules price it: those of the sub-district of `earner`; of an offer those of the activity's."""
    return (earner or activity).community.sub_district_id


def price_of(activity: Activity, minutes: int, earner: Resident | None = None) -> Price:
    """What `minutes` of this activity ask for, by the rule of the day it began."""
    day = clock.local(activity.starts_at).date()
    found = pricing.tariff(TEMPLATES[activity.kind].rule, street_of(activity, earner), on=day)
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

    def of_activity(self, activity: Activity, minutes: int, earner: Resident) -> Price:
        day = clock.local(activity.starts_at).date()
        street = street_of(activity, earner)
        return self.of(TEMPLATES[activity.kind].rule, quantity_of(activity, minutes), street, day)
