"""Two hundred guesses at once, over the verbs and over HTTP: at most five are compared, and the victim gets in meanwhile.

A comparison is answered with its own words (wrong), a guess that was not compared with others (too many): they are counted.
"""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.conf import settings as configured
from django.contrib.auth.hashers import make_password
from django.db import connections
from django.test import Client

from communities import limits, passwords, secondfactor, signin
from communities.models import SignInCode, User
from core.refusals import Refused, TooMany
from tests.communities.phonebox import SENT, last_code, other_than
from tests.communities.test_secondfactor import shown, switched_on
from tests.world import PASSWORD, World, hashed

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, GUESSES = 20, 200
MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(autouse=True)
def quick(settings, world: World) -> None:
    """Hashing is slow by design: the guesses shall meet at the counter and not at the hash."""
    settings.PASSWORD_HASHERS = [MD5, *configured.PASSWORD_HASHERS]
    User.objects.filter(kind="staff").update(password=make_password(PASSWORD, hasher="md5"))
    settings.SMS_DRIVER = "tests.communities.phonebox.PhoneBox"
    SENT.clear()


def together(act) -> Counter[str]:
    """`act(n)` for every n below 200, in 20 threads that start at once; how often each answer came."""
    gate = Barrier(THREADS)

    def run(first: int) -> list[str]:
        gate.wait()
        answers = []
        for number in range(first, GUESSES, THREADS):
            try:
                answers.append(str(act(number) or "in"))
            except Refused as refused:
                answers.append(refused.code)
        connections.close_all()
        return answers

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(answer for some in pool.map(run, range(THREADS)) for answer in some)


def guess_password(number: int) -> None:
    passwords.check(username="zhangxiaoyan", password=f"wrong-{number}", address=f"10.0.{number // 250}.{number % 250}")


def test_of_200_passwords_from_200_addresses_five_are_compared_and_the_known_browser_gets_in(world: World) -> None:
    answers = together(guess_password)
    assert answers == {"wrong_password": 5, "too_many": GUESSES - 5}
    right = {"username": "zhangxiaoyan", "password": PASSWORD, "address": "10.9.9.9"}
    with pytest.raises(TooMany):
        passwords.check(**right)
    assert passwords.check(**right, device="mine") == world.zhang


def test_the_victim_signs_in_while_the_guesses_are_falling(world: World) -> None:
    def act(number: int) -> str | None:
        if number % 50:
            return guess_password(number)
        device = f"browser-{number}"
        return passwords.check(username="zhangxiaoyan", password=PASSWORD, address="10.9.9.9", device=device).username

    answers = together(act)
    assert answers["zhangxiaoyan"] == 4 and answers["wrong_password"] <= 5


def test_of_200_guesses_in_a_stolen_known_browser_five_are_compared(world: World) -> None:
    def act(number: int) -> None:
        passwords.check(username="zhangxiaoyan", password=f"wrong-{number}", address="10.0.0.1", device="stolen")

    assert together(act) == {"wrong_password": 5, "too_many": GUESSES - 5}


def test_of_200_authenticator_codes_five_are_compared_and_a_stranger_without_the_password_uses_up_none(
    world: World,
) -> None:
    device = switched_on(world.zhang)
    together(guess_password)
    wrong = other_than(shown(device, later=1))
    assert together(lambda _: secondfactor.check(user=world.zhang, token=wrong)) == {
        "wrong_token": 5, "too_many": GUESSES - 5,
    }  # fmt: skip
    secondfactor.check(user=world.zhang, token=shown(device, later=1), device="mine")


def test_of_200_questions_for_codes_one_message_is_sent_and_the_known_browser_gets_its_own(world: World) -> None:
    phone = world.wang.phone

    def ask(number: int) -> None:
        signin.send_code(phone=phone, browser=f"b{number}", address=f"10.1.0.{number}")

    assert together(ask) == {"in": 1, "too_many": GUESSES - 1}
    code = signin.send_code(phone=phone, browser="mine", address="10.1.0.1", device="known")
    assert signin.check_code(phone=phone, browser="mine", code=code) == world.wang.account
    assert len(SENT) == 2


def test_a_bombed_phone_gets_ten_messages_a_day_and_its_owner_ten_more(world: World, time_machine) -> None:
    phone, start = world.wang.phone, signin.clock.now().replace(hour=0, minute=0, second=0)
    for hour in range(24):
        for turn in range(3):
            for device in ("", "known"):
                try:
                    at = start + timedelta(hours=hour, minutes=2 * turn)
                    signin.send_code(phone=phone, browser="b", address=f"10.{hour}.0.{turn}", device=device, at=at)
                except TooMany:
                    continue
    assert len(SENT) == 20
    with pytest.raises(TooMany):
        signin.send_code(phone=phone, browser="b", address="a", device="another", at=start + timedelta(hours=23.9))


def post(web: tuple[str, int], path: str, typed: dict[str, str], browser: dict[str, str]) -> int:
    """The status of one POST by a browser with these cookies."""
    link = http.client.HTTPConnection(*web, timeout=60)
    cookies = browser | {"csrftoken": "a" * 32}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }  # fmt: skip
    link.request("POST", path, urlencode(typed | {"csrfmiddlewaretoken": "a" * 32}), headers)
    answer = link.getresponse()
    answer.read()
    link.close()
    return answer.status


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


@pytest.mark.heavy
def test_over_http_five_passwords_are_compared_and_the_known_browser_gets_in(
    web: tuple[str, int], world: World
) -> None:
    known = Client()
    typed = {"username": "zhangxiaoyan", "password": PASSWORD}
    assert known.post("/desk/sign-in/", typed).status_code == 302
    known.post("/desk/sign-out/")
    User.objects.filter(username="zhangxiaoyan").update(password=hashed())  # the server knows no quick hash
    answers = together(lambda n: str(post(web, "/desk/sign-in/", typed | {"password": f"wrong-{n}"}, {})))
    assert answers == {"409": 5, "429": GUESSES - 5}
    assert post(web, "/desk/sign-in/", typed, {}) == 429
    assert post(web, "/desk/sign-in/", typed, cookies_of(known)) == 302


@pytest.mark.heavy
def test_over_http_five_codes_are_compared_and_the_owner_of_the_phone_gets_in(
    web: tuple[str, int], world: World
) -> None:
    """The guesses come in the browser that asked, as a thief of the session would; the owner asks in a known one."""
    owner, thief, phone = Client(), Client(), world.wang.phone
    owner.post("/sign-in/", {"phone": phone})
    assert owner.post("/sign-in/code/", {"code": last_code(phone)}).status_code == 302
    owner.post("/sign-out/")
    limits.clear(f"code:{phone}:0:01:00")
    thief.post("/sign-in/", {"phone": phone})
    wrong = other_than(last_code(phone))
    answers = together(lambda _: str(post(web, "/sign-in/code/", {"code": wrong}, cookies_of(thief))))
    assert answers == {"409": GUESSES} and SignInCode.objects.latest("pk").tries == 5
    owner.post("/sign-in/", {"phone": phone})
    assert post(web, "/sign-in/code/", {"code": last_code(phone)}, cookies_of(owner)) == 302
