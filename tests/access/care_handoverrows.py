"""Rows of hand-overs and staffing for the doors (tests/access/rows.py): another child of the group left today; a bar, a try, a code."""

from dataclasses import dataclass
from datetime import timedelta

from childcare.handover import barring, codes
from childcare.models import Attendance, Barred, BarredTry, Handover, PickupCode, RecordCheck, Turn
from communities.models import Duty
from core import clock
from tests import world as world_cast
from tests.access.carerows import CareRows
from tests.childcare import cast
from tests.world import World


@dataclass(frozen=True)
class HandoverRows:
    barred: Barred
    tried: BarredTry
    code: PickupCode  # of tomorrow
    handover: Handover
    turn: Turn  # of the teacher, tomorrow
    check: RecordCheck  # of the second teacher, old, written by another


def lay_handover(world: World, care: CareRows) -> HandoverRows:
    today, now = clock.today(), clock.now()
    facts = barring.Facts("金丝雀某某", "金丝雀平头", barring.BASES[0], "金丝雀1号", today)
    # Of none of those who try the doors: whoever wrote it down does not lift it.
    mark = f"{world.wenxing.pk % 10000:04d}"
    wrote = world_cast.staff(f"bars-{mark}", "金丝雀登记员", Duty.Role.WORKER, community=world.wenxing)
    barred = barring.bar(child=care.child, facts=facts, by=wrote)
    codes.issue(
        child=care.child, guardian=world.wang, name="金丝雀同事", relation="同事", day=today + timedelta(days=1), by=world.chen
    )  # fmt: skip
    mother = world_cast.resident(world.wenxing, "金丝雀家长", f"1370682{mark}")
    child = cast.child(world.wenxing, "金丝雀弟", 9, household=mother)
    answers = cast.guard(child, mother, "母亲", world.zhang)
    place = cast.place(care.group, child, mother, by=world.zhang)
    Attendance.objects.create(place=place, day=today, arrived_at=now, by=care.teacher)
    left = Handover.objects.create(
        place=place, child=child, day=today, at=now, written_at=now, way="guardian", check_used="known", guardian=answers,
        taken_by="母亲", staffer=care.post, by=care.teacher,
    )  # fmt: skip
    return HandoverRows(
        barred, BarredTry.objects.create(barred=barred, place=care.place, by=care.teacher), PickupCode.objects.get(child=care.child),
        left, Turn.objects.create(centre=care.centre, staffer=care.post, day=today + timedelta(days=1), by=world.chen),
        RecordCheck.objects.create(
            staffer=care.second_post, checked_on=today - timedelta(days=400), clear=True, until=today - timedelta(days=35), by=wrote
        ),
    )  # fmt: skip
