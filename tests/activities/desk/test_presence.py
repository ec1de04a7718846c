"""The desk's pages on the spot: the code, quick entry by keyboard, the paper sheet and what was written on it."""

from datetime import timedelta

import pytest
from django.test import Client

from activities.models import Activity, Participation
from activities.recording import record
from core import clock
from tests import world as cast
from tests.activities.cast import signed
from tests.books import breaches
from tests.pages import links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db
ROUTES = (
    ("get", "code/"), ("get", "presence/"), ("post", "presence/"), ("get", "sheet/"), ("get", "sheet/entry/"),
    ("post", "sheet/entry/"),
)  # fmt: skip


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


@pytest.fixture
def now(world: World) -> Activity:
    activity = cast.activity(world.wenxing, ago=1)
    signed(activity, world.wang, world)
    return activity


@pytest.fixture
def over(world: World) -> Activity:
    activity = cast.activity(world.wenxing, ago=4)
    signed(activity, world.wang, world)
    return activity


def path_of(activity: Activity, page: str = "") -> str:
    return f"/desk/activities/{activity.pk}/{page}"


def typed(activity: Activity, who: str, way: str = "in", **more: object) -> dict[str, object]:
    return {"who": who, "way": way, **more}


@pytest.mark.parametrize(("method", "page"), ROUTES)
def test_staff_of_another_community_find_nothing(
    client: Client, now: Activity, world: World, method: str, page: str
) -> None:
    client.force_login(world.qian)
    assert getattr(client, method)(path_of(now, page), {"who": "王秀兰", "way": "in"}).status_code == 404
    assert Participation.objects.get().arrived_at is None


def test_the_activity_leads_to_all_of_them(desk: Client, now: Activity, over: Activity) -> None:
    found = links(desk, path_of(now)) + links(desk, path_of(over))
    for page in ("code/", "presence/", "sheet/"):
        assert path_of(now, page) in found
    assert {path_of(over, "sheet/entry/"), path_of(over, "folder/")} <= set(found)
    assert path_of(now, "folder/") not in found


def test_long_after_only_one_thing_is_typed_and_not_asked_about(desk: Client, world: World) -> None:
    long_ago = cast.activity(world.wenxing, ago=30)
    shown = desk.get(path_of(long_ago, "presence/")).content.decode()
    assert '<input type="hidden" name="way" value="whole">' in shown and "出示签到码" not in shown


def test_the_screen_is_drawn_anew_by_itself_and_counts(desk: Client, now: Activity) -> None:
    html = desk.get(path_of(now, "code/")).content.decode()
    assert 'http-equiv="refresh" content="20;' in html and "qr--big" in html and "<nav" not in html
    assert "报名1人，已签到0人，已签退0人" in words(html)
    assert "签退" in text(desk, path_of(now, "code/?way=out"))


def test_a_screen_without_a_code_is_not_drawn_anew_so_that_an_idle_desk_signs_out(desk: Client, world: World) -> None:
    html = desk.get(path_of(cast.activity(world.wenxing), "code/")).content.decode()
    assert "refresh" not in html and "起可以签到" in words(html)
    html = desk.get(path_of(cast.activity(world.wenxing, ago=9), "code/")).content.decode()
    assert "refresh" not in html


def test_enter_writes_one_down_and_asks_for_the_next(desk: Client, now: Activity, world: World) -> None:
    answer = desk.post(path_of(now, "presence/"), typed(now, "6021"), follow=True)
    html = answer.content.decode()
    assert "王秀兰：" in words(html) and "autofocus" in html
    assert answer.redirect_chain[-1][0].endswith("?way=in")
    assert Participation.objects.get().arrived_how == "desk"
    desk.post(path_of(now, "presence/"), typed(now, "赵玉珍"))  # without a phone, not on the list
    assert Participation.objects.get(resident=world.zhao).arrived_at is not None
    shown = text(desk, path_of(now, "presence/"))
    assert "已签到2人" in shown and "赵玉珍" in shown


def test_going_is_written_down_the_same_way(desk: Client, now: Activity) -> None:
    desk.post(path_of(now, "presence/"), typed(now, "王秀兰"))
    Participation.objects.update(arrived_at=now.starts_at)
    desk.post(path_of(now, "presence/"), typed(now, "王秀兰", "out"))
    mine = Participation.objects.get()
    assert (mine.status, mine.left_how) == ("recorded", "desk")


def test_what_is_wrong_is_said_and_stays_typed(desk: Client, now: Activity) -> None:
    answer = desk.post(path_of(now, "presence/"), typed(now, "没有人"))
    html = answer.content.decode()
    assert answer.status_code == 400 and 'value="没有人"' in html and "没有找到“没有人”" in html
    desk.post(path_of(now, "presence/"), typed(now, "王秀兰"))
    again = desk.post(path_of(now, "presence/"), typed(now, "王秀兰"))
    assert again.status_code == 409 and "已经签到过了" in words(again.content.decode())
    assert desk.post(path_of(now, "presence/"), typed(now, "")).status_code == 400
    assert desk.post(path_of(now, "presence/"), typed(now, "王秀兰", "whole")).status_code == 400


