from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import accounts, duties, secondfactor
from communities.models import Duty, Setting, User
from core import clock
from tests.communities.steps import shows
from tests.communities.test_secondfactor import shown, switched_on
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
WEEK, HALF_HOUR = 7 * 24 * 3600, 1800


@pytest.mark.parametrize(("who", "seconds"), [("zhang", HALF_HOUR), ("wang", WEEK)])
def test_every_way_in_sets_the_idle_limit_of_the_kind(client: Client, world: World, who: str, seconds: int) -> None:
    person = getattr(world, who)
    client.force_login(getattr(person, "account", person))
    assert client.session.get_expiry_age() == seconds
    assert client.session["seen"]


def writes(client: Client) -> bool:
    """Whether a page wrote the session."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/desk/second-factor/").status_code == 200
    return any("UPDATE" in query["sql"] and "django_session" in query["sql"] for query in queries)


def test_the_session_is_written_once_a_minute_and_not_with_every_page(
    client: Client, world: World, time_machine
) -> None:
    client.force_login(world.zhang)
    assert not writes(client)
    time_machine.move_to(clock.now() + timedelta(minutes=1))
    assert [writes(client), writes(client)] == [True, False]


def set_value(world: World, key: str, value: int) -> None:
    Setting.objects.create(sub_district=world.street, key=key, value=value, starts_on=clock.today(), by=world.he)


def age(client: Client, user: User) -> int:
    client.force_login(user)
    return client.session.get_expiry_age()


def test_the_minutes_are_a_setting_and_of_two_sub_districts_the_shorter_holds(client: Client, world: World) -> None:
    set_value(world, "auth.idle_min", 60)
    assert age(client, world.zhang) == 3600
    Duty.objects.create(user=world.zhang, role="worker", community=world.hualin)
    assert age(client, world.zhang) == 1800


def test_a_computer_at_the_counter_signs_out_after_five_minutes(client: Client, world: World, time_machine) -> None:
    start = clock.now()
    time_machine.move_to(start, tick=False)
    client.force_login(world.zhang)
    shows(client.post("/desk/terminal/", {"counter": "on"}, follow=True), "已设为窗口电脑", "不再是窗口电脑")
    for turn in range(1, 4):
        time_machine.move_to(start + turn * timedelta(minutes=4, seconds=30), tick=False)
        assert client.get("/desk/second-factor/").status_code == 200
    time_machine.move_to(start + timedelta(minutes=18, seconds=31), tick=False)
    assert client.get("/desk/second-factor/").headers["Location"].startswith("/desk/sign-in/")
    client.force_login(world.qian)  # the computer, and not the person
    time_machine.move_to(start + timedelta(minutes=20), tick=False)
    client.get("/desk/second-factor/")
    assert client.session.get_expiry_age() == 300
    client.post("/desk/terminal/")
    assert client.session.get_expiry_age() == HALF_HOUR


def test_nobody_makes_a_counter_of_a_computer_by_writing_a_cookie(client: Client, world: World) -> None:
    client.cookies["counter"] = "on"
    assert age(client, world.zhang) == HALF_HOUR


def test_what_was_typed_into_an_ended_session_is_not_lost_without_a_word(client: Client, world: World) -> None:
    page = "/desk/second-factor/"
    answer = client.post(f"{page}start/", headers={"referer": f"http://testserver{page}"})
    assert answer.headers["Location"].endswith(quote(page, safe=""))
    shows(client.get(answer.headers["Location"]), "刚才填写的内容没有提交")


def test_the_desk_knows_when_to_warn(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    shows(client.get("/desk/second-factor/"), f'data-idle="{HALF_HOUR}"', "再过1分钟")


@pytest.mark.parametrize(("role", "asked"), [("head", True), ("finance", True), ("worker", False)])
def test_a_duty_that_exports_or_adjusts_asks_for_a_second_factor_before_anything_else(
    client: Client, world: World, role: str, asked: bool
) -> None:
    Duty.objects.create(user=world.zhang, role=role, community=world.yongan)
    client.force_login(world.zhang)
    for page in ("/desk/", "/desk/residents/"):
        answer = client.get(page)
        assert (answer.status_code == 302) is asked
        assert not asked or answer.headers["Location"] == f"/desk/second-factor/?next={quote(page, safe='')}"
    assert client.get("/desk/second-factor/").status_code == client.get("/desk/password/").status_code == 200


@pytest.mark.parametrize("role", list(duties.RIGHTS))
def test_which_duties_ask_for_it(client: Client, world: World, role: str) -> None:
    place = {"sub_district": world.street} if role in {"street_admin", "system_admin"} else {"community": world.yongan}
    one = User.objects.create_user("one", None, kind="staff", name="某人")
    Duty.objects.create(user=one, role=role, **place)
    client.force_login(one)
    expected = role in {"head", "finance", "street_admin", "auditor", "system_admin", "caregiver"}
    assert (client.get("/desk/messages/").status_code == 302) is expected


def test_a_sub_district_may_switch_it_off_and_another_one_still_asks(client: Client, world: World) -> None:
    set_value(world, "auth.second_factor", 0)
    Duty.objects.create(user=world.zhang, role="head", community=world.yongan)
    client.force_login(world.zhang)
    assert client.get("/desk/").status_code == 200
    Duty.objects.create(user=world.zhang, role="head", community=world.hualin)
    client.force_login(world.zhang)
    assert client.get("/desk/").status_code == 302


def test_whoever_becomes_a_head_is_asked_within_a_minute(client: Client, world: World, time_machine) -> None:
    client.force_login(world.zhang)
    Duty.objects.create(user=world.zhang, role="head", community=world.yongan)
    time_machine.move_to(clock.now() + timedelta(minutes=1, seconds=1))
    client.get("/desk/")
    assert client.get("/desk/").headers["Location"].startswith("/desk/second-factor/")


def test_after_setting_it_up_one_sees_the_codes_once_and_returns(client: Client, world: World) -> None:
    Duty.objects.create(user=world.zhang, role="head", community=world.yongan)
    client.force_login(world.zhang)
    page = client.get("/desk/residents/").headers["Location"]
    shows(client.get(page), "要先开启两步验证")
    page = client.post(page.replace("second-factor/", "second-factor/start/")).headers["Location"]
    done = client.post(page, {"token": shown(secondfactor.waiting(world.zhang))})
    shows(done, "只显示这一次", 'href="/desk/residents/"')
    assert client.get("/desk/residents/").status_code == 200


def test_a_session_from_before_the_second_factor_signs_in_again(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    switched_on(world.zhang)
    assert client.get("/desk/").headers["Location"].startswith("/desk/sign-in/")
    assert "_auth_user_id" not in client.session


def test_a_session_loses_its_mark_with_the_device(client: Client, world: World) -> None:
    client.force_login(world.chen)
    assert client.get("/desk/").status_code == 200
    secondfactor.remove(user=world.chen)
    assert client.get("/desk/").headers["Location"].startswith("/desk/sign-in/")


def test_pages_ask_nothing_of_the_database_for_it(client: Client, world: World) -> None:
    client.force_login(world.chen)
    client.get("/desk/messages/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/desk/messages/")
    asked = [one["sql"] for one in queries if "otp_totp" in one["sql"] or "communities_setting" in one["sql"]]
    assert asked == []


@pytest.mark.parametrize(("days", "factor", "changes"), [(91, False, True), (89, False, False), (91, True, False)])
def test_an_old_password_is_changed_unless_there_is_a_second_factor(
    client: Client, world: World, days: int, factor: bool, changes: bool
) -> None:
    who = world.chen if factor else world.zhang
    User.objects.filter(pk=who.pk).update(password_changed_at=clock.now() - timedelta(days=days))
    who.refresh_from_db()
    client.force_login(who)
    answer = client.get("/desk/")
    assert (answer.status_code == 302) is changes
    if changes:
        shows(client.get(answer.headers["Location"]), "用得太久了")


def test_nought_days_is_never(client: Client, world: World) -> None:
    set_value(world, "auth.pwd_days", 0)
    User.objects.filter(pk=world.zhang.pk).update(password_changed_at=clock.now() - timedelta(days=900))
    world.zhang.refresh_from_db()
    client.force_login(world.zhang)
    assert client.get("/desk/").status_code == 200


def test_a_password_that_is_replaced_ends_what_is_half_way(world: World, client: Client) -> None:
    client.post("/desk/sign-in/", {"username": world.chen.username, "password": PASSWORD})
    assert client.get("/desk/sign-in/code/").status_code == 200
    accounts.reset_password(user=world.chen, by=world.he)
    answer = client.post("/desk/sign-in/code/", {"token": secondfactor.renew_codes(user=world.chen)[0]})
    assert answer.status_code == 302 and answer.headers["Location"] == "/desk/sign-in/"
