"""托管 in the scene (tests/browser/scene.py): a mother with a bill and points, a teacher on duty, what the desk does with both."""

from typing import NamedTuple

from childcare.billing import drawing
from childcare.models import Bill
from communities.models import User
from core import clock
from tests import world as cast
from tests.childcare.cast import Care, build, pickup
from tests.world import World

POINTS = 300
CARE_PHONE = ["/", "/childcare/", "/childcare/bills/", "/childcare/bills/{care_bill}/", "/childcare/bills/{care_bill}/offset/",
              "/childcare/children/{care_child}/", "/childcare/children/{care_child}/days/", "/childcare/pickups/{care_child}/",
              "/childcare/pickups/{care_child}/code/", "/childcare/children/{care_child}/consents/",
              "/childcare/children/{care_child}/looks/", "/childcare/centres/", "/childcare/centres/{care_centre}/",
              "/childcare/places/{care_place}/", "/childcare/enrol/", "/childcare/agreement/"]  # fmt: skip
CARE_TEACHER = ["/care/", "/care/groups/{care_group}/", "/care/groups/{care_group}/roll/", "/care/places/{care_place}/",
                "/care/places/{care_place}/handover/", "/care/alarms/", "/care/roster/", "/care/handovers/", "/care/more/"]  # fmt: skip
CARE_DESK = ["/desk/care/centres/", "/desk/care/centres/{care_centre}/", "/desk/care/places/", "/desk/care/children/",
             "/desk/care/children/{care_child}/", "/desk/care/days/", "/desk/care/bills/", "/desk/care/bills/{care_bill}/",
             "/desk/care/staff/", "/desk/care/enrolments/", "/desk/evidence/"]  # fmt: skip


class Nursery(NamedTuple):
    """`me`: the number of the mother's own file; `numbers` fill the addresses in."""

    mother: User
    me: int
    teacher: User
    numbers: dict[str, object]


def billed(world: World, care: Care) -> Bill:
    """This month's bill of the first child, and the points to pay a part of it with."""
    cast.award(care.mother, POINTS)
    month = clock.today().replace(day=1)
    made = drawing.draw(centre=care.centre, child=care.child, month=month, by=world.chen)
    assert made
    return made


def lay_nursery(world: World) -> Nursery:
    care = build(world)
    pickup(care.child, care.mother, by=world.zhang)
    bill = billed(world, care)
    numbers: dict[str, object] = {
        "care_bill": bill.pk, "care_child": care.child.pk, "care_centre": care.centre.pk, "care_place": care.place.pk,
        "care_group": care.group.pk,
    }  # fmt: skip
    assert care.mother.account
    return Nursery(care.mother.account, care.mother.pk, care.teacher, numbers)
