"""Evenings on Shanghai's calendar: weekdays, the year's end, 29 February, no daylight saving."""

from datetime import UTC, date, datetime, time, timedelta

from nightschool.timetable import Timetable

MONDAY, TUESDAY, THURSDAY = 0, 1, 3


def table(first: date, *weekdays: int, lessons: int = 4, starts: time = time(19)) -> Timetable:
    return Timetable(first, frozenset(weekdays), lessons, starts, 90)


def test_two_evenings_a_week_in_order() -> None:
    assert table(date(2026, 12, 1), TUESDAY, THURSDAY).days() == [
        date(2026, 12, 1),
        date(2026, 12, 3),
        date(2026, 12, 8),
        date(2026, 12, 10),
    ]


def test_a_course_goes_on_over_the_end_of_the_year() -> None:
    assert table(date(2026, 12, 22), TUESDAY).days() == [
        date(2026, 12, 22),
        date(2026, 12, 29),
        date(2027, 1, 5),
        date(2027, 1, 12),
    ]


def test_29_february_is_an_evening_like_others() -> None:
    assert table(date(2028, 2, 22), TUESDAY, lessons=3).days() == [
        date(2028, 2, 22),
        date(2028, 2, 29),
        date(2028, 3, 7),
    ]


def test_19_00_in_shanghai_is_11_00_utc_in_winter_and_in_summer() -> None:
    for day in (date(2027, 1, 4), date(2027, 7, 5)):
        start, end = table(day, MONDAY, lessons=1).classes()[0]
        assert start == datetime.combine(day, time(11), UTC)
        assert end - start == timedelta(minutes=90)


def test_an_early_class_stays_on_its_day_in_shanghai() -> None:
    start, _ = table(date(2027, 1, 4), MONDAY, lessons=1, starts=time(7, 30)).classes()[0]
    assert start == datetime(2027, 1, 3, 23, 30, tzinfo=UTC)


def test_without_a_weekday_there_is_no_class() -> None:
    assert table(date(2027, 1, 4)).classes() == []
