"""The organiser's phone: the list to tick, and the code to hold up."""

import pytest
from django.test import Client

from activities.models import Activity, Participation
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.activities.cast import signed
from tests.pages import enter, links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def led(world: World) -> Activity:
    """李建国 leads; 王秀兰 and he himself are on the list. Begun an hour ago."""
    activity = cast.activity(world.wenxing, ago=1, organiser=world.li)
    for one in (world.wang, world.li):
        signed(activity, one, world)
    return activity


def lead(activity: Activity) -> str:
    return f"/activities/{activity.pk}/lead/"


def tick(client: Client, activity: Activity, who: Resident, act: str) -> str:
    mine = Participation.objects.get(activity=activity, resident=who)
    answer = client.post(lead(activity), {"picked": [mine.pk], "act": act}, follow=True)
    return words(answer.content.decode())


def test_the_organiser_finds_the_list_among_the_own_activities(client: Client, led: Activity, world: World) -> None:
    assert lead(led) in links(enter(client, world.li), "/activities/mine/")
    assert lead(led) not in links(enter(client, world.wang), "/activities/mine/")


def test_the_organiser_ticks_who_came_and_who_goes(client: Client, led: Activity, world: World) -> None:
    enter(client, world.li)
    assert "已签到1人" in tick(client, led, world.wang, "in")
    Participation.objects.filter(resident=world.wang).update(arrived_at=led.starts_at)
    assert "已签退1人" in tick(client, led, world.wang, "out")
    mine = Participation.objects.get(resident=world.wang)
    assert (mine.status, mine.recorded_by, mine.left_how) == ("recorded", world.li.account, "list")


def test_a_wrong_tick_is_taken_back(client: Client, led: Activity, world: World) -> None:
    enter(client, world.li)
    tick(client, led, world.wang, "in")
    assert "已撤回签到1人" in tick(client, led, world.wang, "back")
    assert Participation.objects.get(resident=world.wang).arrived_at is None


def test_the_organiser_has_no_box_for_oneself_and_is_refused(client: Client, led: Activity, world: World) -> None:
    html = enter(client, world.li).get(lead(led)).content.decode()
    own = Participation.objects.get(resident=world.li)
    assert f'value="{own.pk}"' not in html and "请自己扫码" in html
    assert "不能给自己或家人签到" in tick(client, led, world.li, "in")
    assert Participation.objects.get(resident=world.li).arrived_at is None


def test_nobody_else_sees_the_list_or_the_code(client: Client, led: Activity, world: World) -> None:
    for path in (lead(led), f"{lead(led)}code/"):
        assert enter(client, world.wang).get(path).status_code == 404
        client.logout()
        assert client.get(path).headers["Location"].startswith("/sign-in/")
    assert enter(client, world.wang).post(lead(led), {"picked": ["1"], "act": "in"}).status_code == 404


def test_a_list_of_long_ago_is_read_by_its_organiser_no_more(client: Client, world: World) -> None:
    over = cast.activity(world.wenxing, ago=27, organiser=world.li)
    assert enter(client, world.li).get(lead(over)).status_code == 404
    assert lead(over) not in links(client, "/activities/mine/")


def test_phones_are_masked(client: Client, led: Activity, world: World) -> None:
    shown = text(enter(client, world.li), lead(led))
    assert "138****6021" in shown and world.wang.phone not in shown


def test_ticking_nobody_is_said(client: Client, led: Activity, world: World) -> None:
    answer = enter(client, world.li).post(lead(led), {"act": "in"})
    assert answer.status_code == 400 and "请先勾选人员" in words(answer.content.decode())


def test_the_code_is_drawn_anew_and_says_which_way(client: Client, led: Activity, world: World) -> None:
    enter(client, world.li)
    html = client.get(f"{lead(led)}code/").content.decode()
    assert 'http-equiv="refresh"' in html and "<svg" in html and "签到" in words(html)
    out = client.get(f"{lead(led)}code/?way=out").content.decode()
    assert "签退" in words(out) and out != html
    assert client.get(f"{lead(led)}code/?way=sideways").status_code == 200


def test_before_and_after_there_is_no_code(client: Client, world: World) -> None:
    later = cast.activity(world.wenxing, organiser=world.li)
    html = enter(client, world.li).get(f"{lead(later)}code/").content.decode()
    assert "起可以签到" in words(html) and 'http-equiv="refresh"' not in html and "qr--big" not in html


def test_one_and_thirty_people_cost_the_same_queries(client: Client, led: Activity, world: World) -> None:
    enter(client, world.li)
    few = queries(client, lead(led))
    Activity.objects.filter(pk=led.pk).update(capacity=50)
    for n in range(30):
        person = cast.resident(world.wenxing, f"居民{n}", f"137{n:08d}")
        Participation.objects.create(
            activity=led, resident=person, by=world.zhang, arrived_at=clock.now(), arrived_how="code"
        )
    assert queries(client, lead(led)) == few
