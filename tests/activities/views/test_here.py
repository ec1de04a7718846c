"""Scanning the code on the spot, as a phone without JavaScript does it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from time_machine import travel

from activities import presence, scanning
from activities.models import Activity, Participation
from communities import rotating
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.activities.cast import signed
from tests.pages import enter, links, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(world: World) -> Activity:
    """Begun an hour ago, one more to go; 王秀兰 signed up."""
    activity = cast.activity(world.wenxing, ago=1)
    signed(activity, world.wang, world)
    return activity


def code_of(activity: Activity, way: str) -> str:
    """Where the code on the screen leads at this moment."""
    return f"/activities/here/{activity.pk}/{way}/{rotating.code(f'activity:{activity.pk}:{way}', clock.now())}/"


def page_of(activity: Activity, way: str) -> str:
    return f"/activities/here/{activity.pk}/{way}/"


def test_scanning_shows_what_will_happen_and_changes_nothing(client: Client, now: Activity, world: World) -> None:
    enter(client, world.wang)
    answer = client.get(code_of(now, "in"), follow=True)
    assert answer.redirect_chain == [(page_of(now, "in"), 302)]
    shown = words(answer.content.decode())
    assert "王秀兰" in shown and "楼道清理" in shown and "确认签到" in shown
    assert Participation.objects.get().arrived_at is None


def test_the_button_checks_in_and_later_out_and_says_what_waits(client: Client, now: Activity, world: World) -> None:
    enter(client, world.wang)
    client.get(code_of(now, "in"))
    came = words(client.post(page_of(now, "in"), follow=True).content.decode())
    assert "已签到" in came and "别忘了签退" in came
    Participation.objects.update(arrived_at=now.starts_at)
    with travel(now.ends_at + timedelta(minutes=5), tick=False):
        client.get(code_of(now, "out"))
        gone = words(client.post(page_of(now, "out"), follow=True).content.decode())
    assert "已签退" in gone and "待入账20积分" in gone and "120分钟" in gone
    assert "由文兴社区工作人员核对确认，最晚" in gone
    assert Participation.objects.get().by_code


def test_the_page_and_the_list_of_ones_own_say_who_confirms_and_by_when(
    client: Client, now: Activity, world: World
) -> None:
    Participation.objects.update(arrived_at=now.starts_at, arrived_how="code")
    mine = presence.leave(
        activity_id=now.pk, resident=world.wang, by=world.wang.account or world.system, seen_at=now.ends_at
    )
    enter(client, world.wang)
    for path in (f"/activities/{now.pk}/", "/activities/mine/"):
        shown = text(client, path)
        assert "待入账20积分" in shown and "由文兴社区工作人员核对确认，最晚" in shown
    Participation.objects.filter(pk=mine.pk).update(left_how="forgotten")
    assert "忘记签退" in text(client, "/activities/mine/") and "待核实" in text(client, "/activities/mine/")


def test_an_old_picture_of_the_code_is_refused_and_says_why(client: Client, now: Activity, world: World) -> None:
    enter(client, world.wang)
    old = code_of(now, "in")
    with travel(clock.now() + timedelta(minutes=2), tick=False):
        answer = client.get(old)
        assert answer.status_code == 409
        assert "截图和转发的不能用" in words(answer.content.decode())
        assert client.post(page_of(now, "in")).status_code == 302
    assert Participation.objects.get().arrived_at is None


def test_the_code_of_coming_does_not_open_going(client: Client, now: Activity, world: World) -> None:
    enter(client, world.wang)
    wrong = code_of(now, "in").replace("/in/", "/out/")
    assert client.get(wrong).status_code == 409
    client.get(code_of(now, "in"))
    assert client.get(page_of(now, "out")).status_code == 409


def test_without_a_scan_nobody_checks_in(client: Client, now: Activity, world: World) -> None:
    enter(client, world.wang)
    answer = client.get(page_of(now, "in"))
    assert answer.status_code == 409 and "请先扫现场屏幕上的码" in words(answer.content.decode())
    client.post(page_of(now, "in"))
    assert Participation.objects.get().arrived_at is None


def test_a_visitor_signs_in_in_between_and_the_scan_still_holds(client: Client, now: Activity, world: World) -> None:
    answer = client.get(code_of(now, "in"), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=")
    kept = client.session[scanning.SESSION_KEY]
    assert world.wang.account
    client.force_login(world.wang.account)  # as signing in does: the session goes on
    assert client.session.get(scanning.SESSION_KEY) == kept and SESSION_KEY in client.session
    with travel(clock.now() + timedelta(minutes=9), tick=False):
        assert "确认签到" in text(client, page_of(now, "in"))
        client.post(page_of(now, "in"))
    mine = Participation.objects.get()
    assert mine.arrived_at is not None and abs(mine.arrived_at - clock.now()) < timedelta(minutes=1)


def test_a_scan_holds_ten_minutes(client: Client, now: Activity, world: World) -> None:
    enter(client, world.wang)
    client.get(code_of(now, "in"))
    with travel(clock.now() + timedelta(minutes=11), tick=False):
        assert client.get(page_of(now, "in")).status_code == 409


def test_who_is_not_on_the_list_joins_by_the_same_button_and_reads_the_risk(
    client: Client, now: Activity, world: World
) -> None:
    enter(client, world.zhou)
    shown = words(client.get(code_of(now, "in"), follow=True).content.decode())
    assert "报名并签到" in shown and "搬重物注意腰背" in shown
    client.post(page_of(now, "in"))
    assert Participation.objects.get(resident=world.zhou).arrived_how == "code"


def test_who_cannot_is_told_and_has_no_button(client: Client, now: Activity, world: World) -> None:
    enter(client, world.sun)
    html = client.get(code_of(now, "in"), follow=True).content.decode()
    assert "社区还没有确认您的登记" in html and '<button class="btn btn--block"' not in html


def test_too_early_says_from_when(client: Client, world: World) -> None:
    soon = cast.activity(world.wenxing, starts_at=clock.now() + timedelta(hours=2))
    enter(client, world.wang)
    shown = words(client.get(code_of(soon, "in"), follow=True).content.decode())
    assert "还没有到签到时间" in shown and "起可以签到" in shown


def test_a_phone_that_serves_several_offers_to_change(client: Client, now: Activity, world: World) -> None:
    Resident.objects.filter(pk=world.zhao.pk).update(account=world.wang.account)
    enter(client, world.wang)
    client.get(code_of(now, "in"))
    assert any(
        link.startswith("/choose/?next=/activities/here/") or "/choose" in link
        for link in links(client, page_of(now, "in"))
    )


@pytest.mark.parametrize("path", ["sideways/", "in/x/", "in/" + "A" * 300 + "/", "out/%00/"])
def test_a_strange_address_is_no_error(client: Client, now: Activity, world: World, path: str) -> None:
    enter(client, world.wang)
    assert client.get(f"/activities/here/{now.pk}/{path}").status_code in {404, 409}


def test_staff_do_not_check_in_here(client: Client, now: Activity, world: World) -> None:
    client.force_login(world.zhang)
    assert client.get(code_of(now, "in"), follow=True).status_code == 403


def test_the_screen_holds_the_address_of_this_minute(now: Activity) -> None:
    drawn = scanning.shown(now, scanning.Way.IN, clock.now())
    assert re.search(r"<svg[^>]*>", drawn) and "style=" not in drawn
