"""记录期限: what is recorded later than a few working days after the activity is marked 补录 (domain guide, 3.2)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from activities.models import Activity
from communities import calendar, settings
from core import clock

FURTHEST = 366  # days looked back: the longest window of working days is far shorter


def last_day(activity: Activity) -> date:
    """The last day on which a record of `activity` is complete in time; its community is read."""
    ended, street = clock.local(activity.ends_at).date(), activity.community.sub_district_id
    return calendar.add_working_days(ended, settings.value_of(settings.RECORD_DAYS, street, on=ended), street)


def until(ended: datetime, sub_district_id: int) -> datetime:
    """For a to-do: the end of the last day of an activity that ended then."""
    day = clock.local(ended).date()
    allowed = settings.value_of(settings.RECORD_DAYS, sub_district_id, on=day)
    return calendar.working(allowed)(ended, sub_district_id)


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


def last_days(activities: Iterable[Activity]) -> dict[int, date]:
    """`last_day` of each, by number; two queries a sub-district."""
    by_street: dict[int, list[Activity]] = {}
    for one in activities:
        by_street.setdefault(one.community.sub_district_id, []).append(one)
    return {pk: day for street, some in by_street.items() for pk, day in _of_street(street, some).items()}


def _of_street(street: int, activities: list[Activity]) -> dict[int, date]:
    ended = {one.pk: clock.local(one.ends_at).date() for one in activities}
    working = calendar.calendar_of(street, min(ended.values()) - timedelta(days=1))
    allowed = settings.over_time(settings.RECORD_DAYS, street)
    return {pk: working.add(day, allowed(day)) for pk, day in ended.items()}
