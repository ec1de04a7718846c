"""Bad input to the ledger: each a refusal with a code, at once and not at commit, and nothing is booked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from communities.models import Community, User
from core import clock
from core.refusals import Refused
from points import ledger
from points.ledger import Award, Move
from points.models import Account, Entry
from points.pricing import UnknownRule, tariff
from tests.books import breaches, refuses
from tests.world import World, exactly

pytestmark = pytest.mark.django_db
BAD_AMOUNTS = [0, -1, 10**9 + 1, 2**63, 2**200, True, 1.0, 1.5, "5", Decimal(5), None]
BAD_TEXTS = ["", "  ", "k" * 201, "k" * 10_000, "a\x00b", "\ud800", None]


VERBS = ["award", "award_many", "adjust", "charge", "reverse"]


def act(world: World, verb: str, asked: dict[str, Any]) -> None:
    given = {"key": "k", "resident": world.wang, "amount": 5, "by": world.system, "reason": "试"} | asked
    if verb == "reverse":
        given = {"entry": Entry.objects.latest("pk").pk} | given
        del given["resident"], given["amount"]
    elif verb == "charge":
        given = {"provider": world.wenxing} | given
    elif verb in {"award", "award_many"}:
        given["price"] = exactly(given.pop("amount"))
    if verb == "award_many":
        bad = Award(given.pop("key"), given.pop("resident"), given.pop("price"))
        given["awards"] = [Award("good", world.zhao, exactly(5)), bad, Award("good too", world.li, exactly(5))]
    getattr(ledger, verb)(**given)


def code_of(world: World, verb: str = "award", **asked: Any) -> str:
    """The code of the refusal; the number of entries and accounts has not changed."""
    before = Entry.objects.count(), Account.objects.count()
    with refuses(Refused) as refused:
        act(world, verb, asked)
    assert (Entry.objects.count(), Account.objects.count()) == before
    assert breaches() == []
    return refused.value.code


@pytest.mark.parametrize("amount", BAD_AMOUNTS, ids=repr)
@pytest.mark.parametrize("verb", ["award", "award_many", "adjust", "charge"])
def test_amounts_are_whole_points_from_1_to_10_to_the_9(world: World, verb: str, amount: Any) -> None:
    if verb == "adjust" and amount == -1:
        amount = -(10**9) - 1  # below zero it takes
    if verb.startswith("award") and type(amount) is int and not amount:
        amount = -(10**9)  # what is worth nothing is no award at all (test_award_many)
    assert code_of(world, verb, amount=amount) == "bad_amount"


@pytest.mark.parametrize("quantity", [-30, -1, 2**31, 10**12, True, 30.0, Decimal(30)], ids=repr)
@pytest.mark.parametrize("code", ["ENV", "PHOTO"])
def test_no_silly_quantity_of_service_is_paid(world: World, code: str, quantity: Any) -> None:
    found = tariff(code, world.street.pk, on=clock.today()).price(quantity)
    before = Entry.objects.count()
    with refuses(ledger.BadAmount):
        ledger.award(key="k", resident=world.li, price=found, by=world.system, reason="试")
    assert Entry.objects.count() == before


@pytest.mark.parametrize("quantity", [0, 29])
def test_service_of_no_half_hour_is_worth_nothing(world: World, quantity: int) -> None:
    found = tariff("ENV", world.street.pk, on=clock.today()).price(quantity)
    awarded = ledger.award(key="k", resident=world.li, price=found, by=world.system, reason="试")
    assert awarded == (None, 0)


@pytest.mark.parametrize("verb", ["award", "award_many", "adjust"])
def test_nobody_earns_in_a_future_that_has_not_come(world: World, verb: str) -> None:
    assert code_of(world, verb, at=clock.now() + timedelta(seconds=30)) == "in_the_future"


def test_an_award_is_not_booked_in_the_general_form_because_no_rule_prices_it(world: World) -> None:
    issuer, wallet = (
        Account.objects.get(kind="issuer", community=world.wenxing),
        Account.objects.get(resident=world.wang),
    )
    with refuses(ledger.WrongWay):
        ledger.post(
            key="k", kind=Entry.Kind.AWARD, community=world.wenxing, moves=[Move(issuer.pk, wallet.pk, 5)],
            by=world.system, reason="试",
        )  # fmt: skip


@pytest.mark.parametrize("on", [date(1999, 12, 31), date(2099, 1, 1), date.min, date.max], ids=str)
def test_service_before_its_rule_or_to_come_is_refused(world: World, on: date) -> None:
    for verb in (ledger.award, lambda **one: ledger.award_many(
        awards=[Award(one.pop("key"), one.pop("resident"), one.pop("price"))], **one
    )):  # fmt: skip
        with refuses(ledger.RuleNotInForce) as refused:
            verb(key="k", resident=world.wang, price=exactly(5, on), by=world.system, reason="试")
        assert refused.value.code == "rule_not_in_force"


def test_an_unknown_rule_prices_nothing(world: World) -> None:
    with refuses(ledger.RuleNotInForce):
        price = replace(exactly(5), rule_id=10**9)
        ledger.award(key="k", resident=world.wang, price=price, by=world.system, reason="试")
    with refuses(UnknownRule) as refused:
        tariff("NONE", world.street.pk, on=clock.today())
    assert refused.value.code == "unknown_rule"


@pytest.mark.parametrize("relief", [-1, True, 1.5, "5", 10**9 + 1, None], ids=repr)
def test_relief_is_whole_points_too(world: World, relief: Any) -> None:
    assert code_of(world, "charge", relief=relief) == "bad_amount"


@pytest.mark.parametrize("text", BAD_TEXTS, ids=lambda text: repr(text)[:12])
@pytest.mark.parametrize("field", ["key", "reason"])
@pytest.mark.parametrize("verb", VERBS)
def test_key_and_reason_are_short_and_readable(world: World, verb: str, field: str, text: Any) -> None:
    assert code_of(world, verb, **{field: text}) == "bad_text"


def test_200_characters_of_chinese_fit_into_key_and_reason(world: World) -> None:
    assert ledger.award(key="证" * 200, resident=world.li, price=exactly(1), by=world.system, reason="事" * 200)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 6, 1, 12),  # noqa: DTZ001
        datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC),
        datetime(2100, 1, 1, tzinfo=UTC), datetime(1999, 12, 31, tzinfo=UTC),
    ],
    ids=["naive", "year 9999", "year 1", "next century", "last century"],
)  # fmt: skip
@pytest.mark.parametrize("verb", VERBS)
def test_a_moment_has_a_zone_and_is_of_this_century(world: World, verb: str, at: datetime) -> None:
    assert code_of(world, verb, at=at) == "bad_moment"


@pytest.mark.parametrize("verb", VERBS)
def test_who_acts_is_known(world: World, verb: str) -> None:
    assert code_of(world, verb, by=User(pk=10**9)) == "unknown_account"


def test_an_unknown_resident_earns_and_spends_nothing(world: World) -> None:
    world.wang.pk = 10**9
    for verb in ("award", "award_many", "adjust", "charge"):
        assert code_of(world, verb) == "unknown_account"
    assert code_of(world, "charge", purse=True) == "unknown_account"


def test_an_unknown_provider_is_paid_nothing(world: World) -> None:
    assert code_of(world, "charge", provider=Community(pk=10**9)) == "unknown_account"


def test_an_unknown_entry_is_not_reversed(world: World) -> None:
    assert code_of(world, "reverse", entry=10**9) == code_of(world, "reverse", entry=2**70) == "unknown_account"


def test_a_key_of_another_kind_is_used_up(world: World) -> None:
    for_award = ledger.award(key="k", resident=world.wang, price=exactly(5), by=world.system, reason="试").entry
    assert for_award
    assert code_of(world, "charge") == code_of(world, "reverse", entry=for_award - 1) == "key_reused"


@pytest.mark.parametrize("moves", [[], [Move(1, 2, True)]], ids=repr)
def test_an_entry_has_moves_of_whole_points(world: World, moves: list[Move]) -> None:
    kind, community = Entry.Kind.CHARGE, world.wenxing
    with refuses(ledger.BadAmount):
        ledger.post(key="k", kind=kind, community=community, moves=moves, by=world.system, reason="试")
