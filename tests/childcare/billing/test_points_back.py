"""What points had paid for a child that left comes back by the ledger: own points alone, once, and never as money."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client

from childcare.billing import adjusting, drawing, freezing, offsetting, paying, rechecking, refunding
from childcare.billing.paying import Paid
from childcare.billing.refunding import Back
from childcare.models import Bill, BillAdjustment, Place, Refund
from communities import closing, duties
from communities.kin import SamePerson
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import statement
from points.models import Entry, Lot, Posting
from tests.books import breaches, refuses
from tests.childcare.billing.families import DECEMBER, drawn, evidence, family, group, ordinary, placed, rich
from tests.childcare.billing.test_late import finance, given, left
from tests.childcare.billing.test_pages import desk
from tests.childcare.cast import Care
from tests.pages import enter, text
from tests.points import deeds
from tests.world import World

pytestmark = pytest.mark.django_db
SETTLED = date(2026, 11, 1)


def used(bill: Bill, points: int | None = None) -> Bill:
    """With as many points as the bill takes."""
    most = offsetting.quote(offsetting.read(bill.pk)).points
    offsetting.use(bill=bill, points=points or most, by=bill.payer.account)  # type: ignore[arg-type]
    return Bill.objects.get(pk=bill.pk)


def gone(world: World, care: Care, bill: Bill, cents: int | None = None) -> BillAdjustment:
    """Confirmed, paid, and the child left: of `cents` less, else of what the night finds; approved by the head."""
    bill = freezing.freeze(bill=Bill.objects.get(pk=bill.pk), by=world.chen)
    if bill.due_cents:
        paying.record(bill=bill, paid=Paid(bill.due_cents, f"A{bill.pk}", "cash", clock.today()), by=care.lead)
    left(bill, SETTLED)
    if cents is None:
        rechecking.sweep(clock.now())
    else:
        adjusting.propose(bill=bill, amount_cents=-cents, reason="月中离开", by=world.zhang)
    Place.objects.filter(child=bill.child).update(
        ends_on=SETTLED, status="ended", ended_at=clock.now(), ended_by=world.zhang
    )
    return adjusting.approve(adjustment=BillAdjustment.objects.to_decide().get(bill=bill), by=world.chen)


def wholly(world: World, care: Care, cents: int | None = None) -> BillAdjustment:
    """80 yuan after the reduction, all of it paid by 200 own points and as many of the subsidy."""
    child, mother = family(world)
    placed(group(world, care, fees={"5": 40000}), child, rich(mother, 1000), world.zhang)
    evidence(world, child, "subsistence")
    bill = used(drawn(world, care, child))
    assert (bill.points, bill.relief, bill.offset_cents, bill.due_cents) == (200, 200, 8000, 0)
    return gone(world, care, bill, cents)


def partly(world: World, care: Care, cents: int | None = None) -> BillAdjustment:
    """Of 600.07 yuan 900 points paid 180.00."""
    bill = used(ordinary(world, care, points=1000))
    assert (bill.points, bill.due_cents) == (900, 42007)
    return gone(world, care, bill, cents)


def moved(made: Refund) -> tuple[int, int]:
    """What its two entries gave back to the payer, and to the subsidy."""
    mine = Posting.objects.filter(entry__in=[one for one in (made.entry_id, made.rest_entry_id) if one])
    back, again = mine.filter(entry=made.entry_id), mine.exclude(entry=made.entry_id)

    def net(kind: str) -> int:
        came = sum(one.amount for one in back.filter(destination__kind=kind))
        return came - sum(one.amount for one in again.filter(source__kind=kind))

    return net("wallet"), net("relief")


def of_points(mine: BillAdjustment, by: User) -> Refund:
    return refunding.give(adjustment=mine, given=None, by=by)


def typed(*shown: int) -> dict[str, object]:
    """What the page of a refund sends: the receipt, and the fen and points that it `shown`."""
    said: dict[str, object] = {"receipt": "T1", "way": "cash", "paid_on": clock.today().isoformat()}
    return said | dict(zip(("cents", "points"), shown, strict=False))


def more_of(first: BillAdjustment, cents: int, world: World) -> BillAdjustment:
    more = adjusting.propose(bill=first.bill, amount_cents=-cents, reason="再算", by=world.zhang)
    return adjusting.approve(adjustment=more, by=world.chen)


def shut(payer: Resident) -> None:
    Resident.objects.filter(pk=payer.pk).update(
        status="closed", closed_at=clock.now(), name=f"已注销-{payer.pk}", account=None, phone="", birth_date=None, household=None,
        estate=None, grid=None, pinyin="", initials="",
    )  # fmt: skip


def test_what_points_paid_wholly_comes_back_as_points_without_a_receipt(world: World, care: Care) -> None:
    """Half of it, with a subsidy as large: the family has its own half again, the subsidy its own, and nobody any money."""
    mine, him = wholly(world, care, 4000), finance(world)
    assert refunding.back_of(mine) == Back(0, 100, 4000)
    payer = mine.bill.payer
    days = set(Lot.objects.filter(wallet__resident=payer).values_list("expires_on", flat=True))
    client, family_of, path = desk(him), Client(), f"/desk/care/bills/refunds/{mine.pk}/"
    enter(family_of, payer)
    assert "托管费待退" in text(client, "/desk/") and "退费收据号" not in text(client, path)
    shown = text(family_of, f"/childcare/bills/{mine.bill_id}/")
    assert "待退：退回100积分" in shown
    client.post(path, {"cents": 0, "points": 100})
    made = Refund.objects.get()
    assert (made.amount_cents, made.points, made.offset_cents, made.receipt, made.way) == (0, 100, 4000, "", "points")
    assert moved(made) == (100, 100) and made.rest_entry
    assert [(one.source.kind, one.amount) for one in made.rest_entry.postings.order_by("pk")] == [
        ("wallet", 100),
        ("relief", 100),
    ]
    assert statement.available(payer) == 900
    assert set(Lot.objects.filter(wallet__resident=payer).values_list("expires_on", flat=True)) == days  # no day is won
    said = Message.objects.get(occasion=f"care-refund:{made.pk}")
    assert said.resident == payer and "100积分" in said.body and "元" not in said.body and "收据" not in said.body
    assert "托管费待退" not in text(client, "/desk/")
    for page in (
        text(family_of, f"/childcare/bills/{mine.bill_id}/"),
        text(desk(world.zhang), f"/desk/care/bills/{mine.bill_id}/"),
    ):
        assert "已退：退回100积分" in page and "待退" not in page
    assert breaches() == []


def test_money_first_and_what_points_paid_comes_back_as_points_in_one_press(world: World, care: Care) -> None:
    mine, him = partly(world, care), finance(world)
    assert refunding.back_of(mine) == Back(42007, 900, 18000)
    client = desk(him)
    assert "托管费待退" in text(client, "/desk/")
    shown = text(client, "/desk/care/bills/refunds/")
    assert "420.07" in shown and "900" in shown and mine.bill.payer.name not in shown
    path = f"/desk/care/bills/refunds/{mine.pk}/"
    assert "退回900积分" in text(client, path)
    done = client.post(path, typed(42007, 900), follow=True)
    assert "退420.07元，退回900积分" in done.content.decode()
    made = Refund.objects.get()
    assert (made.amount_cents, made.points, made.offset_cents, made.rest_entry) == (42007, 900, 18000, None)
    assert Entry.objects.get(key=f"care-refund:{made.pk}") == made.entry
    assert statement.available(mine.bill.payer) == 1000
    said = Message.objects.get(occasion=f"care-refund:{made.pk}")
    assert said.resident == mine.bill.payer and "420.07元" in said.body and "900积分" in said.body
    assert "托管费待退" not in text(client, "/desk/")
    with refuses(refunding.NothingToRefund):
        refunding.give(adjustment=mine, given=given("T2"), by=him)
    assert statement.available(mine.bill.payer) == 1000 and breaches() == []


def test_what_is_less_than_a_point_stays_a_credit_and_no_more_is_taken_in_when_the_child_comes_back(
    world: World, care: Care
) -> None:
    mine = partly(world, care, 42007 + 59)
    made = refunding.give(adjustment=mine, given=given(), by=finance(world))
    assert (made.amount_cents, made.points, made.offset_cents) == (42007, 2, 40)
    placed(group(world, care), mine.bill.child, mine.bill.payer, world.zhang, starts_on=DECEMBER)
    assert drawn(world, care, mine.bill.child, DECEMBER).adjust_cents == -19
    assert breaches() == []


def test_a_rest_of_less_than_a_point_waits_for_nobody(world: World, care: Care) -> None:
    mine = wholly(world, care, 39)
    assert not refunding.waiting().exists() and refunding.back_of(mine) == Back()
    with refuses(refunding.NothingToRefund):
        of_points(mine, finance(world))


def test_several_corrections_give_back_no_more_than_was_used(world: World, care: Care) -> None:
    """What stays used after the first is what the second speaks of; the third, typed too large, finds what is left."""
    first, him = wholly(world, care, 2000), finance(world)
    payer = first.bill.payer
    made = [of_points(first, him)]
    for cents in (3000, 9000):
        more = adjusting.propose(bill=first.bill, amount_cents=-cents, reason="再算", by=world.zhang)
        adjusting.approve(adjustment=more, by=world.chen)
        made.append(of_points(more, him))
    assert [moved(one) for one in made] == [(50, 50), (75, 75), (75, 75)]
    assert [one.entry.reverses_id for one in made] == [  # type: ignore[union-attr]
        first.bill.offsets.get().entry_id, made[0].rest_entry_id, made[1].rest_entry_id,
    ]  # fmt: skip
    assert made[2].rest_entry is None and statement.available(payer) == 1000
    last = adjusting.propose(bill=first.bill, amount_cents=-100, reason="又算", by=world.zhang)
    adjusting.approve(adjustment=last, by=world.chen)
    with refuses(refunding.NothingToRefund):
        of_points(last, him)
    assert breaches() == []


@pytest.mark.parametrize("sent", [(18000, 0), (0, 901), ()])
def test_what_is_not_as_the_page_said_is_not_given_back_and_the_page_says_what_is(
    world: World, care: Care, sent: tuple[int, ...]
) -> None:
    """180 yuan were counted out while a colleague gave back the bill's money for another correction: points are left."""
    one, him = partly(world, care, 42007), finance(world)
    other = more_of(one, 18000, world)
    client, path = desk(him), f"/desk/care/bills/refunds/{other.pk}/"
    opened = client.get(path).content.decode()
    assert "待退180.00元" in opened and 'name="cents" value="18000"' in opened and 'name="points" value="0"' in opened
    refunding.give(adjustment=one, given=given("T0"), by=him)
    answer = client.post(path, typed(*sent))
    said = answer.content.decode()
    assert answer.status_code == 409 and drawing.BillChanged.message in said and "多付的收回" in said
    assert "退回900积分" in said and 'name="cents" value="0"' in said and 'name="points" value="900"' in said
    assert Refund.objects.count() == 1 and statement.available(one.bill.payer) == 100
    client.post(path, {"cents": 0, "points": 900})
    assert Refund.objects.get(adjustment=other).points == 900 and breaches() == []


