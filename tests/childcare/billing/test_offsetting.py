"""Points for a bill: the payer's alone, up to the cap, once; the subsidy as its own posting; back until the bill is confirmed."""

import pytest
from django.db import IntegrityError, transaction

from childcare.billing import freezing, offsetting, undoing
from childcare.billing.drawing import BillFrozen
from childcare.models import BillLine, Offset
from points import ledger, statement
from points.models import Entry, Posting
from tests.books import breaches, refuses
from tests.childcare import cast as care_cast
from tests.childcare.billing.families import hardly, ordinary, rich
from tests.childcare.cast import Care
from tests.world import World

pytestmark = pytest.mark.django_db


def test_100_points_of_a_hardship_family_are_40_yuan_and_the_subsidy_is_a_posting_of_its_own(
    world: World, care: Care
) -> None:
    bill = hardly(world, care, points=100)
    made = offsetting.use(bill=bill, points=100, by=bill.payer.account)  # type: ignore[arg-type]
    assert (made.points, made.relief, made.cents) == (100, 100, 4000)
    moved = (
        Posting.objects.filter(entry=made.entry)
        .order_by("pk")
        .values_list("source__kind", "destination__kind", "amount")
    )
    assert list(moved) == [("wallet", "income", 100), ("relief", "income", 100)]
    assert Entry.objects.get(pk=made.entry_id).key == f"care-offset:{made.pk}"
    assert statement.available(bill.payer) == 0
    bill.refresh_from_db()
    assert (bill.points, bill.relief, bill.due_cents) == (100, 100, 60007 - 48006 - 4000)
    assert breaches() == []


def test_100_points_of_an_ordinary_family_are_20_yuan(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=100)
    made = offsetting.use(bill=bill, points=100, by=bill.payer.account)  # type: ignore[arg-type]
    assert (made.relief, made.cents) == (0, 2000)
    assert Posting.objects.filter(entry=made.entry).count() == 1


def test_an_ordinary_family_offsets_at_most_30_percent(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=5000)
    assert bill.cap_cents == 18002
    assert offsetting.quote(offsetting.read(bill.pk)).points == 900
    with refuses(offsetting.OverCap) as refused:
        offsetting.use(bill=bill, points=901, by=bill.payer.account)  # type: ignore[arg-type]
    assert "900" in refused.value.message and statement.available(bill.payer) == 5000


def test_more_points_than_there_are_take_nothing(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=50)
    with refuses(ledger.ShortOfPoints):
        offsetting.use(bill=bill, points=60, by=bill.payer.account)  # type: ignore[arg-type]
    assert not Offset.objects.exists() and statement.available(bill.payer) == 50


@pytest.mark.parametrize("points", [0, -5, True, "10", 1.5])
def test_points_are_whole_and_above_zero(world: World, care: Care, points: int) -> None:
    bill = ordinary(world, care, points=50)
    with refuses(offsetting.BadPoints):
        offsetting.use(bill=bill, points=points, by=bill.payer.account)  # type: ignore[arg-type]


def test_a_second_tap_takes_nothing_more(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=100)
    offsetting.use(bill=bill, points=40, by=bill.payer.account)  # type: ignore[arg-type]
    with refuses(offsetting.OffsetStands):
        offsetting.use(bill=bill, points=40, by=bill.payer.account)  # type: ignore[arg-type]
    assert statement.available(bill.payer) == 60


def test_neither_the_other_guardian_nor_a_stranger_uses_the_payers_points(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=100)
    care_cast.guard(bill.child, care.father, "父亲", world.zhang, agreed=False)
    for somebody in (care.father.account, world.li.account, world.qian, care.lead):
        assert somebody
        with refuses(offsetting.NotYourBill):
            offsetting.use(bill=bill, points=10, by=somebody)
    assert statement.available(bill.payer) == 100


def test_taken_back_until_the_bill_is_confirmed(world: World, care: Care) -> None:
    bill = hardly(world, care, points=100)
    made = offsetting.use(bill=bill, points=100, by=bill.payer.account)  # type: ignore[arg-type]
    undoing.undo(offset=made, by=bill.payer.account)  # type: ignore[arg-type]
    bill.refresh_from_db()
    assert (bill.points, bill.relief, bill.offset_cents, bill.due_cents) == (0, 0, 0, 12001)
    assert statement.available(bill.payer) == 100
    assert not bill.lines.filter(kind=BillLine.Kind.POINTS).exists()
    with refuses(undoing.OffsetUndone):
        undoing.undo(offset=made, by=bill.payer.account)  # type: ignore[arg-type]
    again = offsetting.use(bill=bill, points=50, by=bill.payer.account)  # type: ignore[arg-type]
    freezing.freeze(bill=bill, by=world.chen)
    with refuses(BillFrozen):
        undoing.undo(offset=again, by=bill.payer.account)  # type: ignore[arg-type]
    assert statement.available(bill.payer) == 50
    assert breaches() == []


def test_a_confirmed_bill_takes_no_points(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=100)
    freezing.freeze(bill=bill, by=world.chen)
    with refuses(BillFrozen):
        offsetting.use(bill=bill, points=10, by=bill.payer.account)  # type: ignore[arg-type]


def test_nothing_is_offset_where_nothing_is_left(world: World, care: Care) -> None:
    bill = hardly(world, care, "destitute", points=100)
    rich(bill.payer, 10)
    with refuses(offsetting.NothingToOffset):
        offsetting.use(bill=bill, points=10, by=bill.payer.account)  # type: ignore[arg-type]


def test_of_two_offsets_one_stands_for_a_bill(world: World, care: Care) -> None:
    """By the database itself, whoever writes the row."""
    bill = ordinary(world, care, points=500)
    made = offsetting.use(bill=bill, points=100, by=bill.payer.account)  # type: ignore[arg-type]
    other = Entry.objects.exclude(pk=made.entry_id).latest("pk")
    with pytest.raises(IntegrityError, match="care_offset_once"), transaction.atomic():
        Offset.objects.create(bill=bill, points=1, cents=20, entry=other, by=world.zhang)
