"""名额: how many children a group may take, and which figure says so (domain guide, 6.1 and 6.3)."""

from collections.abc import Iterable
from datetime import date, time
from typing import NamedTuple

from childcare.models import Centre, Group
from communities.settings import CARE_AREA, CARE_CLASS_MOST, values_of


class Limit(NamedTuple):
    """`most` children by one of the rules."""

    label: str
    most: int


class Span(NamedTuple):
    """When so many children are there: from and to a day, on weekdays (0 is Monday), from and to an hour."""

    first_on: date
    last_on: date
    weekdays: frozenset[int]
    starts: time
    ends: time
    children: int


def span_of(group: Group, children: int = 0) -> Span:
    weekdays = frozenset(group.weekdays)
    return Span(group.first_on, group.last_on, weekdays, group.starts, group.ends, children or group.capacity)


def limits(group: Group) -> list[Limit]:
    """Every figure that the least is taken of; without the room's area there is none of it. Two queries."""
    room, centre = group.room, group.centre
    each = values_of((CARE_AREA, CARE_CLASS_MOST), centre.community.sub_district_id)
    found = [
        Limit("座位", group.seats),
        Limit("活动室容纳人数（消防核定）", room.capacity),
        Limit(f"核定人数{centre.licensed}，除去同时段的其他班", centre.licensed - beside(group)),
        Limit("每班上限", each[CARE_CLASS_MOST]),
    ]
    if room.area is None:
        return found
    return [
        Limit(f"面积{float(room.area):g}平方米，每人{each[CARE_AREA]}平方米", int(room.area // each[CARE_AREA])),
        *found,
    ]


def capacity_of(group: Group) -> int:
    """The least of all, never below 0."""
    return max(min(one.most for one in limits(group)), 0)


def beside(group: Group) -> int:
    """How many children the centre's other open groups hold at the fullest moment of this one."""
    others = Group.objects.filter(centre=group.centre_id, status=Group.Status.OPEN).exclude(pk=group.pk)
    return peak([span_of(one) for one in others], span_of(group, 1))


def peak(others: Iterable[Span], mine: Span) -> int:
    """The most of `others` at once while `mine` goes on; the fullest moment is when one of them begins, on the first day of one."""
    meeting = [one for one in others if _meets(one, mine)]
    days = {mine.first_on, *(one.first_on for one in meeting if one.first_on > mine.first_on)}
    hours = {mine.starts, *(one.starts for one in meeting if one.starts > mine.starts)}
    return max(
        (
            sum(one.children for one in meeting if _holds(one, day, weekday, hour))
            for day in days
            for weekday in mine.weekdays
            for hour in hours
        ),
        default=0,
    )


def peak_of(centre: Centre) -> int:
    """The most children that the open groups of the centre hold at once; the database's function `childcare_peak` says the same."""
    spans = [span_of(one) for one in centre.groups.filter(status=Group.Status.OPEN)]
    return max((peak(spans, one) for one in spans), default=0)


def _meets(one: Span, mine: Span) -> bool:
    days = one.first_on <= mine.last_on and mine.first_on <= one.last_on
    return days and one.starts < mine.ends and mine.starts < one.ends and bool(one.weekdays & mine.weekdays)


def _holds(one: Span, day: date, weekday: int, hour: time) -> bool:
    return one.first_on <= day <= one.last_on and weekday in one.weekdays and one.starts <= hour < one.ends
