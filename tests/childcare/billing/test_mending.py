"""What is put right after a bill was confirmed: corrections in the next one, receipts written down and voided, always by two people."""

import pytest

from childcare.billing import adjusting, freezing, paying
from childcare.billing.paying import Paid
from childcare.models import Bill, BillAdjustment, Payment
from communities import duties
from communities.kin import OwnInterest, SamePerson
from core import clock
from tests.books import breaches, refuses
from tests.childcare.billing.families import DECEMBER, JANUARY, drawn, hardly, ordinary
from tests.childcare.cast import Care
from tests.world import World

pytestmark = pytest.mark.django_db


def confirmed(world: World, care: Care, bill: Bill) -> Bill:
    freezing.freeze(bill=bill, by=world.chen)
    return Bill.objects.get(pk=bill.pk)


def corrected(world: World, bill: Bill, cents: int) -> BillAdjustment:
    wrong = adjusting.propose(bill=bill, amount_cents=cents, reason="多算了两天", by=world.zhang)
    return adjusting.approve(adjustment=wrong, by=world.chen)


def test_a_correction_stands_in_the_next_bill_and_the_old_one_stays(world: World, care: Care) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    corrected(world, bill, -1234)
    december = drawn(world, care, bill.child, DECEMBER)
    assert (december.adjust_cents, december.due_cents) == (-1234, 60007 - 1234)
    assert december.cap_cents == (60007 - 1234) * 30 // 100
    line = december.lines.get(kind="adjustment")
    assert "2026年11月" in line.words and "多算了两天" in line.why
    bill.refresh_from_db()
    assert (bill.adjust_cents, bill.due_cents) == (0, 60007)
    assert drawn(world, care, bill.child, JANUARY).adjust_cents == 0
    assert breaches() == []


def test_a_correction_of_an_open_next_bill_is_in_it_at_once(world: World, care: Care) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    december = drawn(world, care, bill.child, DECEMBER)
    corrected(world, bill, 777)
    december.refresh_from_db()
    assert december.adjust_cents == 777


def test_what_is_more_than_the_next_bill_waits_for_the_one_after(world: World, care: Care) -> None:
    bill = confirmed(world, care, hardly(world, care))  # 12001 fen are left to pay
    corrected(world, bill, -20000)
    december, january = drawn(world, care, bill.child, DECEMBER), drawn(world, care, bill.child, JANUARY)
    assert (december.adjust_cents, december.due_cents) == (-12001, 0)
    assert "下一张账单" in december.lines.get(kind="adjustment").why
    assert january.adjust_cents == -7999
    assert breaches() == []


def test_nobody_approves_the_own_proposal_nor_what_is_the_own_familys(world: World, care: Care) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    mine = adjusting.propose(bill=bill, amount_cents=-100, reason="算错", by=world.chen)
    with refuses(SamePerson):
        adjusting.approve(adjustment=mine, by=world.chen)
    with refuses(duties.NotYourDuty):
        adjusting.approve(adjustment=mine, by=world.zhang)
    world.he.own_phone = bill.payer.phone
    world.he.save(update_fields=["own_phone"])
    with refuses(OwnInterest):
        adjusting.approve(adjustment=mine, by=world.he)
    assert not BillAdjustment.objects.approved().exists()


def test_a_correction_is_decided_once_and_one_declined_stands_nowhere(world: World, care: Care) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    wrong = adjusting.propose(bill=bill, amount_cents=-100, reason="算错", by=world.zhang)
    adjusting.decline(adjustment=wrong, by=world.zhang)  # taken back
    with refuses(adjusting.AdjustmentDecided):
        adjusting.approve(adjustment=wrong, by=world.chen)
    assert drawn(world, care, bill.child, DECEMBER).adjust_cents == 0


@pytest.mark.parametrize(("cents", "reason"), [(0, "算错"), (10**7, "算错"), (5, " "), (5, "字" * 101), (5, "\0")])
def test_a_correction_says_how_much_and_why(world: World, care: Care, cents: int, reason: str) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    with refuses(adjusting.BadAdjustment):
        adjusting.propose(bill=bill, amount_cents=cents, reason=reason, by=world.zhang)


