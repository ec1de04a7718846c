"""Many hands on one card, and on one elder's helpers."""

from collections import Counter

import pytest

from communities import cards, helping
from communities.models import Card, Consent, Helper
from core.refusals import Refused, TooMany
from tests import world as cast
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
GUESSES = 40


@pytest.fixture
def world() -> World:
    return cast.build()


def test_forty_guesses_at_once_are_five_tries(world: World, time_machine: object) -> None:
    cards.issue(resident=world.zhao, by=world.zhang)
    card = cards.set_pin(resident=world.zhao, pin="730591", by=world.zhang)
    time_machine.move_to("2026-11-25T10:01:00+08:00", tick=False)  # type: ignore[attr-defined]  one window
    guess = [lambda n=n: cards.check_pin(card=card, pin=f"{n:06d}", by=world.zhang) for n in range(GUESSES)]
    outcome = Counter(one.code if isinstance(one, Refused) else repr(one) for one in at_once(guess))
    assert outcome == {"wrong_pin": cards.TRIES, TooMany.code: GUESSES - cards.TRIES}


def test_one_card_is_issued_by_many_at_once(world: World) -> None:
    results = at_once([lambda: cards.issue(resident=world.zhao, by=world.zhang)] * 8)
    assert sorted(type(one).__name__ for one in results) == ["Card"] + ["HasCard"] * 7
    assert Card.objects.count() == 1


def test_two_helpers_and_no_third_whoever_comes_at_once(world: World) -> None:
    def appoint(n: int) -> Helper:
        return helping.appoint(
            resident=world.zhao,
            phone=f"1370000333{n}",
            name="亲友",
            relation="邻居",
            by=world.zhang,
            way=Consent.Way.COUNTER,
        )

    results = at_once([lambda n=n: appoint(n) for n in range(6)])
    assert Counter(type(one).__name__ for one in results) == {"Helper": 2, "TooManyHelpers": 4}, results
    assert Helper.objects.current().count() == 2


def test_eight_people_and_no_ninth_on_one_phone(world: World) -> None:
    elders = [cast.resident(world.wenxing, f"老人{n}") for n in range(12)]

    def appoint(n: int) -> Helper:
        return helping.appoint(
            resident=elders[n],
            phone="13700004444",
            name="亲友",
            relation="邻居",
            by=world.zhang,
            way=Consent.Way.COUNTER,
        )

    results = at_once([lambda n=n: appoint(n) for n in range(12)])
    assert Counter(type(one).__name__ for one in results) == {"Helper": 8, "TooManyPeople": 4}, results
