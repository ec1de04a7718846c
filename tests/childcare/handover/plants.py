"""For the check of the books: a code was used, somebody left with a pick-up person; and how each promise is broken."""

from datetime import timedelta

from childcare.models import Attendance, Handover, PickupCode
from core import clock
from tests import world as world_cast
from tests.childcare import cast
from tests.world import World

HANDOVER_PLANTS = {
    "record due is what the checks say": "UPDATE childcare_staffer SET record_due = record_due - 1",
    "on duty is who works there": "UPDATE childcare_staffer SET left_on = hired_on",
    "on duty from today on is who was checked": """
        UPDATE childcare_turn SET day = (SELECT max(record_due) + 1 FROM childcare_staffer)
        WHERE id = (SELECT max(id) FROM childcare_turn)""",
    "hand-over is of the child whose place it is": "UPDATE childcare_handover SET day = day - 2",
    "handed over is to somebody of that child": """
        UPDATE childcare_pickup SET child_id = (SELECT min(id) FROM communities_resident)
        WHERE id = (SELECT min(pickup_id) FROM childcare_handover)""",
    "handed over is to a pick-up person who was good that day": "UPDATE childcare_pickup SET valid_until = valid_from",
    "code is used by its one hand-over, on its day": "UPDATE childcare_pickupcode SET used_at = NULL",
    "handed over is by who worked at that centre": """
        UPDATE childcare_staffer SET centre_id = (SELECT max(id) FROM childcare_centre)
        WHERE id IN (SELECT staffer_id FROM childcare_handover) AND centre_id <> (SELECT max(id) FROM childcare_centre)""",
    "nobody is sent whom a bar names": """
        INSERT INTO childcare_barred (child_id, facts, name_key, by_id, at)
        SELECT child_id, '\\x00', name_key, by_id, at FROM childcare_pickup""",
}


def handed(world: World) -> None:
    """One child left with a pick-up person, the other with a stranger and a code, a day after the pick-up began."""
    today, now = clock.today(), clock.now()
    centre = cast.centre(world.wenxing, world.chen, "交接托管中心")
    mother = world_cast.resident(world.wenxing, "交接母", "13700009772")
    group = cast.group(centre, world.chen)
    first = cast.caregiver(centre, "care-handing", "交接老师", by=world.chen)[1]
    second = cast.caregiver(centre, "care-handing-too", "交接二师", by=world.chen)[1]
    assert first.account
    for name in ("交接娃", "交接弟"):
        child = cast.child(world.wenxing, name, 9, household=mother)
        cast.guard(child, mother, "母亲", world.zhang)
        place = cast.place(group, child, mother, by=world.zhang, plan=list(range(7)))
        Attendance.objects.create(place=place, day=today, arrived_at=now, by=first.account)
        sent = cast.pickup(child, mother, by=world.zhang, valid_from=today - timedelta(days=1))
        code = PickupCode.objects.create(
            child=child, name="生人", relation="友", name_key="0" * 64, day=today, code_hash="x", authorised_by=mother, by=world.zhang
        )  # fmt: skip
        how = {"way": "pickup", "check_used": "known", "pickup": sent}
        if name == "交接弟":
            how = {"way": "code", "check_used": "code", "code": code, "second": second, "seen_tail": "1234"}
        Handover.objects.create(
            place=place, child=child, day=today, at=now, written_at=now, staffer=first, by=first.account, **how
        )  # fmt: skip
    cast.centre(world.wenxing, world.chen, "空着的中心")
