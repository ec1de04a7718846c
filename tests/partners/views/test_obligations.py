"""What residents and everybody see of promises: the board, saying that one was there, complaining, stars, who left."""

from datetime import timedelta

import pytest
from django.test import Client

from communities.closing import obstacles_of
from communities.models import Resident
from core import clock
from partners.models import Complaint, Delivery, Leaving, Licence, Rating
from partners.obligations import complaining, suspending
from tests import world as cast
from tests.pages import enter, queries, text
from tests.partners.promised import agreed, complained, confirmed, reported
from tests.partners.shops import offer, voucher
from tests.world import World

pytestmark = pytest.mark.django_db


def rated(agreement: object, resident: Resident, delivery: Delivery, stars: int, remark: str = "") -> None:
    given = delivery.promise.agreement
    Rating.objects.create(
        partner=given.partner,
        community=given.community,
        resident=resident,
        delivery=delivery,
        stars=stars,
        remark=remark,
    )


def test_the_board_says_how_far_promises_are_kept(client: Client, world: World) -> None:
    agreement = agreed(world, times=4)
    page = f"/partners/{agreement.partner_id}/"
    made = confirmed(agreement, world.zhang, world.chen, note="金丝雀说明")
    Licence.objects.create(
        partner=agreement.partner, kind="business", number="1", issuer="市场监管局", by=world.zhang, checked_by=world.chen, checked_at=clock.now()
    )  # fmt: skip
    rated(agreement, world.wang, made, 2, "金丝雀意见")
    shown = text(client, page)
    for said in (
        "免费理发",
        "1/4次",
        "便民服务",
        "一老一小",
        "营业执照（长期有效）",
        "暂不显示",
        "0352-0000001",
        "12345",
        "我要投诉",
    ):
        assert said in shown
    for number in range(4):
        rated(agreement, cast.resident(world.wenxing, f"居民{number}", ""), made, 5)
    shown = text(client, page)
    assert "4.4星（5条）" in shown
    for word in ("金丝雀", "王秀兰", "王*兰", "居民0"):
        assert word not in shown
    Licence.objects.update(valid_until=clock.today() - timedelta(days=1))
    assert "有必备证照已过期" in text(client, page) and "暂停服务" not in text(client, page)
    suspending.suspend(agreement=agreement, cause="other", reason="装修", by=world.chen)
    assert "暂停服务" in text(client, page) and "装修" not in text(client, page)


def test_a_resident_who_was_there_says_so_with_a_button(client: Client, world: World) -> None:
    made = reported(agreed(world), world.zhang)
    page = f"/partners/been/{made.token}/"
    assert client.get(page)["Location"].startswith("/sign-in/")
    phone = enter(client, world.wang)
    assert "我参加了" in text(phone, page) and not made.ratings.exists()  # looking says nothing
    assert "checked" not in phone.get(page).content.decode()  # nobody is led to five stars
    assert phone.post(page, {"stars": "9"}).status_code == 400
    phone.post(page, {"stars": "5", "remark": "手艺好"})
    assert made.ratings.get().stars == 5
    assert "已经为这次服务确认过" in text(phone, page)
    assert phone.post(page, {"stars": "1"}).status_code == 409
    far = cast.resident(world.hualin, "远方人", "13500001111")
    assert enter(Client(), far).get(page).status_code == 404


def test_a_complaint_from_the_phone_and_once_more(client: Client, world: World) -> None:
    agreement, phone = agreed(world), enter(client, world.wang)
    page = f"/partners/{agreement.partner_id}/complain/"
    assert phone.post(page, {"kind": "fees", "text": ""}).status_code == 400
    answer = phone.post(page, {"kind": "fees", "text": "多收十元"})
    made = Complaint.objects.get()
    assert (answer["Location"], made.community, made.resident) == (
        f"/partners/complaints/{made.pk}/",
        world.wenxing,
        world.wang,
    )
    assert "待受理" in text(phone, answer["Location"]) and "再提一次" not in text(phone, answer["Location"])
    complaining.accept(complaint=made, by=world.zhang)
    complaining.answer(complaint=made, by=world.zhang, answer="已退款", upheld=True)
    assert "已退款" in text(phone, answer["Location"]) and "再提一次" in text(phone, answer["Location"])
    phone.post(answer["Location"], {"text": "没有收到"})
    assert "第一次答复" in text(phone, answer["Location"])
    other = enter(Client(), world.li)
    assert other.get(answer["Location"]).status_code == 404 and "博世" not in text(other, "/partners/complaints/")


def test_the_sixth_complaint_of_a_day_is_too_many(client: Client, world: World) -> None:
    agreement, phone = agreed(world), enter(client, world.wang)
    page = f"/partners/{agreement.partner_id}/complain/"
    for number in range(5):
        phone.post(page, {"kind": "fees", "text": f"第{number}次多收十元"})
    assert phone.post(page, {"kind": "fees", "text": "多收十元"}).status_code == 429
    assert Complaint.objects.count() == 5


def test_a_used_voucher_is_rated_from_the_phone(client: Client, world: World) -> None:
    mine = voucher(offer(agreed(world)), world.wang)
    page, phone = f"/partners/rate/{mine.pk}/", enter(client, world.wang)
    assert "用过以后才能评价" in text(phone, page)
    type(mine).objects.filter(pk=mine.pk).update(status="used")
    phone.post(page, {"stars": "4"})
    assert Rating.objects.get().voucher == mine and "已经评价过" in text(phone, page)
    assert enter(Client(), world.li).get(page).status_code == 404


def test_who_left_is_public_without_the_reason(client: Client, world: World) -> None:
    agreement, today = agreed(world), clock.today()
    type(agreement).objects.filter(pk=agreement.pk).update(ended_on=today)
    fields = {
        "reason": "金丝雀原因",
        "by": world.chen,
        "answer_by": today,
        "minutes": "退出",
        "decided_by": world.he,
        "decided_at": clock.now(),
    }
    made = Leaving.objects.create(agreement=agreement, status="decided", **fields)
    assert "博世" not in text(client, "/partners/ended/")
    made.status = Leaving.Status.DONE
    made.save()
    shown = text(client, "/partners/ended/")
    assert "博世邻里之家" in shown and "文兴社区" in shown and "金丝雀" not in shown
    assert client.get(f"/partners/{agreement.partner_id}/").status_code == 404


def test_lists_and_the_board_cost_as_many_queries_for_many(client: Client, world: World) -> None:
    agreement, phone = agreed(world), enter(client, world.wang)
    complained(agreement, world.wang)
    pages = ("/partners/complaints/", f"/partners/{agreement.partner_id}/")
    one = [queries(phone, page) for page in pages]
    for _ in range(15):
        complained(agreement, world.wang)
        confirmed(agreement, world.zhang, world.chen)
    assert [queries(phone, page) for page in pages] == one
    assert obstacles_of(world.wang) == []  # a complaint keeps nobody
