from datetime import timedelta

import pytest
from django.test import Client

from communities import secondfactor
from communities.models import User
from core import clock
from tests.communities.phonebox import other_than
from tests.communities.steps import shows
from tests.communities.test_secondfactor import shown, switched_on
from tests.world import PASSWORD, World

ZHANG = {"username": "zhangxiaoyan", "password": PASSWORD}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_staff_sign_in_by_name_and_password_and_return_to_the_wanted_page(client: Client, world: World) -> None:
    page = client.get("/desk/residents/").headers["Location"]
    shows(client.get(page), "工作人员登录")
    assert client.post(page, ZHANG).headers["Location"] == "/desk/residents/"
    shows(client.get("/desk/residents/"), "张晓燕")
    assert client.get("/desk/sign-in/").headers["Location"] == "/desk/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/"])
def test_one_returns_to_this_site_only(client: Client, world: World, evil: str) -> None:
    assert client.post(f"/desk/sign-in/?next={evil}", ZHANG).headers["Location"] == "/desk/"


def test_a_wrong_password_is_said_keeps_the_name_and_never_the_password(client: Client, world: World) -> None:
    answer = client.post("/desk/sign-in/", ZHANG | {"password": "wrong-one"})
    shows(answer, "登录名或密码不对", "zhangxiaoyan", status=409)
    assert "wrong-one" not in answer.content.decode() and not is_in(client)


def test_after_five_wrong_tries_the_right_one_waits(client: Client, world: World) -> None:
    for _ in range(5):
        client.post("/desk/sign-in/", ZHANG | {"password": "wrong-one"})
    shows(client.post("/desk/sign-in/", ZHANG), "操作太频繁了", status=429)
    assert not is_in(client)
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    shows(elsewhere.post("/desk/sign-in/", ZHANG), "操作太频繁了", "解锁码", status=429)


@pytest.mark.parametrize(
    "typed", [{}, {"username": "zhang\x00", "password": "x"}, {"username": "张" * 41, "password": "x"}]
)
def test_bad_input_gets_the_form_again(client: Client, typed) -> None:
    shows(client.post("/desk/sign-in/", typed), "field__error", status=400)


def test_with_a_second_factor_the_password_alone_opens_nothing(client: Client, world: World) -> None:
    device = switched_on(world.zhang)
    page = client.post("/desk/sign-in/?next=/desk/settings/", ZHANG).headers["Location"]
    assert not is_in(client)
    assert client.get("/desk/").headers["Location"].startswith("/desk/sign-in/")
    shows(client.get(page), "动态码")
    shows(client.post(page, {"token": other_than(shown(device, later=1))}), "动态码不对", status=409)
    assert not is_in(client)
    before = client.session.session_key
    assert client.post(page, {"token": shown(device, later=1)}).headers["Location"] == "/desk/settings/"
    assert is_in(client) and client.session.session_key != before


def test_the_second_step_needs_the_first_within_ten_minutes(client: Client, world: World, time_machine) -> None:
    switched_on(world.zhang)
    assert client.get("/desk/sign-in/code/").headers["Location"] == "/desk/sign-in/"
    page = client.post("/desk/sign-in/", ZHANG).headers["Location"]
    time_machine.move_to(clock.now() + timedelta(minutes=10, seconds=1))
    assert client.post(page, {"token": "123456"}).headers["Location"] == "/desk/sign-in/"


def test_half_a_residents_way_is_not_half_of_ours(client: Client, world: World) -> None:
    """Whoever owes a name (a silent number) cannot pay with a token, nor the other way round."""
    switched_on(world.zhang)
    client.post("/desk/sign-in/", ZHANG)
    assert client.post("/sign-in/name/", {"name": "张晓燕"}).headers["Location"] == "/sign-in/"
    assert client.post("/sign-in/not-mine/").headers["Location"] == "/sign-in/"
    assert User.objects.get(pk=world.zhang.pk).is_active


def test_signing_out_ends_the_session(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    assert client.get("/desk/sign-out/").status_code == 405
    assert client.post("/desk/sign-out/").headers["Location"] == "/desk/sign-in/"
    assert not is_in(client) and not secondfactor.is_on(world.zhang)
