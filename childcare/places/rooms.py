"""班的活动室: the days on which a group needs its room, what is in the way, and the claim on all of them at once."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta

from childcare.models import Group
from communities.models import User
from core import clock
from core.refusals import Refused
from venues import claiming, series
from venues.claiming import Purpose
from venues.models import Booking, BookingSeries, Room, Use

ENDED = "班次结束"  # why the room was given back
HIGHEST = 3  # storey for children under 14 (domain guide, 6.1)
FIGURES = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


class NoArea(Refused):
    code = "care_room_no_area"
    message = "这间活动室没有登记面积，算不出能收多少孩子，没有开班。请先在“活动室”里补登面积。"


class WrongFloor(Refused):
    code = "care_room_floor"
    message = f"托管的活动室不能在地下，也不能高于{HIGHEST}层，没有开班。请换一间活动室。"


class NoDays(Refused):
    code = "care_group_no_days"
    message = "这个班没有一天可以开，没有开班，什么都没有改动。请检查日期、星期和节假日。"


def storey(text: str) -> int | None:
    """3 for 3层, 三楼; below 0 for a basement; None when it is not said."""
    said = text.strip().upper()
    if any(word in said for word in ("地下", "负", "-", "B")):
        return -1
    if figure := re.search(r"\d+", said):
        return int(figure[0])
    tens, _, ones = said.partition("十")
    if "十" in said:
        return FIGURES.get(tens[-1:], 1) * 10 + FIGURES.get(ones[:1], 0)
    return next((FIGURES[one] for one in said if one in FIGURES), None)


def refusal_for(room: Room) -> Refused | None:
    """Why children cannot be looked after in `room`; None when nothing stands against it."""
    if room.standing == Room.Standing.CLOSED:
        return claiming.RoomClosed()
    if room.area is None:
        return NoArea()
    floor = storey(room.floor)
    return WrongFloor() if floor is not None and not 0 < floor <= HIGHEST else None


def pattern_of(group: Group) -> series.Pattern:
    ends, starts = (clock.at(group.first_on, one) for one in (group.ends, group.starts))
    minutes = int((ends - starts).total_seconds()) // 60
    return series.Pattern(group.first_on, group.last_on, group.starts, minutes, group.weekdays)


def plan(group: Group, at: datetime) -> list[series.Day]:
    """Each day of the group still to come and what it meets: a holiday, or somebody who has the room."""
    return series.look(group.room, pattern_of(group), Use.CARE, at)


def claim(group: Group, days: Collection[date] | None, *, by: User, at: datetime) -> BookingSeries:
    """The room on each of `days` of the plan (None: those that are no holiday); under the room's lock, inside a verb."""
    pattern, every = pattern_of(group), plan(group, at)
    kept = [one for one in every if (not one.holiday if days is None else one.day in days)]
    if not kept:
        raise NoDays
    chosen = {one.day for one in kept}
    skipped = [[one.day.isoformat(), series.reason_of(one)] for one in every if one.day not in chosen]
    title = f"{group.centre}·{group.name}"[:60]
    made = BookingSeries.objects.create(
        room=group.room, use=Use.CARE, title=title, weekdays=group.weekdays, starts=group.starts, minutes=pattern.minutes,
        first=group.first_on, last=group.last_on, skipped=skipped, made_by=by, made_at=at,
    )  # fmt: skip
    purpose = Purpose(Use.CARE, title, str(group.centre.operator)[:60], series=made)
    claiming.claim(room=group.room, hours=[one.hours for one in kept], purpose=purpose, by=by, at=at)
    return made


def release(group: Group, last_day: date, *, by: User, at: datetime) -> None:
    """Give the room back on the days after `last_day`; inside a verb."""
    after = clock.midnight_after(last_day)
    later = Booking.objects.holding().filter(series=group.series_id, starts_at__gte=after)
    claiming.free(later if group.series_id else [], by=by, at=at, reason=ENDED)


def days_of(series_id: int, first: date, last: date) -> list[date]:
    """The days on which the room is held for the series."""
    begin, end = clock.midnight_after(first - timedelta(days=1)), clock.midnight_after(last)
    held = Booking.objects.holding().filter(series=series_id, starts_at__gte=begin, starts_at__lt=end)
    return sorted({clock.local(one).date() for one in held.values_list("starts_at", flat=True)})


def days_given_back(group: Group, last: date) -> list[date]:
    """The days until `last` that the group was planned for, before it was ended early."""
    begin, end = clock.midnight_after(group.last_on), clock.midnight_after(last)
    freed = Booking.objects.filter(series=group.series_id, end_reason=ENDED, starts_at__gte=begin, starts_at__lt=end)
    return sorted({clock.local(one).date() for one in freed.values_list("starts_at", flat=True)})
