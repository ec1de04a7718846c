"""Moving, in the books: at every moment a community's outstanding points are those in the wallets of who lives there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from communities.models import Community, Household, Resident
from core import clock
from core.sql import ROOT
from points import adjusting, ledger, statement
from points.models import Account, Debt, Entry, Lot, Month, Share
from tests import world as cast
from tests.books import breaches, refuses
from tests.database import as_owner
from tests.points.acts import in_wallets
from tests.points.deeds import (
    at_home,
    charged,
    day,
    first_award,
    folded_through,
    ledger_share,
    lots,
    moved,
    taken_back,
    total,
)  # fmt: skip
from tests.points.shown import booked
from tests.world import World

STANDS = "points of a wallet stand in the community where its resident lives"


@pytest.fixture(autouse=True)
def sound(world: World) -> Iterator[None]:
    """Whatever a test does: the entries say what the wallets hold, community by community."""
    yield
    assert [one for one in breaches() if one[0] != "adjusting_breach"] == []  # where two people do not matter
    for place in (world.wenxing, world.yongan, world.hualin):
        assert total(place)["outstanding"] == in_wallets(place), place


def sums(place: Community) -> dict[str, int]:
    """The figures that are not nought, without what is outstanding."""
    return {word: figure for word, figure in total(place).items() if figure and word != "outstanding"}


def test_the_points_go_along_and_the_wallet_stays_as_it_was(world: World) -> None:
    charged(world, world.zhao, 30)
    before = (statement.lines(world.zhao), lots(world.zhao), list(Month.objects.values_list()))
    assert moved(world.zhao, world.yongan) == 170
    assert (statement.lines(world.zhao), lots(world.zhao), list(Month.objects.values_list())) == before
    assert sums(world.wenxing) == {"issued": 280, "spent": 30, "moved_out": 170}
    assert sums(world.yongan) == {"issued": 100, "moved_in": 170}
    entry = Entry.objects.get(kind=Entry.Kind.MOVE)
    assert (entry.community, entry.wallet) == (world.wenxing, world.zhao.wallet)
    ((source, destination, amount),) = entry.postings.values_list("source__kind", "destination__kind", "amount")
    assert (source, destination, amount) == ("transit", "transit", 170)


def test_who_has_no_points_moves_without_an_entry(world: World) -> None:
    assert moved(world.li, world.yongan) == 0
    assert not Entry.objects.filter(kind=Entry.Kind.MOVE).exists()
    cast.award(world.li, 7)
    assert sums(world.yongan) == {"issued": 107}


def test_what_comes_afterwards_is_booked_in_the_new_community(world: World) -> None:
    moved(world.zhao, world.yongan)
    cast.award(world.zhao, 5)
    by_two(world, 3)
    charged(world, world.zhao, 20)
    assert sums(world.wenxing) == {"issued": 280, "moved_out": 200}
    assert sums(world.yongan) == {"issued": 108, "moved_in": 200, "spent": 20}


def by_two(world: World, amount: int) -> None:
    """钱丽 of 永安 proposes, the sub-district approves."""
    asked = adjusting.propose(resident=world.zhao, amount=amount, reason="更正记录：漏记", by=world.qian)
    booked(world, asked, by=world.he, lister=world.qian)


def test_there_and_back_leaves_nothing_behind(world: World) -> None:
    moved(world.zhao, world.yongan)
    moved(world.zhao, world.wenxing)
    assert sums(world.wenxing) == {"issued": 280, "moved_out": 200, "moved_in": 200}
    assert sums(world.yongan) == {"issued": 100, "moved_out": 200, "moved_in": 200}


def test_an_award_taken_back_is_the_old_communitys_and_the_points_are_the_new_ones(world: World) -> None:
    moved(world.zhao, world.yongan)
    taken_back(world, first_award(world.zhao))
    assert sums(world.wenxing) == {"issued": 280, "moved_out": 200, "taken_back": 200, "moved_in": 200}
    assert sums(world.yongan) == {"issued": 100, "moved_in": 200, "moved_out": 200}
    assert statement.available(world.zhao) == 0


def test_a_course_of_the_old_days_is_refunded_to_who_has_moved(world: World) -> None:
    entry = charged(world, world.zhao, 60)
    moved(world.zhao, world.yongan)
    taken_back(world, entry)
    assert sums(world.wenxing) == {"issued": 280, "spent": 60, "moved_out": 200, "returned": 60}
    assert sums(world.yongan) == {"issued": 100, "moved_in": 200}
    assert lots(world.zhao) == [(200, 200)]


def test_a_debt_goes_along_and_its_issuer_is_paid_by_later_earnings(world: World) -> None:
    charged(world, world.wang, 50)
    moved(world.wang, world.yongan)
    taken_back(world, first_award(world.wang))
    assert Debt.objects.get().remaining == 50
    cast.award(world.wang, 70)
    assert (Debt.objects.get().remaining, statement.available(world.wang)) == (0, 20)
    settlement = Entry.objects.get(kind=Entry.Kind.SETTLEMENT)
    assert settlement.community == world.wenxing
    assert settlement.postings.get().destination.community == world.wenxing
    # 30 moved out and were fetched back with the award; the 50 of the debt came from 永安's wallets.
    assert sums(world.wenxing) == {"issued": 280, "spent": 50, "moved_out": 30, "taken_back": 80, "moved_in": 80}
    assert sums(world.yongan) == {"issued": 170, "moved_in": 30, "moved_out": 80}


def test_a_settlement_of_a_debt_from_before_the_move_and_its_award_taken_back(world: World) -> None:
    charged(world, world.wang, 50)
    taken_back(world, first_award(world.wang))
    moved(world.wang, world.yongan)
    paid = cast.award(world.wang, 50)
    taken_back(world, paid)
    assert Debt.objects.order_by("-pk")[0].remaining == 50


def test_points_past_their_day_expire_where_their_owner_lives(world: World) -> None:
    moved(world.zhao, world.yongan)
    later = day(2028, 1, 2)
    ledger.expire(by=world.system, limit=10, at=later)
    entry = Entry.objects.get(kind=Entry.Kind.EXPIRY, postings__source__resident=world.zhao)
    assert (entry.community, entry.postings.get().destination.community) == (world.yongan, world.yongan)


def test_an_expiry_of_the_old_days_is_given_back(world: World) -> None:
    ledger.expire(by=world.system, limit=10, at=day(2028, 1, 2))
    moved(world.zhao, world.yongan, at=day(2028, 1, 3))
    entry = Entry.objects.get(kind=Entry.Kind.EXPIRY, postings__source__resident=world.zhao)
    taken_back(world, entry.pk, at=day(2028, 1, 4))
    assert in_wallets(world.yongan) == 200


def test_a_refund_finds_rests_past_their_day_and_books_them_where_their_owner_lives(world: World) -> None:
    entry = charged(world, world.zhao, 60)
    moved(world.zhao, world.yongan)
    taken_back(world, entry, at=day(2028, 1, 2))
    assert Entry.objects.get(kind=Entry.Kind.EXPIRY).community == world.yongan
    assert lots(world.zhao) == [(200, 60)]


def test_what_a_purse_paid_returns_to_each_wherever_they_live(world: World) -> None:
    at_home(world.wang, world.zhao)
    entry = charged(world, world.wang, 100, purse=True)
    moved(world.zhao, world.yongan)
    assert not Share.objects.filter(resident=world.zhao, left_at=None).exists()
    assert Share.objects.filter(resident=world.wang, left_at=None).exists()
    with refuses(ledger.ShortOfPoints):
        charged(world, world.wang, 1, purse=True)
    taken_back(world, entry)
    assert (in_wallets(world.wenxing), in_wallets(world.yongan)) == (80, 300)


def test_a_household_that_has_moved_keeps_its_purse(world: World) -> None:
    at_home(world.wang, world.zhao)
    Household.objects.filter(pk=world.wang.household_id).update(community=world.yongan)
    for one in (world.wang, world.zhao):
        moved(one, world.yongan)
    assert Share.objects.filter(left_at=None).count() == 2
    charged(world, world.wang, 100, purse=True)
    assert sums(world.yongan) == {"issued": 100, "moved_in": 280, "spent": 100}


def test_two_wallets_of_two_communities_in_one_entry(world: World) -> None:
    """The general form allows it, when one of them is the community's own."""
    income = Account.objects.get(pk=Entry.objects.get(pk=charged(world, world.wang, 1)).postings.get().destination_id)
    moves = [ledger.Move(Account.objects.get(resident=one).pk, income.pk, 10) for one in (world.wang, world.zhou)]
    entry = ledger.post(
        key="two", kind=Entry.Kind.CHARGE, community=world.wenxing, moves=moves, by=world.system, reason="合用"
    )
    assert sums(world.wenxing) == {"issued": 280, "spent": 21, "moved_in": 10}
    carried = Entry.objects.get(key=f"carry:{entry}:{world.zhou.wallet.pk}")
    assert (carried.community, carried.reason) == (world.yongan, "居民现属永安社区：合用")
    taken_back(world, entry)
    assert sums(world.yongan) == {"issued": 100, "moved_out": 10, "moved_in": 10}


