"""人员与职责: who sees whom, and each act as a page."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import unlocking
from communities.models import Duty, Grid, User
from core import clock
from notifications.models import Message
from tests.communities.staffing import Role, auditor, plain, system_admin
from tests.communities.steps import shows
from tests.world import PASSWORD, World, staff

pytestmark = pytest.mark.django_db
LIST = "/desk/people/"


@pytest.fixture
def he(client: Client, world: World) -> Client:
    client.force_login(world.he)
    return client


def as_(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def names(browser: Client, query: str = "") -> set[str]:
    return {one.username for one in browser.get(LIST + query).context["slice"].rows}


def test_who_sees_whom(world: World) -> None:
    everybody = {"zhangxiaoyan", "chenzhuren", "qianyongan", "hejiedao", "auditor", "sysadmin"}
    watching, above = auditor(world), system_admin(world)
    assert names(as_(world.he)) == names(as_(above)) == everybody
    assert names(as_(world.chen)) == {"zhangxiaoyan", "chenzhuren"}
    assert names(as_(world.zhang)) == names(as_(watching)) == set()


def test_the_list_is_filtered(he: Client, world: World) -> None:
    world.qian.duties.update(starts_on=clock.today() - timedelta(days=9), ends_on=clock.today() - timedelta(days=1))
    User.objects.filter(pk=world.chen.pk).update(is_active=False)
    assert names(he) == {"zhangxiaoyan", "hejiedao"}
    shows(he.get(LIST), "清空")
    assert names(he, "?past=on") == {"zhangxiaoyan", "hejiedao", "qianyongan", "chenzhuren"}
    assert names(he, "?role=street_admin") == {"hejiedao"}
    assert names(he, f"?community={world.wenxing.pk}") == {"zhangxiaoyan"}
    assert names(he, "?q=晓燕") == names(he, "?q=zhangx") == {"zhangxiaoyan"}
    assert he.get(LIST + "?role=x&community=x&after=x").status_code == 200


def test_thirty_colleagues_cost_no_more_than_one(he: Client, world: World) -> None:
    with CaptureQueriesContext(connection) as few:
        he.get(LIST)
    for number in range(30):
        plain(world, f"worker{number:02d}")
    with CaptureQueriesContext(connection) as many:
        he.get(LIST)
    assert len(few) == len(many)


def test_the_file_has_a_line_for_each_duty_and_no_whole_phone(he: Client, world: World) -> None:
    Duty.objects.create(user=world.zhang, role=Role.FINANCE, community=world.yongan)
    sheet = openpyxl.load_workbook(BytesIO(he.get(f"{LIST}export/").getvalue())).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(one[3], one[4]) for one in lines if one[1] == "zhangxiaoyan"] == [
        ("社区工作者", "文兴社区"),
        ("财务", "永安社区"),
    ]
    assert world.zhang.own_phone not in str(lines) and "****" in str(lines)


def test_an_account_is_opened_with_a_duty_and_a_password_that_is_shown_once(he: Client, world: World) -> None:
    typed = {
        "name": "吴敏", "username": "wumin", "own_phone": "13800007777", "role": "worker",
        "place": f"c{world.yongan.pk}", "starts_on": clock.today(), "ends_on": "",
    }  # fmt: skip
    page = he.post(f"{LIST}new/", typed)
    shows(page, "一次性密码", "只显示这一次", "wumin")
    user = User.objects.get(username="wumin")
    assert user.check_password(page.context["secret"]) and user.must_change_password
    assert user.duties.get().community == world.yongan
    assert page.context["secret"] not in he.get(f"{LIST}{user.pk}/").content.decode()
    shows(he.post(f"{LIST}new/", typed), "已被别的账号使用", status=409)
    shows(he.post(f"{LIST}new/", typed | {"username": "Wu Min"}), "登录名用小写字母", status=400)
    shows(
        he.post(f"{LIST}new/", typed | {"username": "w3", "place": f"c{world.hualin.pk}"}), "field__error", status=400
    )
    shows(he.post(f"{LIST}new/", typed | {"username": "wu3", "own_phone": ""}), "先登记", status=409)
    assert User.objects.filter(username__startswith="w", kind="staff").count() == 1


def test_each_offers_what_they_may_give(world: World) -> None:
    def roles(user: User) -> set[str]:
        return {value for value, _ in as_(user).get(f"{LIST}new/").context["form"].fields["role"].choices if value}

    assert roles(world.he) == {"head", "worker", "finance", "street_admin", "supervisor", "caregiver"}
    assert roles(system_admin(world)) == {"auditor", "system_admin"}
    assert as_(world.chen).get(f"{LIST}new/").status_code == 404


def test_a_duty_is_given_and_ended(he: Client, world: World) -> None:
    page = f"{LIST}{world.qian.pk}/"
    typed = {"role": "head", "place": f"c{world.yongan.pk}", "starts_on": clock.today(), "ends_on": ""}
    shows(he.post(f"{page}duties/", typed, follow=True), "已登记：钱丽，社区主任，永安社区")
    shows(he.post(f"{page}duties/", typed), "没有重复登记", status=409)
    shows(he.post(f"{page}duties/", {}), "field__error", status=400)
    given = world.qian.duties.get(role="head")
    shows(he.post(f"{page}duties/{given.pk}/end/", follow=True), "今天是最后一天")
    assert he.post(f"{LIST}{world.zhang.pk}/duties/{given.pk}/end/").status_code == 404


def test_accounts_are_looked_after(he: Client, world: World) -> None:
    page = f"{LIST}{world.chen.pk}/"
    shows(he.get(page), "重置密码", "重置两步验证", "生成解锁码", "停用账号", "139****")
    assert world.chen.own_phone not in he.get(page).content.decode()
    secret = he.post(f"{page}password/").context["secret"]
    world.chen.refresh_from_db()
    assert world.chen.check_password(secret)
    assert he.post(f"{page}unlock/").context["secret"] == unlocking.code_for(world.chen)
    shows(he.post(f"{page}second-factor/", follow=True), "已重置")
    shows(he.post(f"{page}phone/", {"phone": "x"}), "不是手机号", status=400)
    shows(he.post(f"{page}phone/", {"phone": "13800007777"}, follow=True), "已登记")
    shows(he.post(f"{page}switch/", {"to": "off"}, follow=True), "账号已停用", "启用账号")
    shows(he.post(f"{page}switch/", {"to": "on"}, follow=True), "账号已启用")


def test_a_head_looks_and_changes_nothing(world: World) -> None:
    chen, page = as_(world.chen), f"{LIST}{world.zhang.pk}/"
    shown = chen.get(page).content.decode()
    assert "重置密码" not in shown and "登记职责" not in shown and "今天结束" not in shown and "交接给同事" in shown
    for act in ("password/", "unlock/", "switch/"):
        assert chen.post(page + act).status_code == 403
    assert chen.get(f"{LIST}{world.qian.pk}/").status_code == 404


def test_ones_own_page_offers_nothing_that_one_may_not(he: Client, world: World) -> None:
    shown = he.get(f"{LIST}{world.he.pk}/").content.decode()
    assert "不能改自己的账号" in shown and "登记职责" not in shown and "今天结束" not in shown
    assert he.post(f"{LIST}{world.he.pk}/password/").status_code == 403
    world.he.refresh_from_db()
    assert world.he.check_password(PASSWORD)


def test_handing_over_shows_what_passes_and_what_became_of_it(world: World) -> None:
    Grid.objects.create(community=world.wenxing, name="第一网格", keeper=world.zhang)
    zhang, page = as_(world.zhang), f"{LIST}{world.zhang.pk}/handover/"
    shows(zhang.get("/desk/password/"), page)
    shows(zhang.get(page), "离岗交接", "网格（网格员）", "职责由街道管理员交接")
    shows(zhang.post(page, {"successor": world.qian.pk}), "field__error", status=400)
    shows(zhang.post(page, {"successor": world.chen.pk}), "已交接给陈志强", "没有交接")
    assert Grid.objects.get().keeper == world.chen
    assert Message.objects.get(staff=world.chen).title == "有同事的事交接给您"
    assert as_(world.qian).get(page).status_code == 404


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("supervisor", ["对账"], ["积分调整", "居民档案", "人员与职责", "夜校课程"]),
        ("auditor", [], ["对账", "居民档案", "人员与职责", "设置"]),
        ("system_admin", ["人员与职责"], ["对账", "居民档案", "积分"]),
        ("head", ["对账", "居民档案", "人员与职责"], []),
        ("worker", ["对账", "居民档案"], ["人员与职责"]),
    ],
)
def test_the_menu_shows_each_only_their_pages(world: World, role: str, shown: list[str], hidden: list[str]) -> None:
    place = {"community": world.wenxing} if role in {"head", "worker"} else {"sub_district": world.street}
    page = as_(staff("one", "某人", Role(role), **place)).get("/desk/").content.decode()
    menu = page[page.index("<nav") : page.index("</nav>")]
    assert [word for word in shown if word not in menu] == []
    assert [word for word in hidden if word in menu] == []


def test_a_supervisor_reads_the_sums_and_opens_nobodys_file(world: World) -> None:
    watching = as_(staff("watch", "监督员", Role.SUPERVISOR, community=world.wenxing))
    assert watching.get(f"/desk/books/{world.wenxing.pk}/").status_code == 200
    assert watching.get(f"/desk/residents/{world.wang.pk}/").status_code == 404
    shows(watching.get("/desk/"), "去对账")


def test_a_colleague_whose_duties_are_over_is_told_so(world: World) -> None:
    world.zhang.duties.update(ends_on=clock.today() - timedelta(days=1))
    shows(as_(world.zhang).get("/desk/"), "现在没有职责", "联系街道管理员")
