"""Between 20:30 and 08:30 nobody's phone rings."""

from datetime import date, time, timedelta

import pytest

from core import clock
from notifications.quiet import calm

DAY = date(2026, 12, 31)


@pytest.mark.parametrize("shown", ["08:30", "12:00", "13:15", "20:29:59"])
def test_by_day_it_is_now(shown: str) -> None:
    at = clock.at(DAY, time.fromisoformat(shown))
    assert calm(at) == at


@pytest.mark.parametrize("shown", ["00:00", "03:00", "08:29:59"])
def test_after_midnight_it_is_half_past_eight_of_the_same_day(shown: str) -> None:
    assert calm(clock.at(DAY, time.fromisoformat(shown))) == clock.at(DAY, time(8, 30))


@pytest.mark.parametrize("shown", ["20:30", "23:59:59"])
def test_in_the_evening_it_is_half_past_eight_of_the_next_day(shown: str) -> None:
    assert calm(clock.at(DAY, time.fromisoformat(shown))) == clock.at(DAY + timedelta(days=1), time(8, 30))
