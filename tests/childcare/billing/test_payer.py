"""换付费监护人: who pays from now on; open bills go along, points come back, and nobody is made to pay by another."""

import pytest
from django.test import Client

from childcare.billing import adjusting, freezing, handing, offsetting, paying, undoing
from childcare.billing.drawing import BillChanged
from childcare.models import Bill, Place
from childcare.places import fit
from communities import duties, guardians
from communities.models import Guardian
from notifications.models import Message
from points import statement
from tests.api import client_of
from tests.books import breaches, refuses
from tests.childcare import cast as care_cast
from tests.childcare.billing.families import DECEMBER, drawn, group, ordinary, placed
from tests.childcare.billing.test_pages import desk
from tests.childcare.cast import Care
from tests.pages import enter, text
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(world: World, care: Care) -> Bill:
    """November's, confirmed; December's open with 100 points of the mother on it. The father answers for the child too."""
    november = ordinary(world, care, points=100)
    care_cast.guard(november.child, care.father, "父亲", world.zhang, agreed=False)
    freezing.freeze(bill=november, by=world.chen)
    december = drawn(world, care, november.child, DECEMBER)
    offsetting.use(bill=december, points=100, by=december.payer.account)  # type: ignore[arg-type]
    return Bill.objects.get(pk=december.pk)


def handed(world: World, care: Care, bill: Bill) -> None:
    """What is true afterwards, whoever did it."""
    mother = bill.payer
    again = Bill.objects.get(pk=bill.pk)
    assert (again.payer, again.points, again.due_cents) == (care.father, 0, 60007)
    assert statement.available(mother) == 100
    assert Bill.objects.get(child=bill.child, month__month=11).payer == mother
    assert set(Place.objects.filter(child=bill.child).values_list("payer", flat=True)) == {care.father.pk}
    for person in (mother, care.father):
        said = Message.objects.get(resident=person, title="付费监护人已更换").body
        assert "您的孩子" in said and bill.child.name not in said
    assert Message.objects.filter(resident=mother, occasion__endswith=":returned").count() == 1
    assert breaches() == []


def test_the_other_guardian_takes_it_over_on_the_own_phone(
    world: World, care: Care, bill: Bill, client: Client
) -> None:
    enter(client, care.father)
    assert "由我付费" in text(client, f"/childcare/bills/{bill.pk}/")
    client.post(f"/childcare/bills/{bill.pk}/take/")
    handed(world, care, bill)
    assert offsetting.refusal_for(offsetting.read(bill.pk), care.father.account) is None
    assert "由我付费" not in text(client, f"/childcare/bills/{bill.pk}/")


def test_at_the_desk_both_have_signed(world: World, care: Care, bill: Bill) -> None:
    client, place = desk(world.zhang), Place.objects.get(child=bill.child)
    url = f"/desk/care/places/{place.pk}/payer/"
    refused = client.post(url, {"to": care.father.pk})
    assert refused.status_code == 400 and "书面申请" in refused.content.decode()
    client.post(url, {"to": care.father.pk, "paper": "on"})
    handed(world, care, bill)


def test_who_may_not_let_whom_pay(world: World, care: Care, bill: Bill) -> None:
    place, mother = Place.objects.get(child=bill.child), bill.payer
    wrong = [
        (mother, world.zhang, handing.PayerStands), (care.other_mother, world.zhang, fit.NotPayer),
        (care.father, mother.account, handing.NotForAnother), (care.father, world.qian, duties.NotYourDuty),
        (care.father, care.lead, duties.NotYourDuty), (care.father, care.other_mother.account, duties.NotYourDuty),
    ]  # fmt: skip
    for to, by, refused in wrong:
        with refuses(refused):  # type: ignore[arg-type]
            handing.change(place=place, to=to, by=by, paper=True)  # type: ignore[arg-type]
    world.zhang.own_phone = mother.phone
    world.zhang.save(update_fields=["own_phone"])
    with refuses(fit.OwnFamily):
        handing.change(place=place, to=care.father, by=world.zhang, paper=True)
    Place.objects.filter(pk=place.pk).update(
        status="ended", ends_on=place.starts_on, ended_at=bill.drawn_at, ended_by=world.zhang, end_reason="guardian"
    )
    with refuses(handing.PayerStands):
        handing.change(place=place, to=care.father, by=world.zhang, paper=True)
    assert statement.available(mother) == 0


def test_a_place_that_somebody_else_pays_stays_with_them(world: World, care: Care, bill: Bill) -> None:
    mine, gone = Place.objects.get(child=bill.child), care.other_mother  # who was the child's guardian once
    other = placed(group(world, care), bill.child, gone, world.zhang, starts_on=DECEMBER, plan=[5])
    handing.change(place=other, to=care.father, by=world.zhang, paper=True)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.payer, other.payer) == (bill.payer, care.father)


def test_staff_are_told_when_a_payer_answers_for_the_child_no_more(world: World, care: Care, bill: Bill) -> None:
    client = desk(world.zhang)
    assert "付费监护人已不是监护人" not in text(client, "/desk/")
    guardians.end(guardian=Guardian.objects.get(child=bill.child, guardian=bill.payer), by=world.chen)
    assert "付费监护人已不是监护人" in text(client, "/desk/")
    handing.change(place=Place.objects.get(child=bill.child), to=care.father, by=world.zhang, paper=True)
    assert "付费监护人已不是监护人" not in text(client, "/desk/")


@pytest.mark.parametrize("sent", [{"cents": 1000, "due": 1}, {"cents": 999, "due": 59007}, {}])
def test_points_are_used_as_they_were_shown_or_not_at_all(
    world: World, care: Care, client: Client, sent: dict[str, int]
) -> None:
    bill = ordinary(world, care, points=100)
    enter(client, bill.payer)
    answer = client.post(f"/childcare/bills/{bill.pk}/offset/", {"points": "50"} | sent)
    assert answer.status_code == 409 and BillChanged.message in answer.content.decode()
    api = client_of(world.wenxing).post(
        "care-offsets/", {"bill": bill.pk, "points": 50} | (sent or {"cents": 1, "due": 1}), key="a"
    )
    assert (api.status_code, api.json()["code"]) == (409, "care_bill_changed")
    assert statement.available(bill.payer) == 100
    client.post(f"/childcare/bills/{bill.pk}/offset/", {"points": "50", "cents": 1000, "due": 59007})
    assert statement.available(bill.payer) == 50


def test_each_step_of_a_bill_is_told_to_who_pays_once(world: World, care: Care) -> None:
    from_here = ordinary(world, care, points=100)
    payer = from_here.payer
    made = offsetting.use(bill=from_here, points=100, by=payer.account)  # type: ignore[arg-type]
    undoing.undo(offset=made, by=payer.account)  # type: ignore[arg-type]
    freezing.freeze(bill=from_here, by=world.chen)
    paid = paying.record(bill=from_here, paid=paying.Paid(100, "A1", "cash", from_here.month), by=care.lead)
    paying.void(payment=paid, reason="写错", by=world.zhang)
    wrong = adjusting.propose(bill=from_here, amount_cents=-100, reason="算错", by=world.zhang)
    adjusting.approve(adjustment=wrong, by=world.chen)
    said = list(Message.objects.filter(resident=payer).order_by("pk").values_list("title", "body"))
    assert [title for title, _ in said] == [
        "11月托管账单已出", "托管费抵扣已撤回", "托管账单已确认", "托管缴费已登记", "托管缴费登记已作废", "托管账单有更正",
    ]  # fmt: skip
    words = "".join(body for _, body in said)
    assert "您的孩子" in words and from_here.child.name not in words and "优待" not in words
