"""Activities as ways to earn: only what this person can join."""

from datetime import date, time, timedelta

import pytest

from activities import ways
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db
SOON = timedelta(days=30)


def offered(resident: Resident, hour: int = 12) -> list[str]:
    at = clock.at(clock.today(), time(hour))
    return [one.title for one in ways.ways(resident, at, at + SOON)]


def test_what_one_is_too_old_or_too_young_for_is_no_way(world: World) -> None:
    for title, limits in (("青年", {"max_age": 40}), ("老年", {"min_age": 60}), ("都行", {})):
        cast.activity(world.wenxing, title=title, starts_at=clock.now() + timedelta(days=3), **limits)
    today = clock.today()
    Resident.objects.filter(pk=world.li.pk).update(birth_date=date(today.year - 70, 1, 1))
    world.li.refresh_from_db()
    assert sorted(offered(world.li)) == ["老年", "都行"]
    Resident.objects.filter(pk=world.li.pk).update(birth_date=date(today.year - 30, 1, 1))
    world.li.refresh_from_db()
    assert sorted(offered(world.li)) == ["都行", "青年"]


def test_a_birthday_begins_at_midnight_in_shanghai(world: World) -> None:
    today = clock.today()
    cast.activity(world.wenxing, title="老年", min_age=60, starts_at=clock.now() + timedelta(days=3))
    Resident.objects.filter(pk=world.li.pk).update(
        birth_date=today.replace(year=today.year - 60, day=min(today.day, 28))
    )
    world.li.refresh_from_db()
    assert offered(world.li, hour=0) == ["老年"]
