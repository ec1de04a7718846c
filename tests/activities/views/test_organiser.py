"""The organiser's phone: the list to tick, and the code to hold up."""

import pytest
from django.test import Client

from activities import minors, presence
from activities.models import Activity, Means, Participation
from communities.models import Resident, User
from core import clock
from tests import world as cast
from tests.activities.cast import signed
from tests.communities.guarding import guarded
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


def test_the_organiser_sees_the_guardian_of_a_child_and_says_so(client: Client, led: Activity, world: World) -> None:
    """One without the other is not recorded (activities/ages.py); the desk has the same tick."""
    mine = child_on(led, world)
    html = enter(client, world.li).get(lead(led)).content.decode()
    assert "监护人王秀兰还没有登记在场" in words(html) and f'formaction="{guardian(mine)}"' in html
    tick(client, led, mine.resident, "in")
    Participation.objects.filter(pk=mine.pk).update(arrived_at=led.starts_at)
    assert "要有监护人在场" in tick(client, led, mine.resident, "out") and recorded_of(mine) is None
    said = words(client.post(guardian(mine), follow=True).content.decode())
    assert "监护人在场，可以签退" in said and "监护人王秀兰在场" in said
    said = words(client.post(guardian(mine), {"gone": "1"}, follow=True).content.decode())
    assert "监护人不在场" in said and "监护人在场" in said
    client.post(guardian(mine))
    assert "已签退1人" in tick(client, led, mine.resident, "out")
    assert recorded_of(mine) == world.li.account
    assert guardian(mine) not in client.get(lead(led)).content.decode()


def test_of_whom_needs_none_or_of_the_own_family_there_is_no_such_button(
    client: Client, led: Activity, world: World
) -> None:
    mine = child_on(led, world)
    enter(client, world.li)
    adult = Participation.objects.get(activity=led, resident=world.wang)
    assert guardian(adult) not in client.get(lead(led)).content.decode()
    assert "不用监护人到场" in words(client.post(guardian(adult), follow=True).content.decode())
    Resident.objects.filter(pk=world.wang.pk).update(household=world.li.household)
    assert guardian(mine) not in client.get(lead(led)).content.decode()
    assert "不能给自己的孩子或家人登记" in words(client.post(guardian(mine), follow=True).content.decode())
    assert not Participation.objects.get(pk=mine.pk).guardian_there


def test_nobody_but_the_organiser_says_that_a_guardian_is_there(client: Client, led: Activity, world: World) -> None:
    mine = child_on(led, world)
    other = cast.activity(world.wenxing, ago=1, organiser=world.zhou)
    assert enter(client, world.zhou).post(guardian(mine)).status_code == 404
    assert client.post(f"{lead(other)}{mine.pk}/guardian/").status_code == 404
    assert world.zhou.account
    with pytest.raises(presence.NotTheOrganiser):
        minors.there(participation=mine, by=world.zhou.account, how=Means.LIST)
    assert not Participation.objects.get(pk=mine.pk).guardian_there


def child_on(activity: Activity, world: World) -> Participation:
    """王秀兰's child of ten, who signed up by the counter."""
    Activity.objects.filter(pk=activity.pk).update(min_age=8)
    return signed(activity, guarded(world), world)


def guardian(mine: Participation) -> str:
    return f"/activities/{mine.activity_id}/lead/{mine.pk}/guardian/"


def recorded_of(mine: Participation) -> User | None:
    return Participation.objects.get(pk=mine.pk).recorded_by


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
