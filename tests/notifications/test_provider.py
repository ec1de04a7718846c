"""A provider over HTTP: what its answers mean, that nothing is sent twice or lost, and that no log knows a phone."""

import logging
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from communities import signin
from communities.models import Resident
from communities.sending import Answer, Fate, Outgoing
from core import clock
from notifications import delivery, http, outbox
from notifications.http import Provider
from notifications.models import Message, ProviderTemplate
from notifications.templates import SIGN_IN_CODE
from points.expiring import EXPIRING
from tests.notifications.standin import KEY, SECRET, SIGNATURE, Standin, served
from tests.world import World

pytestmark = pytest.mark.django_db
State = Message.State
PHONE, DRIVER = "13812346021", "notifications.http.Provider"
NINE = clock.at(clock.today() + timedelta(days=3), time(9))
FIELDS = {"points": "80", "day": "12月31日（周四）"}
OUT = Outgoing("m1", PHONE, "您有80积分将在12月31日到期", EXPIRING.code, FIELDS)
MINUTES = 6 * 60


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def standin(world: World, frozen: time_machine.Traveller, settings: Any) -> Iterator[Standin]:
    """The provider, with two of our templates reviewed and registered."""
    provider = Standin(templates={"T1": EXPIRING.code, "T2": SIGN_IN_CODE.code}, codes={"T2"})
    for theirs, ours in provider.templates.items():
        ProviderTemplate.objects.create(channel="sms", code=ours, provider_id=theirs, by=world.chen)
    settings.SMS_DRIVER, settings.SMS_KEY, settings.SMS_SECRET = DRIVER, KEY, SECRET
    settings.SMS_SIGNATURE, settings.SMS_TIMEOUTS = SIGNATURE, (5.0, 1.0)
    with served(provider) as settings.SMS_URL:
        yield provider


# What an answer means


def test_what_the_provider_takes_is_accepted_with_its_number_and_parts(standin: Standin) -> None:
    receipt = Provider().send(OUT)
    assert (receipt.fate, receipt.provider_id, receipt.parts) == (Fate.ACCEPTED, "p-m1", 1)
    assert standin.took["m1"] == {
        "number": "m1", "phone": PHONE, "signature": SIGNATURE, "template": "T1", "fields": FIELDS,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "fate", "said", "taken"),
    [
        ("busy", Fate.LATER, http.BUSY, False),
        ("crowded", Fate.LATER, http.BUSY, False),
        ("error", Fate.UNKNOWN, "看不懂（500）", False),
        ("cut", Fate.UNKNOWN, http.SILENT, True),
        ("slow", Fate.UNKNOWN, http.SILENT, True),
        ("babble", Fate.UNKNOWN, http.UNREADABLE, True),
    ],
)
def test_what_is_not_plainly_said_is_unknown(standin: Standin, fault: str, fate: Fate, said: str, taken: bool) -> None:
    standin.next = [fault]
    receipt = Provider().send(OUT)
    assert receipt.fate == fate and receipt.wait is None and said in receipt.fault
    assert ("m1" in standin.took) == taken


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1/messages", "http://nobody.invalid/v1/messages"])
def test_without_a_connection_nothing_was_sent(standin: Standin, settings: Any, url: str) -> None:
    settings.SMS_URL = url
    receipt = Provider().send(OUT)
    assert (receipt.fate, receipt.wait, receipt.fault) == (Fate.LATER, None, http.AWAY)
    assert Provider().ask("m1") == Answer.AWAY


def test_a_template_that_nobody_registered_never_leaves_and_says_what_to_do(standin: Standin) -> None:
    ProviderTemplate.objects.filter(code=EXPIRING.code).delete()
    receipt = Provider().send(OUT)
    assert receipt.fate == Fate.REFUSED and receipt.wait is None
    assert receipt.fault == "短信模板“积分即将到期”（points-expiring）还没有登记服务商模板号，请街道管理员登记"
    assert Provider().send(Outgoing("m2", PHONE, "您好")).fault == http.NO_TEMPLATE
    assert not standin.posts


def test_a_number_of_a_wechat_template_is_none_of_a_short_message(standin: Standin) -> None:
    ProviderTemplate.objects.filter(code=EXPIRING.code).update(channel="wechat")
    assert Provider().send(OUT).fate == Fate.REFUSED


@pytest.mark.parametrize(
    ("out", "said"),
    [
        (Outgoing("m1", "1381234", "", EXPIRING.code, FIELDS), "手机号不对"),
        (Outgoing("m1", PHONE, "", EXPIRING.code, {"day": ""}), "模板内容"),
    ],
)
def test_what_the_provider_refuses_is_refused(standin: Standin, out: Outgoing, said: str) -> None:
    receipt = Provider().send(out)
    assert receipt.fate == Fate.REFUSED and said in receipt.fault


def test_a_template_that_the_provider_does_not_know_is_refused(standin: Standin) -> None:
    standin.templates.clear()
    assert "没有这个模板" in Provider().send(OUT).fault


def test_a_number_that_had_enough_waits_as_long_as_the_limit_says(
    standin: Standin, frozen: time_machine.Traveller
) -> None:
    code = [Outgoing(f"code-{one}", PHONE, "", SIGN_IN_CODE.code, {"code": "123456", "minutes": "5"}) for one in "123"]
    assert Provider().send(code[0]).fate == Fate.ACCEPTED
    receipt = Provider().send(code[1])
    assert (receipt.fate, receipt.fault) == (Fate.LATER, http.NUMBER_LIMIT)
    assert receipt.wait and timedelta(seconds=55) < receipt.wait <= timedelta(seconds=61)
    frozen.shift(receipt.wait)
    assert Provider().send(code[2]).fate == Fate.ACCEPTED


