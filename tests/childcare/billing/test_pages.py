"""The parent's way in three taps, the desk's list and run, finance's sums without names, the lead's receipts."""

import re

import pytest
from django.test import Client

from childcare.billing import freezing, offsetting
from childcare.models import Bill, Payment
from communities import counter
from communities.models import Duty, Look, Slip
from core import clock
from points import statement
from tests import world as cast
from tests.childcare import cast as care_cast
from tests.childcare.billing.families import family, group, hardly, ordinary, placed
from tests.childcare.cast import Care
from tests.pages import enter, links, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db


def desk(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def test_a_parent_uses_points_in_three_taps_from_home_and_takes_them_back(
    world: World, care: Care, client: Client
) -> None:
    bill = ordinary(world, care, points=300)
    enter(client, bill.payer)
    assert "本月可抵60元" in text(client, "/")
    first = next(link for link in links(client, "/") if "/childcare/bills/" in link)  # tap 1
    shown = text(client, first)
    assert "标准费600.07元" in shown and "可抵60.00元（300积分）" in shown and "应付600.07元" in shown
    second = next(link for link in links(client, first) if link.endswith("/offset/"))  # tap 2
    look = text(client, second)
    assert "300积分，抵60.00元" in look and "抵扣后应付540.07元" in look
    answer = client.post(second, {"points": "300", "cents": "6000", "due": "54007"})  # tap 3
    done = text(client, answer["Location"])
    assert "抵扣成功" in done and "应付540.07元" in done
    assert statement.available(bill.payer) == 0
    assert "本月可抵" not in text(client, "/")
    client.post(f"/childcare/bills/{bill.pk}/undo/")
    assert "应付600.07元" in text(client, first) and statement.available(bill.payer) == 300


def test_less_than_the_most_is_worked_out_before_it_is_confirmed(world: World, care: Care, client: Client) -> None:
    bill = hardly(world, care, points=300)
    enter(client, bill.payer)
    look = text(client, f"/childcare/bills/{bill.pk}/offset/?points=100")
    assert "100积分，抵40.00元" in look and "抵扣后应付80.01元" in look and "减免" not in look.replace("优待补贴", "")
    client.post(f"/childcare/bills/{bill.pk}/offset/", {"points": "100", "cents": "4000", "due": "8001"})
    assert Bill.objects.get(pk=bill.pk).offset_cents == 4000
    assert statement.available(bill.payer) == 200


@pytest.mark.parametrize("typed", ["", "0", "-3", "1.5", "abc", "9" * 30])
def test_what_is_no_number_of_points_is_said_so(world: World, care: Care, client: Client, typed: str) -> None:
    bill = ordinary(world, care, points=30)
    enter(client, bill.payer)
    answer = client.post(f"/childcare/bills/{bill.pk}/offset/", {"points": typed})
    assert answer.status_code == 400 and "积分没有变动" in answer.content.decode()
    assert statement.available(bill.payer) == 30


def test_another_family_and_a_helper_find_no_bill(world: World, care: Care, client: Client) -> None:
    bill = ordinary(world, care, points=30)
    for stranger in (care.other_mother, world.li):
        enter(client, stranger)
        for way in ("", "offset/", "paper/"):
            text(client, f"/childcare/bills/{bill.pk}/{way}", 404)
        assert client.post(f"/childcare/bills/{bill.pk}/undo/").status_code == 404


def test_the_other_guardian_sees_the_bill_and_is_told_who_pays(world: World, care: Care, client: Client) -> None:
    bill = ordinary(world, care, points=30)
    care_cast.guard(bill.child, care.father, "父亲", world.zhang, agreed=False)
    enter(client, care.father)
    assert "由另一位监护人付费" in text(client, f"/childcare/bills/{bill.pk}/")
    assert client.post(f"/childcare/bills/{bill.pk}/offset/", {"points": "1"}).status_code == 403


def test_a_confirmed_bill_says_where_to_pay(world: World, care: Care, client: Client) -> None:
    bill = ordinary(world, care, points=30)
    freezing.freeze(bill=bill, by=world.chen)
    enter(client, bill.payer)
    page = text(client, f"/childcare/bills/{bill.pk}/")
    assert "请到托管中心缴费" in page and "用积分抵扣" not in page
    assert "11月托管费还要缴600.07元" in text(client, "/")
    assert "托管账单" in text(client, f"/childcare/bills/{bill.pk}/paper/")


def test_the_list_and_home_cost_the_same_for_one_bill_and_for_many(world: World, care: Care, client: Client) -> None:
    bill = ordinary(world, care)
    enter(client, bill.payer)
    one = queries(client, "/childcare/bills/")
    for number in range(29):
        Bill.objects.create(
            centre=care.centre,
            child=bill.child,
            payer=bill.payer,
            month=bill.month.replace(year=1990 + number),
            drawn_by=world.zhang,
        )
    assert queries(client, "/childcare/bills/") == one


def test_the_desk_list_costs_the_same_for_one_bill_and_for_30(world: World, care: Care) -> None:
    client = desk(world.chen)
    ordinary(world, care)
    one = queries(client, "/desk/care/bills/")
    for _ in range(29):
        ordinary(world, care)
    assert queries(client, "/desk/care/bills/") == one


def test_staff_draw_a_month_look_confirm_and_write_down_a_receipt(world: World, care: Care) -> None:
    client = desk(world.zhang)
    child, mother = family(world)
    placed(group(world, care), child, mother, world.zhang)
    answer = client.post("/desk/care/bills/run/", {"centre": care.centre.pk, "month": "2026-11-01"})
    assert "新出3张" in answer.content.decode()
    bill = Bill.objects.get(child=child)
    assert "600.07" in text(client, f"/desk/care/bills/{bill.pk}/")
    assert client.post(f"/desk/care/bills/{bill.pk}/freeze/").status_code == 403  # before its day
    desk(world.chen).post(f"/desk/care/bills/{bill.pk}/freeze/")
    sent = {"yuan": "600.07", "receipt": "A1", "way": "cash", "paid_on": clock.today().isoformat()}
    client.post(f"/desk/care/bills/{bill.pk}/pay/", sent)
    bill.refresh_from_db()
    assert bill.status == "paid"
    again = client.post(f"/desk/care/bills/{bill.pk}/pay/", sent)
    assert again.status_code == 409 and "没有登记" in again.content.decode()
    client.post(f"/desk/care/bills/{bill.pk}/adjust/", {"yuan": "-1.00", "reason": "多算"})
    assert "多算" in text(client, "/desk/care/bills/adjustments/")
    head = desk(world.chen)
    assert "托管账单更正待批准" in text(head, "/desk/")
    head.post(f"/desk/care/bills/adjustments/{bill.adjustments.get().pk}/approve/")
    assert bill.adjustments.get().approved_by == world.chen


def test_a_look_at_a_familys_bill_is_written_down(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    desk(world.zhang).get(f"/desk/care/bills/{bill.pk}/")
    looked = Look.objects.filter(resident=bill.child)
    assert [("账单" in one.what, one.purpose) for one in looked] == [(True, "办理托管账单")]


def test_finance_reads_sums_and_no_name(world: World, care: Care) -> None:
    bill = hardly(world, care, points=100)
    offsetting.use(bill=bill, points=100, by=bill.payer.account)  # type: ignore[arg-type]
    client = desk(cast.staff("caiwu", "账务员", Duty.Role.FINANCE, community=world.wenxing))
    shown = text(client, "/desk/care/bills/")
    assert (
        "120.01" in shown
        and "600.07" not in shown
        and "100" in shown
        and bill.child.name not in shown
        and bill.payer.name not in shown
    )
    for way in ("", "paper/", "adjust/", "pay/"):
        assert client.get(f"/desk/care/bills/{bill.pk}/{way}").status_code == 404
    assert bill.child.name.encode() not in client.get("/desk/care/bills/print/").content


def test_another_communitys_staff_find_no_bill(world: World, care: Care) -> None:
    bill = ordinary(world, care)
    client = desk(world.qian)
    assert bill.child.name not in text(client, "/desk/care/bills/")
    assert client.get(f"/desk/care/bills/{bill.pk}/").status_code == 404
    assert client.post(f"/desk/care/bills/{bill.pk}/freeze/").status_code == 404


def test_the_export_holds_what_the_list_shows_and_no_category(world: World, care: Care) -> None:
    hardly(world, care)
    answer = desk(world.zhang).post("/desk/care/bills/export/", {"purpose": "月底对账"})
    assert (
        answer.status_code == 200
        and b"".join(answer.streaming_content if answer.streaming else [answer.content])[:2] == b"PK"
    )  # type: ignore[attr-defined]


def test_the_lead_writes_down_receipts_and_sees_neither_fee_nor_reduction(world: World, care: Care) -> None:
    bill = hardly(world, care)
    freezing.freeze(bill=bill, by=world.chen)
    client = desk(care.lead)
    assert bill.child.name in text(client, "/care/bills/")
    shown = text(client, f"/care/bills/{bill.pk}/")
    assert "120.01" in shown and not re.search("600.07|480.06|减免|优待", shown)
    sent = {"yuan": "120.01", "receipt": "A1", "way": "cash", "paid_on": clock.today().isoformat()}
    client.post(f"/care/bills/{bill.pk}/", sent)
    assert Payment.objects.get().by == care.lead
    assert desk(care.teacher).get("/care/bills/").status_code == 403


def test_a_guardian_without_a_phone_uses_points_at_the_counter_and_takes_them_back(world: World, care: Care) -> None:
    bill = ordinary(world, care, points=100)
    payer, at = bill.payer, clock.now()
    act = counter.act_of("care-offset")
    assert act and act.choices and act.plan
    assert [(one.number, one.value) for one in act.choices(payer, at)] == [(bill.pk, "100积分")]
    assert act.plan(payer, bill.pk, at).refused is None
    slip = counter.perform(act=act, resident=payer, number=bill.pk, by=world.zhang)
    assert "抵20.00元" in slip.said and statement.available(payer) == 0
    back = counter.act_of("care-offset-back")
    assert back and back.choices
    (standing,) = back.choices(payer, at)
    counter.perform(act=back, resident=payer, number=standing.number, by=world.zhang)
    assert statement.available(payer) == 100 and Slip.objects.count() == 2
    assert act.choices(care.other_mother, at) == []
