"""The desk's pages: plan, add, record, confirm; and nothing of another community."""

from datetime import timedelta

import pytest
from django.test import Client

from activities import board
from activities.models import Activity, Participation
from activities.recording import absent, record
from activities.reviewing import confirm
from core import clock
from points import statement
from tests import world as cast
from tests.activities.cast import recorded, relative, signed
from tests.books import breaches
from tests.pages import links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db
ROUTES = (
    ("get", ""), ("post", "add/"), ("post", "record/"), ("post", "absent/"), ("post", "confirm/"),
    ("get", "call-off/"), ("post", "call-off/"),
)  # fmt: skip


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def path_of(activity: Activity, act: str = "") -> str:
    return f"/desk/activities/{activity.pk}/{act}"


def form(world: World, **typed: object) -> dict[str, object]:
    day = clock.today() + timedelta(days=3)
    return {
        "community": world.wenxing.pk, "kind": "ENV", "title": "春季清扫", "day": day.isoformat(), "begins": "09:00",
        "ends": "11:00", "place": "东门", "leader": "张晓燕", "capacity": 20, "content": "清扫", "risk": "注意车辆",
    } | typed  # fmt: skip


@pytest.mark.parametrize(("method", "act"), ROUTES)
def test_staff_of_another_community_find_nothing_and_change_nothing(
    client: Client, world: World, method: str, act: str
) -> None:
    mine = recorded(world)
    client.force_login(world.qian)
    answer = getattr(client, method)(path_of(mine.activity, act), {"picked": mine.as_seen, "resident": world.zhou.pk})
    assert answer.status_code == 404
    assert Participation.objects.get().status == "recorded"


@pytest.mark.parametrize(("method", "act"), ROUTES)
def test_residents_and_visitors_are_kept_out(client: Client, world: World, method: str, act: str) -> None:
    page = path_of(cast.activity(world.wenxing), act)
    assert getattr(client, method)(page).headers["Location"].startswith("/desk/sign-in/")
    client.force_login(world.wang.account)
    answer = getattr(client, method)(page, {"resident": world.wang.pk, "reason": "大风"}, follow=True)
    assert "只供社区工作人员使用" in words(answer.content.decode())
    assert not Participation.objects.exists() and Activity.objects.get().status == "open"


def test_the_list_holds_own_activities_only_and_narrows(client: Client, desk: Client, world: World) -> None:
    cast.activity(world.yongan, title="邻社区活动")
    cast.activity(world.wenxing, title="将来的活动")
    recorded(world, title="等确认的活动")
    signed(cast.activity(world.wenxing, ago=5, title="等记录的活动"), world.wang, world)
    every = text(desk, "/desk/activities/")
    assert "邻社区活动" not in every and "永安" not in every
    found = {
        state: {
            title
            for title in ("将来的活动", "等确认的活动", "等记录的活动")
            if title in text(desk, f"/desk/activities/?state={state}")
        }
        for state in ("", "open", "to_record", "to_confirm", "cancelled")
    }
    assert found == {
        "": {"将来的活动", "等确认的活动", "等记录的活动"}, "open": {"将来的活动"}, "to_record": {"等记录的活动"},
        "to_confirm": {"等确认的活动"}, "cancelled": set(),
    }  # fmt: skip
    assert "将来的活动" not in text(desk, "/desk/activities/?kind=PRO")
    client.force_login(world.he)
    assert "邻社区活动" in text(client, "/desk/activities/")
    assert "将来的活动" not in text(client, f"/desk/activities/?community={world.yongan.pk}")


def test_the_list_says_how_each_stands_and_leads_to_the_register(desk: Client, world: World) -> None:
    confirm(participation=recorded(world, title="都审核了"), minutes=120, by=world.chen)
    cast.activity(world.wenxing, ago=5, title="没人来")
    shown = text(desk, "/desk/activities/")
    assert "已审核" in shown and "没有人到场" in shown
    assert "/desk/volunteers/" in links(desk, "/desk/activities/")


def test_the_list_turns_pages(desk: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "PAGE", 2)
    starts = clock.now() + timedelta(days=1)
    for number in range(5):
        cast.activity(world.wenxing, title=f"活动{number}号", starts_at=starts)
    seen, page = [], ""
    for _ in range(9):
        shown = text(desk, f"/desk/activities/{page}")
        seen += [number for number in range(5) if f"活动{number}号" in shown]
        onward = [link for link in links(desk, f"/desk/activities/{page}") if "before=" in link]
        if not onward:
            break
        page = onward[0]
    assert sorted(seen) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("query", ["?state=x", "?before=x", "?before=" + "9" * 40, "?kind=%00", "?community=x"])
