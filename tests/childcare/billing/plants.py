"""For the check of the books: bills with points, subsidy, a receipt and a correction, and how each promise about them is broken."""

from datetime import date, timedelta

from childcare.billing import adjusting, drawing, freezing, offsetting, paying
from childcare.billing.fees import after
from childcare.billing.paying import Paid
from communities import consents, sealing
from communities.models import Consent, Evidence
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
    "care correction stands as it was approved, in later bills of the child or paid out": """
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
