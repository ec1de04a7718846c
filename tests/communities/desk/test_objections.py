"""The desk writes objections down for whoever comes, and answers them by somebody who had no part in the notice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Duty, Objection
from communities.notices import Line
from communities.objections import answer, file
from core import clock
from tests import world as cast
from tests.communities.noticing import drafted, items, shown
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


@pytest.fixture
def third(world: World) -> Client:
    """A colleague who had no part in anything."""
    browser = Client()
    browser.force_login(cast.staff("third", "第三位", Duty.Role.WORKER, community=world.wenxing))
    return browser


def test_somebody_at_the_counter_objects_with_or_without_a_name(zhang: Client, world: World) -> None:
    made = shown(world, [Line("120小时", world.wang)])
    page = f"/desk/notices/{made.pk}/object/"
    shows(zhang.get(page), "没有留名", "王秀兰：120小时", "不针对某一项")
    shows(zhang.get(f"{page}?q=zyz"), f"?resident={world.zhao.pk}", "赵玉珍")
    shows(zhang.post(page, {"text": "电话里说的"}, follow=True), "已录入异议")
    item = items(made)[0].pk
    shows(
        zhang.post(f"{page}?resident={world.zhao.pk}", {"text": "口述", "item": item}, follow=True), "王秀兰：120小时"
    )
    first, second = Objection.objects.order_by("pk")
    assert (first.resident, first.item, second.resident, second.item) == (None, None, world.zhao, items(made)[0])
    shows(zhang.post(f"{page}?resident={world.zhao.pk}", {"text": "再说", "item": item}), "已经提过异议", status=409)
    shows(zhang.post(page, {"text": "x", "item": 999999}), "field__error", status=400)
    for stranger in (world.zhou.pk, "x"):
        assert zhang.get(f"{page}?resident={stranger}").status_code == 404
    assert zhang.get(f"/desk/notices/{drafted(world).pk}/object/").status_code == 404


def test_it_is_answered_by_somebody_else(zhang: Client, third: Client, world: World) -> None:
    made = shown(world, [Line("120小时", world.wang)])
    assert world.li.account
    mine = file(notice=made, item=items(made)[0], text="时长不对", by=world.li.account, resident=world.li)
    page = f"/desk/objections/{mine.pk}/"
    told = zhang.get(page)
    shows(told, "须由另一位工作人员答复", "李建国", "请保密")
    assert "<textarea" not in told.content.decode()
    shows(zhang.post(page, {"upheld": "no", "text": "不改"}), "须由另一位工作人员答复", status=403)
    shows(third.get("/desk/"), "公示异议待您答复", "/desk/objections/")
    shows(third.get("/desk/objections/"), "优秀志愿者名单公示", "待答复", page)
    shows(third.post(page, {"text": "没有结论"}), "field__error", "没有结论", status=400)
    shows(third.post(page, {"upheld": "yes", "text": "核实不符"}, follow=True), "提出人会收到消息", "没有待答复的异议")
    shows(third.get("/desk/objections/?answered=1"), "第三位", "成立")
    shows(third.get(f"/desk/notices/{made.pk}/"), "已停止：异议成立")
    shows(third.get(page), "核实不符")


def test_what_is_overdue_is_marked(third: Client, world: World) -> None:
    mine = file(notice=shown(world), text="不对", by=world.zhang)
    Objection.objects.update(answer_by=clock.today() - timedelta(days=1))
    shows(third.get("/desk/objections/"), "已逾期")
    shows(third.get(f"/desk/objections/{mine.pk}/"), "已逾期", "没有留名")
    Objection.objects.update(answer_by=clock.today())
    assert "已逾期" not in third.get("/desk/objections/").content.decode()


def test_staff_of_another_community_see_nothing(world: World) -> None:
    mine, browser = file(notice=shown(world), text="不对", by=world.zhang), Client()
    browser.force_login(world.qian)
    assert browser.get(f"/desk/objections/{mine.pk}/").status_code == 404
    assert browser.post(f"/desk/objections/{mine.pk}/", {"upheld": "no", "text": "看"}).status_code == 404
    assert Objection.objects.get().status == "filed"


@pytest.mark.parametrize("query", ["", "?answered=1"])
def test_thirty_cost_what_one_costs_and_the_fifty_first_is_on_the_next_page(
    third: Client, world: World, query: str
) -> None:
    made = shown(world)

    def filed(number: int) -> Objection:
        mine = file(notice=made, text=f"第{number}件", by=world.zhang)
        return answer(objection=mine, upheld=False, text="否", by=world.he) if query else mine

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert third.get(f"/desk/objections/{query}").status_code == 200
        return len(queries)

    rows = [filed(1)]
    cost()
    one = cost()
    rows += [filed(n) for n in range(2, 52)]
    assert cost() == one <= 12
    last = rows[1 if query else 49]
    shows(third.get(f"/desk/objections/{query}"), f"before={last.pk}")