def test_a_strange_address_is_no_error(desk: Client, world: World, query: str) -> None:
    assert desk.get(f"/desk/activities/{query}").status_code == 200
    odd = path_of(cast.activity(world.wenxing), "?q=%00")
    assert desk.get(odd).status_code == 200
    assert desk.get(path_of(cast.activity(world.wenxing), "?q=%ff%fe")).status_code == 200


def test_staff_announce_an_activity(desk: Client, world: World) -> None:
    answer = desk.post("/desk/activities/new/", form(world), follow=True)
    made = Activity.objects.get()
    assert "已发布" in words(answer.content.decode())
    assert (f"{clock.local(made.starts_at):%H:%M}", made.minutes, made.community) == ("09:00", 120, world.wenxing)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"risk": " "}, "请填写这一项"), ({"capacity": 0}, "招募人数须在1到500之间"),
        ({"ends": "08:00"}, "结束晚于开始"), ({"day": "2020-01-01"}, "活动须在将来开始"), ({"day": "明天"}, "日期"),
        ({"day": "0001-01-01"}, "请检查日期的年份"), ({"day": "9999-12-31"}, "请检查日期的年份"),
    ],
)  # fmt: skip
def test_what_cannot_be_held_is_shown_again_with_what_was_typed(
    desk: Client, world: World, typed: dict[str, object], sentence: str
) -> None:
    answer = desk.post("/desk/activities/new/", form(world, **typed))
    assert answer.status_code == 400
    assert sentence in words(answer.content.decode()) and "春季清扫" in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_form_for_another_community_is_not_accepted(desk: Client, world: World) -> None:
    assert desk.post("/desk/activities/new/", form(world, community=world.yongan.pk)).status_code == 400
    assert not Activity.objects.exists()


def test_an_elder_without_a_phone_is_found_by_name_and_added(desk: Client, world: World) -> None:
    activity = cast.activity(world.wenxing)
    shown = text(desk, path_of(activity, "?q=赵"))
    assert "赵玉珍" in shown and "没有手机" in shown
    desk.post(path_of(activity, "add/"), {"resident": world.zhao.pk})
    assert Participation.objects.get().resident == world.zhao
    assert "或已在名单上" in text(desk, path_of(activity, "?q=赵"))


def test_people_are_found_by_the_phones_last_four_masked_and_only_in_the_own_community(
    desk: Client, world: World
) -> None:
    activity = cast.activity(world.wenxing)
    page = desk.get(path_of(activity, "?q=6021")).content.decode()
    assert "王秀兰" in page and "138****6021" in page and world.wang.phone not in page
    assert "周海涛" not in text(desk, path_of(activity, "?q=周"))
    assert "孙桂芳" not in text(desk, path_of(activity, "?q=孙"))
    assert desk.post(path_of(activity, "add/"), {"resident": world.zhou.pk}).status_code == 404
    assert desk.post(path_of(activity, "add/"), {"resident": "x"}).status_code == 404


def test_one_records_and_another_confirms_and_the_points_are_there(client: Client, desk: Client, world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3)
    people = [signed(activity, person, world) for person in (world.wang, world.li, world.zhao)]
    picked = [one.as_seen for one in people[:2]]
    answer = desk.post(path_of(activity, "record/"), {"picked": picked, "minutes": 120}, follow=True)
    assert "已记录2人" in words(answer.content.decode())
    desk.post(path_of(activity, "absent/"), {"picked": people[2].as_seen})
    waiting = [one.as_seen for one in Participation.objects.awaiting_points()]
    refused = desk.post(path_of(activity, "confirm/"), {"picked": waiting}, follow=True)
    assert "须由另一位工作人员确认" in words(refused.content.decode())
    client.force_login(world.chen)
    answer = client.post(path_of(activity, "confirm/"), {"picked": waiting}, follow=True)
    assert "已确认2人，入账40积分" in words(answer.content.decode())
    assert (statement.available(world.wang), statement.available(world.li)) == (100, 20)
    assert sorted(Participation.objects.values_list("status", flat=True)) == ["absent", "confirmed", "confirmed"]
    assert breaches() == []


def test_the_board_says_who_may_not_confirm_whom(client: Client, world: World) -> None:
    activity = recorded(world).activity
    wife = signed(activity, relative(world, world.chen), world)
    record(participation=wife, minutes=120, by=world.he)
    client.force_login(world.zhang)
    assert "您记录的服务，须由另一位工作人员确认" in text(client, path_of(activity))
    client.force_login(world.chen)
    assert "不能确认自己或家人的积分" in text(client, path_of(activity)) and "可确认" in text(client, path_of(activity))


