"""When a group runs: on which days, from when until when on Shanghai's clock, and by when a child is missed."""

from datetime import date, datetime, timedelta

from childcare.models import Group
from childcare.places import groups
from communities.settings import CARE_CALL_MINUTES, CARE_HOLD_MINUTES, value_of
from core import clock


def runs_on(group: Group, day: date) -> bool:
    """Whether the group meets on `day`: within its dates, on its weekdays, on no holiday (childcare/places/groups.py)."""
    return group.status == Group.Status.OPEN and bool(groups.days_between(group, day, day))


def starts_at(group: Group, day: date) -> datetime:
    return clock.at(day, group.starts)


def ends_at(group: Group, day: date) -> datetime:
    return clock.at(day, group.ends)


def patience(group: Group) -> timedelta:
    """How long after the start or the end somebody is called (setting); one query where the community was read with it."""
    return timedelta(minutes=value_of(CARE_CALL_MINUTES, group.centre.community.sub_district_id))


def waiting(group: Group) -> timedelta:
    """How long nobody is called while somebody is on the way (setting)."""
    return timedelta(minutes=value_of(CARE_HOLD_MINUTES, group.centre.community.sub_district_id))


def minutes_late(group: Group, day: date, at: datetime) -> int:
    """Whole minutes after the end of `day`; 0 up to the end."""
    return max(int((at - ends_at(group, day)).total_seconds() // 60), 0)