def test_two_of_one_name_are_chosen_by_a_button(desk: Client, now: Activity, world: World) -> None:
    other = cast.resident(world.wenxing, "王秀兰", "13700005566")
    signed(now, other, world)
    html = desk.post(path_of(now, "presence/"), typed(now, "王秀兰")).content.decode()
    assert f'name="resident" value="{other.pk}"' in html and "137****5566" in html
    desk.post(path_of(now, "presence/"), typed(now, "王秀兰", resident=other.pk))
    assert Participation.objects.get(resident=other).arrived_at is not None
    desk.post(path_of(now, "presence/"), typed(now, "王秀兰", resident=world.zhou.pk))
    assert not Participation.objects.filter(resident=world.zhou).exists()


def test_afterwards_the_whole_or_times_are_written_down(desk: Client, over: Activity, world: World) -> None:
    desk.post(path_of(over, "presence/"), typed(over, "王秀兰", "whole"))
    assert Participation.objects.get().minutes == 120
    at = clock.local(over.starts_at + timedelta(minutes=30))
    answer = desk.post(path_of(over, "presence/"), typed(over, "赵玉珍", "whole", began=f"{at:%H:%M}"))
    kept = answer.headers["Location"]
    assert "way=whole" in kept and "began=" in kept
    assert Participation.objects.get(resident=world.zhao).minutes in {89, 90}
    assert breaches() == []


def test_before_one_checks_in_nothing_can_be_typed(desk: Client, world: World) -> None:
    later = cast.activity(world.wenxing)
    assert "现在不能登记" in text(desk, path_of(later, "presence/"))
    assert desk.post(path_of(later, "presence/"), typed(later, "王秀兰")).status_code == 400


def test_the_paper_has_facts_numbers_masked_phones_and_blank_rows(desk: Client, over: Activity, world: World) -> None:
    signed(over, world.zhao, world)
    html = desk.get(path_of(over, "sheet/")).content.decode()
    shown = words(html)
    for part in (
        "水泊寺街道文兴社区活动签到表",
        "楼道清理",
        "环境整治",
        "天和城东门",
        "张晓燕",
        "138****6021",
        "签退签名",
    ):
        assert part in shown
    assert world.wang.phone not in html and "<thead>" in html
    assert html.count("<tr>") == 1 + 2 + 10


def test_the_paper_is_typed_in_by_numbers(desk: Client, over: Activity, world: World) -> None:
    answer = desk.post(path_of(over, "sheet/entry/"), {"typed": "1\n赵玉珍"}, follow=True)
    assert answer.redirect_chain[-1][0] == path_of(over)
    assert "已记录2人" in words(answer.content.decode())
    assert {one.left_how for one in Participation.objects.all()} == {"sheet"}


def test_wrong_lines_of_the_paper_stay_in_the_field(desk: Client, over: Activity) -> None:
    answer = desk.post(path_of(over, "sheet/entry/"), {"typed": "1\n没有人\n77"})
    html = answer.content.decode()
    assert "没有人\n77</textarea>" in html and "已记录1人" in words(html)
    assert Participation.objects.get().status == "recorded"


def test_the_paper_waits_for_the_end(desk: Client, now: Activity) -> None:
    assert "活动还没有结束" in text(desk, path_of(now, "sheet/entry/"))
    desk.post(path_of(now, "sheet/entry/"), {"typed": "1"})
    assert Participation.objects.get().status == "signed_up"


def test_what_is_late_asks_for_the_reason(desk: Client, world: World) -> None:
    old = cast.activity(world.wenxing, ago=24 * 40)
    signed(old, world.wang, world)
    html = desk.get(path_of(old, "sheet/entry/")).content.decode()
    assert "补录原因" in html
    answer = desk.post(path_of(old, "sheet/entry/"), {"typed": "1"})
    assert "现在算补录" in words(answer.content.decode())
    desk.post(path_of(old, "sheet/entry/"), {"typed": "1", "late_reason": "纸质表晚交"})
    assert Participation.objects.get().late_reason == "纸质表晚交"


def test_four_hours_ask_to_be_looked_at(desk: Client, world: World) -> None:
    long = cast.activity(world.wenxing, ago=6, lasts=300)
    signed(long, world.wang, world)
    answer = desk.post(path_of(long, "sheet/entry/"), {"typed": "1"})
    assert answer.status_code == 400 and "时长满4小时" in words(answer.content.decode())
    desk.post(path_of(long, "sheet/entry/"), {"typed": "1", "sure": "on"})
    assert Participation.objects.get().minutes == 300


def test_the_board_says_who_is_there_and_whose_check_out_was_forgotten(
    desk: Client, now: Activity, over: Activity, world: World
) -> None:
    Participation.objects.filter(activity=now).update(arrived_at=now.starts_at, arrived_how="code")
    assert "在场" in text(desk, path_of(now))
    mine = record(participation=Participation.objects.get(activity=over), minutes=60, by=world.chen)
    Participation.objects.filter(pk=mine.pk).update(left_how="forgotten")
    assert "待核实" in text(desk, path_of(over))


def test_one_and_thirty_people_cost_the_same_queries(desk: Client, now: Activity, world: World) -> None:
    pages = ("code/", "presence/", "sheet/")
    few = [queries(desk, path_of(now, page)) for page in pages]
    Activity.objects.filter(pk=now.pk).update(capacity=50)
    for n in range(30):
        person = cast.resident(world.wenxing, f"居民{n}", f"137{n:08d}")
        Participation.objects.create(
            activity=now, resident=person, by=world.zhang, arrived_at=clock.now(), arrived_how="code"
        )
    assert [queries(desk, path_of(now, page)) for page in pages] == few
