"""Bills while many act at once: two phones, a run beside a family's tap, a confirming beside both."""

from collections import Counter

import pytest
import time_machine

from childcare.billing import adjusting, freezing, offsetting, refunding, running, undoing
from childcare.models import Bill, Offset, Place, Refund
from core.refusals import Refused
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.childcare import cast as care_cast
from tests.childcare.billing.families import NOVEMBER, TODAY, hardly, ordinary
from tests.childcare.billing.test_late import finance
from tests.childcare.billing.test_points_back import wholly
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def codes(heard: list[object]) -> Counter[str]:
    """What each hand heard; anything but a refusal is shown as it is."""
    return Counter(
        one.code if isinstance(one, Refused) else repr(one) if isinstance(one, Exception) else "done" for one in heard
    )


def laid() -> tuple[World, care_cast.Care]:
    world = cast.build()
    return world, care_cast.build(world)


def test_two_phones_at_once_use_points_once() -> None:
    with time_machine.travel(TODAY, tick=True):
        world, care = laid()
        bill = ordinary(world, care, points=500)
        heard = codes(at_once([lambda: offsetting.use(bill=bill, points=100, by=bill.payer.account)] * 8))  # type: ignore[arg-type]
        assert heard["done"] == 1 and set(heard) <= {"done", "care_offset_stands", "care_bill_changed"}
        assert statement.available(bill.payer) == 400 and Offset.objects.count() == 1
        assert breaches() == []


def test_a_run_beside_families_that_use_and_take_back_points_loses_nothing() -> None:
    with time_machine.travel(TODAY, tick=True):
        world, care = laid()
        bills = [(hardly if n % 2 else ordinary)(world, care, points=200) for n in range(6)]
        Place.objects.filter(child__in=[bill.child_id for bill in bills]).update(ends_on=NOVEMBER.replace(day=14))

        def tap(bill: Bill) -> None:
            for _ in range(4):
                try:
                    made = offsetting.use(bill=bill, points=50, by=bill.payer.account)  # type: ignore[arg-type]
                    undoing.undo(offset=made, by=bill.payer.account)  # type: ignore[arg-type]
                    offsetting.use(bill=bill, points=40, by=bill.payer.account)  # type: ignore[arg-type]
                except Refused:
                    continue

        acts = [lambda bill=bill: tap(bill) for bill in bills]  # type: ignore[misc]
        runs = [lambda: running.run(centre=care.centre, month=NOVEMBER, by=world.zhang)] * 3
        heard = at_once([*acts, *runs])
        assert not [one for one in heard if isinstance(one, Exception)], heard
        for bill in bills:
            bill.refresh_from_db()
            used = sum(Offset.objects.filter(bill=bill, undone_at=None).values_list("points", flat=True))
            assert (bill.points, statement.available(bill.payer)) == (used, 200 - used)
        assert breaches() == []


def test_confirming_beside_a_tap_is_one_of_the_two_and_the_books_tie() -> None:
    with time_machine.travel(TODAY, tick=True):
        world, care = laid()
        for _ in range(4):
            bill = ordinary(world, care, points=100)
            heard = at_once([
                lambda bill=bill: offsetting.use(bill=bill, points=100, by=bill.payer.account),  # type: ignore[misc]
                lambda bill=bill: freezing.freeze(bill=bill, by=world.chen),  # type: ignore[misc]
            ])  # fmt: skip
            bill.refresh_from_db()
            assert not isinstance(heard[1], Exception) and bill.status == "frozen"
            assert bill.points == 0 if isinstance(heard[0], Exception) else bill.points == 100
            assert statement.available(bill.payer) == 100 - bill.points
        assert breaches() == []


def test_points_of_one_bill_come_back_once_for_each_correction_whoever_presses() -> None:
    with time_machine.travel(TODAY, tick=True):
        world, care = laid()
        him, one = finance(world), wholly(world, care, 2000)
        other = adjusting.propose(bill=one.bill, amount_cents=-3000, reason="再算", by=world.zhang)
        adjusting.approve(adjustment=other, by=world.chen)
        acts = [lambda mine=mine: refunding.give(adjustment=mine, given=None, by=him) for mine in (one, other) * 4]  # type: ignore[misc]
        heard = codes(at_once(acts))
        assert set(heard) <= {"done", "care_bill_changed", "care_nothing_to_refund"}, heard
        assert heard["done"] == Refund.objects.count() >= 1
        back = sum(Refund.objects.values_list("points", flat=True))
        assert back in (50, 75, 125) and statement.available(one.bill.payer) == 800 + back
        assert breaches() == []
