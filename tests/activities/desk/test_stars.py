"""星级 at the desk: the list, putting on a notice, one resident's room, and the bar that two people decide."""

import re

import pytest
from django.test import Client

from activities.models import Star, StarBar
from communities.models import Notice, User
from tests import world as cast
from tests.activities import serving
from tests.activities.serving import REASON
from tests.communities.steps import shows
from tests.pages import queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
LIST, BARS = "/desk/stars/", "/desk/stars/bars/"


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def zhang(world: World) -> Client:
    return desk_of(world.zhang)


@pytest.fixture
def chen(world: World) -> Client:
    return desk_of(world.chen)


def test_what_was_reached_is_put_on_a_list_and_granted_after_the_window(
    zhang: Client, chen: Client, world: World
) -> None:
    star = serving.reached(world)
    shows(zhang.get("/desk/"), "星级待列入公示", f"{LIST}?status=reached")
    shows(zhang.get(LIST), "王秀兰", "一星志愿者", "100小时", "待公示", "列入公示", f'value="{star.pk}"')
    done = zhang.post(f"{LIST}show/", {"star": star.pk}, follow=True)
    shows(done, "已拟好一份公示，共1项", "达到一星志愿者标准")
    shown = zhang.get(LIST).content.decode()
    assert "公示待发布" in shown and f'value="{star.pk}"' not in shown and "列入公示</button>" not in shown
    notice = Notice.objects.get()
    chen.post(f"/desk/notices/{notice.pk}/publish/")
    shows(zhang.get(LIST), "公示中", f"/desk/notices/{notice.pk}/")
    serving.over(notice)
    assert "已授予" in text(zhang, f"{LIST}?status=granted")


def test_nothing_ticked_says_so_and_keeps_the_list(zhang: Client, world: World) -> None:
    serving.reached(world)
    shows(zhang.post(f"{LIST}show/"), "没有选中待公示的星级", "王秀兰", status=400)
    assert not Notice.objects.exists()


def test_stars_of_two_communities_make_no_list_and_stay_ticked(world: World) -> None:
    stars = [serving.reached(world), serving.reached(world, world.zhou)]
    answer = desk_of(world.he).post(f"{LIST}show/", {"star": [one.pk for one in stars]})
    shows(answer, "一份公示只列一个社区", status=400)
    assert answer.content.decode().count(" checked") == 2


def test_the_list_is_filtered(zhang: Client, world: World) -> None:
    serving.reached(world)
    serving.reached(world, world.li, 300)
    assert "李建国" not in text(zhang, f"{LIST}?q=秀兰")
    assert "王秀兰" not in text(zhang, f"{LIST}?q=建国")
    assert "没有符合条件的星级" in text(zhang, f"{LIST}?ladder=courier")
    assert "没有符合条件的星级" in text(zhang, f"{LIST}?status=granted")


def test_staff_of_another_community_see_and_show_nothing(world: World) -> None:
    star, qian = serving.reached(world), desk_of(world.qian)
    assert "王秀兰" not in text(qian, LIST)
    shows(qian.post(f"{LIST}show/", {"star": star.pk}), "没有选中", status=400)
    bar = serving.proposed(world, world.li)
    for path in (
        f"/desk/residents/{world.wang.pk}/stars/",
        f"/desk/residents/{world.wang.pk}/stars/bar/",
        f"{BARS}{bar.pk}/",
    ):
        assert qian.get(path).status_code == 404
    for path in ("approve", "end"):
        assert qian.post(f"{BARS}{bar.pk}/{path}/", {"reason": "不对"}).status_code == 404
    assert not Notice.objects.exists()


def test_one_proposes_a_bar_from_the_file_and_the_head_decides(zhang: Client, chen: Client, world: World) -> None:
    star = serving.reached(world)
    room = f"/desk/residents/{world.wang.pk}/stars/"
    shows(zhang.get(f"/desk/residents/{world.wang.pk}/"), room)
    shows(zhang.get(room), "累计服务", "100小时", "一星志愿者", f"{room}bar/")
    shows(zhang.post(f"{room}bar/", {"reason": ""}), "请填写这一项", status=400)
    shows(zhang.post(f"{room}bar/", {"reason": REASON}, follow=True), REASON, "待复核", "您提出的限制")
    bar = StarBar.objects.get()
    shows(zhang.get(f"{room}bar/"), "已经在限制期内，或有一项限制正在等待复核")
    shows(chen.get("/desk/"), "星级限制待您复核", BARS)
    shows(chen.get(BARS), "王秀兰", REASON, "张晓燕", "待复核")
    shows(chen.get(f"{BARS}{bar.pk}/"), "通过限制", "不通过")
    shows(chen.post(f"{BARS}{bar.pk}/approve/", follow=True), "限制已生效", "限制中", "代为申诉", "解除限制")
    star.refresh_from_db()
    assert star.status == Star.Status.STOPPED
    shows(zhang.get(room), "限制中", "未授予", f"/desk/residents/{world.wang.pk}/appeals/{star.about}/")
    shows(chen.post(f"{BARS}{bar.pk}/end/", {"reason": ""}), "请填写这一项", status=400)
    shows(chen.post(f"{BARS}{bar.pk}/end/", {"reason": "签到机故障"}, follow=True), "已解除", "已解除，本人会收到消息")


def test_a_bar_is_declined_with_a_reason(chen: Client, world: World) -> None:
    bar = serving.proposed(world)
    shows(chen.post(f"{BARS}{bar.pk}/end/", {"reason": "证据不足"}, follow=True), "已登记为未通过", "未通过")
    shows(chen.get(f"{BARS}{bar.pk}/"), "证据不足")


def test_a_refusal_shows_the_page_again_with_what_was_typed(zhang: Client, world: World) -> None:
    bar = serving.proposed(world)
    shows(zhang.post(f"{BARS}{bar.pk}/end/", {"reason": "我收回"}), "须由社区主任或街道管理员", status=403)


def test_a_list_costs_the_same_for_one_and_for_thirty(zhang: Client, world: World) -> None:
    serving.reached(world)
    serving.proposed(world)
    few = queries(zhang, LIST), queries(zhang, BARS)
    for n in range(30):
        one = cast.resident(world.wenxing, f"居民{n}")
        Star.objects.create(community=world.wenxing, resident=one, ladder="volunteer", level=1, amount=6000)
        serving.proposed(world, one)
    assert len(re.findall("居民", text(zhang, LIST))) >= 30
    assert (queries(zhang, LIST), queries(zhang, BARS)) == few
