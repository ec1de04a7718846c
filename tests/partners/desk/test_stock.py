"""The desk's pages of the stock book: written down by one, accepted by another, counted, printed; and what everybody may read."""

import re
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from communities.models import Duty, User
from partners import exchanging
from partners.models import StockCount, StockSlip
from partners.stock import counting
from tests import world as cast
from tests.pages import enter, leafed, queries, text
from tests.partners.giving import batch, brought, days, gift, taken
from tests.world import World

pytestmark = pytest.mark.django_db


def at_the_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_brought_in_by_one_and_accepted_by_another(world: World) -> None:
    mine, zhang, chen = gift(world, stock=0), at_the_desk(world.zhang), at_the_desk(world.chen)
    page = f"/desk/gifts/{mine.pk}/in/"
    form = {"kind": "bought", "quantity": 20, "supplier": "惠民超市", "price": "3.50", "best_before": days(90)}
    assert zhang.post(page, form | {"quantity": 0}).status_code == 400
    assert zhang.post(page, form | {"best_before": days(-1)}).status_code == 400
    there = zhang.post(page, form)["Location"]
    slip = StockSlip.objects.get()
    assert there == f"/desk/gifts/stock/{slip.pk}/" and "确认验收" not in text(zhang, there)
    assert zhang.post(f"{there}accept/").status_code == 403
    assert "出入库单，待验收" in text(chen, "/desk/") and slip.number in text(chen, f"/desk/gifts/{mine.pk}/")
    assert "3.50元" in text(chen, there) and "确认验收" in text(chen, there)
    chen.post(f"{there}accept/")
    slip.refresh_from_db()
    assert (slip.unit_cents, slip.remaining, slip.settled_by) == (350, 20, world.chen)
    assert "惠民超市" in text(chen, f"/desk/gifts/{mine.pk}/")
    assert "3.50" not in text(enter(Client(), world.wang), f"/gifts/{mine.pk}/")


def test_sent_back_on_the_page_of_the_slip(world: World) -> None:
    slip = brought(gift(world, stock=0), by=world.zhang)
    chen, page = at_the_desk(world.chen), f"/desk/gifts/stock/{slip.pk}/"
    assert chen.post(f"{page}refuse/", {"reason": ""}).status_code == 400
    chen.post(f"{page}refuse/", {"reason": "少2袋"})
    assert "少2袋" in text(chen, "/desk/gifts/stock/?status=refused")
    assert "少2袋" not in text(chen, "/desk/gifts/stock/?status=accepted")


def test_what_expires_is_listed_and_scrapped(world: World) -> None:
    mine = gift(world, stock=0)
    near = batch(mine, 3, by=world.zhang, best_before=days(60))
    far = batch(mine, 3, by=world.zhang, best_before=days(61))
    zhang = at_the_desk(world.zhang)
    shown = text(zhang, "/desk/gifts/expiry/")
    assert near.number in shown and far.number not in shown
    page = f"/desk/gifts/{mine.pk}/out/"
    assert f'value="{near.pk}" selected' in zhang.get(f"{page}?batch={near.pk}").content.decode()
    form = {"batch": near.pk, "kind": "scrapped", "quantity": 3, "reason": "受潮"}
    assert zhang.post(page, form | {"quantity": 4}).status_code == 409
    zhang.post(page, form)
    assert StockSlip.objects.get(batch=near).change == -3


def test_a_month_is_counted_and_confirmed(world: World) -> None:
    towels, soap = (gift(world, title, stock=5).slips.get() for title in ("毛巾", "肥皂"))
    zhang, chen, key = at_the_desk(world.zhang), at_the_desk(world.chen), f"c{world.wenxing.pk}"
    assert "复核人：" in text(zhang, f"/desk/gifts/counts/{key}/sheet/")
    page = f"/desk/gifts/counts/{key}/new/"
    assert zhang.post(page, {f"b{towels.pk}x5": 5}).status_code == 400
    zhang.post(page, {f"b{towels.pk}x5": 5, f"b{soap.pk}x5": 4})
    made = StockCount.objects.get()
    one = f"/desk/gifts/counts/{made.pk}/"
    assert "盘亏-1" in text(zhang, one) and "确认复核" not in text(zhang, one)
    assert zhang.post(f"{one}confirm/").status_code == 403
    chen.post(f"{one}confirm/")
    soap.refresh_from_db()
    assert soap.remaining == 4 and "已复核" in text(chen, "/desk/gifts/counts/")
    zhang.post(page, {f"b{towels.pk}x5": 5, f"b{soap.pk}x4": 4})
    zhang.post(f"/desk/gifts/counts/{StockCount.objects.latest('pk').pk}/drop/")
    assert "已作废" in text(chen, "/desk/gifts/counts/")
    assert chen.get(f"/desk/gifts/counts/c{world.yongan.pk}/new/").status_code == 404


