"""People of the fixed cast at an activity that is over."""

from datetime import timedelta

from activities.models import Activity, Participation
from activities.recording import record
from activities.signup import sign_up
from communities.models import Resident, User
from tests import world as cast
from tests.world import World


def signed(activity: Activity, resident: Resident, world: World) -> Participation:
    """`resident` signed up a day before it began."""
    before = activity.starts_at - timedelta(days=1)
    by = resident.account or world.system
    return sign_up(activity_id=activity.pk, resident=resident, by=by, at=before)


def recorded(world: World, resident: Resident | None = None, *, minutes: int = 120, **fields: object) -> Participation:
    """张晓燕 recorded that `resident` (李建国) came, each time a day earlier; nobody has confirmed."""
    before = world.extra["recorded"] = world.extra.get("recorded", -1) + 1
    activity = cast.activity(world.wenxing, **{"ago": 3 + 24 * before, **fields})
    mine = signed(activity, resident or world.li, world)
    return record(
        participation=mine, minutes=minutes, by=world.zhang, late_reason="签到表交得晚"
    )  # said where it is late


def relative(world: World, user: User) -> Resident:
    """A resident who lives with `user`."""
    me = cast.resident(world.wenxing, "陈志强本人", "13700000001")
    me.account = user
    me.save()
    other = cast.resident(world.wenxing, "陈家人", "13700000002")
    other.household = me.household
    other.save()
    return other
