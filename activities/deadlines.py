"""记录期限: what is recorded later than a few working days after the activity is marked 补录 (domain guide, 3.2)."""

from datetime import date, datetime, timedelta

from activities.models import Activity
from communities import calendar, settings
from core import clock

FURTHEST = 366  # days looked back: the longest window of working days is far shorter


def last_day(activity: Activity) -> date:
    """The last day on which a record of `activity` is complete in time; its community is read."""
    ended, street = clock.local(activity.ends_at).date(), activity.community.sub_district_id
    return calendar.add_working_days(ended, settings.value_of(settings.RECORD_DAYS, street, on=ended), street)


def in_time_since(sub_district_id: int, at: datetime) -> date:
    """What ended on this day or later is still in time at `at`; two queries. Lists and single looks ask the same."""
    today = clock.local(at).date()
    allowed = settings.over_time(settings.RECORD_DAYS, sub_district_id)
    working = calendar.calendar_of(sub_district_id, today - timedelta(days=FURTHEST))
    day = today
    for _ in range(FURTHEST):
        before = day - timedelta(days=1)
        if working.add(before, allowed(before)) < today:
            break
        day = before
    return day


def is_late(activity: Activity, since: date) -> bool:
    """Whether `activity` ended before `in_time_since`."""
    return clock.local(activity.ends_at).date() < since
