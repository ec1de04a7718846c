"""A browser that signed in is known to that account, and to no other."""

from datetime import timedelta

import pytest
from django.core import signing
from django.http import HttpResponse

from communities import devices
from core import clock


def kept(rf, *names: str, before: str = "", **how: str) -> str:
    """The cookie after signing in to `names`, one after the other."""
    cookie = before
    for name in names:
        request = rf.get("/")
        request.COOKIES[devices.COOKIE] = cookie
        cookie = devices.remember(request, HttpResponse(), name, **how).cookies[devices.COOKIE].value
    return cookie


def known(rf, cookie: str, name: str) -> str:
    request = rf.get("/")
    request.COOKIES[devices.COOKIE] = cookie
    return devices.known(request, name)


def test_a_browser_is_known_to_those_who_signed_in_to_it(rf) -> None:
    cookie = kept(rf, "zhangxiaoyan", "13812346021")
    mine, hers = known(rf, cookie, "zhangxiaoyan"), known(rf, cookie, "13812346021")
    assert mine and hers and mine != hers
    assert known(rf, cookie, "chenzhuren") == known(rf, "", "zhangxiaoyan") == ""
    assert known(rf, kept(rf, "zhangxiaoyan"), "zhangxiaoyan") != mine


def test_signing_in_again_keeps_the_number_so_that_tries_are_not_forgotten(rf) -> None:
    cookie = kept(rf, "zhangxiaoyan")
    again = kept(rf, "zhangxiaoyan", before=cookie)
    assert known(rf, again, "zhangxiaoyan") == known(rf, cookie, "zhangxiaoyan")


def test_the_cookie_names_nobody(rf) -> None:
    shown = signing.loads(kept(rf, "13812346021"), salt=devices.SALT)
    assert "13812346021" not in str(shown)


# Signed by us for something else, once: the moment is in it, and every worker has to collect the same name.
SALTLESS = pytest.param(signing.dumps([["x", "y"]]), id="signed for something else")


@pytest.mark.parametrize("forged", ["x", "a:b:c", "\0", '[["x","y"]]', SALTLESS])
def test_a_cookie_that_we_did_not_sign_is_no_cookie(rf, forged: str) -> None:
    assert known(rf, forged, "zhangxiaoyan") == ""


def test_it_is_forgotten_after_half_a_year_without_signing_in(rf, time_machine) -> None:
    cookie = kept(rf, "zhangxiaoyan")
    time_machine.move_to(clock.now() + devices.LASTS + timedelta(seconds=2))
    assert known(rf, cookie, "zhangxiaoyan") == ""


def test_a_shared_computer_remembers_the_last_twelve(rf) -> None:
    names = [f"name{n}" for n in range(devices.MOST + 1)]
    cookie = kept(rf, *names)
    assert [bool(known(rf, cookie, name)) for name in names] == [False] + [True] * devices.MOST
    assert len(cookie) < 2000


def test_scripts_cannot_read_it_and_it_travels_by_https_alone_where_the_site_does(rf, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = devices.remember(rf.get("/"), HttpResponse(), "x").cookies[devices.COOKIE]
    assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Lax"
