"""Dates and figures as residents read them (mock-ups, “Copy”)."""

from datetime import date, datetime

from core import clock

WEEKDAYS = "一二三四五六日"


def day(value: date) -> str:
    """12月2日（周二）; the year is named only when it is not this one."""
    year = "" if value.year == clock.today().year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"


def moment(value: datetime) -> str:
    """12月2日（周二）19:00, or 今天/今晚/明天 with the clock."""
    local = clock.local(value)
    distance = (local.date() - clock.today()).days
    near = {0: "今晚" if local.hour >= 18 else "今天", 1: "明天"}.get(distance)
    return f"{near or day(local.date())}{local:%H:%M}"


def dated(value: datetime) -> str:
    """12月2日（周二）19:00, never 今晚: for what is read on another day (messages, lists, paper)."""
    local = clock.local(value)
    return f"{day(local.date())}{local:%H:%M}"


def span(start: datetime, end: datetime) -> str:
    """19:00—20:30."""
    return f"{clock.local(start):%H:%M}—{clock.local(end):%H:%M}"


def points(value: int) -> str:
    """1,286."""
    return f"{value:,}"
