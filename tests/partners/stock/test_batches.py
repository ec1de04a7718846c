"""First to expire, first out; nothing past its date is promised or handed out."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from communities.models import Duty, Resident
from core import clock
from partners import exchanging, gifts
from partners.exchanging import BadTaker, NothingGood, hand_out
from partners.gifts import GiftGone, HouseholdFull
from partners.models import Exchange, Gift
from partners.stock import batches
from partners.stock.keepers import FinanceKeepsNoStock
from tests import world as cast
from tests.activities.cast import relative
from tests.books import breaches, refuses
from tests.database import as_owner
from tests.partners.giving import batch, days, gift, taken
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db


def later(number: int) -> datetime:
    return clock.at(days(number), time(10))


def two_batches(world: World) -> Gift:
    """Two that keep for ten days and one that keeps for a year, brought in the other way round."""
    mine = gift(world, stock=0, price=5)
    batch(mine, 1, by=world.zhang, best_before=days(365))
    batch(mine, 2, by=world.zhang, best_before=days(10))
    mine.refresh_from_db()
    return mine


def test_what_expires_first_goes_out_first(world: World) -> None:
    mine = two_batches(world)
    done = [hand_out(exchange=taken(mine, world.wang), by=world.zhang) for _ in range(2)]
    third = hand_out(exchange=taken(mine, world.zhao, world.zhang), by=world.zhang)
    best = [one.batch.best_before for one in [*done, third] if one.batch]
    assert best == [days(10), days(10), days(365)]
    assert not mine.slips.on_shelf().exists() and breaches() == []


def test_a_batch_past_its_date_is_passed_over(world: World) -> None:
    mine = two_batches(world)
    done = hand_out(exchange=taken(mine, world.wang), by=world.zhang, at=later(11))
    assert done.batch and done.batch.best_before == days(365)


def test_what_is_past_its_date_is_no_longer_promised(world: World) -> None:
    mine = two_batches(world)
    for number, left in ((10, 3), (11, 1)):
        (shown,) = batches.with_past(Gift.objects.filter(pk=mine.pk), days(number))
        assert shown.left == left
    taken(mine, world.wang, at=later(11))
    refused = gifts.refusal_to_reserve(mine, world.zhao, later(11))
    assert refused is None  # asked today, when all of it is good: the database decides by the day itself
    with refuses(GiftGone):
        taken(mine, world.zhao, world.zhang, at=later(11))
    taken(mine, world.zhao, world.zhang, at=later(10))
    assert breaches() == []


def test_what_is_past_its_date_is_not_handed_out(world: World) -> None:
    mine = gift(world, stock=0)
    batch(mine, 2, by=world.zhang, best_before=days(10))
    made = taken(mine, world.wang)  # kept until the eleventh day, by which it has expired
    with refuses(NothingGood):
        hand_out(exchange=made, by=world.zhang, at=later(11))
    with pytest.raises(ProgrammingError, match="not for handing out"), transaction.atomic():  # raw, past the verb
        Exchange.objects.filter(pk=made.pk).update(
            status="handed", settled_at=later(11), settled_by=world.zhang, batch=mine.slips.get()
        )
    hand_out(exchange=made, by=world.zhang, at=later(10))
    assert breaches() == []


def test_who_received_it_is_kept(world: World) -> None:
    mine = gift(world)
    made = taken(mine, world.wang)
    for taker, relation in (("王小明", ""), ("", "儿子"), ("名" * 21, "儿子"), ("王小明", "长" * 11), ("a\0", "子")):
        with refuses(BadTaker):
            hand_out(exchange=made, by=world.zhang, taker=taker, relation=relation)
    done = hand_out(exchange=made, by=world.zhang, taker="王小明", relation="儿子")
    done.refresh_from_db()
    assert (done.taker, done.relation, done.way) == ("王小明", "儿子", "paper")
    assert done.issue_number == f"CK{clock.today():%Y%m%d}-L{done.pk}"


def test_scarce_goods_go_once_a_quarter_to_a_household(world: World) -> None:
    mine = gift(world, price=5, per_household=True)
    home = relative(world, world.zhang).household
    Resident.objects.filter(pk=world.wang.pk).update(household=home)
    Resident.objects.filter(pk=world.li.pk).update(household=home)
    cast.award(world.li, 60, by=world.system)
    for who in (world.wang, world.li):
        who.refresh_from_db()
    made = taken(mine, world.wang)
    for who in (world.wang, world.li):
        assert isinstance(gifts.refusal_to_reserve(mine, who, clock.now()), HouseholdFull)
        with refuses(HouseholdFull):
            taken(mine, who)
    taken(mine, world.zhao, world.zhang)  # of another household
    exchanging.give_back(exchange=made, by=world.chen, reason="破损")
    again = taken(mine, world.li)
    Exchange.objects.filter(pk=again.pk).update(at=again.at - timedelta(days=93), quarter=days(-93).replace(day=1))
    assert taken(mine, world.wang)


def test_a_household_whose_phones_tap_in_the_same_moment_gets_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither sees the other's row: the unique constraint decides, as between two transactions."""
    mine = gift(world, price=5, per_household=True)
    Resident.objects.filter(pk=world.zhao.pk).update(household=world.wang.household)
    world.zhao.refresh_from_db()
    monkeypatch.setattr(gifts, "refusal_to_reserve", lambda *_: None)
    monkeypatch.setattr(gifts, "against_limits", lambda *_: None)
    taken(mine, world.wang)
    with refuses(HouseholdFull):
        taken(mine, world.zhao, world.zhang)
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_the_last_good_one_is_promised_once() -> None:
    world = cast.build()
    mine = gift(world, stock=0, price=5)
    batch(mine, 4, by=world.zhang, best_before=days(1))
    batch(mine, 1, by=world.zhang)
    people = [cast.resident(world.wenxing, f"居民{n}", f"1370000{n:04d}") for n in range(5)]
    for one in people:
        cast.award(one, 60, by=world.system)
    answers = at_once([lambda one=one: taken(mine, one, at=later(2)) for one in people])  # type: ignore[misc]
    assert sorted(type(one).__name__ for one in answers) == ["Exchange"] + ["GiftGone"] * 4
    assert breaches() == []


