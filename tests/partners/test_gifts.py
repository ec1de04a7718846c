"""礼品: what is on the list, what there is of it, and who may take one."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from communities.duties import NotYourDuty
from core import clock
from partners import gifts
from partners.gifts import BadGift, GiftExists
from partners.models import Gift, Stocking
from tests import world as cast
from tests.books import refuses
from tests.communities.couriering import riding
from tests.partners.giving import brought, gift
from tests.world import World

pytestmark = pytest.mark.django_db


def why_not(mine: Gift, who: object) -> str:
    mine.refresh_from_db()
    refused = gifts.refusal_to_reserve(mine, who, clock.now())  # type: ignore[arg-type]
    return refused.code if refused else ""


def test_staff_put_a_gift_on_the_list_with_its_stock(world: World) -> None:
    made = gift(world, " 肥皂 ", stock=5)
    assert (made.title, made.stock, made.taken, made.left, made.sub_district) == ("肥皂", 5, 0, 5, world.street)
    assert [(line.change, line.reason, line.by) for line in made.stockings.all()] == [
        (5, "采购：惠民超市", world.zhang)
    ]
    with refuses(GiftExists):
        gift(world)
    with refuses(NotYourDuty):
        gift(world, "毛巾", by=world.qian)
    gifts.close(gift=made, by=world.zhang)
    assert gift(world).pk != made.pk


def test_what_the_whole_sub_district_gives_is_its_admins(world: World) -> None:
    whole = {"community": None, "sub_district": world.street}
    for stranger in (world.zhang, world.chen):
        with refuses(NotYourDuty):
            gift(world, by=stranger, **whole)
    made = gift(world, by=world.he, **whole)
    with refuses(GiftExists):  # one without a community is one as well
        gift(world, by=world.he, **whole)
    for by in (world.chen, world.qian):
        with refuses(NotYourDuty):
            brought(made, 1, by=by)
    assert set(Gift.objects.for_staff(world.qian)) == {made}
    assert why_not(made, world.zhou) == ""
    assert why_not(made, cast.resident(world.hualin, "远方", "13500000002")) == "gift_elsewhere"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "}, {"title": "长" * 41}, {"where": ""}, {"where": "长" * 81}, {"note": "长" * 201}, {"note": "a\0"},
        {"price": 0}, {"price": 100_001}, {"group": "nobody"}, {"a_month": 0}, {"a_month": 32}, {"unit": ""}, {"unit": "一二三四五六七"},
        {"spec": "长" * 31},
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_saved(world: World, wrong: dict[str, object]) -> None:
    with refuses(BadGift):
        gift(world, **wrong)  # type: ignore[arg-type]
    assert not Gift.objects.exists()


def test_the_database_counts_whatever_python_writes(world: World) -> None:
    mine = gift(world, stock=3)
    mine.stock, mine.taken = 100, 2
    mine.save()
    Gift.objects.filter(pk=mine.pk).update(stock=50)
    mine.refresh_from_db()
    assert (mine.stock, mine.taken) == (3, 0)
    with pytest.raises(IntegrityError, match="no accepted slip"), transaction.atomic():
        Stocking.objects.create(gift=mine, change=4, reason="采购", by=world.zhang)
    for statement in ("UPDATE partners_stocking SET change = 9", "DELETE FROM partners_stocking"):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_who_may_take_one(world: World) -> None:
    mine, couriers_own = gift(world), gift(world, "头盔", 60, group="couriers")
    assert [why_not(mine, who) for who in (world.wang, world.sun, world.li, world.zhou)] == [
        "", "resident_not_confirmed", "short_of_points", "gift_elsewhere"
    ]  # fmt: skip
    assert why_not(couriers_own, world.wang) == "couriers_only"
    riding(world, world.wang)
    assert why_not(couriers_own, world.wang) == ""
    assert why_not(gift(world, "毛巾", stock=0), world.wang) == "gift_gone"
    gifts.close(gift=mine, by=world.zhang)
    assert why_not(mine, world.wang) == "gift_closed"


def test_a_courier_sees_the_couriers_gifts_first_and_others_last(world: World) -> None:
    for title, price, group in (("肥皂", 10, "all"), ("头盔", 30, "couriers"), ("毛巾", 20, "all")):
        gift(world, title, price, group=group)
    gift(world, "永安的", by=world.qian, community=world.yongan)

    def titles() -> list[str]:
        return [one.title for one, _ in gifts.shown_to(world.wang, clock.now())]

    assert titles() == ["肥皂", "毛巾", "头盔"]
    riding(world, world.wang)
    assert titles() == ["头盔", "肥皂", "毛巾"]


def test_the_list_asks_as_often_for_one_gift_as_for_thirty(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    gift(world)
    with django_assert_num_queries(7) as caught:
        gifts.shown_to(world.wang, clock.now())
    for number in range(30):
        gift(world, f"礼品{number}")
    with django_assert_num_queries(len(caught)):
        assert len(gifts.shown_to(world.wang, clock.now())) == 31
