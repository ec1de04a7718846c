"""Three taps at most: from the record to the form, and the answer where it was filed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import appeals
from communities.models import Appeal
from core import clock
from tests.communities.appealing import Decisions, appealed, decisions
from tests.communities.steps import shows
from tests.world import World

__all__ = ["decisions"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(client: Client, world: World) -> Client:
    client.force_login(world.wang.account)
    return client


def test_a_resident_appeals_and_sees_it_wait(wang: Client, world: World, decisions: Decisions) -> None:
    page = f"/appeals/{decisions.about(world.wang, by=world.zhang)}/"
    shows(wang.get(page), "收回多记的30积分", "待抵扣30积分", "到", "为止", 'href="/points/"', "提交申诉")
    shows(wang.post(page, {"text": "那天我到场了"}, follow=True), "申诉已提交", "等待答复", "那天我到场了")
    shows(wang.get("/appeals/"), "收回多记的30积分", "待答复", page)
    shows(wang.get("/me/"), 'href="/appeals/"')


def test_pressing_twice_shows_what_was_filed(wang: Client, world: World, decisions: Decisions) -> None:
    page = f"/appeals/{decisions.about(world.wang, by=world.zhang)}/"
    wang.post(page, {"text": "第一次"})
    shows(wang.post(page, {"text": "第二次"}), "等待答复", "第一次")
    assert Appeal.objects.get().text == "第一次"


@pytest.mark.parametrize("text", ["", "长" * 501])
def test_what_is_wrong_with_the_reason_is_said(wang: Client, world: World, decisions: Decisions, text: str) -> None:
    page = f"/appeals/{decisions.about(world.wang, by=world.zhang)}/"
    shows(wang.post(page, {"text": text}), "field__error", text, status=400)
    assert not Appeal.objects.exists()


def test_after_the_last_day_there_is_a_sentence_and_no_form(wang: Client, world: World, decisions: Decisions) -> None:
    about = decisions.about(world.wang, by=world.zhang, at=clock.now() - timedelta(days=60))
    late = wang.get(f"/appeals/{about}/")
    shows(late, "申诉期限到", "打社区电话")
    assert "<textarea" not in late.content.decode()
    shows(wang.post(f"/appeals/{about}/", {"text": "现在才看到"}), "现在不能再提出", status=409)


def test_the_answer_is_shown_with_the_new_result(wang: Client, world: World) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    appeals.answer(appeal=mine, upheld=True, text="签到表上有您", new_value="待抵扣改为0", by=world.chen)
    shows(wang.get("/appeals/test:1/"), "支持", "签到表上有您", "待抵扣改为0", "待抵扣30积分", 'href="/points/"')
    shows(wang.get("/appeals/"), "支持")
    assert world.chen.name not in wang.get("/appeals/test:1/").content.decode()


def test_another_residents_appeal_and_an_unknown_one_are_not_found(
    wang: Client, world: World, decisions: Decisions
) -> None:
    appealed(world.li, about="test:9")
    decisions.about(world.li, by=world.zhang, number=8)
    for about in ("test:9", "test:8", "test:7", "nothing:1", "test", "test:%00", "TEST:1"):
        assert wang.get(f"/appeals/{about}/").status_code == 404, about
    shows(wang.get("/appeals/"), "您没有申诉")


def test_the_link_of_other_pages_says_how_it_stands(wang: Client, world: World, decisions: Decisions) -> None:
    moment = clock.now()
    about = decisions.about(world.wang, by=world.zhang, at=moment)

    def link(at: object = None) -> str:
        state = appeals.state_for(world.wang, {about: moment}, at=at)[about]
        return render_to_string("components/appeal.html", {"state": state})

    assert "我要申诉" in link() and f'href="/appeals/{about}/"' in link()
    assert "已过" in link(moment + timedelta(days=60)) and "href" not in link(moment + timedelta(days=60))
    mine = appeals.file(resident=world.wang, about=about, text="理由", by=world.wang.account)
    assert "申诉待答复" in link() and f'href="/appeals/{about}/"' in link()
    appeals.answer(appeal=mine, upheld=False, text="核实无误", by=world.chen)
    assert "申诉已答复：不支持" in link()


def test_thirty_appeals_cost_what_one_costs_and_the_rest_is_a_page_away(wang: Client, world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert wang.get("/appeals/").status_code == 200
        return len(queries)

    appealed(world.wang, subject="最早的一件")
    wang.get("/appeals/")
    one = cost()
    for number in range(2, 31):
        appealed(world.wang, about=f"test:{number}")
    assert cost() == one
    first = wang.get("/appeals/")
    assert "最早的一件" not in first.content.decode()
    oldest = Appeal.objects.order_by("-pk")[19].pk
    shows(first, f"?before={oldest}")
    shows(wang.get(f"/appeals/?before={oldest}"), "最早的一件")