def test_money_that_is_there_again_is_asked_a_receipt_for_after_it_was_said(world: World, care: Care) -> None:
    """The page said points alone and asked nothing; what it did not ask is not what is wrong first."""
    mine, him = partly(world, care), finance(world)
    answer = desk(him).post(f"/desk/care/bills/refunds/{mine.pk}/", {"cents": 0, "points": 900})
    said = answer.content.decode()
    assert answer.status_code == 409 and drawing.BillChanged.message in said and "退费收据号" in said
    missing = desk(him).post(f"/desk/care/bills/refunds/{mine.pk}/", {"cents": 42007, "points": 900})
    assert missing.status_code == 400 and drawing.BillChanged.message not in missing.content.decode()
    assert not Refund.objects.exists()


def test_corrections_of_one_bill_share_its_money_and_its_points_wherever_they_are_read(
    world: World, care: Care, django_assert_num_queries: Any
) -> None:
    one, him = partly(world, care, 42007), finance(world)
    more_of(one, 18000, world)
    with django_assert_num_queries(1):
        found = refunding.each(refunding.waiting().select_related("bill").order_by("pk"))
    assert [back for _, back in found] == [Back(42007, 0, 0), Back(0, 900, 18000)]
    client = Client()
    enter(client, one.bill.payer)
    for page in (
        text(client, f"/childcare/bills/{one.bill_id}/"),
        text(desk(world.zhang), f"/desk/care/bills/{one.bill_id}/"),
    ):
        assert "待退：420.07元。" in page and "待退：退回900积分。" in page and "180.00元。" not in page
    listed = desk(him).get("/desk/care/bills/refunds/").content.decode()
    assert ">420.07<" in listed and ">180.00<" not in listed and ">900<" in listed
    assert any("还有900积分等着" in said for said in closing.losses_of(one.bill.payer))


