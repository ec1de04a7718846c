"""入库、出库: one writes it down, another one lets it count."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from communities.duties import NotYourDuty
from communities.kin import SamePerson
from communities.models import Duty, User
from core.refusals import Refused
from partners import gifts
from partners.gifts import GiftClosed
from partners.models import Gift, Stocking, StockSlip
from partners.stock.accepting import NoWhy, SlipSettled, StockShort, accept, refuse
from partners.stock.intake import BadStocking, BatchShort, PastAlready, take_out
from partners.stock.keepers import FinanceKeepsNoStock
from tests import world as cast
from tests.books import breaches, refuses
from tests.partners.giving import batch, brought, days, gift, taken
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db


def stock_of(mine: Gift) -> tuple[int, int]:
    mine.refresh_from_db()
    return mine.stock, mine.left


def finance_too(world: World, user: User) -> User:
    Duty.objects.create(user=user, role=Duty.Role.FINANCE, community=world.wenxing)
    return user


def test_goods_count_when_a_second_person_has_accepted_them(world: World) -> None:
    mine = gift(world, stock=0)
    slip = brought(mine, 20, by=world.zhang, best_before=days(90), unit_cents=350, receipt="NO.88")
    assert (stock_of(mine), slip.status, slip.yuan) == ((0, 0), "waiting", "3.50")
    assert (
        brought(mine, 20, by=world.zhang, best_before=days(90), unit_cents=350, receipt="NO.88") == slip
    )  # a second tap
    with refuses(SamePerson):
        accept(slip=slip, by=world.zhang)
    with refuses(NotYourDuty):
        accept(slip=slip, by=world.qian)
    done = accept(slip=slip, by=world.chen)
    done.refresh_from_db()
    assert (stock_of(mine), done.remaining, done.settled_by) == ((20, 20), 20, world.chen)
    assert Stocking.objects.get().slip == done
    with refuses(SlipSettled):
        accept(slip=slip, by=world.he)
    assert breaches() == []


def test_who_keeps_the_money_keeps_no_goods(world: World) -> None:
    mine = gift(world, stock=3)
    slip = brought(mine, by=world.zhang)
    both = finance_too(world, world.chen)
    acts: list[Callable[[], object]] = [
        lambda: brought(mine, by=both),
        lambda: accept(slip=slip, by=both),
        lambda: take_out(batch=mine.slips.on_shelf()[0], kind="lost", quantity=1, reason="破损", by=both),
    ]
    for act in acts:
        with refuses(FinanceKeepsNoStock):
            act()


def test_goods_of_the_whole_sub_district_are_accepted_by_a_head(world: World) -> None:
    mine = gift(world, stock=0, by=world.he, community=None, sub_district=world.street)
    with refuses(NotYourDuty):
        brought(mine, by=world.chen)
    slip = brought(mine, by=world.he)
    for stranger in (world.zhang, world.qian):
        with refuses(NotYourDuty):
            accept(slip=slip, by=stranger)
    accept(slip=slip, by=world.chen)
    assert stock_of(mine) == (5, 5)


def test_sent_back_with_a_reason_or_taken_back_by_its_writer(world: World) -> None:
    mine = gift(world, stock=0)
    first, second = (brought(mine, by=world.zhang, receipt=receipt) for receipt in ("1", "2"))
    with refuses(NoWhy):
        refuse(slip=first, by=world.chen, reason=" ")
    with refuses(NotYourDuty):
        refuse(slip=first, by=world.qian, reason="少2袋")
    assert refuse(slip=first, by=world.chen, reason="少2袋").refused_why == "少2袋"
    refuse(slip=second, by=world.zhang, reason="写错了")
    with refuses(SlipSettled):
        accept(slip=second, by=world.chen)
    assert (stock_of(mine), breaches()) == ((0, 0), [])


@pytest.mark.parametrize(
    ("wrong", "answer"),
    [
        ({"quantity": 0}, BadStocking), ({"quantity": 100_001}, BadStocking), ({"supplier": " "}, BadStocking),
        ({"supplier": "a\0"}, BadStocking), ({"supplier": "长" * 61}, BadStocking), ({"receipt": "1" * 41}, BadStocking),
        ({"unit_cents": -1}, BadStocking), ({"kind": "opening"}, BadStocking), ({"kind": "found"}, BadStocking),
        ({"best_before": -1}, PastAlready),
    ],
)  # fmt: skip
def test_what_cannot_come_in_is_not_written_down(world: World, wrong: dict[str, Any], answer: type[Refused]) -> None:
    mine = gift(world, stock=0)
    if "best_before" in wrong:
        wrong = {"best_before": days(wrong["best_before"])}
    with refuses(answer):
        brought(mine, **{"quantity": 5, "by": world.zhang} | wrong)
    assert not StockSlip.objects.exists()


def test_what_is_broken_leaves_its_batch_when_a_second_person_agrees(world: World) -> None:
    mine = gift(world, stock=5)
    shelf = mine.slips.get()

    def lost(quantity: int, **more: Any) -> StockSlip:
        return take_out(
            **{"batch": shelf, "kind": "lost", "quantity": quantity, "reason": "受潮", "by": world.zhang} | more
        )

    for quantity, more in ((0, {}), (1, {"reason": ""}), (1, {"kind": "missing"})):
        with refuses(BadStocking):
            lost(quantity, **more)
    with refuses(BatchShort):
        lost(6)
    slips = [lost(3), lost(2), lost(1)]
    with refuses(SamePerson):
        accept(slip=slips[0], by=world.zhang)
    accept(slip=slips[0], by=world.chen)
    assert stock_of(mine) == (2, 2)
    taken(mine, world.wang)
    with refuses(StockShort):
        accept(slip=slips[1], by=world.chen)
    accept(slip=slips[2], by=world.chen)
    with refuses(BatchShort):
        accept(slip=slips[1], by=world.chen)
    assert (stock_of(mine), breaches()) == ((1, 0), [])


def test_two_slips_do_not_take_the_same_piece(world: World) -> None:
    mine = gift(world, stock=2)
    first = mine.slips.get()
    batch(mine, 2, by=world.zhang)
    slips = [take_out(batch=first, kind="lost", quantity=2, reason="受潮", by=by) for by in (world.zhang, world.he)]
    accept(slip=slips[0], by=world.chen)
    with refuses(BatchShort):
        accept(slip=slips[1], by=world.chen)
    assert (stock_of(mine), breaches()) == ((2, 2), [])


def test_a_gift_that_was_taken_off_takes_nothing_in(world: World) -> None:
    mine = gift(world, stock=2)
    gifts.close(gift=mine, by=world.zhang)
    with refuses(GiftClosed):
        brought(mine, by=world.zhang)
    accept(
        slip=take_out(batch=mine.slips.get(), kind="scrapped", quantity=2, reason="清库", by=world.zhang), by=world.chen
    )
    assert stock_of(mine) == (0, 0)


def test_raw_sql_writes_no_stock_past_the_second_person(world: World) -> None:
    mine = gift(world, stock=3)
    slip, shelf = brought(mine, 4, by=world.zhang), mine.slips.on_shelf()[0]
    fresh = {"gift": mine, "kind": "bought", "change": 9, "supplier": "超市", "by": world.zhang}
    settled = {"status": "accepted", "settled_by": world.chen, "settled_at": slip.at}
    acts: dict[str, Callable[[], object]] = {
        "accepted from the first": lambda: StockSlip.objects.create(**fresh | settled),
        "opening": lambda: StockSlip.objects.create(**fresh | {"kind": "opening"}),
        "by oneself": lambda: StockSlip.objects.filter(pk=slip.pk).update(**settled | {"settled_by": world.zhang}),
        "another number": lambda: StockSlip.objects.filter(pk=slip.pk).update(change=40),
        "another supplier": lambda: StockSlip.objects.filter(pk=shelf.pk).update(supplier="别家"),
        "settled again": lambda: StockSlip.objects.filter(pk=shelf.pk).update(settled_by=world.he),
        "gone": lambda: StockSlip.objects.filter(pk=shelf.pk).delete(),
        "a line of a slip that waits": lambda: Stocking.objects.create(
            gift=mine, change=4, reason="采购", by=world.zhang, slip=slip
        ),
    }
    for name, act in acts.items():
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            act()
            pytest.fail(name)
    StockSlip.objects.filter(pk=shelf.pk).update(remaining=90)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partners_stockslip SET remaining = 90 WHERE id = %s", [shelf.pk])
    shelf.refresh_from_db()
    assert (shelf.remaining, breaches()) == (3, [])


@pytest.mark.django_db(transaction=True)
def test_accepted_and_sent_back_at_once_is_one_of_the_two() -> None:
    world = cast.build()
    mine = gift(world, stock=0)
    slip = brought(mine, by=world.zhang)
    answers = at_once(
        [lambda: accept(slip=slip, by=world.chen), lambda: refuse(slip=slip, by=world.he, reason="少2袋")] * 2
    )
    assert sorted(type(one).__name__ for one in answers) == ["SlipSettled"] * 3 + ["StockSlip"]
    slip.refresh_from_db()
    assert stock_of(mine) == ((5, 5) if slip.status == "accepted" else (0, 0))
    assert breaches() == []
