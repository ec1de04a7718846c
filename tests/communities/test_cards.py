"""积分卡: the number, issuing, losing, the PIN."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from communities import cards
from communities.models import Card, Change, Resident
from core import clock
from core.refusals import Refused, TooMany
from tests import world as cast
from tests.communities.test_helping import code_of
from tests.world import World

pytestmark = pytest.mark.django_db
PIN = "730591"


def numbered(seven: str) -> str:
    return f"{seven}{cards.check_digit(seven)}"


def test_the_check_digit_is_damms() -> None:
    assert cards.check_digit("572") == 4  # the example of the published algorithm


def test_one_digit_mistyped_or_two_swapped_is_no_number() -> None:
    for seven in ("0000000", "1234567", "9081726", "5550123"):
        right = numbered(seven)
        assert cards.is_number(right)
        for at in range(8):
            assert not [
                other
                for other in "0123456789"
                if other != right[at] and cards.is_number(right[:at] + other + right[at + 1 :])
            ]
            swapped = right[:at] + right[at : at + 2][::-1] + right[at + 2 :]
            assert swapped == right or not cards.is_number(swapped)
    assert not cards.is_number("1234") and not cards.is_number("１２３４５６７８")


def test_a_card_is_issued_once_and_says_nothing(world: World) -> None:
    card = cards.issue(resident=world.zhao, by=world.zhang)
    assert cards.is_number(card.number) and len(card.token) == 22 and card.pin == ""
    assert code_of(cards.issue, resident=world.zhao, by=world.zhang) == "card_already"
    assert cards.card_of(world.zhao) == card
    fields = Change.objects.get(resident_id=world.zhao.pk, what="card").fields
    assert card.token not in str(fields) and card.number not in str(fields)


def test_two_cards_differ(world: World) -> None:
    one, other = (cards.issue(resident=person, by=world.zhang) for person in (world.zhao, world.wang))
    assert one.number != other.number and one.token != other.token


def test_a_lost_card_ends_with_the_new_one(world: World) -> None:
    lost = cards.issue(resident=world.zhao, by=world.zhang)
    cards.set_pin(resident=world.zhao, pin=PIN, by=world.zhang)
    new = cards.replace(resident=world.zhao, by=world.chen)
    lost.refresh_from_db()
    assert lost.ended_by == world.chen and (new.pin, cards.card_of(world.zhao)) == ("", new)
    assert code_of(cards.check_pin, card=lost, pin=PIN, by=world.zhang) == "no_card"
    cards.end(resident=world.zhao, by=world.zhang)
    assert cards.card_of(world.zhao) is None
    assert code_of(cards.end, resident=world.zhao, by=world.zhang) == "no_card"
    assert code_of(cards.replace, resident=world.zhao, by=world.zhang) == "no_card"


def test_who_gets_none_and_from_whom(world: World) -> None:
    assert code_of(cards.issue, resident=world.sun, by=world.zhang) == "card_not_confirmed"
    assert code_of(cards.issue, resident=world.wang, by=world.qian) == "not_your_duty"
    assert code_of(cards.end, resident=world.wang, by=world.qian) == "not_your_duty"
    Resident.objects.filter(pk=world.wang.pk).update(phone=world.zhang.own_phone)
    assert code_of(cards.issue, resident=Resident.objects.get(pk=world.wang.pk), by=world.zhang) == "own_card"
    assert not Card.objects.exists()


def test_many_at_once_keep_what_they_have(world: World) -> None:
    kept = cards.issue(resident=world.zhao, by=world.zhang)
    outcome = cards.issue_many(residents=[world.zhao, world.wang, world.sun, world.zhou], by=world.zhang)
    assert outcome.done == [world.zhao, world.wang] and cards.card_of(world.zhao) == kept
    assert [(one.name, refused.code) for one, refused in outcome.refused] == [
        ("孙桂芳", "card_not_confirmed"), ("周海涛", "not_your_duty")
    ]  # fmt: skip


@pytest.mark.parametrize("pin", ["1111", "1234", "4321", "7890", "1212", "123123", "0303", "1944", "440303", "194403"])
def test_what_one_would_try_first_is_no_pin(world: World, pin: str) -> None:
    cards.issue(resident=world.zhao, by=world.zhang)
    assert code_of(cards.set_pin, resident=world.zhao, pin=pin, by=world.zhang) == "weak_pin"


def test_neither_the_phones_nor_the_cards_digits(world: World) -> None:
    card = cards.issue(resident=world.wang, by=world.zhang)
    for pin in (world.wang.phone[-4:], card.number[:4], card.number[2:]):
        assert code_of(cards.set_pin, resident=world.wang, pin=pin, by=world.zhang) == "weak_pin"


@pytest.mark.parametrize("pin", ["123", "7305914", "七三零五", "73 05", "７３０５"])
def test_a_pin_is_four_to_six_digits(world: World, pin: str) -> None:
    cards.issue(resident=world.zhao, by=world.zhang)
    assert code_of(cards.set_pin, resident=world.zhao, pin=pin, by=world.zhang) == "bad_input"


def test_a_pin_is_kept_as_a_hash_and_can_be_taken_away(world: World) -> None:
    assert code_of(cards.set_pin, resident=world.zhao, pin=PIN, by=world.zhang) == "no_card"
    cards.issue(resident=world.zhao, by=world.zhang)
    kept = cards.set_pin(resident=world.zhao, pin=PIN, by=world.zhang)
    assert PIN not in kept.pin and kept.pin.count("$") >= 2
    assert cards.set_pin(resident=world.zhao, pin="", by=world.zhang).pin == ""


def test_nobody_sets_the_pin_of_the_own_family(world: World) -> None:
    cards.issue(resident=world.wang, by=world.chen)
    Resident.objects.filter(pk=world.wang.pk).update(phone=world.zhang.own_phone)
    assert code_of(cards.set_pin, resident=world.wang, pin=PIN, by=world.zhang) == "own_card"


@pytest.mark.django_db(transaction=True)
class TestTries:
    @pytest.fixture
    def world(self) -> World:
        return cast.build()

    @pytest.fixture
    def card(self, world: World) -> Card:
        cards.issue(resident=world.zhao, by=world.zhang)
        return cards.set_pin(resident=world.zhao, pin=PIN, by=world.zhang)

    def test_the_right_one_is_taken_and_forgets_the_wrong_ones(self, world: World, card: Card) -> None:
        for _ in range(3):
            for _ in range(4):
                assert code_of(cards.check_pin, card=card, pin="0000", by=world.zhang) == "wrong_pin"
            cards.check_pin(card=card, pin=PIN, by=world.zhang)

    def test_five_tries_then_even_the_right_one_waits(self, world: World, card: Card, time_machine: object) -> None:
        time_machine.move_to(clock.now().replace(minute=11), tick=False)  # type: ignore[attr-defined]
        for by in (world.zhang, world.chen, world.zhang, world.he, world.zhang):
            assert code_of(cards.check_pin, card=card, pin="0000", by=by) == "wrong_pin"
        with pytest.raises(TooMany):
            cards.check_pin(card=card, pin=PIN, by=world.zhang)
        time_machine.move_to(clock.now() + timedelta(minutes=10), tick=False)  # type: ignore[attr-defined]
        cards.check_pin(card=card, pin=PIN, by=world.zhang)

    def test_strangers_try_nothing_and_a_card_without_a_pin_has_none(self, world: World, card: Card) -> None:
        assert code_of(cards.check_pin, card=card, pin=PIN, by=world.qian) == "not_your_duty"
        bare = cards.issue(resident=world.wang, by=world.zhang)
        assert code_of(cards.check_pin, card=bare, pin="", by=world.zhang) == "no_pin"

    def test_a_try_inside_a_verb_is_a_mistake_of_ours(self, world: World, card: Card) -> None:
        with transaction.atomic(), pytest.raises(RuntimeError):
            cards.check_pin(card=card, pin="0000", by=world.zhang)


def test_the_code_is_an_address_of_ours(world: World, settings: object) -> None:
    settings.SITE_URL = "https://hehuoren.example"  # type: ignore[attr-defined]
    card = cards.issue(resident=world.zhao, by=world.zhang)
    drawing = cards.qr(card)
    assert drawing.startswith("<svg") and "style" not in drawing and "script" not in drawing


def test_a_birthday_that_nobody_knows_bars_nothing(world: World) -> None:
    unknown = cast.resident(world.wenxing, "无生日")
    cards.issue(resident=unknown, by=world.zhang)
    assert cards.set_pin(
        resident=unknown, pin="1944" if "1944" not in cards.card_of(unknown).number else PIN, by=world.zhang
    ).pin
    assert date(1944, 3, 3) == world.zhao.birth_date and Refused
