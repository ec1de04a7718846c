"""盘点: counted by one, confirmed by another; the difference enters the stock book."""

from collections.abc import Mapping
from datetime import time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from communities.duties import NotYourDuty
from communities.kin import SamePerson
from communities.models import SubDistrict, User
from core import clock
from partners import exchanging
from partners.models import Gift, StockCount, StockSlip
from partners.stock import counting, todo
from partners.stock.accepting import StockShort
from partners.stock.counting import CountIncomplete, CountOpen, CountSettled, CountTooOld, NothingToCount, confirm, drop
from partners.stock.keepers import Place
from tests import world as cast
from tests.books import breaches, refuses
from tests.partners.giving import batch, brought, days, gift, taken
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db


def counted(world: World, by: User, numbers: Mapping[int, int], place: Place | None = None) -> StockCount:
    return counting.count(place=place or world.wenxing, counted=numbers, by=by)


def soap_and_towels(world: World) -> tuple[StockSlip, StockSlip]:
    return (
        gift(world, "毛巾", stock=4, price=5).slips.get(),
        gift(world, "肥皂", stock=5, price=5).slips.get(),
    )


def test_what_differs_is_written_into_the_book(world: World) -> None:
    towels, soap = soap_and_towels(world)
    made = counted(world, world.zhang, {towels.pk: 6, soap.pk: 3})
    assert StockSlip.objects.count() == 2  # nothing changes until it is confirmed
    with refuses(SamePerson):
        confirm(count=made, by=world.zhang)
    with refuses(NotYourDuty):
        confirm(count=made, by=world.qian)
    confirm(count=made, by=world.chen)
    slips = StockSlip.objects.exclude(batch=None).order_by("pk")
    assert [(one.kind, one.change, one.batch, one.by, one.settled_by) for one in slips] == [
        ("found", 2, towels, world.zhang, world.chen), ("missing", -2, soap, world.zhang, world.chen),
    ]  # fmt: skip
    assert {one.title: (one.stock, one.left) for one in Gift.objects.all()} == {"毛巾": (6, 6), "肥皂": (3, 3)}
    for act in (lambda: confirm(count=made, by=world.he), lambda: drop(count=made, by=world.he)):
        with refuses(CountSettled):
            act()
    assert breaches() == []


def test_what_is_handed_out_between_counting_and_confirming_stays_right(world: World) -> None:
    towels, soap = soap_and_towels(world)
    made = counted(world, world.zhang, {towels.pk: 4, soap.pk: 4})
    for _ in range(2):
        exchanging.hand_out(exchange=taken(soap.gift, world.wang), by=world.zhang)
    confirm(count=made, by=world.chen)
    soap.refresh_from_db()
    assert (soap.remaining, breaches()) == (2, [])


def test_a_count_that_no_longer_fits_is_dropped_and_made_again(world: World) -> None:
    towels, soap = soap_and_towels(world)
    made = counted(world, world.zhang, {towels.pk: 4, soap.pk: 0})
    exchanging.hand_out(exchange=taken(soap.gift, world.wang), by=world.zhang)
    with refuses(CountTooOld):
        confirm(count=made, by=world.chen)
    with refuses(CountOpen):
        counted(world, world.zhang, {towels.pk: 4, soap.pk: 4})
    drop(count=made, by=world.zhang)
    taken(soap.gift, world.wang)  # promised, so it cannot be missing
    again = counted(world, world.zhang, {towels.pk: 4, soap.pk: 0})
    with refuses(StockShort):
        confirm(count=again, by=world.chen)
    assert breaches() == []


def test_every_batch_is_counted_and_nothing_else(world: World) -> None:
    with refuses(NothingToCount):
        counted(world, world.zhang, {})
    towels, soap = soap_and_towels(world)
    for wrong in ({towels.pk: 4}, {towels.pk: 4, soap.pk: 5, 0: 1}, {towels.pk: 4, soap.pk: -1}):
        with refuses(CountIncomplete):
            counted(world, world.zhang, wrong)
    with refuses(NotYourDuty):
        counted(world, world.qian, {towels.pk: 4, soap.pk: 5})


