"""兑礼品 on the phone, and the desk's pages of gifts."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from partners import exchanging, gifts
from partners.models import Exchange, Gift
from tests import world as cast
from tests.pages import enter, leafed, queries, text
from tests.partners.giving import gift, taken
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Exchange.Status


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.zhang)
    return client


def test_three_taps_from_the_list_to_the_code(client: Client, world: World) -> None:
    mine, phone = gift(world), enter(client, world.wang)
    page = text(phone, "/gifts/")
    assert "肥皂" in page and "剩5件" in page and "80分" in page
    last = text(phone, f"/gifts/{mine.pk}/")
    assert "剩余积分30积分" in last and "15天内领取" in last and "确认兑换" in last
    assert not Exchange.objects.exists()  # looking takes nothing
    answer = phone.post(f"/gifts/{mine.pk}/")
    made = Exchange.objects.get()
    assert answer["Location"] == f"/gifts/mine/{made.pk}/?done=1"
    ticket = phone.get(answer["Location"]).content.decode()
    assert "兑换成功" in ticket and made.spoken_number in ticket and "<svg" in ticket
    assert "待领取" in text(phone, "/gifts/") and "肥皂" in text(phone, "/gifts/mine/")


def test_refused_the_page_says_why_and_that_nothing_was_charged(client: Client, world: World) -> None:
    mine, phone = gift(world), enter(client, world.li)
    assert "还差50积分" in text(phone, "/gifts/")
    assert "去赚积分" in text(phone, f"/gifts/{mine.pk}/")
    answer = phone.post(f"/gifts/{mine.pk}/")
    assert answer.status_code == 409 and "您的积分没有扣" in answer.content.decode()
    riders = gift(world, "头盔", group="couriers")
    assert "登记小哥" in text(phone, f"/gifts/{riders.pk}/")


def test_another_communitys_gift_is_not_there(client: Client, world: World) -> None:
    away = gift(world, by=world.qian, community=world.yongan)
    phone = enter(client, world.wang)
    assert "肥皂" not in text(phone, "/gifts/")
    assert phone.get(f"/gifts/{away.pk}/").status_code == 404


def test_given_back_from_the_phone_and_only_ones_own(client: Client, world: World) -> None:
    made = taken(gift(world), world.wang)
    other = enter(Client(), world.li)
    assert other.get(f"/gifts/mine/{made.pk}/").status_code == 404
    assert other.post(f"/gifts/mine/{made.pk}/back/").status_code == 404
    phone = enter(client, world.wang)
    phone.post(f"/gifts/mine/{made.pk}/back/")
    made.refresh_from_db()
    assert made.status == Status.RETURNED
    assert "已退回" in text(phone, f"/gifts/mine/{made.pk}/")
    assert "<svg class" in phone.get("/gifts/").content.decode()


def test_who_opens_the_code_decides_what_is_seen(client: Client, world: World) -> None:
    made = taken(gift(world), world.wang)
    code = f"/gifts/code/{made.token}/"
    assert "王秀兰" not in text(client, code) and "礼品领取码" in text(client, code)
    assert enter(Client(), world.wang).get(code)["Location"] == f"/gifts/mine/{made.pk}/"
    assert "王秀兰" not in text(enter(Client(), world.li), code)
    for user, status in ((world.zhang, 302), (world.qian, 200)):
        staff = Client()
        staff.force_login(user)
        assert staff.get(code).status_code == status
    made.refresh_from_db()
    assert made.status == Status.RESERVED  # looking hands nothing out
    assert client.get("/gifts/code/none/").status_code == 404


def test_the_list_asks_as_often_for_one_as_for_thirty(client: Client, world: World) -> None:
    gift(world)
    phone = enter(client, world.wang)
    before = queries(phone, "/gifts/")
    for number in range(30):
        gift(world, f"礼品{number}")
    assert queries(phone, "/gifts/") == before


def test_staff_register_and_take_a_gift_off(desk: Client, world: World) -> None:
    form = {
        "place": f"c{world.wenxing.pk}", "title": "毛巾", "price": 50, "unit": "条", "group": "all", "where": "服务大厅",
        "per_household": "on",
    }  # fmt: skip
    assert desk.post("/desk/gifts/new/", form | {"price": 0}).status_code == 400
    assert desk.post("/desk/gifts/new/", form | {"place": f"s{world.street.pk}"}).status_code == 400
    desk.post("/desk/gifts/new/", form)
    mine = Gift.objects.get()
    assert (mine.stock, mine.community, mine.unit, mine.per_household) == (0, world.wenxing, "条", True)
    assert desk.post("/desk/gifts/new/", form).status_code == 409
    desk.post(f"/desk/gifts/{mine.pk}/close/")
    text(desk, "/desk/")  # where the message is read
    assert "毛巾" not in text(desk, "/desk/gifts/") and "毛巾" in text(desk, "/desk/gifts/?closed=1")


def test_the_admin_gives_for_the_whole_sub_district(client: Client, world: World) -> None:
    client.force_login(world.he)
    form = {
        "place": f"s{world.street.pk}",
        "title": "毛巾",
        "price": 50,
        "unit": "条",
        "group": "all",
        "where": "服务大厅",
    }
    client.post("/desk/gifts/new/", form)
    mine = Gift.objects.get()
    assert mine.community is None
    client.force_login(world.zhang)
    assert "办理入库" not in text(client, f"/desk/gifts/{mine.pk}/")
    goods = {"kind": "bought", "quantity": 3, "supplier": "惠民超市"}
    assert client.post(f"/desk/gifts/{mine.pk}/in/", goods).status_code == 403


def test_handed_out_by_number_or_name(desk: Client, world: World) -> None:
    made = taken(gift(world), world.wang)
    for q in (made.number, made.spoken_number, "秀兰"):
        assert "王秀兰" in text(desk, f"/desk/gifts/exchanges/?q={q}")
    assert "王秀兰" not in text(desk, "/desk/gifts/exchanges/?q=00000000")
    page = f"/desk/gifts/exchanges/{made.pk}/"
    assert "确认发放" in text(desk, page)
    assert desk.post(f"{page}hand-out/", {"taker": "王小明"}).status_code == 400
    assert desk.get(f"{page}paper/").status_code == 404
    desk.post(f"{page}hand-out/", {"taker": "王小明", "relation": "儿子"})
    made.refresh_from_db()
    assert (made.status, made.settled_by, made.taker) == (Status.HANDED, world.zhang, "王小明")
    paper = text(desk, f"{page}paper/")
    assert made.issue_number in paper and "王小明（儿子代领）" in paper and paper.count("领取人签字") == 2
    names = text(desk, "/desk/gifts/exchanges/paper/?status=handed")
    assert "领取人签字" in names and "王秀兰" in names and made.issue_number in names
    assert "已领取" in text(desk, page) and "确认发放" not in text(desk, page)
    assert desk.post(f"{page}back/", {"reason": "破损"}).status_code == 409


def test_given_back_at_the_desk_with_a_reason(desk: Client, world: World) -> None:
    made = taken(gift(world), world.wang)
    page = f"/desk/gifts/exchanges/{made.pk}/back/"
    assert desk.post(page, {"reason": ""}).status_code == 400
    desk.post(page, {"reason": "破损"})
    made.refresh_from_db()
    assert (made.status, made.return_reason) == (Status.RETURNED, "破损")


def test_the_record_is_narrowed_turned_and_taken_away(
    desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = gift(world, price=5), gift(world, "毛巾", price=5)
    taken(mine, world.wang)
    taken(other, world.wang)
    exchanging.hand_out(exchange=taken(mine, world.zhao, world.zhang), by=world.zhang)
    assert "毛巾" not in text(desk, f"/desk/gifts/exchanges/?gift={mine.pk}").split("领取码")[-1]
    answer = desk.get("/desk/gifts/exchanges/export/?status=handed")
    rows = list(load_workbook(BytesIO(b"".join(answer))).active.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 1 and rows[0][4] == "赵*珍"
    monkeypatch.setattr("partners.giftbook.PAGE", 1)
    assert len(leafed(desk, "/desk/gifts/exchanges/")) == 3


def test_the_desks_lists_ask_as_often_for_one_as_for_thirty(desk: Client, world: World) -> None:
    taken(gift(world, stock=40), world.wang)
    pages = ("/desk/gifts/", "/desk/gifts/exchanges/")
    before = [queries(desk, page) for page in pages]
    mine = Gift.objects.get()
    for number in range(29):
        one = cast.resident(world.wenxing, f"居民{number}", f"137{number:08d}")
        cast.award(one, 60)
        taken(mine, one)
        gift(world, f"礼品{number}")
    assert [queries(desk, page) for page in pages] == before


def test_staff_of_another_community_see_nothing(client: Client, world: World) -> None:
    made = taken(gift(world), world.wang)
    client.force_login(world.qian)
    assert "肥皂" not in text(client, "/desk/gifts/") and "王秀兰" not in text(client, "/desk/gifts/exchanges/")
    for page in (f"/desk/gifts/{made.gift_id}/", f"/desk/gifts/exchanges/{made.pk}/"):
        assert client.get(page).status_code == 404
    assert gifts.may_keep(made.gift, world.zhang)
