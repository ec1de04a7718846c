"""The only clock of the house. Storage is UTC, business dates are Asia/Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present business date in Shanghai."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on Shanghai's clock."""
    return moment.astimezone(SHANGHAI)


def at(day: date, clock: time) -> datetime:
    """The moment when Shanghai's clock shows `clock` on `day`; on the first day of the year 1 the first one there is."""
    try:
        return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def midnight_after(day: date) -> datetime:
    """The first moment that no longer belongs to `day` in Shanghai; of the last day of the calendar its last one."""
    return at(day + timedelta(days=1), time()) if day < date.max else at(day, time.max)
