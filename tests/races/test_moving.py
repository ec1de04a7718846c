"""Somebody moves while something is booked on the wallet: whoever comes second sees what the first left, and the books follow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from communities.duties import NotYourDuty
from communities.models import Household, Resident
from core import clock
from points import adjusting, folding, ledger
from points.models import Account, Entry
from tests import world as cast
from tests.books import breaches
from tests.points.acts import in_wallets
from tests.points.deeds import at_home, charged, first_award, moved, taken_back, total
from tests.races.together import at_once, in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


def one_after_the_other(first: Act, second: Act) -> object:
    """What became of `second`, begun while `first` is done and not committed, ended when it is."""
    with transaction.atomic():
        first()
        answer = in_background(second)
        until_somebody_waits_for_us()
    return answer()


def tied(world: World) -> None:
    assert breaches() == []
    for place in (world.wenxing, world.yongan):
        assert total(place)["outstanding"] == in_wallets(place)


@pytest.fixture
def acts(world: World) -> dict[str, Act]:
    """What may meet a move of 赵玉珍, whose household moves with her."""
    at_home(world.zhao, world.wang)
    spent = charged(world, world.zhao, 40)
    Household.objects.filter(pk=world.zhao.household_id).update(community=world.yongan)
    charged(world, world.zhou, 1)  # opens pots, so that nobody waits for anything but the wallet
    return {
        "award": lambda: cast.award(world.zhao, 9),
        "charge": lambda: charged(world, world.zhao, 9),
        "purse": lambda: charged(world, world.zhao, 9, purse=True),
        "take back": lambda: taken_back(world, first_award(world.zhao)),
        "refund": lambda: taken_back(world, spent),
    }


@pytest.mark.parametrize("name", ["award", "charge", "purse", "take back", "refund"])
def test_what_waited_at_the_wallet_reaches_the_new_community(world: World, acts: dict[str, Act], name: str) -> None:
    mover = Resident.objects.get(pk=world.zhao.pk)
    answer = one_after_the_other(lambda: moved(mover, world.yongan), acts[name])
    assert isinstance(answer, int), answer
    assert Entry.objects.filter(key=f"carry:{answer}:{Account.objects.get(resident=mover).pk}").count() == 1
    tied(world)


@pytest.mark.parametrize("name", ["award", "charge", "purse", "take back", "refund"])
def test_a_move_waits_for_what_is_being_booked(world: World, acts: dict[str, Act], name: str) -> None:
    mover = Resident.objects.get(pk=world.zhao.pk)
    answer = one_after_the_other(acts[name], lambda: moved(mover, world.yongan))
    assert answer == Account.objects.get(resident=mover).balance
    tied(world)


def test_the_first_points_of_somebody_who_moves_meanwhile(world: World) -> None:
    """The wallet itself is opened by both."""
    mover = Resident.objects.get(pk=world.li.pk)
    assert isinstance(one_after_the_other(lambda: moved(mover, world.yongan), lambda: cast.award(world.li, 9)), int)
    tied(world)
    assert in_wallets(world.yongan) == 109


def test_two_counters_take_the_same_person_in_once(world: World) -> None:
    third = type(world.wenxing).objects.create(sub_district=world.street, name="第三社区")
    people = [Resident.objects.get(pk=world.zhao.pk) for _ in range(2)]
    answers = [
        one_after_the_other(lambda: moved(people[0], world.yongan), lambda: moved(people[1], world.yongan)),
        moved(people[0], third),
    ]
    assert "does not move" in str(answers[0])
    assert answers[1] == 200
    tied(world)


def test_an_expiry_and_a_move_at_once(world: World) -> None:
    later = clock.now() + timedelta(days=800)
    mover = Resident.objects.get(pk=world.zhao.pk)
    answer = one_after_the_other(
        lambda: moved(mover, world.yongan), lambda: ledger.expire(by=world.system, limit=100, at=later)
    )
    assert answer == ledger.Expired(3, 380)
    assert Entry.objects.get(kind="expiry", postings__source__resident=mover).community == world.yongan
    tied(world)


def test_many_movers_and_bookers_and_a_fold_at_once(world: World) -> None:
    movers = [world.zhao, world.wang, world.li]

    def go(person: Resident) -> Act:
        own = Resident.objects.get(pk=person.pk)

        def there_and_back() -> int:
            for _ in range(6):
                moved(own, world.yongan if own.community_id == world.wenxing.pk else world.wenxing)
            return 0

        return there_and_back

    def book(number: int) -> Act:
        def some() -> int:
            for turn in range(12):
                person = movers[(number + turn) % 3]
                given = cast.award(person, 3)
                if turn % 3 == 0:
                    taken_back(world, given, key=f"back:{number}:{turn}")
                folding.fold(at=clock.now())
            return 0

        return some

    assert at_once([*map(go, movers), *map(book, range(3))]) == [0] * 6
    tied(world)


def test_a_proposal_that_waits_for_a_move_is_the_new_communitys(world: World) -> None:
    """A lock with a join would lose the row: its community is another when the wait is over."""
    mover = Resident.objects.get(pk=world.zhao.pk)
    answer = one_after_the_other(
        lambda: moved(mover, world.yongan),
        lambda: adjusting.propose(resident=world.zhao, amount=5, reason="漏记", by=world.zhang),
    )
    assert isinstance(answer, NotYourDuty), answer
