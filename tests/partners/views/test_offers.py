"""服务券 on the phone: three taps from home to the code, booking, calling off, what is not there for whom."""

import pytest
from django.test import Client

from communities.models import Resident
from core import clock
from partners.models import Agreement, Leaving, Voucher
from points import purse, statement
from tests import world as cast
from tests.books import breaches
from tests.pages import enter, leafed, links, queries, text
from tests.partners import booked
from tests.partners.shops import offer, voucher
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


def test_three_taps_from_home_to_the_code(client: Client, world: World, agreement: Agreement) -> None:
    mine = offer(agreement, stock=3)
    enter(client, world.wang)
    assert "/offers/" in links(client, "/") and f"/offers/{mine.pk}/" in links(client, "/offers/")
    look = text(client, f"/offers/{mine.pk}/")
    assert "剩余积分60积分" in look and "剩3张" in look and "确认兑换" in look and "15.00" not in look
    answer = client.post(f"/offers/{mine.pk}/")
    made = Voucher.objects.get()
    assert answer["Location"] == f"/vouchers/{made.pk}/?done=1"
    shown = text(client, answer["Location"])
    assert "兑换成功" in shown and made.spoken_number.replace(" ", "") in shown and "最晚使用" in shown
    assert "理发一次" in text(client, "/vouchers/")
    assert client.post(f"/vouchers/{made.pk}/back/").status_code == 302
    assert statement.available(world.wang) == 80 and "已退回" in text(client, f"/vouchers/{made.pk}/")


def test_a_refusal_stands_on_the_page_and_charges_nothing(client: Client, world: World, agreement: Agreement) -> None:
    mine = offer(agreement, price=90)
    enter(client, world.wang)
    assert "还差10积分" in text(client, "/offers/") and "确认兑换" not in text(client, f"/offers/{mine.pk}/")
    answer = client.post(f"/offers/{mine.pk}/")
    assert answer.status_code == 409 and "还差10积分" in answer.content.decode()
    assert not Voucher.objects.exists() and statement.available(world.wang) == 80


def test_the_household_pays_where_only_the_own_points_are_short(
    client: Client, world: World, agreement: Agreement
) -> None:
    Resident.objects.filter(pk=world.li.pk).update(household=world.wang.household)
    for one in Resident.objects.filter(pk__in=(world.wang.pk, world.li.pk)).select_related("account"):
        assert one.account
        purse.join(resident=one, by=one.account)
    mine = offer(agreement, price=30)
    enter(client, world.li)
    assert "家庭支付" in text(client, f"/offers/{mine.pk}/") and "家庭剩余50积分" in text(client, f"/offers/{mine.pk}/")
    assert client.post(f"/offers/{mine.pk}/", {"purse": "1"}).status_code == 302
    held = text(client, f"/vouchers/{Voucher.objects.get().pk}/")
    assert "退到原来付积分的账户" in held and "您的账户" not in held  # others paid for it
    assert statement.available(world.wang) == 50 and breaches() == []


def test_a_visit_is_booked_and_called_off(client: Client, world: World, agreement: Agreement) -> None:
    mine = booked.offer(agreement)
    enter(client, world.wang)
    assert "现在没有可以预约的时段" in text(client, f"/offers/{mine.pk}/")
    slot = booked.slot(mine)
    sent = {"slot": slot.pk, "address": booked.HOME, "wish": "轻敲门"}
    answer = client.post(f"/offers/{mine.pk}/", {"address": booked.HOME})
    assert answer.status_code == 400 and "请选择一个时段" in answer.content.decode()
    answer = client.post(f"/offers/{mine.pk}/", sent)
    assert (
        answer.status_code == 409 and "本人同意" in answer.content.decode() and booked.HOME in answer.content.decode()
    )
    assert client.post(f"/offers/{mine.pk}/", sent | {"agrees": "on"}).status_code == 302
    made = Voucher.objects.get()
    shown = text(client, f"/vouchers/{made.pk}/")
    assert "待商家确认" in shown and booked.HOME in shown and made.spoken_number.replace(" ", "") not in shown
    assert "积分马上退到原来付积分的账户" in text(client, f"/vouchers/{made.pk}/cancel/")
    assert client.post(f"/vouchers/{made.pk}/cancel/").status_code == 302
    assert statement.available(world.wang) == 80 and breaches() == []
    assert client.post(f"/vouchers/{made.pk}/cancel/").status_code == 409