def test_points_that_two_corrections_ask_back_are_told_once(world: World, care: Care) -> None:
    one, him = wholly(world, care, 8000), finance(world)
    other = more_of(one, 8000, world)
    bill_of_another = wholly(world, care, 8000)
    assert any("还有200积分等着" in said for said in closing.losses_of(one.bill.payer))
    assert refunding.of_bill(one.bill).waiting == [Back(0, 200, 8000)]
    found = refunding.each(refunding.waiting().select_related("bill").order_by("pk"))
    assert [(mine, back.points) for mine, back in found] == [(one, 200), (other, 0), (bill_of_another, 200)]
    assert desk(him).get("/desk/care/bills/refunds/").content.decode().count(">200<") == 2
    assert of_points(other, him).points == 200  # whichever is pressed first


def test_who_may_not_give_back_money_gives_back_no_points(world: World, care: Care) -> None:
    mine = wholly(world, care, 4000)
    cases: list[tuple[User, type[Refused]]] = [
        (world.zhang, SamePerson), (world.chen, SamePerson), (world.qian, duties.NotYourDuty),
        (mine.bill.payer.account, duties.NotYourDuty),  # type: ignore[list-item]
    ]  # fmt: skip
    for by, refused in cases:
        with refuses(refused):
            of_points(mine, by)
    owing = ordinary(world, care)
    Bill.objects.filter(pk=owing.pk).update(child=mine.bill.child, month=DECEMBER)
    freezing.freeze(bill=Bill.objects.get(pk=owing.pk), by=world.chen)
    with refuses(refunding.StillOwing):
        of_points(mine, finance(world))
    assert statement.available(mine.bill.payer) == 800 and not Refund.objects.exists()


