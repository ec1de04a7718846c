"""工作人员预订: any use that staff have a room for, once or week after week, with the days that are left out and why.

Classes and activities claim their rooms themselves, residents book by the rules of booking.py. `look` says beforehand what every
day meets: a holiday, somebody who has the room, somebody who would have to give way; `book` does what was looked at.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import prefetch_related_objects

from communities import calendar, duties
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import verb
from venues import booking as bookings, claiming, displacing, opening, priority
from venues.claiming import Hours, Purpose, RoomTaken
from venues.models import Booking, BookingSeries, Room, Use

USES = (Use.TEAM, Use.PARTNER, Use.MEETING, Use.CARE, Use.CLOSED)  # what is booked by hand
MOST, FARTHEST = 120, 366  # days booked at once; days ahead
SHORTEST, LONGEST = 15, 900  # minutes


class BadSeries(BadInput):
    code = "booking_bad_series"

    def __init__(self, why: str = "请检查日期和时间。") -> None:
        super().__init__(f"{why}没有预订。")


class NoDays(BadInput):
    code = "booking_no_days"
    message = "没有可以预订的日期，没有预订。请检查日期和星期，或勾选要预订的日子。"


class DaysTaken(Refused):
    code = "booking_days_taken"

    def __init__(self, days: Iterable[date] = ()) -> None:
        said = "、".join(words.day(day) for day in days)
        super().__init__(f"这些日子房间已有人用：{said}。没有预订，什么都没有改动。请去掉这些日子，或换时间、换房间。")


@dataclass(frozen=True)
class Pattern:
    """From `first` to `last` on `weekdays` (0 is Monday; none: every day), from `starts` on for `minutes`."""

    first: date
    last: date
    starts: time
    minutes: int
    weekdays: Sequence[int] = ()

    def days(self) -> list[date]:
        """Every day of it, holidays as well."""
        every = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return [day for day in every if not self.weekdays or day.weekday() in self.weekdays]

    def hours_on(self, day: date) -> Hours:
        """By Shanghai's clock; what begins late may end the next day."""
        begins = clock.at(day, self.starts)
        return Hours(begins, begins + timedelta(minutes=self.minutes))


class Day(NamedTuple):
    """One day of a pattern and what it meets: `holiday` is its name, `taken` who has the room then, `yields` whether all of them give way."""

    day: date
    hours: Hours
    holiday: str
    taken: Sequence[Booking]
    yields: bool
    is_open: bool

    @property
    def is_free(self) -> bool:
        """Whether the room can be had then: nobody has it, or all give way."""
        return not self.taken or self.yields

    @property
    def is_offered(self) -> bool:
        """Whether it is ticked unless staff say otherwise: free without anybody giving way, and no holiday."""
        return not self.holiday and not self.taken


def refusal_for(pattern: Pattern, use: Use, at: datetime) -> Refused | None:
    """Why the pattern cannot be booked at all; None when nothing stands against it. Page and verb ask."""
    today = clock.local(at).date()
    reasons = [
        (use not in USES, "课程和活动请在各自的页面里安排，居民自用请用“代居民办理”。"),
        (pattern.last < pattern.first, "结束日期早于开始日期。"),
        (pattern.first < today, "开始日期已经过去。"),
        ((pattern.last - today).days > FARTHEST, "结束日期在一年以后，请缩短。"),
        (not SHORTEST <= pattern.minutes <= LONGEST, f"时长须在{SHORTEST}到{LONGEST}分钟之间。"),
        (any(day not in range(7) for day in pattern.weekdays), "星期有误。"),
        (clock.at(pattern.first, pattern.starts) <= at and pattern.first == pattern.last, "开始时间已经过去。"),
    ]
    said = next((text for stands, text in reasons if stands), "")
    if said:
        return BadSeries(said)
    many = len(pattern.days())
    return BadSeries(f"一次最多预订{MOST}天，请分几次办理。") if many > MOST else None if many else NoDays()


