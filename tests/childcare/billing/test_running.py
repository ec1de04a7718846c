"""The monthly run: all children in one command, once; stopped and gone on; while families use points; and it ties to the ledger."""

from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from childcare.billing import drawing, freezing, offsetting, running, sweeping, undoing
from childcare.billing.totals import ledger_of, totals_of
from childcare.models import Bill, Place
from communities import duties
from communities.models import Resident
from core import clock
from notifications.models import Message
from points.models import Entry
from tests.books import breaches, refuses
from tests.childcare.billing.families import (
    DECEMBER,
    JANUARY,
    NOVEMBER,
    drawn,
    ended,
    evidence,
    family,
    group,
    hardly,
    off,
    ordinary,
    placed,
    rich,
)
from tests.childcare.cast import Care
from tests.world import World

pytestmark = pytest.mark.django_db
CATEGORIES = ("subsistence", "disabled_severe", "left_behind", "destitute")


def many(world: World, care: Care, count: int) -> list[tuple[Resident, Resident]]:
    groups = [group(world, care, capacity=40, seats=40) for _ in range(4)]
    made = []
    for number in range(count):
        child, mother = family(world)
        placed(
            groups[number % 4],
            child,
            rich(mother, 40 + number * 7),
            world.zhang,
            plan=[0, 1, 2, 3, 4][: 5 if number % 3 else 3],
        )
        if number % 8 == 0:
            evidence(world, child, CATEGORIES[number // 8 % 4])
        made.append((child, mother))
    return made


def test_126_children_of_4_groups_are_billed_by_one_command_and_tie_to_the_ledger(world: World, care: Care) -> None:
    families = many(world, care, 124)  # and the two of the cast
    said = StringIO()
    call_command("bill_care", "--month", "2026-11", stdout=said, stderr=StringIO())
    bills = Bill.objects.filter(centre=care.centre, month=NOVEMBER)
    assert bills.count() == 126 and "新出126张" in said.getvalue()
    for _child, mother in families[::3]:
        bill = offsetting.read(bills.get(payer=mother).pk)
        if points := offsetting.quote(bill).points:
            made = offsetting.use(bill=bill, points=points, by=mother.account)  # type: ignore[arg-type]
            if made.pk % 5 == 0:
                undoing.undo(offset=made, by=mother.account)  # type: ignore[arg-type]
    before = list(bills.order_by("pk").values())
    call_command("bill_care", "--month", "2026-11", stdout=said, stderr=StringIO())
    assert list(bills.order_by("pk").values()) == before and "没有变动126张" in said.getvalue()
    sums, moved = totals_of(bills), ledger_of(care.centre, NOVEMBER)
    assert (sums.points, sums.relief) == (moved.points, moved.relief)
    assert sums.points > 0 and sums.relief > 0
    assert sums.offset == (moved.points + moved.relief) * 20
    assert sums.due == sums.fee + sums.adjust - sums.offset
    assert breaches() == []


def test_a_run_that_was_stopped_goes_on_and_bills_nobody_twice(world: World, care: Care) -> None:
    many(world, care, 7)
    heard = []

    def stop(number: int, _: int) -> None:
        heard.append(number)
        if number == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run(centre=care.centre, month=NOVEMBER, by=world.zhang, progress=stop)
    assert Bill.objects.count() == 4
    done = running.run(centre=care.centre, month=NOVEMBER, by=world.zhang)
    assert (done.counted["same"], done.counted["drawn"], done.refused) == (4, 5, [])
    assert Bill.objects.count() == 9


def test_a_page_takes_some_children_at_a_time(world: World, care: Care) -> None:
    many(world, care, 5)
    first = running.run(centre=care.centre, month=NOVEMBER, by=world.zhang, most=4)
    assert (first.children, first.of) == (4, 7) and first.following
    last = running.run(centre=care.centre, month=NOVEMBER, by=world.zhang, most=4, after=first.following)
    assert (last.children, last.following, Bill.objects.count()) == (3, 0, 7)


def test_fees_are_asked_for_three_months_ahead_at_most(world: World, care: Care) -> None:
    running.run(centre=care.centre, month=clock.today().replace(year=2027, month=2, day=1), by=world.zhang)
    with refuses(drawing.TooFarAhead) as refused:
        running.run(centre=care.centre, month=clock.today().replace(year=2027, month=3, day=1), by=world.zhang)
    assert "3个月" in refused.value.message
    assert not Bill.objects.filter(month__month=3).exists()


def test_staff_of_another_community_and_caregivers_bill_nobody(world: World, care: Care) -> None:
    for somebody in (world.qian, care.lead, care.teacher, care.mother.account):
        assert somebody
        with refuses(duties.NotYourDuty):
            running.run(centre=care.centre, month=NOVEMBER, by=somebody)
    assert not Bill.objects.exists()


def test_a_group_without_that_fee_stops_no_other_child(world: World, care: Care) -> None:
    child, mother = family(world)
    placed(group(world, care, fees={"3": 40000}), child, mother, world.zhang)
    done = running.run(centre=care.centre, month=NOVEMBER, by=world.zhang)
    assert done.counted["drawn"] == 2 and [one for one, _ in done.refused] == [child.pk]


def test_a_month_without_a_planned_day_has_no_bill(world: World, care: Care) -> None:
    child, mother = family(world)
    placed(
        group(world, care),
        child,
        mother,
        world.zhang,
        starts_on=NOVEMBER.replace(day=7),
        ends_on=NOVEMBER.replace(day=8),
    )
    assert drawing.draw(centre=care.centre, child=child, month=NOVEMBER, by=world.zhang) is None  # a weekend


def test_several_places_of_a_child_are_one_bill(world: World, care: Care) -> None:
    child, mother = family(world)
    for plan in ([0, 1, 2], [3, 4]):
        placed(group(world, care), child, mother, world.zhang, plan=plan)
    bill = drawn(world, care, child)
    assert bill.lines.filter(kind="fee").count() == 2 and bill.fee_cents == 40001 + 30001


def test_evidence_that_ends_changes_the_next_bill_and_gives_back_what_no_longer_fits(world: World, care: Care) -> None:
    child, mother = family(world)
    placed(group(world, care), child, rich(mother, 5000), world.zhang)
    proof = evidence(world, child, "subsistence")
    november, december = drawn(world, care, child), drawn(world, care, child, DECEMBER)
    for bill in (november, december):
        offsetting.use(bill=bill, points=offsetting.quote(offsetting.read(bill.pk)).points, by=mother.account)  # type: ignore[arg-type]
    ended(proof, world.chen, NOVEMBER.replace(day=16))
    november.refresh_from_db()
    december.refresh_from_db()
    assert (off(november), november.fee_cents) == (48006, 12001) and november.relief > 0
    assert (off(december), december.relieved, december.evidence, december.points) == (0, False, None, 0)
    assert december.due_cents == december.fee_cents == 60007
    said = Message.objects.get(resident=mother, occasion__endswith=":returned")
    assert "退回您的账户" in said.body and "您的孩子" in said.body
    words = " ".join(Message.objects.filter(resident=mother).values_list("body", flat=True))
    assert not any(word in words for word in ("低保", "残疾", "困难", child.name))
    assert breaches() == []


def test_points_that_still_fit_stay_when_a_bill_is_drawn_anew(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=100)
    offsetting.use(bill=bill, points=100, by=bill.payer.account)  # type: ignore[arg-type]
    Place.objects.filter(child=bill.child).update(ends_on=NOVEMBER.replace(day=20))
    again = drawn(world, care, bill.child)
    assert again.pk == bill.pk and again.points == 100
    assert again.fee_cents < 60007 and again.due_cents == again.fee_cents - 2000
    assert Entry.objects.filter(kind="reversal").count() == 0
    assert breaches() == []


def test_a_place_that_was_given_up_leaves_a_bill_of_nothing(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    Place.objects.filter(child=bill.child).update(
        status="withdrawn", ended_at=clock.now(), ended_by=world.zhang, end_reason="guardian"
    )
    running.run(centre=care.centre, month=NOVEMBER, by=world.zhang)
    bill.refresh_from_db()
    assert (bill.fee_cents, bill.due_cents, bill.lines.count()) == (0, 0, 0)


def test_beat_draws_on_the_25th_reminds_confirms_on_the_5th_and_tells_once(world: World, care: Care) -> None:
    with time_machine.travel(clock.at(NOVEMBER.replace(day=24), clock.now().time()), tick=False):
        sweeping.sweep(clock.now())
        assert not Bill.objects.exists()
    rich(care.mother, 500)
    for day, month in ((25, 11), (26, 11)):
        with time_machine.travel(clock.at(NOVEMBER.replace(month=month, day=day), clock.now().time()), tick=False):
            sweeping.sweep(clock.now())
    mine = Message.objects.filter(resident=care.mother, channel="inbox")
    assert Bill.objects.filter(month=DECEMBER, status="drawn").count() == 2 and mine.count() == 1
    for day in (3, 4):
        with time_machine.travel(clock.at(DECEMBER.replace(day=day), clock.now().time()), tick=False):
            sweeping.sweep(clock.now())
    assert mine.count() == 2 and "还可以用积分抵扣" in mine.order_by("-pk")[0].body
    with time_machine.travel(clock.at(DECEMBER.replace(day=5), clock.now().time()), tick=False):
        sweeping.sweep(clock.now())
        sweeping.sweep(clock.now())
    assert Bill.objects.filter(month=DECEMBER, status="frozen").count() == 2 and mine.count() == 3
    assert not Bill.objects.filter(month=JANUARY).exists()


def test_a_bill_of_nothing_is_settled_when_it_is_confirmed(world: World, care: Care) -> None:
    bill = hardly(world, care, "destitute")
    assert (bill.due_cents, bill.cap_cents) == (0, 0)
    done = freezing.freeze(bill=bill, by=world.chen)
    assert done.status == "paid" and done.paid_at


def test_neither_lines_nor_messages_say_why_a_family_pays_less(world: World, care: Care) -> None:
    bill = hardly(world, care, points=300)
    offsetting.use(bill=bill, points=300, by=bill.payer.account)  # type: ignore[arg-type]
    said = [*bill.lines.values_list("words", "why"), *Message.objects.values_list("title", "body")]
    text = " ".join(word for row in said for word in row)
    assert "优待减免" in text and "300积分" in text
    assert not any(word in text for word in ("低保", "残疾", "留守", "特困", "80%", bill.child.name))
