"""The desk's page of couriers, and the couriers' own."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from communities import couriers
from communities.models import Courier, Notice, Resident
from tests import world as cast
from tests.communities.couriering import registered, riding
from tests.pages import enter, leafed, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Courier.Status


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.zhang)
    return client


def many(world: World, number: int) -> list[Resident]:
    return [cast.resident(world.wenxing, f"小哥{n}", f"137{n:08d}") for n in range(number)]


def test_a_registration_is_confirmed_from_the_list(desk: Client, world: World) -> None:
    mine = registered(world.li)
    assert "小哥登记待审核" in text(desk, "/desk/")
    assert "李建国" in text(desk, "/desk/couriers/?status=asked")
    desk.post(f"/desk/couriers/{mine.pk}/confirm/")
    assert couriers.rides(world.li)
    assert "没有符合条件的小哥" in text(desk, "/desk/couriers/?status=asked")


def test_it_is_declined_and_ended_with_a_reason(desk: Client, world: World) -> None:
    mine = registered(world.li)
    assert desk.post(f"/desk/couriers/{mine.pk}/decline/", {"reason": ""}).status_code == 400
    desk.post(f"/desk/couriers/{mine.pk}/decline/", {"reason": "查无此站点"})
    assert "查无此站点" in text(desk, "/desk/couriers/")
    other = riding(world, world.wang)
    assert "同时离岗" in text(desk, f"/desk/couriers/{other.pk}/end/")
    desk.post(f"/desk/couriers/{other.pk}/end/", {"reason": "已离职"})
    assert desk.post(f"/desk/couriers/{other.pk}/end/", {"reason": "已离职"}).status_code == 409
    assert set(Courier.objects.values_list("status", flat=True)) == {Status.DECLINED, Status.ENDED}


def test_who_wrote_it_down_is_told_that_a_colleague_decides(desk: Client, world: World) -> None:
    mine = registered(world.zhao, by=world.zhang)
    assert "须由另一位工作人员审核" in text(desk, "/desk/couriers/")
    assert desk.post(f"/desk/couriers/{mine.pk}/confirm/").status_code == 403


def test_the_ticked_ones_become_a_draft_of_a_notice(desk: Client, world: World) -> None:
    mine, away = riding(world, world.li), riding(world, world.zhou, by=world.qian)
    answer = desk.post("/desk/couriers/propose/", {"picked": [mine.pk]})
    made = Notice.objects.get()
    assert (answer["Location"], made.status) == (f"/desk/notices/{made.pk}/", "draft")
    assert "公示待发布" in text(desk, "/desk/couriers/")
    assert f'value="{mine.pk}"' not in desk.get("/desk/couriers/").content.decode()  # not a second time
    for picked in ([], [away.pk], ["x"]):
        assert desk.post("/desk/couriers/propose/", {"picked": picked}).status_code == 400
    assert Notice.objects.count() == 1


def test_the_list_is_narrowed_turned_and_taken_away(
    desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, one in enumerate(many(world, 5)):
        registered(one, "美团" if number % 2 else "顺丰")
    assert "小哥0" in text(desk, "/desk/couriers/?platform=顺丰")
    assert "小哥1" not in text(desk, "/desk/couriers/?platform=顺丰")
    assert "小哥4" in text(desk, "/desk/couriers/?q=哥4") and "小哥3" not in text(desk, "/desk/couriers/?q=哥4")
    monkeypatch.setattr("communities.courierbook.PAGE", 2)
    assert len(leafed(desk, "/desk/couriers/")) == 3
    answer = desk.get("/desk/couriers/export/?platform=顺丰")
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[4] for row in cells] == ["顺丰"] * 3
    assert {row[2] for row in cells} == {"小*0", "小*2", "小*4"} and all("****" in row[3] for row in cells)


def test_the_list_asks_as_often_for_one_as_for_thirty(desk: Client, world: World) -> None:
    riding(world, world.li)
    before = queries(desk, "/desk/couriers/")
    for one in many(world, 30):
        riding(world, one)
    assert queries(desk, "/desk/couriers/") == before


def test_staff_of_another_community_see_nobody(client: Client, world: World) -> None:
    mine = registered(world.li)
    client.force_login(world.qian)
    assert "李建国" not in text(client, "/desk/couriers/")
    assert client.post(f"/desk/couriers/{mine.pk}/confirm/").status_code == 404


def test_on_the_phone_one_registers_reads_and_leaves(client: Client, world: World) -> None:
    phone = enter(client, world.li)
    assert "不收集您的位置" in text(phone, "/couriers/")
    assert phone.post("/couriers/", {"platform": "火箭"}).status_code == 400
    phone.post("/couriers/", {"platform": "美团", "station": "华林站"})
    assert "等社区审核" in text(phone, "/couriers/")
    mine = Courier.objects.get()
    couriers.confirm(courier=mine, by=world.zhang)
    assert "看岗位" in text(phone, "/couriers/") and "兑小哥礼品" in text(phone, "/couriers/")
    phone.post("/couriers/end/")
    assert "登记为小哥" in text(phone, "/couriers/")
    assert "没有有效的小哥登记" in phone.post("/couriers/end/", follow=True).content.decode()


def test_who_was_declined_reads_why_and_may_appeal(client: Client, world: World) -> None:
    mine = registered(world.li)
    couriers.decline(courier=mine, reason="查无此站点", by=world.zhang)
    phone = enter(client, world.li)
    assert "查无此站点" in text(phone, "/couriers/")
    assert f"/appeals/courier:{mine.pk}/" in phone.get("/couriers/").content.decode()
    assert "小哥登记未通过" in text(phone, f"/appeals/courier:{mine.pk}/")


def test_who_cannot_register_is_told_before_the_form(client: Client, world: World) -> None:
    assert "暂时不能登记为小哥" in text(enter(client, world.sun), "/couriers/")