def test_the_same_key_brings_the_first_entry_back_though_the_resident_has_moved(world: World) -> None:
    income = Account.objects.get(pk=Entry.objects.get(pk=charged(world, world.wang, 1)).postings.get().destination_id)

    def acts() -> list[int]:
        moves = [ledger.Move(Account.objects.get(resident=world.zhao).pk, income.pk, 10)]
        who = {"resident": world.zhao, "by": world.system, "reason": "同一件事"}
        return [
            charged(world, world.zhao, 10, key="charge"),
            charged(world, world.zhao, 10, key="relief", relief=5),
            ledger.adjust(key="less", amount=-10, **who),
            ledger.adjust(key="more", amount=10, **who),
            ledger.award(key="award", price=cast.exactly(10), **who).entry or 0,
            ledger.post(
                key="post", kind=Entry.Kind.CHARGE, community=world.wenxing, moves=moves, by=world.system, reason="课"
            ),
        ]

    first = acts()
    moved(world.zhao, world.yongan)
    assert acts() == first
    with refuses(ledger.KeyReused):
        charged(world, world.zhou, 10, key="relief", relief=5)


def test_more_than_a_posting_holds_goes_as_several(world: World) -> None:
    for number in (1, 2):
        ledger.award(
            key=f"much {number}", resident=world.li, price=cast.exactly(10**9), by=world.system, reason="表彰"
        )  # fmt: skip
    cast.award(world.li, 5)
    assert moved(world.li, world.yongan) == 2 * 10**9 + 5
    assert sorted(Entry.objects.get(kind="move").postings.values_list("amount", flat=True)) == [5, 10**9, 10**9]


