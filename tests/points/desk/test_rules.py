"""积分规则 at the desk: everybody of the sub-district reads them, the administrator changes them in two steps."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from communities.models import Duty
from core import clock
from points import ledger
from points.models import Rule
from points.pricing import tariff
from tests.communities.steps import shows
from tests.pages import queries, text, words
from tests.points.ruling import changed, decision, now, served_long, tomorrow
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = "/desk/rules/"


def page_of(world: World, code: str = "ENV", act: str = "") -> str:
    return f"{LIST}{world.street.pk}/{code}/{act}"


def typed(**given: Any) -> dict[str, Any]:
    """What the form of ENV sends after 10 was changed into 12."""
    return {
        "name": "环境整治、清洁", "points": 12, "day_points": 48, "day_times": "", "month_times": "", "notice_from": 100,
        "starts_on": tomorrow().isoformat(), "body": "评议小组", "decided_on": clock.today().isoformat(), "decided": "全体同意",
    } | given  # fmt: skip


def own() -> int:
    return Rule.objects.exclude(sub_district=None).count()


@pytest.fixture
def he(client: Client, world: World) -> Client:
    client.force_login(world.he)
    return client


def test_the_administrator_previews_and_then_saves(he: Client, world: World) -> None:
    shows(he.get(LIST), "积分规则", page_of(world, act="change/"), f"{LIST}{world.street.pk}/new/")
    form = he.get(page_of(world, act="change/"))
    shows(form, "一般公示后从下个月1日起执行；也可以选明天以后的任何一天", 'value="10"', "预览")
    preview = he.post(page_of(world, act="change/"), typed())
    shows(
        preview,
        "还没有保存",
        "每小时10积分",
        "每小时12积分",
        "每天最多48积分",
        "确认保存",
        'type="hidden" name="points" value="12"',
    )
    assert own() == 0
    saved = he.post(page_of(world, act="change/"), typed(step="save"), follow=True)
    shows(saved, "已保存", "将执行", "全体同意", "撤回")
    made = Rule.objects.get(sub_district=world.street)
    assert (made.points, made.day_points, made.starts_on, made.by) == (12, 48, tomorrow(), world.he)
    assert now(world.street, "ENV").points == 10


def test_the_form_offers_the_first_of_the_next_month(world: World) -> None:
    served_long(world)
    with time_machine.travel("2026-12-15 10:00+08:00", tick=False):
        he = Client()
        he.force_login(world.he)
        shows(he.get(page_of(world, act="change/")), 'value="2027-01-01"')


def test_the_hidden_fields_of_the_preview_save_what_was_previewed(he: Client, world: World) -> None:
    """Every field comes back, so the second step needs no script and no session."""
    html = he.post(page_of(world, act="change/"), typed(month_times=3)).content.decode()
    form = html[html.rindex('<form method="post" class="row">') :]
    sent = dict(part.split('" value="') for part in _hidden(form))
    assert {name: sent.get(name, "") for name in typed()} == {k: str(v) for k, v in typed(month_times=3).items()}
    he.post(page_of(world, act="change/"), {**sent, "step": "save"})
    assert Rule.objects.get(sub_district=world.street).month_times == 3


def _hidden(form: str) -> list[str]:
    found = form.split('<input type="hidden" name="')[1:]
    return [one[: one.index('"', one.index('value="') + 7)] for one in found if 'value="' in one[: one.index(">")]]


def test_back_from_the_preview_everything_is_still_typed(he: Client, world: World) -> None:
    again = he.post(page_of(world, act="change/"), typed(points=33, step="edit"))
    shows(again, 'value="33"', "全体同意", "预览不会改动任何东西")
    assert own() == 0


def test_the_preview_says_what_last_month_would_have_given(world: World) -> None:
    served_long(world)
    with time_machine.travel("2026-10-05 18:00+08:00", tick=False):
        for n, (who, minutes) in enumerate(((world.li, 240), (world.wang, 60))):
            price = tariff("ENV", world.street.pk, on=date(2026, 10, 5)).price(minutes)
            ledger.award(key=f"s{n}", resident=who, price=price, by=world.chen, reason="清洁")
    with time_machine.travel("2026-11-22 10:00+08:00", tick=False):
        he = Client()
        he.force_login(world.he)
        said = words(he.post(page_of(world, act="change/"), typed(points=20, day_points=60)).content.decode())
    assert "如果2026年10月就这样记分50按原来的规则80按改后的规则+30合计相差2服务过的人1会碰到封顶的人" in said
    assert "2人共2次。会多得的2人，会少得的0人。因封顶少记的，按原来的规则0人，按改后的规则1人。" in said
    assert "那个月这一项实际发放50积分。" in said
    assert "元" not in said.replace("单元", "")


def test_nobody_served_is_said(he: Client, world: World) -> None:
    shows(he.post(page_of(world, act="change/"), typed()), "那个月没有人按这一项记分")


@pytest.mark.parametrize("step", ["", "save"])
@pytest.mark.parametrize(
    ("given", "sentence", "status"),
    [
        ({"points": "1001"}, "field__error", 400),
        ({"points": "x"}, "field__error", 400),
        ({"name": ""}, "field__error", 400),
        ({"decided": ""}, "field__error", 400),
        ({"day_points": "0"}, "field__error", 400),
        ({"starts_on": "today"}, "规则只能从明天或以后", 409),
        ({"decided_on": "2099-01-01"}, "决定日期不能晚于今天", 400),
        ({"points": 10, "day_points": 40}, "不用改", 409),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(
    he: Client, world: World, given: dict[str, Any], sentence: str, status: int, step: str
) -> None:
    if given.get("starts_on") == "today":
        given = {"starts_on": clock.today().isoformat()}
    answer = he.post(page_of(world, act="change/"), typed(step=step) | given)
    shows(answer, sentence, "全体同意" if "decided" not in given else "预览", status=status)
    assert own() == 0


def test_a_new_item_is_introduced_in_two_steps(he: Client, world: World) -> None:
    new = f"{LIST}{world.street.pk}/new/"
    shows(he.get(new), "代码", "定了就不能改")
    fitness = typed(name="健身打卡", points=4, day_points="", code="FITNESS", kind="untimed")
    shows(he.post(new, fitness), "还没有保存", "每次4积分", "没有人按这一项记分")
    shows(he.post(new, fitness | {"step": "save"}, follow=True), "已保存", "健身打卡", "还没有开始执行")
    assert now(world.street, "FITNESS", tomorrow()).points == 4
    for code, sentence, status in (("FITNESS", "这个代码已经有了", 409), ("fit", "只能用大写字母", 400)):
        for step in ("", "save"):
            shows(he.post(new, fitness | {"code": code, "step": step}), sentence, status=status)
    shows(he.get(LIST), "健身打卡", "还没有开始")


def test_what_is_planned_is_named_before_it_is_planned_again(he: Client, world: World) -> None:
    changed(world, points=12)
    page = he.get(page_of(world, act="change/")).content.decode()
    note = page[page.index("已经有一项改动") :]
    assert re.match(r"已经有一项改动：<b><span[^>]*>\d+月\d+日", note)
    assert "返回环境整治、清洁" in words(page)


def test_a_coming_change_is_withdrawn_by_a_button(he: Client, world: World) -> None:
    changed(world, points=12)
    shows(he.get(page_of(world, act="change/")), "已经有一项改动")
    gone = he.post(page_of(world, act="withdraw/"), {"starts_on": tomorrow().isoformat()}, follow=True)
    shows(gone, "已撤回", "未执行")
    assert page_of(world, act="withdraw/") not in gone.content.decode()
    assert now(world.street, "ENV", tomorrow()).points == 10
    for day in (tomorrow().isoformat(), "", "x"):
        again = he.post(page_of(world, act="withdraw/"), {"starts_on": day}, follow=True)
        shows(again, "已经开始执行，或者已经撤回")
    assert own() == 2


def test_other_staff_of_the_sub_district_read_and_do_not_change(client: Client, world: World) -> None:
    changed(world, points=12)
    for who in (world.chen, world.qian):
        client.force_login(who)
        listed, one = client.get(LIST), client.get(page_of(world))
        shows(listed, "这里只能查看", "环境整治、清洁", "每小时10积分", "起每小时12积分")
        shows(one, "将执行", "系统默认")
        for act in ("change/", "withdraw/"):
            assert page_of(world, act=act) not in listed.content.decode() + one.content.decode()
            assert client.post(page_of(world, act=act), typed(step="save")).status_code == 404
        assert client.get(f"{LIST}{world.street.pk}/new/").status_code == 404
    assert own() == 1


def test_another_sub_district_an_unknown_code_and_what_is_not_priced_are_not_found(he: Client, world: World) -> None:
    far = world.hualin.sub_district
    for path in (f"{LIST}{far.pk}/ENV/", f"{LIST}{far.pk}/ENV/change/", f"{LIST}{far.pk}/new/"):
        assert he.get(path).status_code == 404
    for code in ("NONE", "env"):
        assert he.get(page_of(world, code)).status_code == 404
        assert he.get(page_of(world, code, "change/")).status_code == 404
        assert he.post(page_of(world, code, "withdraw/")).status_code == 404
    assert he.get(page_of(world, "ADJ")).status_code == 200
    assert he.get(page_of(world, "ADJ", "change/")).status_code == 404
    assert "清远街道" not in text(he, LIST)


def test_the_general_limits_stand_there_with_the_way_to_change_them(he: Client, world: World) -> None:
    shows(he.get(LIST), "计时服务每人每日封顶", "80积分", f"/desk/settings/{world.street.pk}/points.cap_day/")
    he.force_login(world.chen)
    assert "points.cap_day" not in he.get(LIST).content.decode()


def test_an_administrator_of_two_sub_districts_sees_both(he: Client, world: World) -> None:
    Duty.objects.create(user=world.he, role=Duty.Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    shows(he.get(LIST), "水泊寺街道", "清远街道")


def test_thirty_versions_cost_what_one_costs(he: Client, world: World) -> None:
    changed(world, points=11, decision=decision())
    paths = (LIST, page_of(world), page_of(world, act="change/"))
    one = [queries(he, path) for path in paths]
    for number in range(30):
        changed(world, points=12 + number, starts_on=clock.today() + timedelta(days=1 + number // 2))
    assert [queries(he, path) for path in paths] == one
    assert max(one) <= 10, one


def test_the_notice_is_a_property_of_a_rule_and_not_yet_a_hurdle(world: World, client: Client) -> None:
    client.force_login(world.he)
    for address in ("/desk/rules/", f"/desk/rules/{world.street.pk}/ENV/change/"):
        page = client.get(address).content.decode()
        assert "公示要求" in page and "须公示" not in page and "须先公示" not in page
    assert "100积分起" in client.get("/desk/rules/").content.decode()