def look(room: Room, pattern: Pattern, use: Use, at: datetime) -> list[Day]:
    """Each day of `pattern` still to come and what it meets; six queries for any number of days."""
    street = room.community.sub_district_id
    days = [day for day in pattern.days() if pattern.hours_on(day).starts_at > at]
    hours = [pattern.hours_on(day) for day in days]
    if not hours:
        return []
    gap, notice = claiming.gap_of(room), priority.notice_of(street)
    names, usual = calendar.names_of(street, days), opening.usual(street)
    held = list(claiming.in_the_way(room, hours, gap=gap))
    prefetch_related_objects([room], "hours")
    found = []
    for day, one in zip(days, hours, strict=True):
        taken = [other for other in held if claiming.clash([other], one, gap)]
        yields = bool(taken) and all(priority.yields(other, use, notice, at) for other in taken)
        windows = opening.windows_of(room, day, usual)
        is_open = any(window.starts_at <= one.starts_at and one.ends_at <= window.ends_at for window in windows)
        found.append(Day(day, one, names.get(day, ""), taken, yields, is_open))
    return found


@verb(claiming.REFUSALS)
def book(
    *, room: Room, pattern: Pattern, purpose: Purpose, by: User, days: Collection[date] | None = None,
    skip_taken: bool = False, at: datetime | None = None,
) -> list[Booking]:  # fmt: skip
    """Book `room` on `days` of `pattern` (None: those that `look` offers, or any free one that is no holiday), all under the room's lock.

    Days that were not chosen, holidays and, with `skip_taken`, days that are taken meanwhile are left out and written into the
    series with the reason; a single day makes no series. Who gives way is told. Refuses `refusal_for`, `DaysTaken`, `NoDays`,
    a closed room, more people than it holds, and a stranger.
    """
    at = at or clock.now()
    duties.require(by, room.community, *duties.ENTERING)
    if purpose.people and purpose.people > room.capacity:
        raise bookings.TooMany(room.capacity)
    if refused := refusal_for(pattern, purpose.use, at):
        raise refused
    claiming.hold([room])
    every = look(room, pattern, purpose.use, at)
    wanted = [one for one in every if (one.is_offered if days is None else one.day in days)]
    taken = [one.day for one in wanted if not one.is_free]
    if taken and not skip_taken:
        raise _taken(wanted, taken)
    kept = [one for one in wanted if one.is_free]
    if not kept:
        raise DaysTaken(taken) if taken else NoDays
    series = _series(room, pattern, purpose, every, kept, by, at) if len(pattern.days()) > 1 else None
    gone = displacing.displace((other for one in kept for other in one.taken), by=by, at=at)
    made = claiming.claim(
        room=room, hours=[one.hours for one in kept], purpose=purpose._replace(series=series), by=by, at=at
    )
    for one, mine in zip(kept, made, strict=True):
        displacing.handed_over((other for other in gone if other in one.taken), mine)
    return made


def _taken(wanted: Sequence[Day], taken: Sequence[date]) -> Refused:
    """One day alone is said with what is in it."""
    if len(wanted) == 1 and wanted[0].taken:
        return RoomTaken(wanted[0].taken[0])
    return DaysTaken(taken)


def _series(
    room: Room, pattern: Pattern, purpose: Purpose, every: Iterable[Day], kept: Collection[Day], by: User, at: datetime
) -> BookingSeries:
    chosen = {one.day for one in kept}
    skipped = [[one.day.isoformat(), reason_of(one)] for one in every if one.day not in chosen]
    return BookingSeries.objects.create(
        room=room, use=purpose.use, title=purpose.title, weekdays=sorted(pattern.weekdays), starts=pattern.starts,
        minutes=pattern.minutes, first=pattern.first, last=pattern.last, skipped=skipped, made_by=by, made_at=at,
    )  # fmt: skip


def reason_of(one: Day) -> str:
    """Why a day of the series was left out."""
    if one.taken and not one.yields:
        return f"已有“{one.taken[0].title}”"
    return one.holiday or "没有选"


def end(*, series: BookingSeries, reason: str, by: User, at: datetime | None = None) -> int:
    """Cancel what of `series` is still to come, one after the other; how many. Refuses what `booking.call_off` refuses."""
    at, reason = at or clock.now(), bookings.worded(reason)
    duties.require(by, series.room.community, *duties.ENTERING)
    ahead = series.bookings.filter(status=Booking.Status.BOOKED, starts_at__gt=at).select_related("room").order_by("pk")
    return len([bookings.call_off(booking=one, reason=reason, by=by, at=at) for one in ahead])
