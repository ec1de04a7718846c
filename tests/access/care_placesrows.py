"""Rows of places for the doors (tests/access/rows.py)."""

from dataclasses import dataclass
from datetime import timedelta

from childcare.models import Group, Place
from core import clock
from tests.access.carerows import CareRows
from tests.childcare import cast
from tests.world import World


@dataclass(frozen=True)
class PlacesRows:
    """A draft, and a group of later days of which the child of 王秀兰 is offered the one place; `full` is one more."""

    draft: Group
    full: Group
    offered: Place


def lay_places(world: World, care: CareRows) -> PlacesRows:
    today = clock.today()
    later = {"first_on": today + timedelta(days=300), "last_on": today + timedelta(days=330), "capacity": 1}
    draft = cast.group(
        care.centre, world.chen, name="金丝雀筹备班", status="draft", opened_at=None, opened_by=None, **later
    )
    here, full = (cast.group(care.centre, world.chen, name=f"金丝雀{name}班", **later) for name in ("候补", "满额"))
    offered = cast.place(
        here,
        care.child,
        world.wang,
        by=world.zhang,
        status="offered",
        starts_on=None,
        offered_until=clock.now() + timedelta(days=2),
    )
    return PlacesRows(draft, full, offered)