def test_the_sub_districts_goods_are_a_count_of_their_own(world: World) -> None:
    soap_and_towels(world)
    street: SubDistrict = world.street
    mine = gift(world, "雨衣", stock=3, by=world.he, community=None, sub_district=street)
    with refuses(NotYourDuty):
        counted(world, world.zhang, {mine.slips.get().pk: 3}, street)
    made = counted(world, world.he, {mine.slips.get().pk: 2}, street)
    confirm(count=made, by=world.chen)
    mine.refresh_from_db()
    assert (made.community, mine.stock, breaches()) == (None, 2, [])


@pytest.mark.django_db(transaction=True)
def test_confirmed_by_two_at_once_it_enters_the_book_once() -> None:
    world = cast.build()
    mine = gift(world, stock=5)
    made = counted(world, world.zhang, {mine.slips.get().pk: 3})
    answers = at_once([lambda: confirm(count=made, by=world.chen), lambda: confirm(count=made, by=world.he)])
    assert sorted(type(one).__name__ for one in answers) == ["CountSettled", "StockCount"]
    mine.refresh_from_db()
    assert (mine.stock, breaches()) == (3, [])


def test_the_database_itself_wants_two_people(world: World) -> None:
    made = counted(world, world.zhang, {gift(world, stock=5).slips.get().pk: 5})
    with pytest.raises(IntegrityError, match="count_two_people"), transaction.atomic():
        StockCount.objects.filter(pk=made.pk).update(status="confirmed", settled_by=world.zhang, settled_at=made.at)


def test_a_settled_count_stands_as_it_was(world: World) -> None:
    mine = gift(world, stock=5)
    made = confirm(count=counted(world, world.zhang, {mine.slips.get().pk: 5}), by=world.chen)
    for change in ({"month": days(0).replace(day=1)}, {"status": "dropped"}):
        with pytest.raises(IntegrityError, match="stands as it was"), transaction.atomic():
            StockCount.objects.filter(pk=made.pk).update(**change)


MARCH = clock.at(clock.today().replace(month=3, day=10), time(9))


@pytest.mark.parametrize(("day", "asked"), [(1, ["2月"]), (24, ["2月"]), (25, ["2月", "3月"]), (31, ["2月", "3月"])])
def test_a_month_without_a_count_is_asked_for(day: int, asked: list[str]) -> None:
    with time_machine.travel(MARCH - timedelta(days=18), tick=False):  # the goods are there since the 20th of February
        world = cast.build()
        mine = gift(world, stock=5)
        assert not open_months(world.chen)
    with time_machine.travel(MARCH + timedelta(days=day - 10), tick=False):
        for left in (asked, asked[1:], []):
            assert open_months(world.chen) == left
            made = counted(world, world.zhang, {mine.slips.get().pk: 5})
            assert f"{made.month.month}月" == (left or ["3月"])[0]
            confirm(count=made, by=world.chen)


def open_months(user: User) -> list[str]:
    rows = [one for one in todo.rows(user) if "没有盘点" in one.label]
    return [one.label[:2] for one in rows if one.found(None).exists()]  # type: ignore[arg-type]


def test_what_waits_for_a_second_person_stands_on_their_list(world: World) -> None:
    mine = gift(world, stock=5)
    brought(mine, by=world.zhang)
    counted(world, world.zhang, {mine.slips.on_shelf()[0].pk: 5})
    batch(mine, 1, by=world.zhang, best_before=days(30))
    batch(mine, 1, by=world.zhang, best_before=days(90))

    def waits(user: User) -> dict[str, int]:
        from_list = {one.label: one.found for one in todo.rows(user)}
        return {label: found(None).count() for label, found in from_list.items()}  # type: ignore[arg-type]

    whose = {"出入库单，待验收": 1, "盘点，待复核": 1, "物资快到期或已过期": 1}
    assert whose.items() <= waits(world.chen).items()
    assert waits(world.zhang)["出入库单，待验收"] == waits(world.zhang)["盘点，待复核"] == 0
    assert not any(waits(world.qian).values())
