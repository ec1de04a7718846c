"""Which evenings a course meets: dates of Shanghai's calendar, clock times of Shanghai's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from core import clock

LESSONS = range(1, 61)
MINUTES = range(30, 241)


@dataclass(frozen=True)
class Timetable:
    """`lessons` classes of `minutes` from `starts` on, on the `weekdays` (0 is Monday) from the day `first` on."""

    first: date
    weekdays: frozenset[int]
    lessons: int
    starts: time
    minutes: int

    def days(self) -> list[date]:
        """The days of the classes in order; none when no weekday was chosen."""
        left = (date.max - self.first).days + 1  # somebody may type the last year of the calendar
        week_by_week = (self.first + timedelta(days=n) for n in range(min(7 * self.lessons, left)))
        return list(islice((day for day in week_by_week if day.weekday() in self.weekdays), self.lessons))

    def classes(self) -> list[tuple[datetime, datetime]]:
        """Start and end of each class."""
        starts = [clock.at(day, self.starts) for day in self.days()]
        return [(start, start + timedelta(minutes=self.minutes)) for start in starts]
