"""待入账: what a resident is told between check-out and the points: how many, who confirms them and by when."""

from collections.abc import Iterable
from datetime import date, timedelta

from activities.models import Activity, Means, Participation
from communities import calendar, settings
from core import clock, words


def last_days(activities: Iterable[Activity]) -> dict[int, date]:
    """By activity the last day for recording and confirming, as deadlines.last_day says; two queries a sub-district."""
    by_street: dict[int, list[Activity]] = {}
    for one in activities:
        by_street.setdefault(one.community.sub_district_id, []).append(one)
    return {pk: day for street, some in by_street.items() for pk, day in _of_street(street, some).items()}


def _of_street(street: int, activities: list[Activity]) -> dict[int, date]:
    ended = {one.pk: clock.local(one.ends_at).date() for one in activities}
    working = calendar.calendar_of(street, min(ended.values()) - timedelta(days=1))
    allowed = settings.over_time(settings.RECORD_DAYS, street)
    return {pk: working.add(day, allowed(day)) for pk, day in ended.items()}


def title_of(mine: Participation) -> str:
    """待入账20积分; what gives no points is recorded all the same."""
    return f"待入账{mine.points}积分" if mine.points else f"已记录{mine.minutes}分钟，待核对"


def said_of(mine: Participation, last: date) -> str:
    """Who confirms it, and by when; its activity has its community."""
    if mine.left_how == Means.FORGOTTEN:
        return f"忘记签退，由{mine.activity.community.name}工作人员核实时长，最晚{words.day(last)}"
    return f"由{mine.activity.community.name}工作人员核对确认，最晚{words.day(last)}"


def one_said(mine: Participation) -> str:
    """As `said_of`, for a page about one."""
    return said_of(mine, last_days([mine.activity])[mine.activity_id])
