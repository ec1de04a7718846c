"""For the check of the books: yesterday on paper, with a late collection; and how each promise about a day is broken."""

from datetime import time, timedelta

from childcare.days import paper
from childcare.models import Group, Turn
from communities.models import Guardian
from core import clock
from tests import world as world_cast
from tests.childcare import cast
from tests.world import World

DAYS_PLANTS = {
    "child left when it was handed over": "UPDATE childcare_attendance SET left_at = arrived_at",
    "handed over is who was there": "DELETE FROM childcare_attendance",
    "attendance is of a day on which the place was held": """
        UPDATE childcare_place SET ends_on = starts_on WHERE id IN (SELECT place_id FROM childcare_attendance)""",
    "alarm ends when the child is safe": """
        INSERT INTO childcare_alarm (place_id, day, kind, opened_at, step, outcome)
        SELECT place_id, day, 'not_collected', left_at, 0, '' FROM childcare_attendance WHERE left_at IS NOT NULL""",
    "late mark is of a late hand-over": "UPDATE childcare_latemark SET minutes = minutes + 1",
    "roll call says of nobody both": """
        INSERT INTO childcare_rollcall (group_id, day, at, occasion, present, missing, by_id)
        SELECT p.group_id, a.day, a.at, '用餐', ARRAY[p.id], ARRAY[p.id], a.by_id
        FROM childcare_attendance a JOIN childcare_place p ON p.id = a.place_id""",
}


def dailied(world: World) -> None:
    """One child came yesterday and was collected half an hour after the end; typed in today."""
    day = clock.today() - timedelta(days=1)
    centre = cast.centre(world.wenxing, world.chen, "补录托管中心")
    mother = world_cast.resident(world.wenxing, "补录母", "13700009771")
    child = cast.child(world.wenxing, "补录娃", 9, household=mother)
    cast.guard(child, mother, "母亲", world.zhang)
    group = cast.group(centre, world.chen, kind=Group.Kind.HOLIDAY, starts=time(15, 30), ends=time(17, 30))
    place = cast.place(group, child, mother, by=world.zhang, plan=list(range(7)))
    account, post = cast.caregiver(centre, "care-paper", "补录老师", by=world.chen)
    Turn.objects.create(centre=centre, staffer=post, day=day, by=world.chen)
    whom = f"guardian-{Guardian.objects.get(child=child).pk}"
    line = paper.Line(place, time(15, 40), "", time(18, 0), whom, "known", "", post)
    assert paper.enter(group=group, day=day, lines=[line], by=account) == 1