def test_an_open_bill_is_not_corrected_but_drawn_again(world: World, care: Care) -> None:
    with refuses(adjusting.NotFrozen):
        adjusting.propose(bill=ordinary(world, care), amount_cents=5, reason="算错", by=world.zhang)


def paid(cents: int, receipt: str, way: str = "cash") -> Paid:
    return Paid(cents, receipt, way, clock.today())


def test_paid_in_two_parts_the_bill_is_settled_by_the_last(world: World, care: Care) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    paying.record(bill=bill, paid=paid(60000, "A1"), by=care.lead)
    bill.refresh_from_db()
    assert (bill.status, bill.paid_cents) == ("frozen", 60000)
    with refuses(paying.TooMuch) as refused:
        paying.record(bill=bill, paid=paid(8, "A2"), by=care.lead)
    assert "0.07" in refused.value.message
    paying.record(bill=bill, paid=paid(7, "A2", "card"), by=world.zhang)
    bill.refresh_from_db()
    assert (bill.status, bill.paid_cents) == ("paid", 60007) and bill.paid_at
    with refuses(paying.NotPayable):
        paying.record(bill=bill, paid=paid(1, "A3"), by=care.lead)
    assert breaches() == []


def test_a_receipt_is_written_down_once_in_a_centre(world: World, care: Care) -> None:
    first, second = (confirmed(world, care, ordinary(world, care)) for _ in range(2))
    paying.record(bill=first, paid=paid(100, "A1"), by=care.lead)
    with refuses(paying.ReceiptTaken):
        paying.record(bill=second, paid=paid(100, " A1 "), by=care.lead)


def test_another_person_voids_a_receipt_and_it_may_be_written_down_again(world: World, care: Care) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    made = paying.record(bill=bill, paid=paid(60007, "A1"), by=care.lead)
    with refuses(SamePerson):
        paying.void(payment=made, reason="金额写错", by=care.lead)
    with refuses(paying.NoReason):
        paying.void(payment=made, reason=" ", by=world.zhang)
    paying.void(payment=made, reason="金额写错", by=world.zhang)
    bill.refresh_from_db()
    assert (bill.status, bill.paid_cents, bill.paid_at) == ("frozen", 0, None)
    with refuses(paying.PaymentVoided):
        paying.void(payment=made, reason="再来", by=world.chen)
    paying.record(bill=bill, paid=paid(6000, "A1"), by=care.lead)
    assert breaches() == []


def test_teachers_strangers_and_the_family_take_no_money(world: World, care: Care) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    for somebody in (care.teacher, world.qian, bill.payer.account):
        assert somebody
        with refuses(duties.NotYourDuty):
            paying.record(bill=bill, paid=paid(100, "A1"), by=somebody)
    care.lead.own_phone = bill.payer.phone
    care.lead.save(update_fields=["own_phone"])
    with refuses(OwnInterest):
        paying.record(bill=bill, paid=paid(100, "A1"), by=care.lead)
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        Paid(0, "A1", "cash", DECEMBER),
        paid(0, "A1"),
        paid(5, " "),
        paid(5, "A" * 41),
        paid(5, "A1", "gold"),
        paid(5, "\0"),
    ],
)
def test_a_payment_says_how_much_by_which_receipt_and_when(world: World, care: Care, wrong: Paid) -> None:
    bill = confirmed(world, care, ordinary(world, care))
    with refuses(paying.BadPayment):
        paying.record(bill=bill, paid=wrong, by=care.lead)


def test_nothing_is_paid_tomorrow_or_before_the_bill_is_confirmed(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    with refuses(paying.NotPayable):
        paying.record(bill=bill, paid=paid(5, "A1"), by=care.lead)
    with refuses(paying.BadPayment):
        paying.record(bill=confirmed(world, care, bill), paid=Paid(5, "A1", "cash", DECEMBER), by=care.lead)