@pytest.mark.parametrize("wrong", ["secret", "key", "clock"])
def test_who_is_not_known_loses_no_message(standin: Standin, settings: Any, wrong: str) -> None:
    if wrong == "clock":
        standin.behind = timedelta(minutes=6)
    else:
        setattr(settings, f"SMS_{wrong.upper()}", "another")
    receipt = Provider().send(OUT)
    assert (receipt.fate, receipt.wait, receipt.fault) == (Fate.LATER, None, http.NOT_OURS)
    assert not standin.posts


def test_the_same_number_is_taken_once(standin: Standin) -> None:
    assert Provider().send(OUT) == Provider().send(OUT)
    assert standin.posts["m1"] == 2 and len(standin.took) == 1


def test_it_is_asked_by_our_own_number(standin: Standin) -> None:
    standin.next = ["cut", "forgetful"]
    for number in ("m1", "m2"):
        Provider().send(Outgoing(number, PHONE, "", EXPIRING.code, FIELDS))
    told = [Provider().ask(number) for number in ("m1", "m2", "m3")]
    assert told == [Answer.ACCEPTED, Answer.CANNOT_SAY, Answer.NEVER_SEEN]


def test_a_wrong_address_is_not_taken_for_a_message_that_was_never_seen(standin: Standin, settings: Any) -> None:
    settings.SMS_URL = settings.SMS_URL.replace("/v1/messages", "/elsewhere")
    assert Provider().ask("m1") == Answer.CANNOT_SAY


def test_a_deployment_says_what_is_missing(settings: Any) -> None:
    settings.SMS_DRIVER, settings.SMS_URL = DRIVER, "http://sms.example/v1"
    with pytest.raises(SystemCheckError, match=r"(?s)SMS_KEY, SMS_SECRET, SMS_SIGNATURE.*https://"):
        call_command("check", deploy=True, tags=["security"])
    settings.SMS_DRIVER = "notifications.sms.Console"
    call_command("check", deploy=True, tags=["security"])


def leaked(caplog: pytest.LogCaptureFixture, *texts: str) -> list[str]:
    """Lines of the log with a phone of ours, even a masked one, or with a text."""
    lines = [record.getMessage() for record in caplog.records]
    assert any("sms-not-accepted" in line for line in lines)
    return [line for line in lines if re.search(r"13[79](\*{4}|\d{8})", line) or any(text in line for text in texts)]


# Many messages, and codes


def told(count: int, world: World) -> list[Message]:
    """So many messages to a hundred people, and ten more than a number may have in a day to one."""
    people = [
        Resident(community=world.wenxing, name=f"居民{one}", phone=f"139{one:08d}", pinyin="jumin", initials="jm")
        for one in range(101)
    ]
    for one in people:
        one.household, one.estate = world.wang.household, world.wang.estate
    Resident.objects.bulk_create(people)
    said = EXPIRING.short(SIGNATURE, **FIELDS)
    whom = [people[number % 100] for number in range(count - 60)] + [people[100]] * 60
    outbox.tell_many(
        outbox.message(f"points-expiry:{number}", said, Message.Channel.SMS, resident=one)
        for number, one in enumerate(whom)
    )
    return list(Message.objects.filter(channel="sms"))


def deliver(traveller: time_machine.Traveller) -> None:
    """Beat, minute by minute, until nothing is to be done today."""
    for _ in range(MINUTES):
        delivery.run()
        soon = clock.now() + timedelta(hours=2)
        if not Message.objects.filter(state=State.SENDING).exists() and not Message.objects.due(soon).exists():
            return
        traveller.shift(timedelta(minutes=1))


def test_of_many_none_is_lost_and_none_is_sent_twice(
    world: World, standin: Standin, frozen: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.odds = {
        "error": 0.02, "busy": 0.012, "crowded": 0.012, "cut": 0.02, "slow": 0.004, "babble": 0.012, "forgetful": 0.012,
    }  # fmt: skip
    rows = told(500, world)
    deliver(frozen)
    ended = {row.pk: row for row in Message.objects.filter(pk__in=[one.pk for one in rows])}
    states = Counter(row.state for row in ended.values())
    unclear = {delivery.number_of(row) for row in ended.values() if row.state == State.UNCLEAR}
    sent = {delivery.number_of(row) for row in ended.values() if row.state == State.SENT}
    assert sum(standin.faults.values()) > 25 and len(standin.faults) >= 6
    assert standin.again == []  # nothing that was taken went out again, though the provider would have known
    assert standin.took.keys() == sent | unclear and unclear == standin.forgotten
    assert states[State.WAITING] == 10 and set(states) <= {State.SENT, State.UNCLEAR, State.WAITING}
    assert all(row.fault for row in ended.values() if row.state != State.SENT)
    assert {row.parts for row in ended.values() if row.state == State.SENT} == {1}
    assert not leaked(caplog, "积分将在")
    frozen.move_to(NINE + timedelta(days=1, hours=3))
    standin.odds = {}
    delivery.run()
    assert not Message.objects.filter(state=State.WAITING).exists() and len(standin.took) == 500


def test_no_code_is_sent_twice_whatever_the_provider_does(standin: Standin, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    dice = random.Random(7)
    faults = ["", "error", "busy", "crowded", "cut", "slow", "babble", "forgetful"]
    standin.next = ["slow", "cut", *dice.choices([one for one in faults if one != "slow"], k=98)]
    codes, refused = [], 0
    for one in range(100):
        try:
            codes.append(signin.send_code(phone=f"137{one:08d}", browser="b", address=f"10.0.0.{one}"))
        except signin.NotSent:
            refused += 1
    assert (len(codes) + refused, standin.again) == (100, []) and refused > 10
    assert max(standin.posts.values()) == 1
    assert not leaked(caplog, "验证码", *codes)
