"""Which evenings a course meets: dates of Shanghai's calendar, clock times of Shanghai's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice

from core import clock
from venues.claiming import Hours

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

    def candidates(self) -> Iterator[date]:
        """The days of the pattern from `first` on, to the end of the calendar; none when no weekday was chosen."""
        left = (date.max - self.first).days + 1  # somebody may type the last year of the calendar
        week = (self.first + timedelta(days=n) for n in range(left))
        return (day for day in week if day.weekday() in self.weekdays) if self.weekdays else iter(())

    def days(self) -> list[date]:
        """The days of the classes in order, with nothing left out."""
        return list(islice(self.candidates(), self.lessons))

    def on(self, day: date) -> Hours:
        """The hours of a class on `day`."""
        starts = clock.at(day, self.starts)
        return Hours(starts, starts + timedelta(minutes=self.minutes))

    def classes(self) -> list[Hours]:
        """Start and end of each class."""
        return [self.on(day) for day in self.days()]
