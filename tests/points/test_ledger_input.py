"""Bad input to the ledger: each a refusal with a code, at once and not at commit, and nothing is booked."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from communities.models import Community, User
from core.refusals import Refused
from points import ledger
from points.ledger import Move
from points.models import Account, Entry
from tests.books import breaches, refuses
from tests.world import World

pytestmark = pytest.mark.django_db
BAD_AMOUNTS = [0, -1, 10**9 + 1, 2**63, 2**200, True, 1.0, 1.5, "5", Decimal(5), None]
BAD_TEXTS = ["", "  ", "k" * 201, "k" * 10_000, "a\x00b", "\ud800", None]


def code_of(world: World, verb: str = "award", **asked: Any) -> str:
    """The code of the refusal; the number of entries and accounts has not changed."""
    given = {
        "award": {"key": "k", "resident": world.wang, "amount": 5, "by": world.system, "reason": "试"},
        "charge": {
            "key": "k", "resident": world.wang, "amount": 5, "provider": world.wenxing, "by": world.system, "reason": "试",
        },
        "reverse": {"key": "k", "entry": Entry.objects.latest("pk").pk, "by": world.system, "reason": "试"},
    }[verb]  # fmt: skip
    before = Entry.objects.count(), Account.objects.count()
    with refuses(Refused) as refused:
        getattr(ledger, verb)(**given | asked)
    assert (Entry.objects.count(), Account.objects.count()) == before
    assert breaches() == []
    return refused.value.code


@pytest.mark.parametrize("amount", BAD_AMOUNTS, ids=repr)
@pytest.mark.parametrize("verb", ["award", "charge"])
def test_amounts_are_whole_points_from_1_to_10_to_the_9(world: World, verb: str, amount: Any) -> None:
    assert code_of(world, verb, amount=amount) == "bad_amount"


@pytest.mark.parametrize("relief", [-1, True, 1.5, "5", 10**9 + 1, None], ids=repr)
def test_relief_is_whole_points_too(world: World, relief: Any) -> None:
    assert code_of(world, "charge", relief=relief) == "bad_amount"


@pytest.mark.parametrize("text", BAD_TEXTS, ids=lambda text: repr(text)[:12])
@pytest.mark.parametrize("field", ["key", "reason"])
@pytest.mark.parametrize("verb", ["award", "charge", "reverse"])
def test_key_and_reason_are_short_and_readable(world: World, verb: str, field: str, text: Any) -> None:
    assert code_of(world, verb, **{field: text}) == "bad_text"


def test_200_characters_of_chinese_fit_into_key_and_reason(world: World) -> None:
    assert ledger.award(key="证" * 200, resident=world.li, amount=1, by=world.system, reason="事" * 200)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 6, 1, 12),  # noqa: DTZ001
        datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC),
        datetime(2100, 1, 1, tzinfo=UTC), datetime(1999, 12, 31, tzinfo=UTC),
    ],
    ids=["naive", "year 9999", "year 1", "next century", "last century"],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["award", "charge", "reverse"])
def test_a_moment_has_a_zone_and_is_of_this_century(world: World, verb: str, at: datetime) -> None:
    assert code_of(world, verb, at=at) == "bad_moment"


@pytest.mark.parametrize("verb", ["award", "charge", "reverse"])
def test_who_acts_is_known(world: World, verb: str) -> None:
    assert code_of(world, verb, by=User(pk=10**9)) == "unknown_account"


def test_an_unknown_resident_earns_and_spends_nothing(world: World) -> None:
    world.wang.pk = 10**9
    assert code_of(world, "award") == code_of(world, "charge") == "unknown_account"


def test_an_unknown_provider_is_paid_nothing(world: World) -> None:
    assert code_of(world, "charge", provider=Community(pk=10**9)) == "unknown_account"


def test_an_unknown_entry_is_not_reversed(world: World) -> None:
    assert code_of(world, "reverse", entry=10**9) == code_of(world, "reverse", entry=2**70) == "unknown_account"


def test_a_key_of_another_kind_is_used_up(world: World) -> None:
    for_award = ledger.award(key="k", resident=world.wang, amount=5, by=world.system, reason="试")
    assert code_of(world, "charge") == code_of(world, "reverse", entry=for_award - 1) == "key_reused"


@pytest.mark.parametrize("moves", [[], [Move(1, 2, True)]], ids=repr)
def test_an_entry_has_moves_of_whole_points(world: World, moves: list[Move]) -> None:
    kind, community = Entry.Kind.CHARGE, world.wenxing
    with refuses(ledger.BadAmount):
        ledger.post(key="k", kind=kind, community=community, moves=moves, by=world.system, reason="试")
