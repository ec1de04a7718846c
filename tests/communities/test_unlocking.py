"""A colleague's code, or a recovery code, makes a new browser known; nothing else is opened by it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from communities import limits, secondfactor, unlocking
from communities.models import User
from core.refusals import TooMany
from tests.books import refuses
from tests.communities.steps import shows
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HALF = timedelta(minutes=30)


def device(code: str, name: str = "zhangxiaoyan", at: datetime = AT) -> str:
    return unlocking.device_for(username=name, code=secondfactor.plain(code), at=at)


def test_a_code_is_good_for_half_an_hour_for_one_account(world: World) -> None:
    code = unlocking.code_for(world.zhang, AT)
    assert device(code) == device(code.lower(), at=AT + HALF) != ""
    for name, at in (("zhangxiaoyan", AT + 2 * HALF), ("qianyongan", AT), ("nobody", AT)):
        with refuses(unlocking.WrongUnlock):
            device(code, name, at)


def test_used_again_it_brings_no_new_tries(world: World) -> None:
    code = unlocking.code_for(world.zhang, AT)
    assert device(code) == device(code)


def test_a_shut_account_and_a_resident_have_none(world: World) -> None:
    code = unlocking.code_for(world.zhang, AT)
    User.objects.filter(pk=world.zhang.pk).update(is_active=False)
    with refuses(unlocking.WrongUnlock):
        device(code)
    with refuses(unlocking.WrongUnlock):
        device(unlocking.code_for(world.wang.account, AT), world.wang.account.username)


def test_a_recovery_code_of_ones_own_does_it_once(world: World) -> None:
    code = secondfactor.renew_codes(user=world.zhang)[0]
    assert device(code)
    with refuses(unlocking.WrongUnlock):
        device(code)


def test_under_a_flood_a_new_computer_gets_in_with_the_code_and_still_needs_the_password(
    client: Client, world: World, settings
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    for _ in range(6):
        try:
            limits.hit("password:zhangxiaoyan", limit=5, window=timedelta(minutes=15))
        except TooMany:
            break
    typed = {"username": "zhangxiaoyan", "password": PASSWORD}
    shows(client.post("/desk/sign-in/", typed), "操作太频繁", status=429)
    shows(client.get("/desk/sign-in/unlock/"), "解锁码")
    wrong = {"username": "zhangxiaoyan", "code": "AAAA-BBBB-CCCC"}
    shows(client.post("/desk/sign-in/unlock/", wrong), "解锁码不对", status=409)
    right = {"username": " zhangxiaoyan ", "code": unlocking.code_for(world.zhang)}
    shows(client.post("/desk/sign-in/unlock/", right, follow=True), "已解锁")
    assert client.get("/desk/").headers["Location"].startswith("/desk/sign-in/")
    shows(client.post("/desk/sign-in/", typed | {"password": "wrong"}), "密码不对", status=409)
    assert client.post("/desk/sign-in/", typed).headers["Location"] == "/desk/"
