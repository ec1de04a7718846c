"""What is asked of the books before a presence is recorded, each thing read once and only when it is asked for.

The same questions for one person and for a sheet of hundreds: the number of queries does not depend on how many there are.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property

from activities import deadlines, hours, rates
from activities.agreed import Agreed
from activities.models import Activity, Correction, Participation
from communities.models import Resident
from core import clock

Status = Participation.Status
COUNTED = (Status.RECORDED, Status.CONFIRMED)
NEAR = timedelta(days=1)  # further away than this nothing meets a record of the activity, nor is on the same day


class Facts:
    """About `residents` (their numbers) at one `activity`, which has its community. Ask after the rows are locked."""

    def __init__(self, activity: Activity, residents: Iterable[int]) -> None:
        self.activity, self.residents = activity, list(residents)
        self.agreed = Agreed(self.residents)
        self._prices, self._caps = rates.Prices(), dict[date, int]()

    @cached_property
    def last_day(self) -> date:
        """The last day on which a record is complete in time."""
        return deadlines.last_day(self.activity)

    def is_late(self, at: datetime) -> bool:
        """Whether what is recorded at `at` is 补录; the deadline is that of service, not of meetings (民政部令第67号, 11)."""
        return self.activity.volunteering and clock.local(at).date() > self.last_day

    @cached_property
    def struck_out(self) -> frozenset[int]:
        """The participations that two colleagues corrected to absent."""
        approved = Correction.objects.filter(status=Correction.Status.APPROVED, participation__activity=self.activity)
        mine = approved.filter(participation__resident__in=self.residents)
        return frozenset(mine.order_by().values_list("participation", flat=True))

    def points(self, minutes: int, earner: Resident) -> int:
        """What `minutes` ask for. Refuses `UnknownRule`."""
        return self._prices.of_activity(self.activity, minutes, earner).asked

    def cap(self, day: date) -> int:
        """The most minutes of one person on `day`."""
        if day not in self._caps:
            self._caps[day] = hours.day_cap(self.activity.community.sub_district_id, day)
        return self._caps[day]

    def overlapped(self, resident: int, begins: datetime, ends: datetime) -> Participation | None:
        """What is counted elsewhere of the same time, the earliest; nobody is in two places."""
        counted = self._elsewhere.get(resident, [])
        return next((one for one, since, until in counted if since < ends and until > begins), None)

    def is_over(self, resident: int, begins: datetime, minutes: int) -> bool:
        """Whether with `minutes` the volunteering of that day would pass the most (domain guide, 3.2)."""
        if not self.activity.volunteering:
            return False
        day = clock.local(begins).date()
        first, following = clock.at(day, time()), clock.midnight_after(day)
        counted = self._elsewhere.get(resident, [])
        others = [one for one, since, _ in counted if one.activity.volunteering and first <= since < following]
        return minutes + sum(one.minutes or 0 for one in others) > self.cap(day)

    @cached_property
    def _elsewhere(self) -> dict[int, list[tuple[Participation, datetime, datetime]]]:
        """Other activities' records of these people around this one's time; of this activity there is but one row each."""
        since, until = self.activity.starts_at - NEAR, self.activity.ends_at + NEAR
        rows = Participation.objects.filter(resident__in=self.residents, status__in=COUNTED).exclude(
            activity=self.activity
        )
        near = rows.filter(served_from__lt=until, served_to__gt=since).select_related("activity")
        found: dict[int, list[tuple[Participation, datetime, datetime]]] = {}
        for one in near.order_by("served_from", "pk"):
            if one.served_from and one.served_to:
                found.setdefault(one.resident_id, []).append((one, one.served_from, one.served_to))
        return found
