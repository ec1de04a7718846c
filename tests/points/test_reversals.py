"""Taking back what was booked: every lot gets its own again, whatever happened to it meanwhile."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest

from communities import settings
from communities.models import Setting
from core import clock
from points import ledger, statement
from points.ledger import Move
from points.models import Account, Entry, Lot, Posting
from tests import world as cast
from tests.books import breaches, refuses
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = clock.today().year
LATE = clock.at(date(YEAR + 2, 2, 1), time(9))


@pytest.fixture(autouse=True)
def _books_are_sound(db: None) -> Iterator[None]:
    yield
    assert breaches() == []


def charge(world: World, amount: int, key: str = "c", relief: int = 0) -> int:
    return ledger.charge(
        key=key, resident=world.wang, amount=amount, relief=relief, provider=world.yongan, by=world.system, reason="夜校",
    )  # fmt: skip


def reverse(world: World, entry: int, key: str = "r", at: datetime | None = None) -> int:
    return ledger.reverse(key=key, entry=entry, by=world.system, reason="退课", at=at)


def grace(world: World, days: int) -> None:
    Setting.objects.create(
        sub_district=world.street, key=settings.REVERSAL_GRACE_DAYS.key, value=days, starts_on=clock.today(), by=world.he,
    )  # fmt: skip


def lots(world: World) -> list[tuple[int, int]]:
    """(earned, remaining) of 王秀兰's lots, the oldest first."""
    return list(Lot.objects.filter(wallet__resident=world.wang).order_by("pk").values_list("earned", "remaining"))


def test_each_of_several_lots_gets_its_own_back(world: World) -> None:
    cast.award(world.wang, 20)
    cast.award(world.wang, 5)
    entry = charge(world, 103)
    assert lots(world) == [(80, 0), (20, 0), (5, 2)]
    reverse(world, entry)
    assert lots(world) == [(80, 80), (20, 20), (5, 5)]


def test_a_purse_of_two_members_returns_to_both(world: World) -> None:
    charge(world, 1, key="opens the pot")
    income = Account.objects.get(kind="income").pk
    wang, zhao = (Account.objects.get(resident=person).pk for person in (world.wang, world.zhao))
    moves = [Move(zhao, income, 90), Move(wang, income, 60), Move(zhao, income, 10)]
    kind, community = Entry.Kind.CHARGE, world.wenxing
    entry = ledger.post(key="purse", kind=kind, community=community, moves=moves, by=world.system, reason="家庭积分")
    assert (statement.available(world.wang), statement.available(world.zhao)) == (19, 100)
    reverse(world, entry)
    assert (statement.available(world.wang), statement.available(world.zhao)) == (79, 200)


def test_relief_goes_back_to_the_relief_and_not_to_the_wallet(world: World) -> None:
    back = reverse(world, charge(world, 30, relief=30))
    moves = Posting.objects.filter(entry=back).values_list("source__kind", "destination__kind", "amount")
    assert set(moves) == {("income", "wallet", 30), ("income", "relief", 30)}
    assert statement.available(world.wang) == 80


def test_what_was_paid_by_relief_alone_is_reversed_once_too(world: World) -> None:
    entry = charge(world, 0, relief=60)
    assert reverse(world, entry) == reverse(world, entry)
    with refuses(ledger.AlreadyReversed):
        reverse(world, entry, key="again")


def test_an_award_that_was_spent_and_returned_can_be_taken_back(world: World) -> None:
    award = Entry.objects.get(postings__destination__resident=world.wang).pk
    reverse(world, charge(world, 30), key="returned")
    reverse(world, award, key="taken back")
    assert statement.available(world.wang) == 0


def test_an_award_that_was_spent_is_taken_from_another_lot(world: World) -> None:
    award = Entry.objects.get(postings__destination__resident=world.wang).pk
    cast.award(world.wang, 500)
    charge(world, 1)
    reverse(world, award)
    assert lots(world) == [(80, 0), (500, 499)]


def test_an_award_past_its_day_that_nobody_swept_is_taken_back(world: World) -> None:
    reverse(world, Entry.objects.get(postings__destination__resident=world.wang).pk, at=LATE)
    assert lots(world) == [(80, 0)]


def test_what_returns_late_gets_the_grace_in_each_lot_and_no_rest_comes_with_it(world: World) -> None:
    cast.award(world.wang, 20, at=clock.at(date(YEAR + 1, 1, 1), time()))
    entry = charge(world, 90)
    reverse(world, entry, at=LATE)
    found = Lot.objects.filter(wallet__resident=world.wang).order_by("pk").values_list("remaining", "expires_on")
    assert list(found) == [(80, clock.local(LATE).date() + timedelta(days=30)), (20, date(YEAR + 2, 12, 31))]


def test_late_returns_one_after_the_other_each_end_and_begin_a_grace(world: World) -> None:
    first, second, third = (charge(world, 10, key=f"c{n}") for n in range(3))
    reverse(world, first, key="r1", at=LATE)
    assert statement.available(world.wang, at=LATE) == 10
    reverse(world, second, key="r2", at=LATE)
    assert statement.available(world.wang, at=LATE) == 20
    later = LATE + timedelta(days=31)
    reverse(world, third, key="r3", at=later)
    assert statement.available(world.wang, at=later) == 10
    assert Entry.objects.filter(kind="expiry").count() == 2


def test_without_grace_points_that_return_late_last_for_that_day(world: World) -> None:
    grace(world, 0)
    charges = [charge(world, 10, key=f"c{n}") for n in range(4)]
    for days, entry in zip((0, 0, 1, 1), charges, strict=True):
        reverse(world, entry, key=f"r{entry}", at=LATE + timedelta(days=days))
    assert statement.available(world.wang, at=LATE + timedelta(days=1)) == 20
    assert statement.available(world.wang, at=LATE + timedelta(days=2)) == 0


def test_two_moves_from_one_lot_return_late_with_one_expiry(world: World) -> None:
    charge(world, 1, key="opens the pot")
    income, wang = Account.objects.get(kind="income").pk, Account.objects.get(resident=world.wang).pk
    moves = [Move(wang, income, 10), Move(wang, income, 20)]
    kind, community = Entry.Kind.CHARGE, world.wenxing
    entry = ledger.post(key="two", kind=kind, community=community, moves=moves, by=world.system, reason="两项")
    reverse(world, entry, at=LATE)
    assert statement.available(world.wang, at=LATE) == 30
    assert Entry.objects.filter(kind="expiry").count() == 1


def test_a_reversal_that_is_refused_expires_nothing(world: World) -> None:
    entry = charge(world, 30)
    reverse(world, entry)
    with refuses(ledger.AlreadyReversed):
        reverse(world, entry, key="again", at=LATE)
    assert lots(world) == [(80, 80)]


def test_what_expired_by_a_late_return_can_be_given_back_with_grace(world: World) -> None:
    reverse(world, charge(world, 30), at=LATE)
    expiry = Entry.objects.get(kind="expiry")
    reverse(world, expiry.pk, key="mercy", at=LATE)
    assert statement.available(world.wang, at=LATE) == 80


def test_what_was_taken_back_was_not_earned_this_month(world: World) -> None:
    mistaken = cast.award(world.wang, 300)
    assert statement.wallet(world.wang).earned_this_month == 380
    reverse(world, mistaken)
    assert statement.wallet(world.wang).earned_this_month == 80
