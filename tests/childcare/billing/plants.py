"""For the check of the books: bills with points, subsidy, a receipt and a correction, and how each promise about them is broken."""

from datetime import date, timedelta

from childcare.billing import adjusting, drawing, freezing, offsetting, paying, refunding
from childcare.billing.fees import after
from childcare.billing.paying import Paid
from childcare.billing.refunding import Given
from childcare.models import Bill, Centre, Place
from communities import consents, sealing
from communities.models import Consent, Duty, Evidence, Resident
from core import clock
from tests import world as world_cast
from tests.childcare import cast
from tests.world import World

BILLING_PLANTS = {
    "care bill is the sum of its lines and its offset": "UPDATE childcare_billline SET amount_cents = amount_cents + 1 WHERE kind = 'fee'",
    "care offset is what the ledger moved": "UPDATE childcare_offset SET relief = relief + 1",
    "care offset is taken back in the ledger when it is taken back": """
        UPDATE childcare_offset SET undone_at = at, undone_by_id = by_id, undo_entry_id = entry_id""",
    "care bill counts the payments that stand": "UPDATE childcare_payment SET amount_cents = amount_cents + 1",
    "care reduction has evidence of the child": "UPDATE communities_evidence SET ends_on = starts_on, recheck_on = starts_on",
    "care points given back are what the ledger gave back, the subsidy to the subsidy": "UPDATE childcare_refund SET points = points + 1",
    "care correction stands as it was approved, in later bills of the child or given back": """
        UPDATE childcare_billadjustment SET approved_at = NULL, approved_by_id = NULL""",
}


def billed(world: World) -> None:
    """One child with evidence: this month's bill confirmed with points, half paid and corrected, the next one drawn."""
    month = clock.today().replace(day=1)
    centre = cast.centre(world.wenxing, world.chen)
    payer = world_cast.resident(world.wenxing, "账单母", "13700009881", date(1990, 4, 1))
    child = cast.child(world.wenxing, "账单娃", 9, household=payer)
    cast.guard(child, payer, "母亲", world.zhang)
    cast.place(cast.group(centre, world.chen), child, payer, by=world.zhang)
    consents.keep(child, Consent.Purpose.CARE_RELIEF, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=payer)
    Evidence.objects.create(
        resident=child, facts=sealing.seal_facts({"category": "left_behind"}), way="viewed", seen_on=month, starts_on=month - timedelta(days=9),
        ends_on=month + timedelta(days=200), recheck_on=month + timedelta(days=200), status="valid", recorded_by=world.zhang,
        decided_by=world.chen, decided_at=clock.now(),
    )  # fmt: skip
    world_cast.award(payer, 100)
    bill = drawing.draw(centre=centre, child=child, month=month, by=world.zhang)
    assert bill
    offsetting.use(bill=bill, points=100, by=payer.account)  # type: ignore[arg-type]
    freezing.freeze(bill=bill, by=world.chen)
    paying.record(bill=bill, paid=Paid(100, "账单1", "cash", clock.today()), by=world.zhang)
    wrong = adjusting.propose(bill=bill, amount_cents=-100, reason="多算", by=world.zhang)
    adjusting.approve(adjustment=wrong, by=world.chen)
    drawing.draw(centre=centre, child=child, month=after(month), by=world.zhang)
    given_back(world, centre, payer)


def given_back(world: World, centre: Centre, payer: Resident) -> None:
    """A sister that left: of 40 points that had paid 8 yuan, and of what was paid in money, a part came back."""
    month = clock.today().replace(day=1)
    child = cast.child(world.wenxing, "账单妹", 8, household=payer)
    cast.guard(child, payer, "母亲", world.zhang)
    place = cast.place(cast.group(centre, world.chen, name="妹妹班"), child, payer, by=world.zhang)
    world_cast.award(payer, 40)
    bill = drawing.draw(centre=centre, child=child, month=month, by=world.zhang)
    assert bill
    offsetting.use(bill=bill, points=40, by=payer.account)  # type: ignore[arg-type]
    bill = freezing.freeze(bill=Bill.objects.get(pk=bill.pk), by=world.chen)
    paying.record(bill=bill, paid=Paid(bill.due_cents, "账单2", "cash", clock.today()), by=world.zhang)
    wrong = adjusting.propose(bill=bill, amount_cents=-bill.due_cents - 400, reason="离开", by=world.zhang)
    ended = {"status": "ended", "ended_at": clock.now(), "ended_by": world.zhang, "end_reason": "guardian"}
    Place.objects.filter(pk=place.pk).update(ends_on=clock.today() - timedelta(days=1), **ended)
    adjusting.approve(adjustment=wrong, by=world.chen)
    him = world_cast.staff("zhangwu", "账单员", Duty.Role.FINANCE, community=world.wenxing)
    given = Given("账单3", "cash", clock.today())
    assert refunding.give(adjustment=wrong, given=given, by=him).points == 20
