"""待抵扣 in the books: an award that was spent is taken back all the same; what is missing is paid first from what comes later."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from points import ledger, statement
from points.models import Account, Debt, Draw, Entry, Month, Posting
from tests.books import breaches, refuses
from tests.points.deeds import adjusted, charged, day, first_award, lots, priced, taken_back
from tests.world import World, award, exactly

pytestmark = pytest.mark.django_db
NOW = day(2026, 11, 20)
SWEPT = day(2028, 1, 5)


@pytest.fixture(autouse=True)
def _books_are_sound(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
        assert breaches() == []


def debts(world: World) -> list[tuple[int, int, int]]:
    """(owed, expired, still to pay) of 王秀兰, the oldest first."""
    mine = Debt.objects.filter(wallet__resident=world.wang).order_by("pk")
    return list(mine.values_list("owed", "lapsed", "remaining"))


def settled() -> list[int]:
    """What was paid, one number a settlement."""
    return list(Posting.objects.filter(entry__kind="settlement").order_by("pk").values_list("amount", flat=True))


def owing(world: World, amount: int) -> int:
    """王秀兰 earned `amount`, spent all, and it was taken back; the number of the reversal."""
    earned = award(world.wang, amount)
    charged(world, world.wang, statement.available(world.wang))
    return taken_back(world, earned)


def test_what_was_spent_stays_as_a_debt_and_the_wallet_never_goes_below_zero(world: World) -> None:
    charged(world, world.wang, 30)
    back = taken_back(world, first_award(world.wang))
    assert debts(world) == [(30, 0, 30)]
    assert Debt.objects.get().entry_id == back
    assert Posting.objects.get(entry=back).amount == 50
    assert Account.objects.get(resident=world.wang).balance == 0


def test_its_own_lot_is_taken_first(world: World) -> None:
    """Though the other expires first."""
    with time_machine.travel(day(2027, 2, 1), tick=False):
        mistaken = award(world.wang, 50)
        taken_back(world, mistaken)
    assert lots(world.wang) == [(80, 80), (50, 0)]


def test_the_other_lots_give_first_to_expire_first(world: World) -> None:
    with time_machine.travel(day(2027, 2, 1), tick=False):
        mistaken = award(world.wang, 30)
        charged(world, world.wang, 110)
        later = award(world.wang, 20)
        sooner = award(world.wang, 20, at=day(2026, 6, 1))
        back = taken_back(world, mistaken)
    drawn = Draw.objects.filter(posting__entry=back).order_by("pk").values_list("lot__posting__entry", "amount")
    assert list(drawn) == [(sooner, 20), (later, 10)]
    assert debts(world) == []


def test_enough_in_other_lots_leaves_no_debt(world: World) -> None:
    mistaken = first_award(world.wang)
    award(world.wang, 500)
    charged(world, world.wang, 1)
    taken_back(world, mistaken)
    assert lots(world.wang) == [(80, 0), (500, 499)]
    assert debts(world) == []


def test_points_past_their_day_are_not_taken_for_another_award(world: World) -> None:
    """What nobody swept yet cannot be spent, and so it pays nothing either."""
    with time_machine.travel(day(2027, 6, 1), tick=False):
        mistaken = award(world.wang, 30)
        award(world.wang, 5)
    with time_machine.travel(SWEPT, tick=False):
        charged(world, world.wang, 30)
        taken_back(world, mistaken)
    assert lots(world.wang) == [(80, 80), (30, 0), (5, 0)]
    assert debts(world) == [(25, 0, 25)]


def test_its_own_lot_is_taken_though_it_is_past_its_day(world: World) -> None:
    charged(world, world.wang, 30)
    taken_back(world, first_award(world.wang), at=SWEPT)
    assert debts(world) == [(30, 0, 30)]


def test_what_had_expired_is_not_owed(world: World) -> None:
    charged(world, world.wang, 30)
    ledger.expire(by=world.system, limit=10, at=SWEPT)
    back = taken_back(world, first_award(world.wang), at=SWEPT)
    assert debts(world) == [(30, 50, 30)]
    assert not Posting.objects.filter(entry=back).exists()


def test_what_had_expired_wholly_leaves_a_record_and_nothing_to_pay(world: World) -> None:
    ledger.expire(by=world.system, limit=10, at=SWEPT)
    taken_back(world, first_award(world.wang), at=SWEPT)
    assert debts(world) == [(0, 80, 0)]
    award(world.wang, 10)
    assert settled() == []


def test_what_expired_was_given_back_and_spent_is_owed(world: World) -> None:
    ledger.expire(by=world.system, limit=10, at=SWEPT)
    taken_back(world, Entry.objects.get(kind="expiry", postings__source__resident=world.wang).pk, at=SWEPT)
    charged(world, world.wang, 80, at=SWEPT)
    taken_back(world, first_award(world.wang), at=SWEPT)
    assert debts(world) == [(80, 0, 80)]


def test_what_expired_twice_is_left_out_once(world: World) -> None:
    ledger.expire(by=world.system, limit=10, at=SWEPT)
    taken_back(world, Entry.objects.get(kind="expiry", postings__source__resident=world.wang).pk, at=SWEPT)
    later = day(2028, 6, 1)
    ledger.expire(by=world.system, limit=10, at=later)
    taken_back(world, first_award(world.wang), at=later)
    assert debts(world) == [(0, 80, 0)]


def test_the_next_award_pays_at_once_and_the_line_after_it_says_so(world: World) -> None:
    owing(world, 20)
    award(world.wang, 15)
    assert debts(world) == [(20, 0, 5)]
    assert statement.available(world.wang) == 0
    award(world.wang, 15)
    assert debts(world) == [(20, 0, 0)]
    assert settled() == [15, 5]
    assert statement.available(world.wang) == 10
    lines = list(Posting.objects.filter(entry__kind="settlement").select_related("entry").order_by("pk"))
    assert [line.source_balance for line in lines] == [0, 10]
    assert {(line.entry.reason, line.entry.community_id) for line in lines} == {("抵扣：记录有误", world.wenxing.pk)}


def test_a_debt_that_is_paid_asks_for_nothing_more(world: World) -> None:
    owing(world, 20)
    award(world.wang, 20)
    award(world.wang, 20)
    assert settled() == [20]
    assert statement.available(world.wang) == 20


def test_the_oldest_debt_is_paid_first(world: World) -> None:
    earned = award(world.wang, 20), award(world.wang, 30)
    charged(world, world.wang, 130)
    first, second = (taken_back(world, entry) for entry in earned)
    assert debts(world) == [(20, 0, 20), (30, 0, 30)]
    award(world.wang, 35)
    assert debts(world) == [(20, 0, 0), (30, 0, 15)]
    paid = Entry.objects.filter(kind="settlement").order_by("pk").values_list("settles__entry", flat=True)
    assert list(paid) == [first, second]


def test_nobody_pays_for_another(world: World) -> None:
    owing(world, 20)
    award(world.li, 20)
    assert statement.available(world.li) == 20
    assert debts(world) == [(20, 0, 20)]


def test_a_plus_adjustment_pays_too(world: World) -> None:
    owing(world, 20)
    adjusted(world, world.wang, 50)
    assert debts(world) == [(20, 0, 0)]
    assert statement.available(world.wang) == 30


def test_what_is_given_back_pays_nothing(world: World) -> None:
    mistaken = award(world.wang, 20)
    spent = charged(world, world.wang, 100)
    taken_back(world, mistaken)
    taken_back(world, spent)
    assert statement.available(world.wang) == 100
    assert debts(world) == [(20, 0, 20)]
    assert settled() == []


def test_an_award_that_paid_a_debt_and_is_taken_back_is_owed_in_its_place(world: World) -> None:
    owing(world, 20)
    taken_back(world, award(world.wang, 25))
    assert debts(world) == [(20, 0, 0), (20, 0, 20)]


def test_a_settlement_is_not_reversed(world: World) -> None:
    owing(world, 20)
    award(world.wang, 20)
    with refuses(ledger.UnknownAccount):
        taken_back(world, Entry.objects.get(kind="settlement").pk)


def test_taking_back_twice_owes_once(world: World) -> None:
    charged(world, world.wang, 30)
    mistaken = first_award(world.wang)
    assert taken_back(world, mistaken, key="r") == taken_back(world, mistaken, key="r")
    with refuses(ledger.AlreadyReversed):
        taken_back(world, mistaken, key="again")
    assert debts(world) == [(30, 0, 30)]


def test_an_award_with_a_cap_pays_from_what_it_gave(world: World) -> None:
    owing(world, 30)
    price = priced(world.wang, "ENV", 300)
    found = ledger.award(key="k", resident=world.wang, price=price, by=world.system, reason="志愿服务")
    assert found.given == 40
    assert statement.available(world.wang) == 10


def test_a_key_that_comes_again_pays_no_debt_of_later(world: World) -> None:
    price = exactly(40)

    def again() -> None:
        ledger.award(key="k", resident=world.wang, price=price, by=world.system, reason="志愿服务")

    again()
    charged(world, world.wang, 120)
    taken_back(world, first_award(world.wang))
    again()
    assert debts(world) == [(80, 0, 80)]
    assert settled() == []


def test_an_adjustment_below_zero_takes_and_one_above_gives(world: World) -> None:
    adjusted(world, world.wang, -30)
    adjusted(world, world.li, 25)
    assert (statement.available(world.wang), statement.available(world.li)) == (50, 25)
    assert lots(world.li) == [(25, 25)]
    assert Month.objects.get(wallet__resident=world.wang, month=date(2026, 11, 1)).earned == 50


def test_an_adjustment_takes_no_more_than_there_is(world: World) -> None:
    with refuses(ledger.ShortOfPoints) as refused:
        ledger.adjust(key="k", resident=world.wang, amount=-81, by=world.system, reason="更正")
    assert refused.value.missing == 1
    assert lots(world.wang) == [(80, 80)]


def test_an_adjustment_is_taken_back_both_ways(world: World) -> None:
    taken, given = adjusted(world, world.wang, -30), adjusted(world, world.li, 25)
    taken_back(world, taken)
    charged(world, world.li, 5)
    taken_back(world, given)
    assert lots(world.wang) == [(80, 80)]
    assert lots(world.li) == [(25, 0)]
    assert Debt.objects.get().remaining == 5


def test_the_key_of_an_adjustment_is_for_one_amount(world: World) -> None:
    def adjust(amount: int) -> int:
        return ledger.adjust(key="k", resident=world.li, amount=amount, by=world.system, reason="更正")

    with refuses(ledger.KeyReused):  # nothing stays: the books ask for two people (adjusting_breach)
        assert adjust(25) == adjust(25)
        assert lots(world.li) == [(25, 25)]
        adjust(-25)


def test_what_expired_of_an_award_that_was_taken_back_does_not_return(world: World) -> None:
    award_entry = first_award(world.wang)
    with time_machine.travel(SWEPT, tick=False):
        ledger.expire(by=world.system, limit=100)
        taken_back(world, award_entry)
        assert debts(world) == [(0, 80, 0)]
        expiry = Entry.objects.get(kind="expiry", postings__source__resident=world.wang).pk
        with refuses(ledger.AlreadyReversed):
            taken_back(world, expiry)
    assert lots(world.wang) == [(80, 0)]
