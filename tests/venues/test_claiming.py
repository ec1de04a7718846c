"""占用: what the database itself keeps apart, whoever writes; above all childcare and adults (domain guide, 12)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from tests.venues.letting import held, hours, shared
from tests.world import World
from venues import claiming
from venues.claiming import Hours, Purpose
from venues.models import Booking, Use

pytestmark = pytest.mark.django_db
RAW = """
    INSERT INTO venues_booking (room_id, use, title, unit, starts_at, ends_at, blocked_until, status, by_id, at, end_reason, excuse)
    VALUES (%s, %s, '合唱团', '', %s, %s, %s, 'booked', %s, %s, '', '') RETURNING id
"""
GAP = timedelta(minutes=15)


def written(booking: Booking, when: Hours, use: Use, world: World) -> int:
    """Past every verb, as the application's own login."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW, [booking.room_id, use, *when, when.ends_at + GAP, world.zhang.pk, clock.now()])
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("use", [Use.TEAM, Use.SCHOOL, Use.ACTIVITY, Use.MEETING])
def test_childcare_and_adults_never_share_a_room_nor_the_time_to_tidy_up(world: World, use: Use) -> None:
    """Childcare from 10:00 to 12:00: nobody from 9:45 before it until 12:15 after it; raw SQL is refused as well."""
    care = held(shared(world.wenxing), world, hours(), Use.CARE, "假期托管")
    near = [
        Hours(care.starts_at - timedelta(hours=1), care.starts_at - GAP + timedelta(minutes=1)),
        Hours(care.starts_at + GAP, care.ends_at - GAP),
        Hours(care.ends_at, care.ends_at + timedelta(hours=1)),
        Hours(care.ends_at + GAP - timedelta(seconds=1), care.ends_at + timedelta(hours=1)),
    ]
    for when in near:
        with pytest.raises(IntegrityError, match="booking_no_overlap"):
            written(care, when, use, world)
        with pytest.raises(claiming.RoomTaken):
            claiming.claim(room=care.room, hours=[when], purpose=Purpose(use, "合唱团"), by=world.zhang, at=clock.now())
    after = written(care, Hours(care.ends_at + GAP, care.ends_at + timedelta(hours=1)), use, world)
    with pytest.raises(IntegrityError, match="booking_no_overlap"), transaction.atomic():
        Booking.objects.filter(pk=after).update(starts_at=care.ends_at)
