"""The desk answers appeals of its own communities, and files for those who come to the counter."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Appeal, Duty
from core import clock
from tests import world as cast
from tests.communities.appealing import Decisions, appealed, decisions
from tests.communities.steps import shows
from tests.world import World

__all__ = ["decisions"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def chen(client: Client, world: World) -> Client:
    client.force_login(world.chen)
    return client


def test_a_colleague_answers_and_the_list_moves_on(chen: Client, world: World) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    page = f"/desk/appeals/{mine.pk}/"
    shows(chen.get("/desk/appeals/"), "收回多记的30积分", "王秀兰", "待答复", page)
    shows(chen.get("/desk/"), "申诉待您答复", "/desk/appeals/")
    shows(
        chen.get(page),
        "那天我确实到场了",
        "待抵扣30积分",
        "张晓燕",
        "提交答复",
        f"/desk/residents/{world.wang.pk}/points/",
    )
    typed = {"upheld": "yes", "text": "签到表上有您", "new_value": "待抵扣改为0"}
    shows(chen.post(page, typed, follow=True), "王秀兰会收到消息", "没有待答复的申诉")
    shows(chen.get("/desk/appeals/?answered=1"), "收回多记的30积分", "陈志强", "支持")
    shows(chen.get(page), "签到表上有您", "待抵扣改为0")
    assert Appeal.objects.get().status == "upheld"


def test_what_was_typed_is_kept_when_it_is_refused(chen: Client, world: World) -> None:
    page = f"/desk/appeals/{appealed(world.wang, decided_by=world.zhang).pk}/"
    shows(chen.post(page, {"upheld": "yes", "text": "签到表上有您"}), "写明更正后的结果", "签到表上有您", status=400)
    shows(chen.post(page, {"text": "没有结论"}), "field__error", "没有结论", status=400)
    assert Appeal.objects.get().status == "filed"


def test_who_decided_is_told_that_another_answers(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    page = f"/desk/appeals/{appealed(world.wang, decided_by=world.zhang).pk}/"
    shown = client.get(page)
    shows(shown, "须由另一位工作人员答复")
    assert "<textarea" not in shown.content.decode()
    shows(client.post(page, {"upheld": "no", "text": "不改"}), "须由另一位工作人员答复", status=403)
    assert Appeal.objects.get().status == "filed"


def test_who_may_look_and_not_act_is_told_so(client: Client, world: World) -> None:
    client.force_login(cast.staff("interface", "接口", Duty.Role.CLIENT, community=world.wenxing))
    shown = client.get(f"/desk/appeals/{appealed(world.wang, decided_by=world.zhang).pk}/")
    shows(shown, "没有办理这件事的职责")
    assert "<textarea" not in shown.content.decode()


def test_what_is_overdue_is_marked(chen: Client, world: World) -> None:
    mine = appealed(world.wang, decided_by=world.zhang, answer_by=clock.today() - timedelta(days=1))
    shows(chen.get("/desk/appeals/"), "已逾期")
    shows(chen.get(f"/desk/appeals/{mine.pk}/"), "已逾期")
    Appeal.objects.update(answer_by=clock.today())
    assert "已逾期" not in chen.get("/desk/appeals/").content.decode()


def test_staff_of_another_community_see_nothing(client: Client, world: World, decisions: Decisions) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    about = decisions.about(world.li, by=world.zhang, number=2)
    client.force_login(world.qian)
    for path in (f"/desk/appeals/{mine.pk}/", f"/desk/residents/{world.li.pk}/appeals/{about}/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"upheld": "no", "text": "看看"}).status_code == 404
    for path in ("/desk/appeals/", "/desk/appeals/?answered=1"):
        assert "王秀兰" not in client.get(path).content.decode()
    assert Appeal.objects.get().status == "filed"


def test_an_elder_without_a_phone_appeals_at_the_counter(chen: Client, world: World, decisions: Decisions) -> None:
    page = f"/desk/residents/{world.zhao.pk}/appeals/{decisions.about(world.zhao, by=world.zhang)}/"
    shows(chen.get(page), "代赵玉珍申诉", "收回多记的30积分", "原话", "返回赵玉珍的积分")
    shows(chen.post(page, {"text": ""}), "field__error", status=400)
    shows(
        chen.post(page, {"text": "我那天去了"}, follow=True), "已代赵玉珍提交申诉", "代为提交", "陈志强", "须由另一位"
    )
    assert Appeal.objects.get().filed_by == world.chen
    shows(chen.get(page, follow=True), "我那天去了")


def test_the_counter_refuses_what_is_over_or_unknown(chen: Client, world: World, decisions: Decisions) -> None:
    base = f"/desk/residents/{world.zhao.pk}/appeals"
    about = decisions.about(world.zhao, by=world.zhang, at=clock.now() - timedelta(days=60))
    shows(chen.get(f"{base}/{about}/"), "申诉期限到")
    shows(chen.post(f"{base}/{about}/", {"text": "晚了"}), "现在不能再提出", status=409)
    assert chen.get(f"{base}/test:77/").status_code == 404
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("query", ["", "?answered=1"])
def test_thirty_cost_what_one_costs(chen: Client, world: World, query: str) -> None:
    done = {"status": "rejected", "answer": "核实无误", "answered_at": clock.now(), "answered_by": world.chen}
    fields = done if query else {}

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert chen.get(f"/desk/appeals/{query}").status_code == 200
        return len(queries)

    appealed(world.wang, decided_by=world.zhang, **fields)
    chen.get("/desk/appeals/")
    one = cost()
    for number in range(2, 31):
        appealed(world.wang, decided_by=world.zhang, about=f"test:{number}", **fields)
    assert cost() == one <= 8


@pytest.mark.parametrize("query", ["", "answered=1"])
def test_the_fifty_first_is_on_the_next_page(chen: Client, world: World, query: str) -> None:
    done = {"status": "rejected", "answer": "核实无误", "answered_at": clock.now(), "answered_by": world.chen}
    made = [
        appealed(world.wang, decided_by=world.zhang, about=f"test:{n}", subject=f"第{n}件", **(done if query else {}))
        for n in range(1, 52)
    ]
    last = made[1 if query else 49]
    following = "?" + "&amp;".join(filter(None, [query, f"before={last.pk}"]))
    shows(chen.get(f"/desk/appeals/?{query}"), following)
    second = chen.get(f"/desk/appeals/{following.replace('&amp;', '&')}").content.decode()
    assert ("第1件" if query else "第51件") in second and "第30件" not in second
