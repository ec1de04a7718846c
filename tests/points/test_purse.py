"""家庭积分 in SQL: who consented pays for the household, the own points first; leaving takes the own wallet along."""

from collections.abc import Iterator
from datetime import date
from itertools import permutations

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from communities.models import Household, Resident
from core import clock
from core.sql import call
from points import ledger, statement
from points.models import Account, Draw, Entry, Posting, Share
from tests import world as cast
from tests.books import breaches, refuses
from tests.points.deeds import at_home, charged, day, ledger_share, ledger_unshare, lots, taken_back
from tests.races.together import in_background, until_somebody_waits_for_us
from tests.world import World, award, build

pytestmark = pytest.mark.django_db
NOW = day(2027, 3, 1)


@pytest.fixture(autouse=True)
def _books_are_sound(request: pytest.FixtureRequest, db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
        assert breaches() == []


@pytest.fixture
def home(world: World) -> World:
    """王秀兰 80, 李建国 nothing, 赵玉珍 200, in one household; all three share."""
    at_home(world.wang, world.li, world.zhao)
    return world


def bought(world: World, resident: Resident, amount: int, **more: object) -> int:
    return charged(world, resident, amount, purse=True, **more)


def available(*residents: Resident) -> list[int]:
    return [statement.available(resident) for resident in residents]


def test_the_own_points_go_first_and_the_others_pay_the_rest(home: World) -> None:
    entry = bought(home, home.wang, 100)
    assert available(home.wang, home.li, home.zhao) == [0, 0, 180]
    found = Entry.objects.get(pk=entry)
    assert (found.kind, found.payer.resident) == ("charge", home.wang)  # type: ignore[union-attr]
    assert Posting.objects.filter(entry=entry).count() == 2


def test_who_has_nothing_buys_with_the_household(home: World) -> None:
    bought(home, home.li, 250)
    assert sum(available(home.wang, home.li, home.zhao)) == 30


def test_what_expires_first_is_taken_first_among_the_others_and_then_by_wallet(home: World) -> None:
    """Own lots first though they last longer; of the others' lots the day decides, and on one day the wallet."""
    award(home.wang, 10, at=day(2026, 5, 1))
    later, sooner = award(home.zhao, 40), award(home.zhao, 30, at=day(2026, 5, 1))
    award(home.li, 7)
    entry = bought(home, home.li, 7 + 30 + 10 + 60)
    drawn = (
        Draw.objects.filter(posting__entry=entry)
        .order_by("pk")
        .values_list("lot__wallet__resident", "amount", "lot__posting__entry")
    )
    assert drawn[0][:2] == (home.li.pk, 7)
    assert {sooner} <= {lot for _, _, lot in drawn}
    assert later not in {lot for _, _, lot in drawn}
    assert available(home.li, home.wang, home.zhao) == [0, 80 + 10 - 10 - 60, 200 + 40 + 30 - 30]


def test_on_the_same_day_the_wallet_with_the_lower_number_pays(home: World) -> None:
    with time_machine.travel(NOW):
        wang, zhao = (Account.objects.get(resident=person).pk for person in (home.wang, home.zhao))
    bought(home, home.li, 70)
    first, second = (home.wang, home.zhao) if wang < zhao else (home.zhao, home.wang)
    full = {home.wang: 80, home.zhao: 200}
    assert available(first, second) == [full[first] - 70, full[second]]


def test_nothing_past_its_day_is_taken(home: World) -> None:
    with time_machine.travel(day(2029, 1, 1), tick=False):
        award(home.zhao, 5)
        with refuses(ledger.ShortOfPoints) as refused:
            bought(home, home.wang, 6)
        assert refused.value.missing == 1
        bought(home, home.wang, 5)
    assert lots(home.wang) == [(80, 80)]


def test_a_purse_that_is_short_says_how_many_and_takes_nothing(home: World) -> None:
    with refuses(ledger.ShortOfPoints) as refused:
        bought(home, home.wang, 281)
    assert refused.value.missing == 1
    assert available(home.wang, home.zhao) == [80, 200]
    bought(home, home.wang, 280)


def test_relief_pays_its_part_beside_the_purse(home: World) -> None:
    entry = bought(home, home.wang, 90, relief=60)
    moves = (
        Posting.objects.filter(entry=entry).order_by("pk").values_list("source__kind", "destination__kind", "amount")
    )
    assert list(moves) == [("wallet", "income", 80), ("wallet", "income", 10), ("relief", "income", 60)]


def test_the_same_key_buys_once(home: World) -> None:
    assert bought(home, home.wang, 90, key="k") == bought(home, home.wang, 90, key="k")
    assert available(home.wang, home.zhao) == [0, 190]
    for more in ({"amount": 91}, {"relief": 1}, {"provider": home.yongan}):
        with refuses(ledger.KeyReused):
            bought(home, home.wang, **{"amount": 90, "key": "k"} | more)
    with refuses(ledger.KeyReused):
        bought(home, home.zhao, 90, key="k")
    with refuses(ledger.KeyReused):
        charged(home, home.wang, 90, key="k")


def test_a_purse_that_is_given_back_returns_to_each(home: World) -> None:
    award(home.zhao, 30)
    before = lots(home.wang), lots(home.zhao)
    entry = bought(home, home.wang, 300, relief=10)
    taken_back(home, entry)
    assert (lots(home.wang), lots(home.zhao)) == before


def test_who_left_gets_back_what_was_paid_before(home: World) -> None:
    entry = bought(home, home.wang, 100)
    ledger_unshare(home.zhao)
    taken_back(home, entry)
    assert available(home.wang, home.zhao) == [80, 200]


def test_who_left_is_not_asked_any_more(home: World) -> None:
    assert ledger_unshare(home.zhao) is True
    with refuses(ledger.ShortOfPoints):
        bought(home, home.wang, 81)
    assert ledger_unshare(home.zhao) is False
    with refuses(ledger.NoPurse):
        bought(home, home.zhao, 1)


def test_who_moved_to_another_household_is_not_asked_and_may_not_ask(home: World) -> None:
    elsewhere = Household.objects.create(community=home.wenxing)
    Resident.objects.filter(pk=home.zhao.pk).update(household=elsewhere)
    with refuses(ledger.ShortOfPoints):
        bought(home, home.wang, 81)
    with refuses(ledger.NoPurse):
        bought(home, home.zhao, 1)


def test_a_consent_of_another_household_does_not_count_in_the_new_one(home: World) -> None:
    new = cast.resident(home.wenxing, "新家", born=date(1970, 1, 1))
    ledger_share(new)
    award(new, 50)
    Resident.objects.filter(pk=home.zhao.pk).update(household=new.household)
    with refuses(ledger.ShortOfPoints):
        bought(home, new, 51)
    ledger_share(home.zhao)
    bought(home, new, 51)
    assert available(home.zhao) == [199]
    assert Share.objects.filter(resident=home.zhao, left_at=None).get().household_id == new.household_id
    assert Share.objects.filter(resident=home.zhao).count() == 2


def test_who_lives_there_and_never_consented_is_not_asked(home: World) -> None:
    Resident.objects.filter(pk=home.zhou.pk).update(household=home.wang.household)
    with refuses(ledger.ShortOfPoints):
        bought(home, home.wang, 281)
    assert available(home.zhou) == [100]


def test_who_does_not_share_has_no_purse(world: World) -> None:
    with refuses(ledger.NoPurse):
        bought(world, world.wang, 10)


def test_joining_twice_is_one_consent(home: World) -> None:
    assert ledger_share(home.wang) == ledger_share(home.wang)
    assert Share.objects.filter(resident=home.wang).count() == 1


def test_joining_again_is_a_new_consent(home: World) -> None:
    first = ledger_share(home.wang)
    ledger_unshare(home.wang)
    assert ledger_share(home.wang) != first
    assert Share.objects.filter(resident=home.wang, left_at=None).count() == 1


def test_who_has_no_household_shares_with_nobody(world: World) -> None:
    Resident.objects.filter(pk=world.li.pk).update(household=None)
    assert state_of("SELECT points_share(%s, %s, %s)", world.li.pk, NOW, world.system.pk) == "PB011"


@pytest.mark.parametrize("function", ["points_share", "points_unshare"])
def test_nobody_and_never_share_nothing(world: World, function: str) -> None:
    statement = f"SELECT {function}(%s, %s, %s)"
    for resident in (10**9, None):
        assert state_of(statement, resident, NOW, world.system.pk) == "PB004"
    assert state_of(statement, world.wang.pk, NOW, None) == "PB004"
    assert state_of(statement, world.wang.pk, None, world.system.pk) == "PB007"


def state_of(statement: str, *arguments: object) -> str:
    """The SQLSTATE of the refusal."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        call(statement, *arguments)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(error.value.__cause__.sqlstate)  # type: ignore[union-attr]


def test_all_who_buy_in_turn_take_the_same_in_any_order(home: World) -> None:
    """Whoever presses the button: the household holds the same afterwards."""
    found = set()
    for order in permutations([home.wang, home.li, home.zhao]):
        with transaction.atomic():
            for person in order:
                bought(home, person, 60)
            found.add(sum(available(home.wang, home.li, home.zhao)))
            transaction.set_rollback(True)
    assert found == {100}


@pytest.mark.django_db(transaction=True)
def test_who_joins_while_another_pays_is_not_drawn_on_unlocked() -> None:
    """李建国 consents between the look for wallets and the purchase: his wallet is not locked, and so it is left alone."""
    world = build()
    at_home(world.wang, world.zhao)
    Resident.objects.filter(pk=world.li.pk).update(household=world.wang.household)
    award(world.li, 50)
    charged(world, world.wang, 1)  # opens the pot
    with transaction.atomic():
        charged(world, world.zhao, 1)  # holds the wallet that the purchase waits for
        answer = in_background(lambda: bought(world, world.wang, 300))
        until_somebody_waits_for_us()
        in_background(lambda: ledger_share(world.li))()
    refused = answer()
    assert isinstance(refused, ledger.ShortOfPoints)
    assert refused.missing == 300 - 79 - 199
    assert available(world.wang, world.li, world.zhao) == [79, 50, 199]


@pytest.mark.django_db(transaction=True)
def test_who_leaves_while_another_pays_keeps_what_is_left() -> None:
    world = build()
    at_home(world.wang, world.zhao)
    with transaction.atomic():
        ledger_unshare(world.zhao)  # holds the wallet
        answer = in_background(lambda: bought(world, world.wang, 100))
        until_somebody_waits_for_us()
    assert isinstance(answer(), ledger.ShortOfPoints)
    assert available(world.wang, world.zhao) == [80, 200]
    assert clock.now() == NOW