def test_what_went_out_while_it_was_counted_is_no_difference(world: World) -> None:
    mine = gift(world, stock=5, price=5)
    zhang, page = at_the_desk(world.zhang), f"/desk/gifts/counts/c{world.wenxing.pk}/new/"
    (name,) = re.findall(r'name="(b[^"]+)"', zhang.get(page).content.decode())
    exchanging.hand_out(exchange=taken(mine, world.wang), by=world.chen)
    assert zhang.post(page, {name: 5}).status_code == 400 and not StockCount.objects.exists()


def test_the_ledger_on_the_screen_on_paper_and_in_excel(world: World) -> None:
    mine = gift(world, stock=5, price=5)
    exchanging.hand_out(exchange=taken(mine, world.wang), by=world.zhang)
    finance = cast.staff("caiwu", "郑会萍", Duty.Role.FINANCE, sub_district=world.street)
    for user in (world.zhang, finance):
        desk = at_the_desk(user)
        assert "肥皂" in text(desk, "/desk/gifts/ledger/")
        paper = text(desk, "/desk/gifts/ledger/paper/")
        assert "制表人" in paper and "审核人" in paper and "王秀兰" not in paper
        answer = desk.get("/desk/gifts/ledger/export/")
        (row,) = load_workbook(BytesIO(b"".join(answer))).active.iter_rows(min_row=2, values_only=True)
        assert (row[0], row[4], row[8], row[12]) == ("肥皂", 5, 1, 4)
    qian = at_the_desk(world.qian)
    assert "肥皂" not in text(qian, f"/desk/gifts/ledger/?place=c{world.wenxing.pk}")


def test_everybody_reads_the_sums_of_a_month(client: Client, world: World) -> None:
    mine = gift(world, stock=5, price=5)
    gift(world, "雨衣", stock=3, by=world.he, community=None, sub_district=world.street)
    exchanging.hand_out(exchange=taken(mine, world.wang), by=world.zhang, taker="王小明", relation="儿子")
    shown = text(client, f"/gifts/ledger/?community={world.wenxing.pk}")
    assert "肥皂" in shown and "采购5，发放1" in shown and "还剩4件" in shown
    assert "水泊寺街道统一发放" in shown and "雨衣" in shown
    assert "王秀兰" not in shown and "王小明" not in shown and "超市" not in shown
    other = text(client, f"/gifts/ledger/?community={world.yongan.pk}")
    assert "肥皂" not in other and "雨衣" in other


def test_the_lists_turn_and_ask_as_often_for_one_as_for_thirty(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def lay(number: int) -> None:
        mine = gift(world, f"礼品{number}", stock=0)
        batch(mine, 1, by=world.zhang, best_before=days(9))
        numbers = {one.pk: 1 for one in counting.batches_of(world.wenxing)}
        counting.drop(count=counting.count(place=world.wenxing, counted=numbers, by=world.zhang), by=world.zhang)

    desk = at_the_desk(world.chen)
    pages = [f"/desk/gifts/{page}/" for page in ("stock", "expiry", "counts", "ledger")]
    pages += ["/desk/gifts/", f"/desk/gifts/counts/c{world.wenxing.pk}/sheet/", "/gifts/ledger/"]
    lay(0)
    before = [queries(desk, page) for page in pages]
    for number in range(1, 30):
        lay(number)
    assert [queries(desk, page) for page in pages] == before
    for page in ("stock", "counts"):
        monkeypatch.setattr(f"partners.desk.{'stock' if page == 'stock' else 'stocktaking'}.PAGE", 20)
        assert len(leafed(desk, f"/desk/gifts/{page}/")) == 2


def test_staff_of_another_community_see_no_stock(world: World) -> None:
    mine = gift(world, stock=5)
    slip = brought(mine, by=world.zhang)
    qian = at_the_desk(world.qian)
    for page in (f"{mine.pk}/in/", f"{mine.pk}/out/", f"stock/{slip.pk}/"):
        assert qian.get(f"/desk/gifts/{page}").status_code == 404
    assert "肥皂" not in text(qian, "/desk/gifts/stock/")
