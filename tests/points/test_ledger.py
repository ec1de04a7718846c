"""The books' verbs: what they book, what they refuse, and that every promise holds afterwards."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from core import clock
from points import ledger, statement
from points.ledger import Move
from points.models import Account, Debt, Draw, Entry, Lot, Posting
from tests.books import breaches, refuses
from tests.world import World, award

pytestmark = pytest.mark.django_db


def charge(world: World, amount: int, key: str = "charge:1", relief: int = 0, at: datetime | None = None) -> int:
    return ledger.charge(
        key=key, resident=world.wang, amount=amount, relief=relief, provider=world.wenxing,
        by=world.system, reason="夜校", at=at,
    )  # fmt: skip


def in_year(year: int) -> datetime:
    return clock.at(date(year, 6, 1), clock.local(clock.now()).time())


def test_an_award_opens_a_lot_that_lasts_to_the_end_of_the_next_year(world: World) -> None:
    award(world.li, 40, at=in_year(2026))
    lot = Lot.objects.get(wallet__resident=world.li)
    assert (lot.earned, lot.remaining, lot.expires_on) == (40, 40, date(2027, 12, 31))
    assert breaches() == []


def test_a_charge_draws_the_lot_that_expires_first(world: World) -> None:
    now = in_year(2027)
    award(world.li, 50, at=now)
    award(world.li, 30, at=in_year(2026))  # booked later, expires earlier
    ledger.charge(key="c", resident=world.li, amount=40, provider=world.wenxing, by=world.system, reason="夜校", at=now)
    left = dict(Lot.objects.filter(wallet__resident=world.li).values_list("earned", "remaining"))
    assert left == {30: 0, 50: 40}
    assert sorted(Draw.objects.filter(posting__entry__key="c").values_list("amount", flat=True)) == [10, 30]
    assert breaches() == []


def test_a_lot_past_its_day_cannot_be_spent_though_no_sweep_ran(world: World) -> None:
    last = clock.at(date(clock.today().year + 1, 12, 31), datetime.max.time())
    assert statement.available(world.wang, at=last) == 80
    after = last + timedelta(seconds=1)
    assert statement.available(world.wang, at=after) == 0
    with refuses(ledger.ShortOfPoints) as refused:
        charge(world, 1, at=after)
    assert refused.value.missing == 1
    charge(world, 1, at=last)


def test_who_lacks_points_is_told_how_many(world: World) -> None:
    with refuses(ledger.ShortOfPoints) as refused:
        charge(world, 100)
    assert refused.value.missing == 20


def test_who_never_earned_has_no_wallet_and_lacks_all(world: World) -> None:
    with refuses(ledger.ShortOfPoints) as refused:
        ledger.charge(key="c", resident=world.li, amount=5, provider=world.wenxing, by=world.system, reason="夜校")
    assert refused.value.missing == 5


def test_relief_is_a_posting_of_its_own(world: World) -> None:
    entry = charge(world, 30, relief=30)
    moves = Posting.objects.filter(entry=entry).values_list("source__kind", "destination__kind", "amount")
    assert set(moves) == {("wallet", "income", 30), ("relief", "income", 30)}
    assert statement.available(world.wang) == 50
    assert breaches() == []


def test_full_relief_leaves_the_wallet_alone(world: World) -> None:
    charge(world, 0, relief=60)
    assert statement.available(world.wang) == 80
    assert breaches() == []


def test_the_same_key_books_once_and_gives_the_first_entry_back(world: World) -> None:
    assert charge(world, 30) == charge(world, 30)
    assert statement.available(world.wang) == 50


def test_the_same_key_for_other_moves_is_refused(world: World) -> None:
    charge(world, 30)
    with refuses(ledger.KeyReused):
        charge(world, 31)
    assert statement.available(world.wang) == 50


def test_an_entry_is_reversed_once(world: World) -> None:
    entry = charge(world, 30)
    back = {"entry": entry, "by": world.system, "reason": "退课"}
    assert ledger.reverse(key="r1", **back) == ledger.reverse(key="r1", **back)
    with refuses(ledger.AlreadyReversed):
        ledger.reverse(key="r2", **back)


def test_a_reversal_is_not_reversed(world: World) -> None:
    back = ledger.reverse(key="r1", entry=charge(world, 30), by=world.system, reason="退课")
    with refuses(ledger.UnknownAccount):
        ledger.reverse(key="r2", entry=back, by=world.system, reason="退课")


def test_points_return_to_the_lot_they_came_from(world: World) -> None:
    entry = charge(world, 30)
    ledger.reverse(key="r", entry=entry, by=world.system, reason="退课")
    assert list(Lot.objects.filter(wallet__resident=world.wang).values_list("earned", "remaining")) == [(80, 80)]
    assert breaches() == []


def test_points_that_return_to_an_expired_lot_get_a_grace_and_the_rest_of_it_expires(world: World) -> None:
    entry = charge(world, 30)
    late = clock.at(date(clock.today().year + 2, 2, 1), datetime.min.time())
    ledger.reverse(key="r", entry=entry, by=world.system, reason="课程停办", at=late)
    assert statement.available(world.wang, at=late) == 30
    lot = Lot.objects.get(wallet__resident=world.wang)
    assert (lot.remaining, lot.expires_on) == (30, clock.local(late).date() + timedelta(days=30))
    assert [line.word for line in statement.page_of(world.wang).lines] == ["退回", "过期", "使用", "获得"]
    assert breaches() == []


def test_an_award_is_taken_back_from_its_own_lot(world: World) -> None:
    award(world.wang, 20)
    entry = Entry.objects.get(postings__destination__resident=world.wang, postings__amount=80)
    ledger.reverse(key="r", entry=entry.pk, by=world.system, reason="记录有误")
    assert statement.available(world.wang) == 20
    assert breaches() == []


def test_an_award_that_was_spent_is_taken_back_and_the_rest_is_owed(world: World) -> None:
    entry = Entry.objects.get(postings__destination__resident=world.wang)
    charge(world, 30)
    ledger.reverse(key="r", entry=entry.pk, by=world.system, reason="记录有误")
    assert statement.available(world.wang) == 0
    assert Debt.objects.get(wallet__resident=world.wang).remaining == 30
    assert breaches() == []


@pytest.mark.parametrize("amount", [0, -1, 10**9 + 1])
def test_amounts_are_whole_points_within_bounds(world: World, amount: int) -> None:
    with refuses(ledger.BadAmount):
        charge(world, amount)
    if amount:  # what is worth nothing makes no entry
        with refuses(ledger.BadAmount):
            award(world.wang, amount)


def test_unknown_people_and_accounts_are_refused(world: World) -> None:
    world.li.pk = 10**9
    with refuses(ledger.UnknownAccount):
        award(world.li, 5, by=world.system)
    wallet = Account.objects.get(resident=world.wang)
    with refuses(ledger.UnknownAccount):
        ledger.post(
            key="p", kind=Entry.Kind.CHARGE, community=world.wenxing, moves=[Move(wallet.pk, 10**9, 5)],
            by=world.system, reason="试",
        )  # fmt: skip
    with refuses(ledger.UnknownAccount):
        ledger.reverse(key="r", entry=10**9, by=world.system, reason="试")


def test_one_entry_may_hold_several_moves(world: World) -> None:
    wang, zhou = Account.objects.get(resident=world.wang), Account.objects.get(resident=world.zhou)
    income = Account.objects.filter(kind="income").first() or Account.objects.get(
        pk=Posting.objects.get(entry=charge(world, 1)).destination_id
    )
    ledger.post(
        key="purse", kind=Entry.Kind.CHARGE, community=world.wenxing,
        moves=[Move(zhou.pk, income.pk, 40), Move(wang.pk, income.pk, 20)], by=world.system, reason="家庭积分",
    )  # fmt: skip
    assert statement.available(world.zhou) == 60
    assert breaches() == []


def test_the_statement_pages_by_key_and_keeps_the_running_balance(world: World) -> None:
    for n in range(25):
        charge(world, 1, key=f"c{n}")
    first = statement.page_of(world.wang).lines
    rest = statement.page_of(world.wang, before=first[-1].id).lines
    assert [line.balance for line in first + rest] == [*range(55, 80), 80]


def test_the_balance_card_knows_the_month_and_the_year_end(world: World) -> None:
    last_year = clock.at(date(clock.today().year - 1, 6, 1), datetime.min.time())
    award(world.wang, 25, at=last_year)
    card = statement.wallet(world.wang)
    assert (card.available, card.earned_this_month, card.expiring) == (105, 80, 25)
    assert card.expires_on == date(clock.today().year, 12, 31)


def test_every_entry_says_who_and_why(world: World) -> None:
    with pytest.raises(Exception, match="entry_says_why"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT points_adjust('k', %s, 5, '2030-01-01', now(), %s, '')", [world.wang.pk, world.system.pk]
        )
