"""Who comes late and who leaves early: billed for the days, never without the days for points, and nothing asked too much is kept."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from childcare.billing import (
    adjusting,
    drawing,
    family as family_of,
    freezing,
    offsetting,
    paying,
    rechecking,
    refunding,
    running,
    sweeping,
    telling,
)  # fmt: skip
from childcare.billing.paying import Paid
from childcare.billing.refunding import Given
from childcare.models import Bill, BillAdjustment, Place, Refund
from childcare.places import ending
from childcare.watching import keeping
from communities import duties
from communities.kin import OwnInterest, SamePerson
from communities.models import Duty, Look, User
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.books import breaches, refuses
from tests.childcare.billing.families import DECEMBER, NOVEMBER, drawn, family, group, hardly, off, ordinary, placed
from tests.childcare.billing.test_pages import desk
from tests.childcare.cast import Care
from tests.pages import text
from tests.world import World

pytestmark = pytest.mark.django_db


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=clock.SHANGHAI)


def swept(month: int, day: int) -> None:
    with time_machine.travel(on(month, day), tick=False):
        sweeping.sweep(clock.now())


@pytest.mark.parametrize("begins", [date(2026, 11, 4), date(2026, 11, 26), date(2026, 11, 30)])
def test_a_child_that_comes_after_the_month_was_drawn_is_billed_for_its_days(
    world: World, care: Care, begins: date
) -> None:
    drawn(world, care, care.child)  # November was drawn; this one's family asks later
    child, mother = family(world)
    placed(group(world, care), child, mother, world.zhang, starts_on=begins)
    late = begins + timedelta(days=1)  # of the 30th only the 1st of December knows
    swept(late.month, late.day)
    mine = Bill.objects.get(child=child, month=NOVEMBER)
    assert 0 < mine.fee_cents < 60007 and mine.status == "drawn"
    days = {4: 11, 26: 11, 30: 11}[begins.day]  # as many as from the 25th to the 5th
    assert telling.freeze_day(mine) == max(date(2026, 11, 5), late + timedelta(days=days))
    swept(12, 3)
    assert Bill.objects.filter(child=child, month=NOVEMBER).count() == 1


def test_a_month_that_was_never_drawn_is_not_asked_for_afterwards(world: World, care: Care) -> None:
    swept(11, 10)
    assert not Bill.objects.exists()


def test_a_bill_that_is_drawn_or_changed_late_leaves_the_family_its_days(world: World, care: Care) -> None:
    with time_machine.travel(on(11, 20), tick=False):
        bill = ordinary(world, care, points=100)
    assert telling.freeze_day(bill) == date(2026, 12, 1)
    for day in (21, 28, 29):
        swept(11, day)
    bill.refresh_from_db()
    assert bill.status == "drawn"
    assert Message.objects.filter(occasion=f"care-bill:{bill.pk}:remind").count() == 1
    swept(12, 1)
    bill.refresh_from_db()
    assert (bill.status, bill.frozen_by) == ("frozen", world.system)


def test_before_its_day_the_head_alone_confirms_a_bill(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    december = drawn(world, care, bill.child, DECEMBER)
    for one in (bill, december):
        with refuses(freezing.TooEarly):
            freezing.freeze(bill=one, by=world.zhang)
    for stranger in (world.qian, care.lead, bill.payer.account):
        assert stranger
        with refuses(duties.NotYourDuty):
            freezing.freeze(bill=bill, by=stranger)
    assert "确认账单</button>" not in desk(world.zhang).get(f"/desk/care/bills/{bill.pk}/").content.decode()
    assert freezing.freeze(bill=december, by=world.chen).status == "frozen"
    with time_machine.travel(on(11, 15), tick=False):
        assert freezing.freeze(bill=bill, by=world.zhang).status == "frozen"


def left(place_of: Bill, last: date) -> None:
    Place.objects.filter(child=place_of.child).update(ends_on=last, end_reason="guardian")


def proposed(bill: Bill) -> list[int]:
    return list(BillAdjustment.objects.filter(bill=bill).to_decide().values_list("amount_cents", flat=True))


def test_leaving_inside_a_confirmed_month_proposes_what_was_asked_too_much_once(world: World, care: Care) -> None:
    bill = hardly(world, care)
    freezing.freeze(bill=bill, by=world.chen)
    assert rechecking.sweep(clock.now()) == 0
    left(bill, date(2026, 11, 13))  # 10 of 21 days: 28575, 80 % off: 5715
    for _ in range(2):
        rechecking.sweep(clock.now())
    assert proposed(bill) == [5715 - 12001]
    left(bill, date(2026, 11, 20))  # 15 of 21 days: 42862 or so
    rechecking.sweep(clock.now())
    (cents,) = proposed(bill)
    assert 5715 - 12001 < cents < 0
    adjusting.decline(adjustment=BillAdjustment.objects.to_decide().get(), by=world.chen)
    rechecking.sweep(clock.now())
    assert proposed(bill) == []  # nobody is asked again what was answered
    Place.objects.filter(child=bill.child).update(ends_on=None, end_reason="")
    assert off(bill) == 48006 and breaches() == []


def test_the_correction_of_a_place_that_is_kept_after_all_is_taken_back(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    freezing.freeze(bill=bill, by=world.chen)
    ending.end(
        place=Place.objects.get(child=bill.child), last_day=date(2026, 11, 13), reason="guardian", by=bill.payer.account
    )  # type: ignore[arg-type]
    assert rechecking.sweep(clock.now()) == 1
    ending.keep(place=Place.objects.get(child=bill.child), by=bill.payer.account)  # type: ignore[arg-type]
    rechecking.sweep(clock.now())
    assert proposed(bill) == []


def credited(world: World, care: Care, *, paid: bool = True) -> BillAdjustment:
    """Of a child that left on the 13th, after its month was confirmed (and paid); approved."""
    bill = ordinary(world, care)
    freezing.freeze(bill=bill, by=world.chen)
    if paid:
        paying.record(bill=bill, paid=Paid(60007, f"A{bill.pk}", "cash", clock.today()), by=care.lead)
    left(bill, date(2026, 11, 1))
    rechecking.sweep(clock.now())
    Place.objects.filter(child=bill.child).update(
        ends_on=date(2026, 11, 1), status="ended", ended_at=clock.now(), ended_by=world.zhang
    )
    return adjusting.approve(adjustment=BillAdjustment.objects.to_decide().get(bill=bill), by=world.chen)


def finance(world: World) -> User:
    made = cast.staff("caiwu", "账务员", Duty.Role.FINANCE, community=world.wenxing)
    made.own_phone = "13799990001"
    made.save(update_fields=["own_phone"])
    return made


def given(receipt: str = "T1", way: str = "cash", day: date | None = None) -> Given:
    return Given(receipt, way, day or clock.today())


def test_finance_gives_back_what_a_child_that_left_paid_too_much(world: World, care: Care) -> None:
    mine, him = credited(world, care), finance(world)
    running.run(centre=care.centre, month=DECEMBER, by=world.zhang)
    assert not Bill.objects.filter(child=mine.bill.child, month=DECEMBER).exists()
    client = desk(him)
    assert "托管费待退" in text(client, "/desk/")
    shown = text(client, "/desk/care/bills/refunds/")
    assert "600.07" in shown and mine.bill.child.name not in shown and mine.bill.payer.name not in shown
    client.post(
        f"/desk/care/bills/refunds/{mine.pk}/",
        {"receipt": "T1", "way": "cash", "paid_on": clock.today().isoformat(), "cents": 60007, "points": 0},
    )
    made = Refund.objects.get()
    assert (made.amount_cents, made.receipt, made.by) == (60007, "T1", him)
    said = Message.objects.get(occasion=f"care-refund:{made.pk}")
    assert said.resident == mine.bill.payer and "600.07元" in said.body and mine.bill.child.name not in said.body
    assert "托管费待退" not in text(client, "/desk/")
    with refuses(refunding.NothingToRefund):
        refunding.give(adjustment=mine, given=given("T2"), by=him)
    # The child comes back: what was paid out is in no bill.
    placed(group(world, care), mine.bill.child, mine.bill.payer, world.zhang, starts_on=DECEMBER)
    assert drawn(world, care, mine.bill.child, DECEMBER).adjust_cents == 0
    assert breaches() == []


def test_what_keeps_money_from_being_given_back(world: World, care: Care) -> None:
    mine, him = credited(world, care), finance(world)
    strangers = (world.qian, care.lead, care.teacher, mine.bill.payer.account)
    wrong: list[tuple[object, type[Exception], Given]] = [
        *((somebody, duties.NotYourDuty, given()) for somebody in strangers),
        (world.chen, SamePerson, given()),  # approved it
        *(
            (him, refunding.BadRefund, one)
            for one in (given(" "), given("T" * 41), given("\0"), given(way="gold"), given(day=DECEMBER))
        ),
    ]
    for by, refused, said in wrong:
        with refuses(refused):  # type: ignore[arg-type]
            refunding.give(adjustment=mine, given=said, by=by)  # type: ignore[arg-type]
    him.own_phone = mine.bill.payer.phone
    him.save(update_fields=["own_phone"])
    with refuses(OwnInterest):
        refunding.give(adjustment=mine, given=given(), by=him)
    owing = credited(world, care, paid=False)
    with refuses(refunding.StillOwing):
        refunding.give(adjustment=owing, given=given(), by=world.zhang)
    Place.objects.filter(child=mine.bill.child).update(ends_on=DECEMBER)
    placed(group(world, care), mine.bill.child, mine.bill.payer, world.zhang, starts_on=DECEMBER)
    with refuses(refunding.NothingToRefund):  # it stays: the next bill takes it in
        refunding.give(adjustment=mine, given=given(), by=world.zhang)
    assert not Refund.objects.exists()


def test_a_receipt_of_a_refund_is_written_down_once(world: World, care: Care) -> None:
    one, other = credited(world, care), credited(world, care)
    refunding.give(adjustment=one, given=given(" T1 "), by=world.zhang)
    with refuses(refunding.RefundReceiptTaken):
        refunding.give(adjustment=other, given=given("T1"), by=world.zhang)


def test_the_lead_takes_the_money_of_a_child_that_has_left_and_the_look_is_written(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    freezing.freeze(bill=bill, by=world.chen)
    Place.objects.filter(child=bill.child).update(
        ends_on=date(2026, 11, 1), status="ended", ended_at=clock.now(), ended_by=world.zhang, end_reason="guardian"
    )
    client = desk(care.lead)
    assert "600.07" in text(client, f"/care/bills/{bill.pk}/")
    assert Look.objects.filter(resident=bill.child, by=care.lead, what__contains="账单").count() == 1
    client.post(
        f"/care/bills/{bill.pk}/",
        {"yuan": "600.07", "receipt": "A1", "way": "cash", "paid_on": clock.today().isoformat()},
    )
    bill.refresh_from_db()
    assert bill.status == "paid"


def test_a_bill_of_nothing_is_not_on_the_leads_phone(world: World, care: Care) -> None:
    bill = hardly(world, care, "destitute")
    freezing.freeze(bill=bill, by=world.chen)
    client = desk(care.lead)
    assert bill.child.name not in text(client, "/care/bills/?all=1")
    assert client.get(f"/care/bills/{bill.pk}/").status_code == 404


REFUND = (
    "INSERT INTO childcare_refund (adjustment_id, centre_id, amount_cents, points, offset_cents, receipt, way, paid_on, by_id, at)"
    " SELECT a.id, b.centre_id, {cents}, 0, 0, 'R9', 'cash', b.month, a.by_id, now() FROM childcare_billadjustment a"
    " JOIN childcare_bill b ON b.id = a.bill_id WHERE a.id = {one}"
)


def test_sql_pays_out_no_more_than_is_left_and_changes_no_refund(world: World, care: Care) -> None:
    one = credited(world, care)
    waits = adjusting.propose(bill=one.bill, amount_cents=-5, reason="再算", by=world.zhang)
    with connection.cursor() as cursor:
        for sql in (REFUND.format(cents=60008, one=one.pk), REFUND.format(cents=5, one=waits.pk)):
            with pytest.raises(DatabaseError, match="gives nothing back"), transaction.atomic():
                cursor.execute(sql)
        cursor.execute(REFUND.format(cents=60000, one=one.pk))
        for sql in (
            "UPDATE childcare_refund SET amount_cents = 1",
            "DELETE FROM childcare_refund",
            "TRUNCATE childcare_refund",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(sql)
    open_bill = ordinary(world, care)
    with pytest.raises(DatabaseError, match="not so much left"), transaction.atomic():
        open_bill.lines.create(order=9, kind="adjustment", adjustment=one, words="更正", why="更正", amount_cents=-8)
    assert Refund.objects.get().amount_cents == 60000


def test_points_never_come_back_as_money(world: World, care: Care) -> None:
    """Of 600.07 yuan points paid 180.02; the child leaves on the first day: no more goes out than was paid in money."""
    bill = ordinary(world, care, points=10_000)
    quote = offsetting.quote(offsetting.read(bill.pk))
    offsetting.use(bill=bill, points=quote.points, by=bill.payer.account)  # type: ignore[arg-type]
    bill = freezing.freeze(bill=Bill.objects.get(pk=bill.pk), by=world.chen)
    paying.record(bill=bill, paid=Paid(bill.due_cents, "A1", "cash", clock.today()), by=care.lead)
    left(bill, date(2026, 11, 1))
    rechecking.sweep(clock.now())
    Place.objects.filter(child=bill.child).update(
        ends_on=date(2026, 11, 1), status="ended", ended_at=clock.now(), ended_by=world.zhang
    )
    mine = adjusting.approve(adjustment=BillAdjustment.objects.to_decide().get(bill=bill), by=world.chen)
    assert -mine.amount_cents > bill.due_cents
    with pytest.raises(DatabaseError, match="paid in money"), transaction.atomic():
        Refund.objects.create(
            adjustment=mine, centre=bill.centre, amount_cents=-mine.amount_cents, receipt="T0", way="cash",
            paid_on=clock.today(), by=world.zhang,
        )  # fmt: skip
    him = finance(world)
    assert refunding.give(adjustment=mine, given=given(), by=him).amount_cents == bill.due_cents
    with refuses(refunding.NothingToRefund):
        refunding.give(adjustment=mine, given=given("T2"), by=him)


def test_what_a_colleague_corrected_the_night_does_not_propose_again(world: World, care: Care) -> None:
    bill = hardly(world, care)
    freezing.freeze(bill=bill, by=world.chen)
    left(bill, date(2026, 11, 13))
    by_hand = BillAdjustment.objects.create(bill=bill, amount_cents=-5000, reason="少来几天", by=world.zhang)
    adjusting.approve(adjustment=by_hand, by=world.chen)
    rechecking.sweep(clock.now())
    assert proposed(bill) == [5715 - 12001 + 5000]


def test_who_leaves_and_comes_back_in_a_month_is_reduced_as_before(world: World, care: Care) -> None:
    bill = hardly(world, care)
    left(bill, date(2026, 10, 31))
    drawing.draw(centre=bill.centre, child=bill.child, month=bill.month, by=world.zhang)
    bill = freezing.freeze(bill=Bill.objects.get(pk=bill.pk), by=world.chen)
    assert (bill.fee_cents, bill.relieved) == (0, False)
    Place.objects.filter(child=bill.child).update(ends_on=None, end_reason="")
    rechecking.sweep(clock.now())
    assert proposed(bill) == [12001]


def test_who_pays_and_speaks_for_the_child_no_more_reads_no_reduction(world: World, care: Care) -> None:
    bill = hardly(world, care)
    row = next(iter(keeping.bills(bill.payer)))
    assert row[2] == "480.06元"
    speaks = bill.child.guardians.get(guardian=bill.payer)
    speaks.ended_at, speaks.ended_by = clock.now(), world.chen
    speaks.save(update_fields=["ended_at", "ended_by"])
    row = next(iter(keeping.bills(bill.payer)))
    assert (row[1], row[2]) == ("120.01元", "0.00元")
    assert family_of.opened(bill, bill.payer.account) is None  # type: ignore[arg-type]
