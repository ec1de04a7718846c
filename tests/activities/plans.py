"""Activities as colleagues write them down, before they are saved."""

from datetime import timedelta
from typing import Any

from activities.models import Activity
from activities.planning import draft
from core import clock
from tests.world import World


def planned(world: World, **fields: Any) -> Activity:
    """Two hours in two days, not saved."""
    starts = fields.pop("starts_at", clock.now() + timedelta(days=2))
    return Activity(
        **{
            "community": world.wenxing, "kind": "ENV", "title": "捡拾垃圾", "place": "东门", "content": "捡拾",
            "risk": "注意来往车辆", "leader": "张晓燕", "capacity": 20, "min_age": 14,
            "starts_at": starts, "ends_at": starts + timedelta(hours=2),
        }
        | fields
    )  # fmt: skip


def drafted(world: World, **fields: Any) -> Activity:
    return draft(activity=planned(world, **fields), by=world.zhang)
