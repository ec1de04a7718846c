"""我的承诺 on the merchant's phone, and what a merchant learns of complaints, suspensions and leaving."""

import pytest
from django.test import Client

from core import clock
from partners.models import Delivery, Leaving, Promise
from partners.obligations import complaining, leaving, suspending
from tests.pages import queries, text
from tests.partners.promised import agreed, complained, confirmed, promise_of, reported
from tests.partners.shops import clerk, owner, rival
from tests.world import World

pytestmark = pytest.mark.django_db
SAID = {"times": 1, "people": 8, "minutes": 90, "note": "在活动室理发"}


@pytest.fixture
def shop(client: Client, world: World) -> Client:
    client.force_login(owner(agreed(world, times=3, hours=8)).account)
    return client


def test_a_promise_is_reported_and_its_code_shown(shop: Client, world: World) -> None:
    agreement = Promise.objects.get().agreement
    page = f"/merchant/promises/{promise_of(agreement).pk}/report/"
    assert "本月已确认0次，承诺3次" in text(shop, "/merchant/promises/")
    assert shop.post(page, SAID | {"on": "2020-01-01"}).status_code == 400
    assert shop.post(page, SAID | {"on": ""}).status_code == 400
    made = shop.post(page, SAID | {"on": clock.today().isoformat()})
    delivery = Delivery.objects.get()
    assert made["Location"] == f"/merchant/deliveries/{delivery.pk}/"
    shown = shop.get(made["Location"]).content.decode()
    assert "我参加了" in shown and "<svg" in shown and "待确认" in text(shop, "/merchant/promises/")
    assert "场地" in text(shop, "/merchant/rooms/")
    other = Client()
    other.force_login(rival(world).account)
    assert other.get(made["Location"]).status_code == other.get(page).status_code == 404


def test_of_a_complaint_the_partner_reads_kind_and_answer_alone(shop: Client, world: World) -> None:
    agreement = Promise.objects.get().agreement
    made = complained(agreement, world.wang, "金丝雀说排队两小时")
    complaining.accept(complaint=made, by=world.zhang)
    complaining.answer(complaint=made, by=world.zhang, answer="已增加人手", upheld=True)
    shown = text(shop, "/merchant/complaints/")
    assert "服务态度" in shown and "已增加人手" in shown
    for word in ("金丝雀", "王秀兰", "王*兰", "6021", "张晓燕"):
        assert word not in shown


def test_what_stands_against_the_shop_is_said_on_every_page(shop: Client, world: World) -> None:
    agreement = Promise.objects.get().agreement
    suspending.suspend(agreement=agreement, cause="licence", reason="许可证过期", by=world.chen)
    made = leaving.begin(agreement=agreement, reason="长期没有履约", by=world.chen)
    for page in ("/merchant/", "/merchant/promises/", "/merchant/complaints/", "/merchant/leaving/"):
        shown = text(shop, page)
        assert "文兴社区已暂停您的服务（证照失效：许可证过期）" in shown and "发起了退出程序" in shown
    shop.post(f"/merchant/leaving/{made.pk}/answer/", {"answer": "人手不够，正在招人"})
    made.refresh_from_db()
    assert made.answer == "人手不够，正在招人"


def test_the_owner_wishes_to_leave_and_the_shops_phone_may_not(shop: Client, world: World) -> None:
    agreement = Promise.objects.get().agreement
    other = Client()
    other.force_login(clerk(agreement).account)
    assert other.get("/merchant/leaving/").status_code == 403
    assert shop.post("/merchant/leaving/", {"agreement": agreement.pk, "reason": ""}).status_code == 400
    shop.post("/merchant/leaving/", {"agreement": agreement.pk, "reason": "店要搬走"})
    assert Leaving.objects.get().own_wish and "您提出退出" in text(shop, "/merchant/")


def test_many_deliveries_cost_no_more_queries_than_one(shop: Client, world: World) -> None:
    agreement = Promise.objects.get().agreement
    confirmed(agreement, world.zhang, world.chen)
    pages = ("/merchant/promises/", "/merchant/rooms/")
    one = [queries(shop, page) for page in pages]
    for _ in range(15):
        reported(agreement, world.zhang)
    assert [queries(shop, page) for page in pages] == one
