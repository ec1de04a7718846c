"""A confirmed bill is changed by no path: not by a verb, not by SQL under the application's login; what counts beside it stays too."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from childcare.billing import adjusting, drawing, freezing, offsetting, paying
from childcare.billing.drawing import BillFrozen
from childcare.billing.paying import Paid
from childcare.models import Bill
from core import clock
from tests.books import breaches, refuses
from tests.childcare.billing.families import NOVEMBER, ordinary
from tests.childcare.cast import Care
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(world: World, care: Care) -> Bill:
    """With points used, half paid, and a correction that was approved."""
    bill = ordinary(world, care, points=100)
    offsetting.use(bill=bill, points=100, by=bill.payer.account)  # type: ignore[arg-type]
    freezing.freeze(bill=bill, by=world.chen)
    paying.record(bill=bill, paid=Paid(10000, "A001", "cash", clock.today()), by=world.zhang)
    wrong = adjusting.propose(bill=bill, amount_cents=-500, reason="多算一天", by=world.zhang)
    adjusting.approve(adjustment=wrong, by=world.chen)
    return Bill.objects.get(pk=bill.pk)


PATHS = {
    "fee": "UPDATE childcare_bill SET fee_cents = fee_cents + 1, due_cents = due_cents + 1 WHERE id = {bill}",
    "payer": "UPDATE childcare_bill SET payer_id = child_id WHERE id = {bill}",
    "opened again": "UPDATE childcare_bill SET status = 'drawn', frozen_at = NULL, frozen_by_id = NULL WHERE id = {bill}",
    "said to be paid": "UPDATE childcare_bill SET status = 'paid', paid_at = now(), paid_cents = due_cents WHERE id = {bill}",
    "paid by a stroke": "UPDATE childcare_bill SET paid_cents = paid_cents + 1 WHERE id = {bill}",
    "deleted": "DELETE FROM childcare_bill WHERE id = {bill}",
    "a line more": "INSERT INTO childcare_billline (bill_id, \"order\", kind, words, why, amount_cents) VALUES ({bill}, 99, 'fee', '补', '补', 1)",
    "a line changed": "UPDATE childcare_billline SET amount_cents = 0 WHERE bill_id = {bill}",
    "a line moved here": "UPDATE childcare_billline SET bill_id = {bill}, \"order\" = 50 WHERE bill_id <> {bill}",
    "a line less": "DELETE FROM childcare_billline WHERE bill_id = {bill}",
    "the offset raised": "UPDATE childcare_offset SET points = points + 1 WHERE bill_id = {bill}",
    "the offset said to be undone": (
        "UPDATE childcare_offset SET undone_at = now(), undone_by_id = by_id, undo_entry_id = entry_id WHERE bill_id = {bill}"
    ),
    "the offset deleted": "DELETE FROM childcare_offset WHERE bill_id = {bill}",
    "the receipt raised": "UPDATE childcare_payment SET amount_cents = amount_cents + 1 WHERE bill_id = {bill}",
    "the receipt deleted": "DELETE FROM childcare_payment WHERE bill_id = {bill}",
    "too much paid": (
        "INSERT INTO childcare_payment (bill_id, centre_id, amount_cents, receipt, way, paid_on, by_id, at, void_reason)"
        " SELECT id, centre_id, due_cents, 'B1', 'cash', month, drawn_by_id, now(), '' FROM childcare_bill WHERE id = {bill}"
    ),
    "the correction raised": "UPDATE childcare_billadjustment SET amount_cents = amount_cents - 1 WHERE bill_id = {bill}",
    "the correction deleted": "DELETE FROM childcare_billadjustment WHERE bill_id = {bill}",
    "all emptied": "TRUNCATE childcare_bill CASCADE",
    "all lines emptied": "TRUNCATE childcare_billline",
    "all offsets emptied": "TRUNCATE childcare_offset",
    "all receipts emptied": "TRUNCATE childcare_payment",
    "all corrections emptied": "TRUNCATE childcare_billadjustment CASCADE",
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_sql_changes_nothing_of_a_confirmed_bill(world: World, care: Care, frozen: Bill, path: str) -> None:
    ordinary(world, care)  # somebody else's, open
    before = _picture()
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PATHS[path].format(bill=frozen.pk))
    assert getattr(refused.value.__cause__, "sqlstate", "").startswith(("CC06", "42501")), refused.value
    assert _picture() == before


def _picture() -> list[object]:
    with connection.cursor() as cursor:
        found = []
        for table in ("bill", "billline", "offset", "payment", "billadjustment"):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM childcare_{table} t ORDER BY id")
            found.append(cursor.fetchall())
    return found


def _draw(world: World, care: Care, bill: Bill) -> object:
    return drawing.draw(centre=care.centre, child=bill.child, month=NOVEMBER, by=world.zhang)


VERBS: dict[str, Callable[[World, Care, Bill], object]] = {
    "drawn again": _draw,
    "confirmed again": lambda world, _, bill: freezing.freeze(bill=bill, by=world.chen),
    "points used": lambda _, __, bill: offsetting.use(bill=bill, points=1, by=bill.payer.account),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("act", VERBS)
def test_no_verb_changes_a_confirmed_bill(world: World, care: Care, frozen: Bill, act: str) -> None:
    with refuses(BillFrozen):
        VERBS[act](world, care, frozen)
    assert breaches() == []


def test_a_bill_that_does_not_say_what_its_lines_say_is_not_confirmed(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    bill.lines.update(amount_cents=1)
    with refuses(drawing.DoesNotTie):
        freezing.freeze(bill=bill, by=world.chen)
    assert Bill.objects.get(pk=bill.pk).status == "drawn"


def test_a_bill_is_never_written_as_confirmed(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    bill.pk, bill.month, bill.status, bill.frozen_at, bill.frozen_by = (
        None,
        NOVEMBER.replace(year=2025),
        "frozen",
        clock.now(),
        world.zhang,
    )
    with pytest.raises(DatabaseError, match="begins as drawn"):
        bill.save(force_insert=True)


def test_nobody_confirms_the_bill_of_the_own_child(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    world.chen.own_phone = bill.payer.phone
    world.chen.save(update_fields=["own_phone"])
    with refuses(freezing.OwnInterest):
        freezing.freeze(bill=bill, by=world.chen)
