"""An activity in its room: what activities/sql/0011 carries over of before rooms were held, and a room that knows how many come."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from activities import revising
from core import clock
from tests import world as cast
from tests.books import breaches
from tests.world import World
from venues.models import Booking

pytestmark = pytest.mark.django_db
FILE = Path(settings.BASE_DIR) / "activities/sql/0011_rooms.sql"


def carry_over() -> None:
    """The part that moves rows; the view stands already."""
    rows, view, _ = FILE.read_text(encoding="utf-8").partition("CREATE VIEW")
    assert view
    with connection.cursor() as cursor:
        cursor.execute(rows)


def test_what_is_to_come_holds_its_room_and_what_stood_in_the_way_stays(world: World) -> None:
    room, at = cast.room(world.wenxing), clock.now() + timedelta(days=3)
    hour = timedelta(hours=1)

    def activity(title: str, begins: timedelta, **fields: object) -> None:
        cast.activity(world.wenxing, title=title, room=room, starts_at=at + begins, **fields)

    activity("先到", timedelta())
    activity("撞上", hour)
    activity("挨着", 2 * hour, published_by=world.chen)  # no gap was asked of it when it was promised
    activity("草稿", 9 * hour, status="draft")
    activity("过去", -timedelta(days=9))
    cast.activity(world.wenxing, title="户外", starts_at=at)
    carry_over()
    held = Booking.objects.order_by("starts_at")
    assert [(one.title, one.use, one.people, one.by) for one in held] == [
        ("先到", "activity", 10, world.system), ("挨着", "activity", 10, world.chen),
    ]  # fmt: skip
    assert [one.blocked_until - one.starts_at for one in held] == [2 * hour, 2 * hour]
    assert breaches() == []


def test_more_places_stand_on_the_rooms_calendar_too(world: World) -> None:
    """The room's page warns of whoever is too many for it."""
    activity = cast.activity(world.wenxing, room=cast.room(world.wenxing))
    revising.change(activity=activity, by=world.zhang)
    held = Booking.objects.get()
    activity.capacity = 12
    revising.change(activity=activity, by=world.zhang)
    assert [(one.pk, one.status, one.people) for one in Booking.objects.all()] == [(held.pk, "booked", 12)]
