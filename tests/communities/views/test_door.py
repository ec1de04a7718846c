from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from communities.models import Resident, SignInCode, User
from core import clock
from partners.models import Clerk
from tests import world as cast
from tests.communities.phonebox import last_code, other_than
from tests.communities.steps import ask_for_code, come_in, shows
from tests.partners import shops
from tests.world import World

NEW = "13800001111"
pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_resident_signs_in_by_phone_and_code_and_returns_to_the_page_that_was_wanted(
    client: Client, world: World
) -> None:
    wanted = client.get("/me/").headers["Location"].partition("next=")[2]
    page = ask_for_code(client, "138 1234 6021", wanted)
    shows(client.get(page), "138****6021", "填写验证码")
    answer = client.post(page, {"code": last_code(world.wang.phone)})
    assert answer.headers["Location"] == "/me/"
    shows(client.get("/me/"), "王秀兰", "138****6021")


def test_the_code_stands_on_the_page_in_the_demo_only(client: Client, settings) -> None:
    for demo in (False, True):
        settings.DEMO = demo
        phone = f"1380000222{demo:d}"
        page = client.get(ask_for_code(client, phone)).content.decode()
        assert (last_code(phone) in page, "演示环境不发真短信" in page) == (demo, demo)


@pytest.mark.parametrize("typed", ["", "12345", "0352-1234567", "1381234602x", b"\xff\xfe138\x80", "1381234\x006021"])
def test_a_phone_that_is_not_one_gets_a_sentence_and_no_code(client: Client, typed, phones) -> None:
    shows(client.post("/sign-in/", {"phone": typed}), "field__error", status=400)
    assert (phones, SignInCode.objects.count()) == ([], 0)


def test_a_body_that_is_not_utf8_gets_the_form_again(client: Client, phones) -> None:
    form = "application/x-www-form-urlencoded"
    shows(client.post("/sign-in/", b"phone=%ff%fe138\xff", content_type=form), "不是手机号", status=400)
    shows(client.post("/sign-in/", b"\xff\xff\xff", content_type=form), "手机号", status=400)
    assert phones == []


def test_an_oversized_body_is_refused_in_plain_words(client: Client, phones) -> None:
    form = "application/x-www-form-urlencoded"
    shows(client.post("/sign-in/", b"phone=" + b"1" * 2_000_000, content_type=form), "积分没有变动", status=400)
    assert phones == []


def test_a_second_code_within_the_minute_is_refused_with_what_was_typed(client: Client, phones) -> None:
    ask_for_code(client, NEW)
    shows(client.post("/sign-in/", {"phone": NEW}), "操作太频繁了", f'value="{NEW}"', "已有验证码", status=429)
    assert len(phones) == 1


def test_a_wrong_code_shows_the_form_again_and_nobody_is_in(client: Client) -> None:
    page = ask_for_code(client, NEW)
    wrong = other_than(last_code(NEW))
    shows(client.post(page, {"code": wrong}), "还可以再试4次", wrong, status=409)
    shows(client.post(page, {"code": "12x"}), "请填写6位数字", status=400)
    for _ in range(4):
        client.post(page, {"code": wrong})
    shows(client.post(page, {"code": last_code(NEW)}), "已输错5次", status=409)
    assert not is_in(client)
    assert not User.objects.filter(phone=NEW).exists()


def test_an_expired_and_a_used_code_are_said_so(client: Client, time_machine) -> None:
    page = ask_for_code(client, NEW)
    SignInCode.objects.update(used_at=clock.now())
    shows(client.post(page, {"code": last_code(NEW)}), "已经用过了", status=409)
    SignInCode.objects.update(used_at=None)
    time_machine.move_to(clock.now() + timedelta(minutes=5))
    shows(client.post(page, {"code": last_code(NEW)}), "验证码已过期", status=409)
    assert not is_in(client)


def test_another_browser_with_the_right_code_stays_outside(client: Client) -> None:
    page = ask_for_code(client, NEW)
    stranger = Client()
    assert stranger.post(page, {"code": last_code(NEW)}).headers["Location"] == "/sign-in/"
    assert not is_in(stranger)


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example"]
)
def test_one_returns_to_this_site_only(client: Client, world: World, evil: str) -> None:
    assert come_in(client, world.wang.phone, evil) == "/"


def test_the_session_gets_a_new_key_and_forgets_the_question(client: Client, world: World) -> None:
    page = ask_for_code(client, world.wang.phone)
    before = client.session.session_key
    client.post(page, {"code": last_code(world.wang.phone)})
    assert client.session.session_key != before
    assert "sign_in" not in client.session