def test_refused_people_do_not_hold_up_the_others(client: Client, world: World) -> None:
    mine = recorded(world)
    wife = record(participation=signed(mine.activity, relative(world, world.chen), world), minutes=60, by=world.zhang)
    client.force_login(world.chen)
    picked = [mine.as_seen, wife.as_seen]
    answer = client.post(path_of(mine.activity, "confirm/"), {"picked": picked}, follow=True)
    shown = words(answer.content.decode())
    assert "已确认1人，入账20积分" in shown and "陈家人：不能确认自己或家人的积分" in shown


def test_a_record_that_changed_since_the_page_was_shown_is_not_confirmed(client: Client, world: World) -> None:
    seen = recorded(world, minutes=60)
    record(participation=seen, minutes=90, by=world.he)
    client.force_login(world.chen)
    answer = client.post(path_of(seen.activity, "confirm/"), {"picked": seen.as_seen})
    assert answer.status_code == 400
    assert "名单刚刚有变动" in words(answer.content.decode())
    assert statement.available(world.li) == 0


@pytest.mark.parametrize("typed", [{"minutes": 240}, {"minutes": 121}])
def test_unusual_minutes_are_asked_about_before_they_are_recorded(
    desk: Client, world: World, typed: dict[str, int]
) -> None:
    mine = signed(cast.activity(world.wenxing, ago=5), world.li, world)
    page = path_of(mine.activity, "record/")
    answer = desk.post(page, {"picked": mine.as_seen, **typed})
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "时长已核实" in html and f'value="{mine.as_seen}" checked' in html
    assert Participation.objects.get().status == "signed_up"
    assert desk.post(page, {"picked": mine.as_seen, **typed, "sure": "on"}).status_code == 302
    assert Participation.objects.get().minutes == typed["minutes"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"minutes": 60}, "请先勾选人员"),
        ({"picked": "P", "minutes": 481}, "480"),
        ({"picked": "P", "minutes": ""}, "请填写"),
    ],
)
def test_a_wrong_record_form_says_what_is_wrong(
    desk: Client, world: World, typed: dict[str, object], sentence: str
) -> None:
    mine = signed(cast.activity(world.wenxing, ago=3), world.li, world)
    if "picked" in typed:
        typed = typed | {"picked": mine.as_seen}
    answer = desk.post(path_of(mine.activity, "record/"), typed)
    assert answer.status_code == 400 and sentence in words(answer.content.decode())
    assert Participation.objects.get().status == "signed_up"


def test_people_of_another_activity_cannot_be_slipped_in(desk: Client, world: World) -> None:
    mine, other = recorded(world), signed(cast.activity(world.yongan, ago=3), world.zhou, world)
    answer = desk.post(path_of(mine.activity, "record/"), {"picked": other.as_seen, "minutes": 60})
    assert answer.status_code == 400
    assert Participation.objects.get(pk=other.pk).status == "signed_up"


def test_a_mistake_is_corrected_until_it_is_confirmed(desk: Client, world: World) -> None:
    mine = recorded(world, minutes=120)
    desk.post(path_of(mine.activity, "record/"), {"picked": mine.as_seen, "minutes": 60})
    mine.refresh_from_db()
    assert (mine.minutes, mine.points) == (60, 10)
    desk.post(path_of(mine.activity, "absent/"), {"picked": mine.as_seen})
    mine.refresh_from_db()
    assert mine.status == "absent"
    assert "未到场1人" in text(desk, path_of(mine.activity))


def test_calling_off_asks_for_a_reason_and_tells_how_many(desk: Client, world: World) -> None:
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    page = path_of(activity, "call-off/")
    assert "已报名1人" in text(desk, page)
    assert desk.post(page, {"reason": ""}).status_code == 400
    answer = desk.post(page, {"reason": "大风降温"}, follow=True)
    assert "已通知1位" in words(answer.content.decode())
    again = desk.post(page, {"reason": "大风降温"})
    assert again.status_code == 409 and "已经取消" in words(again.content.decode())


def fill(world: World, number: int, activity: Activity | None = None) -> None:
    for n in range(number):
        person = cast.resident(world.wenxing, f"居民{n}", f"137{Participation.objects.count():08d}")
        here = activity or cast.activity(world.wenxing, ago=3)
        mine = signed(here, person, world)
        if n % 3 == 0:
            record(participation=mine, minutes=60, by=world.chen)
        elif n % 3 == 1:
            absent(participation=mine, by=world.chen)


def test_thirty_rows_cost_no_more_queries_than_one(desk: Client, world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3, capacity=40)
    pages = ("/desk/activities/", path_of(activity))
    fill(world, 1)
    fill(world, 1, activity)
    one = [queries(desk, page) for page in pages]
    fill(world, 30)
    fill(world, 30, activity)
    assert [queries(desk, page) for page in pages] == one
    assert max(one) <= 15
