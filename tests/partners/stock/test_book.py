"""物资进出台账: what was there, came in, went and is left, period by period."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core import clock
from partners import exchanging
from partners.models import Exchange, Gift, Stocking, StockSlip
from partners.stock import book, counting
from partners.stock.accepting import accept
from partners.stock.book import Sums
from partners.stock.intake import take_out
from points.reconciliation import Period
from tests.database import as_owner
from tests.partners.giving import batch, days, gift, taken
from tests.world import World, build

pytestmark = pytest.mark.django_db


def everything(world: World) -> Gift:
    """20 bought for 3.50 each, 6 given; 2 handed out, 1 promised, 3 lost, 1 scrapped, 1 found, 2 missing: 19 left."""
    mine = gift(world, stock=0, price=5)
    first = batch(mine, 20, by=world.zhang, unit_cents=350)
    second = batch(mine, 6, by=world.zhang, kind="donated", supplier="博世邻里之家")
    for _ in range(2):
        exchanging.hand_out(exchange=taken(mine, world.wang), by=world.zhang)
    taken(mine, world.zhao, world.zhang)
    for kind, quantity in (("lost", 3), ("scrapped", 1)):
        accept(
            slip=take_out(batch=first, kind=kind, quantity=quantity, reason="受潮", by=world.zhang), by=world.chen
        )  # fmt: skip
    count = counting.count(place=world.wenxing, counted={first.pk: 15, second.pk: 4}, by=world.zhang)
    counting.confirm(count=count, by=world.chen)
    return mine


def test_a_month_says_what_came_and_went(world: World) -> None:
    mine = everything(world)
    (line,) = book.lines(counting.gifts_of(world.wenxing), this_month())
    assert (line.opening, line.closing, line.cents) == (0, 19, 7000)
    assert line.sums == Sums(bought=20, donated=6, found=1, handed=2, lost=3, scrapped=1, missing=2)
    mine.refresh_from_db()
    assert line.closing == mine.stock - 2  # what is promised still lies there
    assert line.closing == sum(one.remaining for one in mine.slips.on_shelf())


def this_month() -> Period:
    return Period.month(clock.today().year, clock.today().month)


def last_month() -> Period:
    before = days(-clock.today().day)
    return Period.month(before.year, before.month)


@pytest.mark.django_db(transaction=True)
def test_a_month_begins_with_what_the_last_one_left() -> None:
    world = build()
    mine = everything(world)
    moved = clock.at(last_month().last, clock.local(clock.now()).time())
    with as_owner(), connection.cursor() as cursor:
        for table in ("partners_stocking", "partners_exchange"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE partners_stocking SET at = %s WHERE change > 1; UPDATE partners_exchange SET settled_at = %s"
            " WHERE id = (SELECT min(id) FROM partners_exchange)",
            [moved, moved],
        )
        for table in ("partners_stocking", "partners_exchange"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    gifts = Gift.objects.filter(pk=mine.pk)
    (before,), (now,) = book.lines(gifts, last_month()), book.lines(gifts, this_month())
    assert (before.opening, before.sums.bought, before.sums.donated, before.sums.handed, before.closing) == (
        0, 20, 6, 1, 25
    )  # fmt: skip
    assert (now.opening, now.sums.bought, now.sums.handed, now.closing) == (25, 0, 1, 19)
    assert Stocking.objects.count() == 6 and Exchange.objects.count() == 3


def test_the_file_says_the_same(world: World) -> None:
    everything(world)
    file = book.file_of(book.lines(counting.gifts_of(world.wenxing), this_month()))
    (row,) = load_workbook(BytesIO(file.read())).active.iter_rows(min_row=2, values_only=True)
    assert list(row) == ["肥皂", None, "件", 0, 20, 6, 1, 0, 2, 3, 1, 2, 19, 70]


def test_thirty_gifts_cost_as_much_as_one(world: World) -> None:
    gift(world)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            book.lines(counting.gifts_of(world.wenxing), this_month())
        return len(caught)

    once = asked()
    for number in range(5):
        gift(world, f"礼品{number}")
    assert asked() == once == 3
    assert StockSlip.objects.count() == 6


def test_the_dearest_goods_that_may_be_written_down_are_still_added_up(world: World) -> None:
    mine = gift(world, stock=0)
    batch(mine, 100_000, by=world.zhang, unit_cents=10_000_000)
    (line,) = book.lines(counting.gifts_of(world.wenxing), this_month())
    assert line.cents == 10**12
