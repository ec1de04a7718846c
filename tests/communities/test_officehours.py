"""Hours count while somebody is at the desk: 08:30–12:00 and 14:30–18:00 of working days."""

from datetime import date, datetime

import pytest

from communities.models import Holiday
from communities.officehours import after
from core import clock
from tests.world import World

pytestmark = pytest.mark.django_db
# 2026-11-23 is a Monday.
TABLE = [
    ("11-23 09:00", 2, "11-23 11:00"),
    ("11-23 10:00", 2, "11-23 12:00"),
    ("11-23 11:00", 2, "11-23 15:30"),  # an hour before the midday break, one after it
    ("11-23 12:30", 2, "11-23 16:30"),
    ("11-23 17:00", 2, "11-24 09:30"),
    ("11-23 18:00", 2, "11-24 10:30"),
    ("11-23 03:00", 2, "11-23 10:30"),
    ("11-23 08:30", 7, "11-23 18:00"),  # a whole day
    ("11-23 08:30", 8, "11-24 09:30"),
    ("11-27 17:30", 1, "11-30 09:00"),  # over the weekend
    ("11-28 10:00", 2, "11-30 10:30"),  # a Saturday
    ("11-23 09:00", 40, "11-30 16:30"),
]


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(("begins", "hours", "ends"), TABLE)
def test_so_many_office_hours_later(begins: str, hours: int, ends: str, world: World) -> None:
    assert after(at(begins), hours, world.street.pk) == at(ends)


def test_a_holiday_of_the_sub_district_is_left_out(world: World) -> None:
    Holiday.objects.create(
        sub_district=world.street, day=date(2026, 11, 24), name="防汛演练", is_working=False, by=world.he
    )
    assert after(at("11-23 17:00"), 2, world.street.pk) == at("11-25 09:30")
    assert after(at("11-23 17:00"), 2, world.hualin.sub_district_id) == at("11-24 09:30")
