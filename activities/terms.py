"""任期 and 满月: whole calendar months, counted on Shanghai's days. No table, no verb."""

from calendar import monthrange
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the last one where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def term_end(starts_on: date, months: int) -> date:
    """The last day of a term of `months` that begins on `starts_on`."""
    return add_months(starts_on, months) - timedelta(days=1)


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def named(month: date) -> str:
    """2026年10月."""
    return f"{month.year}年{month.month}月"
