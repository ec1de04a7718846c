"""核销 by many at once: one voucher is used once; of ten thousand guesses at the eight digits the allowed few are compared."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.test import Client

from core import clock
from core.refusals import Refused
from partners.models import Agreement, Clerk, Redemption, Voucher
from partners.models.numbers import check_digit
from partners.vouchers import finding, freezing, returning, undoing
from partners.vouchers.redeeming import VoucherFrozen, redeem
from tests import world as cast
from tests.books import breaches
from tests.partners.shops import clerk, offer, owner, voucher
from tests.races.test_guessing import cookies_of, post
from tests.races.together import at_once, in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, MANY, OVER_HTTP = 16, 10_000, 300


@pytest.fixture
def phones(world: World) -> list[Clerk]:
    """The owner's and one of the shop's."""
    agreed = cast.partner(world.street, world.wenxing, world.zhang)
    return [owner(agreed), clerk(agreed)]


@pytest.fixture
def mine(world: World, phones: list[Clerk]) -> Voucher:
    return voucher(offer(Agreement.objects.get(partner=phones[0].partner)), world.wang)


def use(one: Voucher, by: Clerk) -> Callable[[], Redemption]:
    return lambda: redeem(voucher=one, by=by.account, clerk=by, way=Redemption.Way.SCAN)


def said(answers: list[object]) -> Counter[str]:
    return Counter(getattr(answer, "code", type(answer).__name__) for answer in answers)


def test_one_voucher_used_fifty_times_from_two_phones_at_once_is_used_once(mine: Voucher, phones: list[Clerk]) -> None:
    answers = at_once([use(mine, phones[n % 2]) for n in range(50)])
    assert said(answers) == {"Redemption": 1, "voucher_used": 49}
    assert Redemption.objects.count() == 1 and breaches() == []
    (made,) = (one for one in answers if isinstance(one, Redemption))
    undone = at_once(
        [lambda n=n: undoing.undo(redemption=made, by=phones[n % 2].account, clerk=phones[n % 2]) for n in range(10)]
    )
    assert said(undone) == {"Redemption": 1, "already_undone": 9}
    assert Voucher.objects.get().status == Voucher.Status.ISSUED and breaches() == []


@pytest.mark.heavy
def test_fifty_presses_over_http_from_two_phones_are_one_use_and_none_breaks_down(
    web: tuple[str, int], mine: Voucher, phones: list[Clerk]
) -> None:
    browsers = [Client(), Client()]
    for browser, phone in zip(browsers, phones, strict=True):
        browser.force_login(phone.account)
    answers = at_once([lambda n=n: post(web, f"/v/{mine.token}/", {}, cookies_of(browsers[n % 2])) for n in range(50)])
    assert Counter(answers) == {302: 1, 409: 49}
    assert Redemption.objects.count() == 1 and breaches() == []


def test_used_and_given_back_at_once_it_is_one_of_the_two(world: World, mine: Voucher, phones: list[Clerk]) -> None:
    back = [lambda: returning.give_back(voucher=mine, by=world.zhang, reason="停业")] * 8
    answers = at_once([*back, *(use(mine, phones[n % 2]) for n in range(8))])
    assert sum(not isinstance(one, Refused) for one in answers) == 1
    assert breaches() == []


def test_whoever_presses_while_it_is_frozen_waits_and_is_told_why_not(
    world: World, mine: Voucher, phones: list[Clerk]
) -> None:
    with transaction.atomic():
        freezing.freeze(voucher=mine, by=world.zhang, reason="核查")
        answer = in_background(use(mine, phones[0]))
        until_somebody_waits_for_us()
    assert isinstance(said := answer(), VoucherFrozen), said
    assert not Redemption.objects.exists() and breaches() == []


def guesses(act: Callable[[int], object], number: int) -> Counter[str]:
    """`act(n)` for every n, in 16 threads that start at once; how often each answer came."""
    gate = Barrier(THREADS)

    def run(first: int) -> list[str]:
        gate.wait()
        answers = []
        for n in range(first, number, THREADS):
            try:
                answers.append(str(act(n) or "in"))
            except Refused as refused:
                answers.append(refused.code)
        connections.close_all()
        return answers

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(answer for some in pool.map(run, range(THREADS)) for answer in some)


def wrong(n: int, right: str) -> str:
    """A number as it might be, and is not: its last digit is a check of the others."""
    body = f"{(int(right[:7]) + 1 + n) % 10**7:07d}"
    return body + check_digit(body)


def all_guesses_at_the_number(mine: Voucher, phones: list[Clerk], number: int, at: datetime) -> None:
    def guess(n: int) -> object:
        return finding.of_clerk(clerk=phones[n % 2], number=wrong(n, mine.number), at=at)

    assert guesses(guess, number) == {"number_unknown": finding.TRIES, "too_many": number - finding.TRIES}


def all_guesses_at_the_second_check(mine: Voucher, phones: list[Clerk], number: int, at: datetime) -> None:
    answer, who = finding.answer_of(mine), [one.account for one in phones]
    tries = [said for said in (f"{n % 10000:04d}" for n in range(number + number // 999)) if said != answer][:number]
    counted = guesses(lambda n: finding.second_check(voucher=mine, said=tries[n], who=who[n % 2], at=at), number)
    assert counted == {"second_check_wrong": finding.TRIES, "too_many": number - finding.TRIES}


def test_of_guesses_at_once_five_are_compared_by_shop_and_by_voucher(mine: Voucher, phones: list[Clerk]) -> None:
    at = clock.now()
    all_guesses_at_the_number(mine, phones, 200, at)
    all_guesses_at_the_second_check(mine, phones, 200, at + finding.WINDOW)


@pytest.mark.heavy
def test_of_ten_thousand_guesses_at_once_five_are_compared(mine: Voucher, phones: list[Clerk]) -> None:
    at = clock.now()
    all_guesses_at_the_number(mine, phones, MANY, at)
    all_guesses_at_the_second_check(mine, phones, MANY, at + finding.WINDOW)


@pytest.mark.heavy
def test_over_http_as_well(web: tuple[str, int], mine: Voucher, phones: list[Clerk]) -> None:
    browser = Client()
    browser.force_login(phones[0].account)
    began = clock.now()
    answers = guesses(
        lambda n: post(web, "/merchant/", {"number": wrong(n, mine.number)}, cookies_of(browser)), OVER_HTTP
    )
    windows = 1 + int(clock.now().timestamp() // 600) - int(began.timestamp() // 600)
    assert set(answers) == {"409", "429"} and answers["409"] <= finding.TRIES * windows
