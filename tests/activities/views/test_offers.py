"""Residents' pages, as a browser without JavaScript sees them."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from activities import finding
from activities.models import Participation
from activities.recording import absent
from activities.reviewing import confirm
from activities.signup import withdraw
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.pages import enter, links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(client: Client, world: World) -> Client:
    return enter(client, world.wang)


def test_three_taps_from_home_to_a_place(wang: Client, world: World) -> None:
    activity = cast.activity(world.wenxing)
    path = f"/activities/{activity.pk}/"
    assert path in links(wang, "/activities/")
    assert "报名参加" in text(wang, path) and "约可得20积分" in text(wang, path)
    answer = wang.post(f"{path}sign-up/", follow=True)
    shown = words(answer.content.decode())
    assert "报名成功" in shown and "已报名" in shown and "取消报名" in shown
    assert Participation.objects.get().by == world.wang.account


def test_a_place_is_given_back_on_the_same_page(wang: Client, world: World) -> None:
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    answer = wang.post(f"/activities/{activity.pk}/withdraw/", follow=True)
    assert "已取消报名" in words(answer.content.decode()) and "报名参加" in words(answer.content.decode())


def test_the_second_click_is_told_kindly_and_takes_no_second_place(wang: Client, world: World) -> None:
    path = f"/activities/{cast.activity(world.wenxing).pk}/"
    wang.post(f"{path}sign-up/")
    answer = wang.post(f"{path}sign-up/", follow=True, headers={"referer": f"http://testserver{path}"})
    assert answer.redirect_chain[-1][0].endswith(path)
    assert "您已经报过这个活动了" in words(answer.content.decode())
    assert Participation.objects.count() == 1


def test_the_list_says_when_where_what_and_how_much(wang: Client, world: World) -> None:
    activity = cast.activity(world.yongan, kind="PRO", title="家电检修", place="永安社区一楼", capacity=3)
    shown = text(wang, "/activities/")
    local = clock.local(activity.starts_at)
    for part in ("家电检修", "永安社区一楼", "永安社区", "专业服务", "约可得30积分", "剩3个名额", f"{local:%H:%M}—"):
        assert part in shown
    assert "家电检修" not in text(wang, "/activities/?kind=ENV")


def test_the_page_states_the_risk(wang: Client, world: World) -> None:
    shown = text(wang, f"/activities/{cast.activity(world.wenxing, risk='高温天气，注意补水').pk}/")
    assert "风险说明高温天气，注意补水" in shown


def bar(client: Client, activity: cast.Activity) -> str:
    """The words of the action bar."""
    html = client.get(f"/activities/{activity.pk}/").content.decode()
    return words("<body" + html[html.index('<section class="actbar"') :])


def test_the_action_bar_says_why_not(client: Client, world: World) -> None:
    off = {
        "status": "cancelled", "cancelled_at": clock.now(), "cancelled_by": world.chen, "cancel_reason": "大风降温",
    }  # fmt: skip
    activity, gone = cast.activity(world.wenxing), cast.activity(world.wenxing, **off)
    enter(client, world.wang)
    assert "名额已满" in bar(client, cast.activity(world.wenxing, capacity=0))
    assert "已开始" in bar(client, cast.activity(world.wenxing, ago=1))
    assert "已取消" in bar(client, gone) and "大风降温" in text(client, f"/activities/{gone.pk}/")
    assert "仅限本街道居民" in bar(client, cast.activity(world.hualin))
    assert "待社区确认" in bar(enter(client, world.sun), activity)
    young = cast.resident(world.wenxing, "王小明", "13700000031", clock.today() - timedelta(days=365 * 15))
    assert "须满18岁" in bar(enter(client, young), activity)
    enter(client, world.wang)
    closed = cast.activity(world.wenxing, sign_up_until=clock.now() - timedelta(hours=1))
    assert "报名已截止" in bar(client, closed)
    assert "限50岁以下" in bar(client, cast.activity(world.wenxing, max_age=50, title="青年活动"))
    signed(cast.activity(world.wenxing), world.wang, world)
    assert "时间有冲突" in bar(client, activity)
    assert "报名参加" not in bar(client, activity)


def test_a_full_activity_offers_its_line_and_says_how_many_wait(client: Client, world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=1)
    mine, path = signed(activity, world.li, world), f"/activities/{activity.pk}/"
    assert "登录后候补" in bar(client, activity)
    enter(client, world.wang)
    assert "加入候补" in bar(client, activity)
    answer = client.post(f"{path}line/", follow=True)
    assert "已加入候补" in words(answer.content.decode()) and "您排在第一位" in bar(client, activity)
    other = cast.resident(world.wenxing, "孙大海", "13700000055")
    enter(client, other)
    assert "前面有1人候补" in bar(client, activity)
    client.post(f"{path}line/")
    assert "前面还有1人" in bar(client, activity)
    assert "退出候补" in bar(client, activity)
    client.post(f"{path}withdraw/")
    assert "加入候补" in bar(client, activity)
    withdraw(activity_id=activity.pk, resident=mine.resident, by=world.li.account)
    assert "已报名" in bar(enter(client, world.wang), activity)
    assert client.get(f"{path}line/").status_code == 405


def test_the_page_says_whom_it_is_for_who_helps_and_what_to_bring(wang: Client, world: World) -> None:
    shop = cast.partner(world.street, world.wenxing, world.zhang).partner
    activity = cast.activity(
        world.wenxing, kind="EMG", dangerous=True, insurance="PICC-1", max_age=60, audience="党员", skills="会用铁锹",
        training="开始前讲解", equipment="雨衣", leader_phone="0352-0000001", room=cast.room(world.wenxing),
        sign_up_until=clock.now() + timedelta(days=1),
    )  # fmt: skip
    activity.providers.set([shop])
    shown = text(wang, f"/activities/{activity.pk}/")
    for part in (
        "18～60岁", "党员", "会用铁锹", "开始前讲解", "雨衣", "PICC-1", "博世邻里之家", "舞蹈厅", "截止报名", "计服务时长", "每满半小时",
    ):  # fmt: skip
        assert part in shown
    assert "tel:0352-0000001" in links(wang, f"/activities/{activity.pk}/")


def test_a_meeting_says_plainly_that_it_gives_no_hours(wang: Client, world: World) -> None:
    meeting = cast.activity(world.wenxing, kind="MEET", volunteering=False, title="居民议事会", min_age=0)
    shown = text(wang, f"/activities/{meeting.pk}/")
    assert (
        "不是志愿服务，不计服务时长" in shown and "每次" in shown and "每满半小时" not in shown and "年龄" not in shown
    )
    assert "不计时长" in text(wang, "/activities/") and "不计时长" not in text(wang, "/activities/?kind=ENV")


def test_a_draft_is_not_there_for_residents(wang: Client, world: World) -> None:
    draft = cast.activity(world.wenxing, status="draft", title="还没想好")
    assert "还没想好" not in text(wang, "/activities/")
    for path in ("", "sign-up/", "line/"):
        answer = (wang.post if path else wang.get)(f"/activities/{draft.pk}/{path}")
        assert answer.status_code == 404


def test_the_bar_of_who_came_does_not_offer_to_withdraw(wang: Client, world: World) -> None:
    running = cast.activity(world.wenxing, ago=1)
    mine = signed(running, world.wang, world)
    Participation.objects.filter(pk=mine.pk).update(arrived_at=clock.now(), arrived_how="code")
    assert "已签到" in bar(wang, running) and "取消报名" not in bar(wang, running)


def test_the_action_bar_follows_the_service_until_the_points_are_there(wang: Client, world: World) -> None:
    running = cast.activity(world.wenxing, ago=0)
    signed(running, world.wang, world)
    assert "请到现场签到" in bar(wang, running)
    mine = recorded(world, world.wang)
    assert "待入账20积分" in bar(wang, mine.activity)
    confirm(participation=mine, minutes=120, by=world.chen)
    assert "已入账20积分" in bar(wang, mine.activity)
    missed = absent(participation=recorded(world, world.wang), by=world.chen)
    assert "未到场" in bar(wang, missed.activity)


def test_a_visitor_reads_everything_and_is_asked_to_sign_in_to_join(client: Client, world: World) -> None:
    activity = cast.activity(world.wenxing)
    path = f"/activities/{activity.pk}/"
    assert "楼道清理" in text(client, "/activities/") and "登录后报名" in text(client, path)
    assert f"/sign-in/?next={quote(path, safe='')}" in links(client, path)
    answer = client.post(f"{path}sign-up/")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")
    assert client.get("/activities/mine/").headers["Location"].startswith("/sign-in/")
    assert not Participation.objects.exists()


def test_an_unknown_activity_is_a_page_with_a_sentence(wang: Client) -> None:
    assert "没有找到这个活动" in text(wang, "/activities/999999/", status=404)
    assert wang.get("/activities/99999999999999999999999/").status_code == 404


@pytest.mark.parametrize("query", ["?kind=x", "?after=x", "?after=-1", "?after=" + "9" * 40, "?kind=%00", "?after=%ff"])
def test_a_strange_address_is_no_error(wang: Client, query: str) -> None:
    assert wang.get(f"/activities/{query}").status_code == 200
    assert wang.get(f"/activities/mine/{query.replace('after', 'before')}").status_code == 200


def test_looking_changes_nothing_and_joining_needs_a_post(wang: Client, world: World) -> None:
    path = f"/activities/{cast.activity(world.wenxing).pk}/"
    assert wang.get(f"{path}sign-up/").status_code == 405
    assert wang.get(f"{path}withdraw/").status_code == 405
    assert wang.post(path).status_code == 405


def test_mine_shows_what_waits_and_what_is_booked_and_nobody_elses(wang: Client, world: World) -> None:
    confirm(participation=recorded(world, world.wang, title="早市巡逻"), minutes=120, by=world.chen)
    recorded(world, world.wang, minutes=90)
    signed(cast.activity(world.wenxing, title="明日清扫"), world.wang, world)
    recorded(world, world.li, title="别人的活动")
    shown = text(wang, "/activities/mine/")
    for part in ("待入账15积分", "由文兴社区工作人员核对确认", "明日清扫", "早市巡逻", "获得20", "查看积分明细"):
        assert part in shown
    assert "别人的活动" not in shown
    assert "/points/" in links(wang, "/activities/mine/")


def test_mine_turns_pages(wang: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE", 2)
    for number in range(3):
        absent(participation=recorded(world, world.wang, title=f"第{number}次"), by=world.chen)
    first = links(wang, "/activities/mine/")
    following = next(link for link in first if "before=" in link)
    assert "第0次" in text(wang, f"/activities/mine/{following}")


def test_an_elder_without_activities_is_shown_the_way(wang: Client) -> None:
    assert "您还没有参加活动" in text(wang, "/activities/mine/")
    assert "暂时没有可报名的活动" in text(wang, "/activities/")


def fill(world: World, resident: Resident, number: int) -> None:
    for n in range(number):
        kind = ("ENV", "ELD", "PRO")[n % 3]
        coming = clock.now() + timedelta(days=4, hours=3 * world.extra.setdefault("coming", 0))
        world.extra["coming"] += 1
        signed(cast.activity(world.wenxing, kind=kind, starts_at=coming), resident, world)
        recorded(world, resident, kind=kind)
        confirm(participation=recorded(world, resident, kind=kind), minutes=120, by=world.chen)


def test_thirty_rows_cost_no_more_queries_than_one(wang: Client, world: World) -> None:
    pages = ("/activities/", "/activities/mine/", f"/activities/{cast.activity(world.wenxing).pk}/")
    fill(world, world.wang, 1)
    one = [queries(wang, page) for page in pages]
    fill(world, world.wang, 30)
    assert [queries(wang, page) for page in pages] == one
    assert max(one) <= 9
