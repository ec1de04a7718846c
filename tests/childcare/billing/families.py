"""Families with bills: places, evidence that somebody verified, points in the purse, and what the ledger moved."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from childcare.billing import drawing, splitting
from childcare.models import Bill, Centre, Group, Place
from communities import consents, hardship, sealing
from communities.models import Consent, Evidence, Resident, User
from core import clock
from tests import world as cast
from tests.childcare import cast as care_cast
from tests.childcare.cast import Care
from tests.world import World

TODAY = datetime(2026, 11, 2, 10, 0, tzinfo=clock.SHANGHAI)
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
_phones = count(13750000001)


def group(world: World, care: Care, **fields: Any) -> Group:
    """Of every day of the week, in November and December without holidays, at fees that do not divide evenly."""
    Centre.objects.filter(pk=care.centre.pk).update(licensed=2000)
    return care_cast.group(
        care.centre, world.chen,
        **{
            "name": f"班{Group.objects.count() + 1}", "kind": Group.Kind.HOLIDAY, "first_on": date(2026, 9, 1), "last_on": date(2027, 2, 28),
            "capacity": 40, "fees": {"1": 20001, "2": 30001, "3": 40001, "5": 60007, "7": 75001},
        }
        | fields,
    )  # fmt: skip


def family(world: World) -> tuple[Resident, Resident]:
    """A child, and the mother who answers for it."""
    mother = cast.resident(world.wenxing, "母亲甲", str(next(_phones)), date(1990, 4, 1))
    child = care_cast.child(world.wenxing, "孩子甲", 9, household=mother)
    care_cast.guard(child, mother, "母亲", world.zhang)
    return child, mother


def placed(group: Group, child: Resident, payer: Resident, by: User, **fields: Any) -> Place:
    return care_cast.place(group, child, payer, by=by, **({"starts_on": date(2026, 9, 1)} | fields))


def evidence(world: World, child: Resident, category: str, **fields: Any) -> Evidence:
    """Verified by the head, and the consent for it."""
    if not Consent.objects.standing().filter(resident=child, purpose=Consent.Purpose.CARE_RELIEF).exists():
        consents.keep(child, Consent.Purpose.CARE_RELIEF, by=world.zhang, way=Consent.Way.SIGNATURE)
    facts = {"category": category, "about": "self", "number": "", "system": "", "unstable": False}
    return Evidence.objects.create(
        **{
            "resident": child, "facts": sealing.seal_facts(facts), "way": "viewed", "seen_on": date(2026, 9, 1), "starts_on": date(2026, 9, 1),
            "ends_on": date(2027, 8, 31), "recheck_on": date(2027, 8, 31), "status": "valid", "recorded_by": world.zhang,
            "decided_by": world.chen, "decided_at": clock.now(),
        }
        | fields
    )  # fmt: skip


def ended(one: Evidence, by: User, day: date) -> None:
    """As the reviewer ends it on `day`, told to who listens."""
    Evidence.objects.filter(pk=one.pk).update(
        status="ended", ended_on=day, ended_at=clock.at(day, time(9)), ended_by=by, end_reason="changed"
    )
    one.refresh_from_db()
    hardship.telling.told(one, "ended")


def rich(resident: Resident, points: int) -> Resident:
    cast.award(resident, points)
    return resident


def drawn(world: World, care: Care, child: Resident, month: date = NOVEMBER) -> Bill:
    made = drawing.draw(centre=care.centre, child=child, month=month, by=world.zhang)
    assert made is not None
    return Bill.objects.get(pk=made.pk)


def hardly(world: World, care: Care, category: str = "subsistence", points: int = 0) -> Bill:
    """The November bill of a family with evidence and `points`."""
    child, mother = family(world)
    placed(group(world, care), child, rich(mother, points) if points else mother, world.zhang)
    evidence(world, child, category)
    return drawn(world, care, child)


def ordinary(world: World, care: Care, points: int = 0, **fields: Any) -> Bill:
    child, mother = family(world)
    placed(group(world, care), child, rich(mother, points) if points else mother, world.zhang, **fields)
    return drawn(world, care, child)


def off(bill: Bill) -> int:
    """Fen of reduction, as the family reads it."""
    split = splitting.opened(Bill.objects.get(pk=bill.pk))
    return split.reduction if split else 0


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