def test_a_move_is_not_reversed(world: World) -> None:
    moved(world.zhao, world.yongan)
    with refuses(ledger.UnknownAccount):
        taken_back(world, Entry.objects.get(kind="move").pk)


def test_estate_and_grid_stay_behind(world: World) -> None:
    moved(world.zhao, world.yongan)
    assert (world.zhao.estate, world.zhao.grid) == (None, None)


# --- what is refused


def state(statement: str, *arguments: object) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, arguments)
    except DatabaseError as error:
        return str(error.__cause__.sqlstate)  # type: ignore[union-attr]
    return "done"


def test_nobody_moves_to_where_they_live_or_out_of_the_sub_district(world: World) -> None:
    move = "SELECT points_move(%s, %s, %s, %s, '迁居')"
    who, now, by = world.zhao.pk, clock.now(), world.system.pk
    assert state(move, who, world.wenxing.pk, now, by) == "PB013"
    assert state(move, who, world.hualin.pk, now, by) == "PB013"
    for arguments in (
        [who, 0, now, by],
        [0, world.yongan.pk, now, by],
        [who, None, now, by],
        [who, world.yongan.pk, now, 0],
    ):
        assert state(move, *arguments) == "PB004"
    assert state(move, who, world.yongan.pk, None, by) == "PB007"
    assert Resident.objects.get(pk=who).community == world.wenxing


WRITE = "UPDATE communities_resident SET community_id = %s WHERE id = %s"


def test_the_application_cannot_move_anybody_past_the_books(world: World) -> None:
    for person in (world.zhao, world.li):  # with points and without
        assert state(WRITE, world.yongan.pk, person.pk) == "23001"
        assert (
            state(f"SELECT set_config('books.moving', '{person.pk}', true); {WRITE % (world.yongan.pk, person.pk)}")
            == "23001"
        )
        person.community = world.yongan
        with pytest.raises(DatabaseError, match="points_move"), transaction.atomic():
            person.save()
        person.refresh_from_db()
    assert state("UPDATE communities_resident SET id = 999999 WHERE id = %s", world.li.pk) == "23001"


def test_the_file_is_written_as_before_where_nobody_moves(world: World) -> None:
    assert state(WRITE, world.wenxing.pk, world.zhao.pk) == "done"
    world.zhao.name = "赵玉珍女士"
    world.zhao.save()


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_moves_anybody_in_passing(world: World) -> None:
    with as_owner():
        assert state(WRITE, world.yongan.pk, world.zhao.pk) == "23001"


@pytest.mark.django_db(transaction=True)
def test_who_was_moved_before_there_were_moves_is_squared(world: World) -> None:
    """What migration 0007 does, once, for books that are older."""
    charged(world, world.zhao, 30)
    ledger_share(world.wang)
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE communities_resident DISABLE TRIGGER moves_with_the_books")
        cursor.execute(WRITE, [world.yongan.pk, world.zhao.pk])
        cursor.execute("ALTER TABLE communities_resident ENABLE TRIGGER moves_with_the_books")
        assert {promise for _, promise, _ in breaches()} == {STANDS}
        cursor.execute((ROOT / "points/sql/0016_square.sql").read_text(encoding="utf-8"))
        cursor.execute((ROOT / "points/sql/0016_square.sql").read_text(encoding="utf-8"))
    assert sums(world.yongan) == {"issued": 100, "moved_in": 170}


# --- folding


@pytest.mark.django_db(transaction=True)
def test_both_communities_show_the_same_folded_or_not(world: World) -> None:
    moved(world.zhao, world.yongan)
    taken_back(world, first_award(world.zhao))
    seen = (total(world.wenxing), total(world.yongan))
    folded_through(clock.now() - timedelta(days=1))
    assert (total(world.wenxing), total(world.yongan)) == seen
    cast.award(world.zhao, 9)
    moved(world.zhao, world.wenxing)
    late = Community.objects.create(sub_district=world.street, name="新社区")  # it has no snapshot yet
    moved(world.wang, late)
    seen = (total(world.wenxing), total(world.yongan), total(late))
    folded_through(clock.now())
    assert (total(world.wenxing), total(world.yongan), total(late)) == seen
    assert total(late)["moved_in"] == in_wallets(late) == 80
    assert Lot.objects.filter(wallet__resident=world.wang).count() == 1
