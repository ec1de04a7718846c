"""Rows of enrolment for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from childcare import speaking
from childcare.models import Carer, Enrolment
from communities import sealing
from core import clock
from tests.access.carerows import CareRows
from tests.childcare.enrolment.families import said
from tests.world import World


@dataclass(frozen=True)
class CareEnrolmentRows:
    """Of 王秀兰: one draft, one handed in; and the carer of her child."""

    draft: Enrolment
    submitted: Enrolment
    carer: Carer


def lay_enrolment(world: World, care: CareRows) -> CareEnrolmentRows:
    words = said(care.group)
    words["child"] |= {"name": "金丝雀小满", "number": "", "tail": "", "grade": 1}
    words["guardians"] |= {"second_name": "", "carer_name": ""}
    words["service"] |= {"both_work": False, "sibling": False}
    fields = {"centre": care.centre, "group": care.group, "guardian": world.wang, "by": world.wang.account}
    carer = Carer.objects.create(
        child=care.child,
        name="金丝雀外婆",
        relation="外婆",
        phone="13700008800",
        name_key=speaking.name_key(care.child, "金丝雀外婆"),
        entrusted_on=clock.today(),
        seen_by=world.zhang,
    )
    return CareEnrolmentRows(
        Enrolment.objects.create(draft=sealing.seal_facts(words), step=7, **fields),
        Enrolment.objects.create(
            draft=sealing.seal_facts(words), step=7, status=Enrolment.Status.SUBMITTED, submitted_at=clock.now(), **fields
        ),
        carer,
    )  # fmt: skip
