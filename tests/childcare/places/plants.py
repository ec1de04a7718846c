"""What the promises of places are broken by (tests/points/test_check_books.py), and something for each of them."""

from datetime import timedelta
from typing import Any

from childcare.models import Group
from childcare.places import groups
from core import clock
from tests.childcare import cast
from tests.childcare.places.lined import facts
from tests.world import World
from venues.models import Room

WAITS = """
    INSERT INTO childcare_place (group_id, child_id, payer_id, status, plan, lunch, nap, alone, tier, joined_at, end_reason, by_id)
    SELECT g.id, min(r.id), max(r.id), 'waiting', '{0}', false, false, false, 0, g.at, '', g.by_id
    FROM childcare_group g, communities_resident r WHERE g.status = 'open' AND g.taken < g.capacity GROUP BY g.id LIMIT 1"""
PLACES_PLANTS = {
    "group counts its places and open offers": "UPDATE childcare_group SET taken = taken + 1 WHERE taken < capacity",
    "centre has never more children at once than its licence": "UPDATE childcare_centre SET licensed = 1",
    "nobody waits in front of a free place": WAITS,
    "open group runs in its own room": "UPDATE childcare_group SET starts = '15:00' WHERE series_id IS NOT NULL",
}


def placed(world: World) -> Group:
    """A centre under agreement with a group that is open in its room."""
    centre = cast.centre(world.yongan, world.he, name="有约托管中心")
    room = Room.objects.create(
        community=world.yongan, name="托管9室", place="天和城", capacity=40, area=160, floor="1层"
    )
    days: dict[str, Any] = {"first_on": clock.today() + timedelta(days=1), "last_on": clock.today() + timedelta(days=8)}
    made = groups.draft(centre=centre, facts=facts(room, **days), by=world.he)
    return groups.open(group=made, by=world.he)
