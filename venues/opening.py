"""开放时间: when a room is open on a day, and what of it is still free. All clock times are Shanghai's."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from communities import settings
from core import clock
from venues import claiming
from venues.claiming import Hours
from venues.models import Booking, Room

DAY = 24 * 60  # minutes
Usual = Callable[[date], Sequence[int]]
Span = tuple[int, time, time]  # weekday, opens, closes


def windows(room: Room, day: date) -> list[Hours]:
    """From when to when `room` is open on `day`, in order: its own hours of the weekday; the sub-district's if it has none at all."""
    return windows_of(room, day, () if room.hours.all() else usual(room.community.sub_district_id))


def usual(sub_district_id: int) -> Sequence[int]:
    """Of rooms without hours of their own: the minutes of the day when they open and close; one query."""
    values = settings.values_of((settings.ROOM_OPENS, settings.ROOM_CLOSES), sub_district_id)
    return values[settings.ROOM_OPENS], values[settings.ROOM_CLOSES]


def usual_over_time(sub_district_id: int) -> Usual:
    """As `usual`, of any day; two queries."""
    opens = settings.over_time(settings.ROOM_OPENS, sub_district_id)
    closes = settings.over_time(settings.ROOM_CLOSES, sub_district_id)
    return lambda day: (opens(day), closes(day))


def windows_of(room: Room, day: date, minutes: Sequence[int]) -> list[Hours]:
    """As `windows`, with what `usual` said; no query when the hours of `room` were read with it."""
    return _windows([(one.weekday, one.opens, one.closes) for one in room.hours.all()], day, minutes)


def windows_then(room: Room, day: date, minutes: Sequence[int]) -> list[Hours]:
    """As `windows_of` of a day gone by: by the hours that `room` had then (`earlier_hours`, read with it)."""
    then = min((one for one in room.earlier_hours.all() if one.until > day), key=lambda one: one.until, default=None)
    if then is None:
        return windows_of(room, day, minutes)
    spans = [(weekday, time.fromisoformat(opens), time.fromisoformat(closes)) for weekday, opens, closes in then.spans]
    return _windows(spans, day, minutes)


def _windows(spans: Iterable[Span], day: date, minutes: Sequence[int]) -> list[Hours]:
    if own := sorted(spans):
        return [
            Hours(clock.at(day, opens), clock.at(day, closes))
            for weekday, opens, closes in own
            if weekday == day.weekday()
        ]
    opens, closes = minutes
    return [Hours(at_minute(day, opens), at_minute(day, closes))] if opens < closes else []


def at_minute(day: date, minute: int) -> datetime:
    """The moment `minute` minutes after midnight of `day`; the last one of the day for more than a day has."""
    minute = min(minute, DAY - 1)
    return clock.at(day, time(minute // 60, minute % 60))


def is_open(room: Room, hours: Hours) -> bool:
    """Whether all of `hours` lies within one stretch of the opening hours."""
    day = clock.local(hours.starts_at).date()
    return any(one.starts_at <= hours.starts_at and hours.ends_at <= one.ends_at for one in windows(room, day))


def free(room: Room, day: date, *, held: Iterable[Booking] | None = None) -> list[Hours]:
    """What of the opening hours of `day` a booking may still fill; the time to tidy up lies between. One query for what is held.

    `held`: read already, in order of their beginning.
    """
    open_, gap = windows(room, day), claiming.gap_of(room)
    if held is None:
        held = list(claiming.in_the_way(room, open_, gap=gap)) if open_ else []
    taken = list(held)
    return [left for window in open_ for left in left_of(window, taken, gap)]


def left_of(window: Hours, held: Sequence[Booking], gap: timedelta) -> list[Hours]:
    """What of `window` may still be filled beside `held`, in order of their beginning; no query."""
    found, start = [], window.starts_at
    for one in held:
        if one.blocked_until <= start or one.starts_at >= window.ends_at + gap:
            continue
        found.append(Hours(start, min(window.ends_at, one.starts_at - gap)))
        start = max(start, one.blocked_until)
    found.append(Hours(start, window.ends_at))
    return [one for one in found if one.starts_at < one.ends_at]


def slots(windows_: Iterable[Hours], minutes: int) -> list[Hours]:
    """Each of `windows_` from the first full slot to the last (a slot of `minutes` begins at midnight and so on)."""
    rounded = [Hours(_up(one.starts_at, minutes), _down(one.ends_at, minutes)) for one in windows_]
    return [one for one in rounded if one.starts_at < one.ends_at]


def on_slot(moment: datetime, minutes: int) -> bool:
    return _down(moment, minutes) == moment


def _down(moment: datetime, minutes: int) -> datetime:
    local = clock.local(moment)
    past = timedelta(
        minutes=(local.hour * 60 + local.minute) % minutes, seconds=local.second, microseconds=local.microsecond
    )
    return moment - past


def _up(moment: datetime, minutes: int) -> datetime:
    below = _down(moment, minutes)
    return moment if below == moment else below + timedelta(minutes=minutes)
