"""积分调整 at the desk: proposing from somebody's lines, deciding, and who sees nothing of it."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Duty
from points import ledger, statement
from points.adjusting import approve, reject
from points.models import Adjustment, Entry
from tests import world as cast
from tests.activities.cast import relative
from tests.communities.steps import shows
from tests.points.correcting import MISTAKE, REASON, first_award, proposed, take_back
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = "/desk/adjustments/"


def desk_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def zhang(world: World) -> Client:
    return desk_of(world.zhang)


@pytest.fixture
def chen(world: World) -> Client:
    return desk_of(world.chen)


def lines(resident: object) -> str:
    return f"/desk/residents/{resident.pk}/points/"


def test_one_proposes_another_approves(zhang: Client, chen: Client, world: World) -> None:
    shows(zhang.get(f"{LIST}new/?q=6021"), "王秀兰", lines(world.wang))
    shows(zhang.get(f"/desk/residents/{world.wang.pk}/"), lines(world.wang))
    form = f"{lines(world.wang)}adjust/"
    shows(zhang.get(form), "可用积分", "80", "增加", "扣减")
    done = zhang.post(form, {"way": "take", "points": "30", "ground": "更正记录", "reason": REASON}, follow=True)
    mine = Adjustment.objects.get()
    assert mine.reason == f"更正记录：{REASON}"
    shows(done, "已提出", "待复核", "须由社区主任或街道管理员中的另一位复核")
    assert (mine.amount, mine.proposed_by) == (-30, world.zhang)
    assert "通过入账" not in done.content.decode()
    shows(chen.get("/desk/"), "积分调整待您复核", f"{LIST}?status=proposed")
    shows(chen.get(LIST), "王秀兰", "-30", REASON, "张晓燕", "待复核", f"{LIST}{mine.pk}/")
    shows(chen.get(f"{LIST}{mine.pk}/"), "扣减", "通过入账", "不通过")
    shows(chen.post(f"{LIST}{mine.pk}/approve/", follow=True), "已入账。王秀兰会收到消息", "代为申诉", "陈志强")
    assert statement.available(world.wang) == 50
    shows(chen.post(f"{LIST}{mine.pk}/approve/", follow=True), "已经复核过了")
    assert Entry.objects.filter(kind="adjustment").count() == 1


def test_who_has_no_account_is_told_by_staff(chen: Client, world: World) -> None:
    mine = proposed(world, 5, world.zhao)
    shows(chen.post(f"{LIST}{mine.pk}/approve/", follow=True), "赵玉珍没有登录账号，请当面或打电话告诉本人")


def test_a_line_is_taken_back_from_the_list_of_lines(zhang: Client, chen: Client, world: World) -> None:
    entry = first_award(world.wang)
    ledger.charge(
        key="c", resident=world.wang, amount=60, provider=world.wenxing, by=world.system, reason="夜校《形体塑形》"
    )
    address = f"{lines(world.wang)}{entry}/take-back/"
    shown = zhang.get(lines(world.wang))
    shows(shown, "夜校《形体塑形》", "-60", "+80", address)
    assert shown.content.decode().count("take-back") == 1
    shows(zhang.get(address), "志愿服务", "80积分", "不足的部分会记为待抵扣")
    shows(zhang.post(address, {"reason": MISTAKE}, follow=True), "已提出收回", "待复核")
    mine = Adjustment.objects.get()
    shows(zhang.get(lines(world.wang)), "收回待复核", f"{LIST}{mine.pk}/")
    shows(zhang.get(address), "已经在等待复核")
    chen.post(f"{LIST}{mine.pk}/approve/")
    shows(
        zhang.get(lines(world.wang)),
        "已收回",
        "待抵扣<span",
        "60",
        MISTAKE,
        f"appeals/adjustment:{mine.pk}/",
        "代为申诉",
    )
    shows(zhang.get(address), "已经收回或更正过")
    shows(zhang.get(f"/desk/residents/{world.wang.pk}/appeals/adjustment:{mine.pk}/"), "收回80积分，其中60积分待抵扣")


def test_not_approving_asks_why(chen: Client, world: World) -> None:
    mine = proposed(world)
    shows(chen.post(f"{LIST}{mine.pk}/reject/", {"reason": ""}), "field__error", "通过并公示", status=400)
    shows(chen.post(f"{LIST}{mine.pk}/reject/", {"reason": "签到表上没有"}, follow=True), "没有入账")
    shows(chen.get(f"{LIST}?status=rejected"), "签到表上没有", "未通过")
    reject_again = chen.post(f"{LIST}{mine.pk}/reject/", {"reason": "再一次"})
    shows(reject_again, "已经复核过了", status=409)


def test_a_form_that_is_refused_keeps_what_was_typed(zhang: Client, world: World) -> None:
    form = f"{lines(world.wang)}adjust/"
    for wrong in ({"way": "give", "points": "0"}, {"way": "give", "points": "1.5"}, {"points": "5"}, {}):
        shows(zhang.post(form, {**wrong, "reason": "写了的原因"}), "field__error", "写了的原因", status=400)
    zhang.post(form, {"way": "give", "points": "5", "reason": REASON})
    shows(zhang.post(form, {"way": "give", "points": "5", "reason": REASON}), "已经在等待复核", REASON, status=409)
    assert Adjustment.objects.count() == 1


def test_what_is_taken_names_its_ground_and_what_is_given_does_not(zhang: Client, world: World) -> None:
    form = f"{lines(world.wang)}adjust/"
    shows(zhang.get(form), "更正记录错误", "已公布的缺席后果", "弄虚作假，收回")
    for wrong in ({}, {"ground": ""}, {"ground": "信访"}):
        typed = {"way": "take", "points": "5", "reason": "写了的原因", **wrong}
        shows(zhang.post(form, typed), "field__error", "写了的原因", status=400)
    longest = {"way": "take", "points": "5", "ground": "弄虚作假", "reason": "长" * 145}
    assert zhang.post(form, longest).status_code == 302
    assert zhang.post(form, {"way": "give", "points": "5", "ground": "更正记录", "reason": "补记"}).status_code == 302
    assert set(Adjustment.objects.values_list("reason", flat=True)) == {"弄虚作假：" + "长" * 145, "补记"}


def test_a_colleague_without_an_own_phone_is_told_where_to_register_it(zhang: Client, world: World) -> None:
    world.zhang.own_phone = ""
    world.zhang.save(update_fields=["own_phone"])
    page = zhang.get(f"{lines(world.wang)}adjust/")
    shows(page, "请街道管理员登记")
    assert "<textarea" not in page.content.decode()


def test_too_little_to_take_is_said_before_anybody_presses(chen: Client, world: World) -> None:
    mine = proposed(world, -90)
    page = chen.get(f"{LIST}{mine.pk}/")
    shows(page, "还差10分", "重新提出", "不通过")
    assert "通过入账" not in page.content.decode()
    shows(chen.post(f"{LIST}{mine.pk}/approve/", follow=True), "还差10分")
    assert Adjustment.objects.get().status == "proposed"


def test_who_proposed_too_much_hears_it_too(zhang: Client, world: World) -> None:
    too_much, enough = proposed(world, -90), proposed(world, -80)
    shows(zhang.get(f"{LIST}{too_much.pk}/"), "可用积分不够扣减", "收回")
    assert "不够扣减" not in zhang.get(f"{LIST}{enough.pk}/").content.decode()
    assert "不够扣减" not in zhang.get(f"{LIST}{take_back(world).pk}/").content.decode()


def test_the_heading_has_no_blank_before_the_figure(chen: Client, world: World) -> None:
    page = chen.get(f"{LIST}{proposed(world, 20).pk}/").content.decode()
    heading = re.sub("<[^>]+>", "", page[page.index("<h1>") : page.index("</h1>")])
    assert heading.startswith("王秀兰：增加20积分")


def test_family_is_told_that_another_decides(chen: Client, zhang: Client, world: World) -> None:
    kin = relative(world, world.chen)
    mine = proposed(world, 5, kin)
    page = chen.get(f"{LIST}{mine.pk}/")
    shows(page, "不能提出或复核自己和家人")
    assert "<textarea" not in page.content.decode()
    for path, typed in ((f"{LIST}{mine.pk}/approve/", {}), (f"{LIST}{mine.pk}/reject/", {"reason": "x"})):
        shows(chen.post(path, typed), "不能提出或复核自己和家人", status=403)
    form = f"{lines(kin)}adjust/"
    shows(chen.get(form), "不能提出或复核自己和家人")
    shows(chen.post(form, {"way": "give", "points": "5", "reason": "自己的"}), "不能提出", status=403)
    assert Adjustment.objects.count() == 1
    assert not Entry.objects.filter(kind="adjustment").exists()


def test_a_worker_looks_but_does_not_decide_and_finance_does_not_look(world: World) -> None:
    mine = proposed(world)
    worker = desk_of(cast.staff("worker", "同事", Duty.Role.WORKER, community=world.wenxing))
    shows(worker.get(f"{LIST}{mine.pk}/"), "没有办理这件事的职责")
    assert worker.post(f"{LIST}{mine.pk}/approve/").status_code == 403
    finance = desk_of(cast.staff("money", "财务", Duty.Role.FINANCE, community=world.wenxing))
    assert {finance.get(path).status_code for path in (f"{LIST}{mine.pk}/", lines(world.wang))} == {404}
    assert finance.post(f"{LIST}{mine.pk}/approve/").status_code == 404


def test_staff_of_another_community_see_nothing(world: World) -> None:
    waiting, entry = take_back(world), first_award(world.zhao)
    browser = desk_of(cast.staff("head", "永安主任", Duty.Role.HEAD, community=world.yongan))
    for path in (
        f"{LIST}{waiting.pk}/", f"{LIST}{waiting.pk}/approve/", f"{LIST}{waiting.pk}/reject/", lines(world.zhao),
        f"{lines(world.zhao)}adjust/", f"{lines(world.zhao)}{entry}/take-back/",
    ):  # fmt: skip
        typed = {"way": "give", "points": "5", "reason": "看看"}
        assert browser.post(path, typed).status_code in {404, 405}, path
        assert browser.get(path).status_code in {404, 405}, path
    for path in (LIST, f"{LIST}?community={world.wenxing.pk}", f"{LIST}new/?q=王秀兰"):
        assert lines(world.wang) not in (shown := browser.get(path).content.decode()) and REASON not in shown
    assert [mine.status for mine in Adjustment.objects.all()] == ["proposed"]


def test_an_entry_is_taken_back_from_its_own_resident_only(zhang: Client, world: World) -> None:
    entry = first_award(world.wang)
    spent = ledger.charge(
        key="c", resident=world.zhao, amount=60, provider=world.wenxing, by=world.system, reason="夜校"
    )
    for address in (f"{lines(world.zhao)}{entry}/take-back/", f"{lines(world.zhao)}{spent}/take-back/"):
        assert zhang.get(address).status_code == 404
        assert zhang.post(address, {"reason": "x"}).status_code == 404
    assert not Adjustment.objects.exists()


@pytest.mark.parametrize("query", [{}, {"status": "proposed"}, {"status": "nonsense", "community": "x", "before": "y"}])
def test_thirty_in_the_list_cost_what_one_costs(chen: Client, world: World, query: dict[str, str]) -> None:
    address = f"{LIST}?{urlencode(query)}"
    proposed(world)
    one = cost(chen, address)
    for number in range(1, 30):
        proposed(world, number, world.li if number % 2 else world.zhao, reason=f"第{number}件")
    assert cost(chen, address) == one <= 11
    shows(chen.get(address), "第29件", "第1件")


def test_thirty_lines_cost_what_one_costs(chen: Client, world: World) -> None:
    one = cost(chen, lines(world.wang))
    for _ in range(29):
        cast.award(world.wang, 1)
    assert cost(chen, lines(world.wang)) == one <= 10
    assert chen.get(lines(world.wang)).content.decode().count("take-back") == 30


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_fifty_first_is_on_the_next_page(chen: Client, world: World) -> None:
    made = [proposed(world, number, reason=f"第{number}件") for number in range(1, 52)]
    reject(adjustment=made[0], reason="不对", by=world.chen)
    approve(adjustment=made[1], by=world.chen)
    shown = chen.get(LIST).content.decode()
    assert f"?before={made[1].pk}" in shown and "第51件" in shown and "第1件" not in shown
    second = chen.get(f"{LIST}?before={made[1].pk}").content.decode()
    assert "第1件" in second and "第2件" not in second