def test_without_a_receipt_of_its_money_no_points_come_back(world: World, care: Care) -> None:
    mine, him = partly(world, care), finance(world)
    for said in (None, given(" ")):
        with refuses(refunding.BadRefund):
            refunding.give(adjustment=mine, given=said, by=him)
    other = partly(world, care)
    refunding.give(adjustment=other, given=given("T1"), by=him)
    with refuses(refunding.RefundReceiptTaken):
        refunding.give(adjustment=mine, given=given("T1"), by=him)
    assert statement.available(mine.bill.payer) == 100 and breaches() == []


def test_to_a_closed_file_no_points_come_back_but_the_money_does(world: World, care: Care) -> None:
    one, other, him = wholly(world, care, 4000), partly(world, care), finance(world)
    assert any("100积分等着退回" in said for said in closing.losses_of(one.bill.payer))
    for mine in (one, other):
        shut(mine.bill.payer)
    assert list(refunding.waiting()) == [other]
    with refuses(refunding.PayerClosed):
        of_points(one, him)
    assert "只退钱" in text(desk(him), f"/desk/care/bills/refunds/{other.pk}/")
    made = refunding.give(adjustment=other, given=given(), by=him)
    assert (made.amount_cents, made.points) == (42007, 0)
    with refuses(refunding.NothingToRefund):
        refunding.give(adjustment=other, given=given("T2"), by=him)
    assert breaches() == []