def test_who_keeps_the_money_hands_nothing_out(world: World) -> None:
    mine = taken(gift(world, price=5), world.wang)
    Duty.objects.create(user=world.zhang, role=Duty.Role.FINANCE, starts_on=clock.today(), community=world.wenxing)
    with refuses(FinanceKeepsNoStock):
        hand_out(exchange=mine, by=world.zhang)


@pytest.mark.django_db(transaction=True)
def test_goods_from_before_batches_were_kept_are_handed_out() -> None:
    """As the migration finds them: lines without a slip; it writes one slip for what is left of each gift."""
    world = cast.build()
    mine = gift(world, stock=4, price=5)
    hand_out(exchange=taken(mine, world.wang), by=world.zhang)
    sql = Path("partners/sql/0006_stock.sql").read_text()
    tables = ("partners_stocking", "partners_exchange", "partners_stockslip")
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE partners_stocking SET slip_id = NULL; UPDATE partners_exchange SET batch_id = NULL")
        cursor.execute("DELETE FROM partners_stockslip")
        cursor.execute(sql[sql.index("INSERT INTO") : sql.index("CREATE OR REPLACE")])
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    opening = mine.slips.get()
    assert (opening.kind, opening.remaining, breaches()) == ("opening", 3, [])
    done = hand_out(exchange=taken(mine, world.zhao, world.zhang), by=world.zhang)
    assert (done.batch, breaches()) == (opening, [])


def test_raw_sql_moves_no_exchange_to_another_batch(world: World) -> None:
    mine = gift(world)
    other = batch(mine, 1, by=world.zhang)
    done = hand_out(exchange=taken(mine, world.wang), by=world.zhang)
    for change in ({"batch": other}, {"settled_at": later(3)}):
        with pytest.raises(IntegrityError, match="another batch"), transaction.atomic():
            Exchange.objects.filter(pk=done.pk).update(**change)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM partners_exchange WHERE batch_id = %s", [other.pk])
        assert cursor.fetchone() == (0,)
