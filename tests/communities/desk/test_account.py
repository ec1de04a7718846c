import pytest
from django.test import Client

from communities import secondfactor
from communities.models import User
from tests.communities.phonebox import other_than
from tests.communities.steps import shows
from tests.communities.test_secondfactor import shown, switched_on
from tests.world import PASSWORD, World

NEW = "Wenxing-2027-door"
pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(client: Client, world: World, settings) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    client.force_login(world.zhang)
    return client


def test_a_new_password_keeps_this_session_and_ends_the_others(zhang: Client, world: World) -> None:
    other = Client()
    other.force_login(world.zhang)
    answer = zhang.post("/desk/password/", {"old": PASSWORD, "new": NEW, "again": NEW}, follow=True)
    shows(answer, "密码已修改", "张晓燕")
    assert other.get("/desk/").headers["Location"].startswith("/desk/sign-in/")
    assert User.objects.get(pk=world.zhang.pk).check_password(NEW)


@pytest.mark.parametrize(
    ("typed", "sentence", "status"),
    [
        ({"again": "Wenxing-2027-wall"}, "两次填写的新密码不一样", 400),
        ({"new": "short", "again": "short"}, "至少三种", 400),
        ({"old": "wrong"}, "原密码不对", 409),
        ({"new": ""}, "field__error", 400),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(zhang: Client, world: World, typed, sentence, status) -> None:
    shows(zhang.post("/desk/password/", {"old": PASSWORD, "new": NEW, "again": NEW} | typed), sentence, status=status)
    assert User.objects.get(pk=world.zhang.pk).check_password(PASSWORD)


def test_a_given_password_is_replaced_and_then_the_wanted_page_opens(zhang: Client, world: World) -> None:
    User.objects.filter(pk=world.zhang.pk).update(must_change_password=True)
    page = zhang.get("/desk/residents/").headers["Location"]
    shows(zhang.get(page), "一次性密码")
    assert zhang.post(page, {"old": PASSWORD, "new": NEW, "again": NEW}).headers["Location"] == "/desk/residents/"
    assert zhang.get("/desk/residents/").status_code == 200


def test_the_second_factor_is_switched_on_by_a_code_from_the_app(zhang: Client, world: World) -> None:
    shows(zhang.get("/desk/second-factor/"), "开始绑定")
    assert secondfactor.waiting(world.zhang) is None
    zhang.post("/desk/second-factor/start/")
    device = secondfactor.waiting(world.zhang)
    shows(zhang.get("/desk/second-factor/"), "<svg", "扫下面的码")
    shows(zhang.post("/desk/second-factor/", {"token": other_than(shown(device))}), "动态码不对", "<svg", status=409)
    assert not secondfactor.is_on(world.zhang)
    shows(zhang.post("/desk/second-factor/", {"token": shown(device)}, follow=True), "已开启")
    assert secondfactor.is_on(world.zhang)


def test_only_whoever_holds_the_app_switches_it_off(zhang: Client, world: World) -> None:
    device = switched_on(world.zhang)
    world.zhang.refresh_from_db()
    zhang.force_login(world.zhang)
    wrong = {"token": other_than(shown(device, later=1))}
    shows(zhang.post("/desk/second-factor/remove/", wrong), "动态码不对", status=409)
    shows(zhang.post("/desk/second-factor/remove/", {"token": ""}), "field__error", status=400)
    assert secondfactor.is_on(world.zhang)
    shows(zhang.post("/desk/second-factor/remove/", {"token": shown(device, later=1)}, follow=True), "已关闭")
    assert not secondfactor.is_on(world.zhang)


@pytest.mark.parametrize("page", ["/desk/second-factor/start/", "/desk/second-factor/remove/"])
def test_reading_changes_nothing(zhang: Client, page: str) -> None:
    assert zhang.get(page).status_code == 405