def test_filters_and_what_is_not_there(client: Client, world: World, agreement: Agreement) -> None:
    offer(agreement, title="永安的"), offer(agreement, title="草稿", status="draft", reviewed_by=None, reviewed_at=None)
    enter(client, world.wang)
    assert "永安的" in text(client, "/offers/?trade=living") and "草稿" not in text(client, "/offers/")
    assert "永安的" not in text(client, "/offers/?trade=beauty")
    assert "永安的" in text(client, f"/offers/?community={world.wenxing.pk}&trade=zzz")
    assert "永安的" not in text(client, f"/offers/?community={world.yongan.pk}")
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=agreement.starts_on, end_reason="终止")
    assert "永安的" not in text(client, "/offers/")


def test_health_is_not_shown_to_a_minor(client: Client, world: World, agreement: Agreement) -> None:
    mine = offer(agreement, title="体检")
    type(agreement.partner).objects.filter(pk=agreement.partner_id).update(trade="medical")
    page = f"/partners/{agreement.partner_id}/"
    enter(client, world.wang)
    assert "体检" in text(client, "/offers/") and "体检" in text(client, page)
    Resident.objects.filter(pk=world.wang.pk).update(
        birth_date=agreement.starts_on.replace(year=agreement.starts_on.year - 15)
    )
    assert "体检" not in text(client, "/offers/") and "体检" not in text(client, page)
    assert client.get(f"/offers/{mine.pk}/").status_code == client.post(f"/offers/{mine.pk}/").status_code == 404


def test_one_row_and_thirty_cost_the_same(client: Client, world: World, agreement: Agreement) -> None:
    cast.award(world.wang, 900)
    first = offer(agreement, per_person=99, title="第0个")
    voucher(first, world.wang)
    enter(client, world.wang)
    one = [queries(client, path) for path in ("/offers/", "/vouchers/")]
    for n in range(30):
        made = offer(agreement, per_person=2, title=f"第{n + 1}个")
        voucher(made, world.wang)
    assert [queries(client, path) for path in ("/offers/", "/vouchers/")] == one
    pages = leafed(client, "/offers/")
    assert len(pages) == 2 and "第0个" in text(client, pages[1])


def test_in_the_days_of_grace_after_a_partner_left_nothing_warns(
    client: Client, world: World, agreement: Agreement
) -> None:
    mine, today = voucher(offer(agreement), world.wang), clock.today()
    enter(client, world.wang)
    type(agreement).objects.filter(pk=agreement.pk).update(ended_on=today, end_reason="退出")
    assert "没有生效" in text(client, f"/vouchers/{mine.pk}/")
    Leaving.objects.create(
        agreement=agreement, reason="停业", by=world.zhang, answer_by=today, status="decided", decided_by=world.chen,
        decided_at=clock.now(), minutes="同意", vouchers_until=today,
    )  # fmt: skip
    assert "没有生效" not in text(client, f"/vouchers/{mine.pk}/")


def test_what_was_sent_back_and_never_shown_is_not_there(client: Client, world: World, agreement: Agreement) -> None:
    enter(client, world.wang)
    sent_back = offer(
        agreement, title="根治腰腿痛", status="closed", closed_by=world.zhang, closed_at=clock.now(), review_note="改"
    )
    shown = offer(agreement, title="理发", status="closed", closed_by=world.zhang, closed_at=clock.now())
    assert [client.get(f"/offers/{one.pk}/").status_code for one in (sent_back, shown)] == [404, 200]
