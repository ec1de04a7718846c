"""上班时间: hours in which staff are at their desks, on working days, 08:30–12:00 and 14:30–18:00 (domain guide, 17)."""

from datetime import datetime, time, timedelta

from communities.calendar import calendar_of
from core import clock

SHIFTS = ((time(8, 30), time(12)), (time(14, 30), time(18)))


def after(moment: datetime, hours: int, sub_district_id: int) -> datetime:
    """When so many office hours have passed since `moment`; one query."""
    day, left = clock.local(moment).date(), timedelta(hours=hours)
    working = calendar_of(sub_district_id, day)
    while True:
        for begins, ends in SHIFTS if working.is_working(day) else ():
            since, until = max(moment, clock.at(day, begins)), clock.at(day, ends)
            if since + left <= until:
                return since + left
            left -= max(until - since, timedelta())
        day += timedelta(days=1)
