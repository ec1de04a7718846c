"""Rows of childcare for the doors (tests/access/rows.py): the common ground on which each room lays its own."""

from dataclasses import dataclass
from datetime import time

from childcare.models import Attendance, Bill, BillLine, Centre, Contact, Group, Incident, Pickup, Place, Staffer
from communities.models import Resident, User
from core import clock
from tests import world as world_cast
from tests.childcare import cast
from tests.world import World


@dataclass(frozen=True)
class CareRows:
    """A centre of the community with one group, where a child of 王秀兰 has a place and came today."""

    centre: Centre
    group: Group
    child: Resident
    place: Place
    pickup: Pickup
    attendance: Attendance
    bill: Bill  # of this month, drawn, over 1 yuan
    lead: User
    lead_post: Staffer
    teacher: User
    post: Staffer  # the teacher's, on duty today
    second_post: Staffer


def lay_care(world: World) -> CareRows:
    mark = f"{world.wenxing.pk % 10000:04d}"
    centre = cast.centre(world.wenxing, world.chen, name="金丝雀托管中心")
    group = cast.group(centre, world.chen, name="金丝雀班")
    child = _child(world, mark)
    lead, lead_post = cast.caregiver(centre, f"care-lead-{mark}", "金丝雀负责", is_lead=True, by=world.chen)
    teacher, post = cast.caregiver(centre, f"care-one-{mark}", "金丝雀老师", by=world.chen)
    second = cast.caregiver(centre, f"care-two-{mark}", "金丝雀助教", by=world.chen)[1]
    place = cast.place(group, child, world.wang, by=world.zhang, plan=list(range(7)))
    return CareRows(
        centre, group, child, place, cast.pickup(child, world.wang, by=world.zhang, name="金丝雀接送"),
        Attendance.objects.create(place=place, day=clock.today(), arrived_at=clock.at(clock.today(), time(0, 1)), by=teacher),
        _bill(world, centre, child), lead, lead_post, teacher, post, second,
    )  # fmt: skip


def lay_watching(world: World) -> Incident:
    return Incident.objects.create(
        community=world.wenxing, what=Incident.What.LOST, found_on=clock.today(), children=3, by=world.chen
    )


def _child(world: World, mark: str) -> Resident:
    """With a phone of its own, so that the guardian's phone acts for one person alone."""
    made = cast.child(world.wenxing, "金丝雀娃", 9, household=world.wang)
    Contact.objects.filter(child=made).update(name="金丝雀奶奶")
    made.account = world_cast.resident(world.wenxing, "金丝雀娃娃", f"1370681{mark}").account
    made.save(update_fields=["account"])
    cast.guard(made, world.wang, "母亲", world.zhang)
    return made


def _bill(world: World, centre: Centre, child: Resident) -> Bill:
    made = Bill.objects.create(
        centre=centre, child=child, payer=world.wang, month=clock.today().replace(day=1), fee_cents=100,
        cap_cents=30, due_cents=100, drawn_by=world.zhang,
    )  # fmt: skip
    BillLine.objects.create(bill=made, order=1, kind="fee", words="金丝雀班", why="每周7天", amount_cents=100)
    return made