def test_who_is_in_is_not_asked_again(client: Client, world: World) -> None:
    client.force_login(world.wang.account)
    assert client.get("/sign-in/?next=/me/").headers["Location"] == "/me/"


def test_a_new_phone_goes_on_to_join_and_keeps_the_wanted_page(client: Client, world: World) -> None:
    assert come_in(client, NEW, "/night-school/") == "/join/?next=%2Fnight-school%2F"


def test_a_new_phone_goes_straight_back_to_a_page_that_needs_no_file(client: Client) -> None:
    """A merchant's phone, that is: whoever was on the way to any other page joins first."""
    for page, leads_to in (("/partners/apply/new/", "/partners/apply/new/"), ("/me/", "/join/?next=%2Fme%2F")):
        client.post("/sign-out/")
        before = Session.objects.count()
        assert client.get(page).headers["Location"].startswith("/sign-in/")
        assert Session.objects.count() == before  # a robot leaves no row behind
        assert come_in(client, NEW, page) == leads_to


def test_a_shops_phone_lands_where_it_was_going_whatever_else_was_opened(client: Client, world: World) -> None:
    """It has no file and needs none: two pages opened signed out, or the address of the sign-in kept."""
    mine = cast.partner(world.street, world.wenxing, world.zhang)
    for n, (page, leads_to) in enumerate(
        (("/merchant/more/", "/merchant/more/"), ("", "/merchant/"), ("/me/", "/me/"))
    ):
        account = shops.phone()
        Clerk.objects.create(partner=mine.partner, account=account, slot=n + 1, label="前台", added_by=account)
        client.get("/merchant/more/")
        client.get("/merchant/history/")
        assert come_in(client, account.phone or "", page) == leads_to
        if page != "/me/":
            client.post("/sign-out/")
    assert client.get("/me/").headers["Location"] == "/join/?next=%2Fme%2F"


def test_two_residents_on_one_phone_choose(client: Client, world: World) -> None:
    Resident.objects.filter(pk=world.zhao.pk).update(account=world.wang.account)
    assert come_in(client, world.wang.phone, "/me/") == "/choose/?next=%2Fme%2F"
    assert "acting" not in client.session


def test_signing_out_ends_the_session(client: Client, world: World) -> None:
    client.force_login(world.wang.account)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/"
    assert not is_in(client)


@pytest.fixture
def silent(world: World) -> World:
    """Nobody has signed in with 王秀兰's number for half a year."""
    User.objects.filter(pk=world.wang.account_id).update(last_login=clock.now() - timedelta(days=200))
    return world


def test_a_silent_number_is_asked_for_a_name(client: Client, silent: World) -> None:
    page = come_in(client, silent.wang.phone, "/me/")
    assert page == "/sign-in/name/?next=%2Fme%2F" and not is_in(client)
    shows(client.get(page), "核对姓名")
    shows(client.post(page, {"name": "王大兰"}), "不一致", "王大兰", status=409)
    assert not is_in(client)
    assert client.post(page, {"name": "王秀兰"}).headers["Location"] == "/me/"
    assert is_in(client)


def test_the_new_owner_of_a_number_starts_afresh(client: Client, silent: World) -> None:
    come_in(client, silent.wang.phone)
    assert client.post("/sign-in/not-mine/", {"next": "/me/"}).headers["Location"] == "/join/?next=%2Fme%2F"
    silent.wang.refresh_from_db()
    assert (silent.wang.account, silent.wang.phone) == (None, "")
    assert client.get("/me/").headers["Location"].startswith("/join/")


@pytest.mark.parametrize("page", ["/sign-in/name/", "/sign-in/not-mine/", "/sign-in/code/"])
def test_no_step_opens_without_the_one_before(client: Client, silent: World, page: str) -> None:
    assert client.post(page, {"name": "王秀兰", "code": "123456"}).headers["Location"] == "/sign-in/"
    assert not is_in(client)
    silent.wang.refresh_from_db()
    assert silent.wang.account is not None


def test_the_name_must_follow_the_code_within_ten_minutes(client: Client, silent: World, time_machine) -> None:
    page = come_in(client, silent.wang.phone)
    time_machine.move_to(clock.now() + timedelta(minutes=10, seconds=1))
    assert client.post(page, {"name": "王秀兰"}).headers["Location"] == "/sign-in/"


def test_a_form_without_its_token_is_refused_in_plain_words(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    shows(strict.post("/sign-in/", {"phone": NEW}), "没有提交成功", status=403)