def test_a_closed_file_is_the_reason_only_where_points_would_come_back_without_it(world: World, care: Care) -> None:
    stays, less, him = wholly(world, care, 4000), wholly(world, care, 39), finance(world)
    twice = wholly(world, care, 8000)
    of_points(twice, him)
    spent = more_of(twice, 8000, world)
    place = placed(group(world, care), stays.bill.child, stays.bill.payer, world.zhang, starts_on=SETTLED)
    for mine in (stays, less, twice):
        shut(mine.bill.payer)
    for mine in (stays, less, twice, spent):
        with refuses(refunding.NothingToRefund):
            of_points(mine, him)
    Place.objects.filter(pk=place.pk).update(
        ends_on=SETTLED, status="ended", ended_at=clock.now(), ended_by=world.zhang, end_reason="guardian"
    )
    with refuses(refunding.PayerClosed):
        of_points(stays, him)


def test_points_reach_who_moved_and_points_past_their_day_have_the_grace(world: World, care: Care) -> None:
    mine, him = wholly(world, care, 4000), finance(world)
    deeds.moved(mine.bill.payer, world.yongan)
    with time_machine.travel(
        datetime(2028, 3, 1, 10, 0, tzinfo=clock.SHANGHAI), tick=False
    ):  # they lasted until 31 December
        assert statement.available(mine.bill.payer) == 0
        of_points(mine, him)
        assert statement.available(mine.bill.payer) == 100
        (left_over,) = Lot.objects.filter(wallet__resident=mine.bill.payer, remaining__gt=0)
        assert left_over.expires_on == date(2028, 3, 31)
        assert breaches() == []


def test_a_second_press_that_read_before_the_first_wrote_changes_nothing(
    world: World, care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, him = wholly(world, care, 4000), finance(world)
    seen, told = refunding.back_of(mine), iter([Back(0, 60, 2400)])
    monkeypatch.setattr(refunding, "back_of", lambda one: next(told, seen))
    with refuses(drawing.BillChanged):
        of_points(mine, him)
    assert statement.available(mine.bill.payer) == 800 and not Refund.objects.exists()


RAW = (
    "INSERT INTO childcare_refund (adjustment_id, centre_id, amount_cents, points, offset_cents, entry_id, receipt, way, paid_on, by_id, at)"
    " SELECT a.id, b.centre_id, 0, {points}, {cents}, {entry}, '', 'points', b.month, a.by_id, now() FROM childcare_billadjustment a"
    " JOIN childcare_bill b ON b.id = a.bill_id WHERE a.id = {one}"
)


def test_sql_gives_back_no_more_points_than_were_used_for_the_bill(world: World, care: Care) -> None:
    mine = wholly(world, care, 8000)
    more = adjusting.propose(bill=mine.bill, amount_cents=-9000, reason="再算", by=world.zhang)
    adjusting.approve(adjustment=more, by=world.chen)
    entry = mine.bill.offsets.get().entry_id
    wrong = {
        (201, 8040, more.pk): "paid in points", (100, 3000, more.pk): "paid in points", (201, 8040, mine.pk): "gives nothing back",
        (0, 0, mine.pk): "care_refund_", (100, 0, mine.pk): "paid in points",
    }  # fmt: skip
    with connection.cursor() as cursor:
        for (points, cents, one), said in wrong.items():
            with pytest.raises(DatabaseError, match=said), transaction.atomic():
                cursor.execute(RAW.format(points=points, cents=cents, one=one, entry=entry if points else "NULL"))
        with pytest.raises(DatabaseError, match="care_refund_points"), transaction.atomic():
            cursor.execute(RAW.format(points=100, cents=4000, one=mine.pk, entry="NULL"))
        with pytest.raises(DatabaseError, match="has left"), transaction.atomic():
            shut(mine.bill.payer)
            cursor.execute(RAW.format(points=100, cents=4000, one=mine.pk, entry=entry))
        cursor.execute(RAW.format(points=200, cents=8000, one=mine.pk, entry=entry))
        with pytest.raises(DatabaseError, match="not so much left"), transaction.atomic():
            ordinary(world, care).lines.create(
                order=9, kind="adjustment", adjustment=mine, words="更正", why="更正", amount_cents=-1
            )
        with pytest.raises(DatabaseError, match="paid in points"), transaction.atomic():
            cursor.execute(RAW.format(points=1, cents=40, one=more.pk, entry=mine.bill.offsets.get().entry_id))
    # The row says what no entry moved.
    assert [said for _, said, _ in breaches()] == [
        "care points given back are what the ledger gave back, the subsidy to the subsidy"
    ]
