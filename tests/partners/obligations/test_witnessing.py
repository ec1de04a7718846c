"""Residents who were there: enough of different households confirm a delivery, and stars make an average."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from core import clock
from core.refusals import Refused
from partners.models import Delivery, Rating
from partners.obligations import rating, reporting, witnessing
from partners.obligations.witnessing import witness
from tests import world as cast
from tests.partners.promised import agreed, reported
from tests.partners.shops import clerk, offer, owner, voucher
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_two_households_that_were_there_confirm_it(world: World) -> None:
    agreement = agreed(world)
    made = reported(agreement, clerk(agreement).account)
    witness(delivery=made, resident=world.wang, stars=5, by=world.system)
    made.refresh_from_db()
    assert made.status == Delivery.Status.REPORTED
    witness(delivery=made, resident=world.zhou, stars=4, by=world.system)  # of a neighbouring community
    made.refresh_from_db()
    assert (made.status, made.settled_by, made.settled_note) == (Delivery.Status.CONFIRMED, None, "2户居民确认")
    witness(delivery=made, resident=world.li, stars=1, by=world.system)  # confirmed already: says it all the same
    assert made.ratings.count() == 3


def test_who_does_not_count(world: World) -> None:
    agreement = agreed(world)
    assert world.li.account
    owner(agreement, world.li.account)
    family = cast.resident(world.wenxing, "李小妹", "13611112222")
    family.household = world.li.household
    family.save(update_fields=["household"])
    wife = cast.resident(world.wenxing, "王小军", "13611113333")
    wife.household = world.wang.household
    wife.save(update_fields=["household"])
    made = reported(agreement, world.li.account)
    witness(delivery=made, resident=world.wang, stars=5, by=world.system)
    for resident, refused in (
        (world.wang, witnessing.AlreadySaid), (wife, witnessing.HouseholdSaid), (world.li, witnessing.OwnDelivery),
        (family, witnessing.OwnDelivery), (world.sun, witnessing.NotConfirmedYet),
    ):  # fmt: skip
        with pytest.raises(refused):
            witness(delivery=made, resident=resident, stars=5, by=world.system)
    made.refresh_from_db()
    assert made.status == Delivery.Status.REPORTED


def test_a_colleague_who_reported_it_is_no_witness_with_the_own_phone(world: World) -> None:
    me = cast.resident(world.wenxing, "张晓燕", world.zhang.own_phone)
    made = reported(agreed(world), world.zhang)
    with pytest.raises(witnessing.OwnDelivery):
        witness(delivery=made, resident=me, stars=5, by=world.system)


@pytest.mark.parametrize("stars", [0, 6])
def test_stars_are_one_to_five(world: World, stars: int) -> None:
    with pytest.raises(witnessing.NotStars):
        witness(delivery=reported(agreed(world), world.zhang), resident=world.wang, stars=stars, by=world.system)


def test_declined_or_too_old_is_over(world: World) -> None:
    agreement = agreed(world)
    gone = reported(agreement, world.zhang)
    reporting.decline(delivery=gone, by=world.chen, note="没有来")
    old = reported(agreement, world.zhang)
    with pytest.raises(witnessing.SaidTooLate):
        witness(delivery=gone, resident=world.wang, stars=5, by=world.system)
    with time_machine.travel(clock.now() + 61 * DAY, tick=False), pytest.raises(witnessing.SaidTooLate):
        witness(delivery=old, resident=world.wang, stars=5, by=world.system)


def test_a_used_voucher_is_rated_once_by_its_resident(world: World) -> None:
    agreement = agreed(world)
    mine = voucher(offer(agreement), world.wang)

    def refused(kind: type[Refused], resident: object = world.wang) -> None:
        with pytest.raises(kind):
            rating.rate(voucher=mine, resident=resident, stars=4, by=world.system)  # type: ignore[arg-type]

    refused(rating.NotUsed)
    type(mine).objects.filter(pk=mine.pk).update(status="used")
    mine.refresh_from_db()
    refused(rating.NotYourVoucher, world.li)
    rating.rate(voucher=mine, resident=world.wang, stars=4, by=world.system, remark="很好")
    refused(rating.AlreadyRated)


def test_the_average_is_shown_from_the_fifth_on(world: World) -> None:
    agreement = agreed(world)
    for number, stars in enumerate((5, 4, 4, 3, 5)):
        assert rating.stars_of(agreement.partner) == (number, None)
        Rating.objects.create(
            partner=agreement.partner, community=agreement.community, resident=world.wang, stars=stars,
            delivery=reported(agreement, world.zhang),
        )  # fmt: skip
    assert rating.stars_of(agreement.partner) == (5, Decimal("4.2"))


def test_the_shops_phones_say_nothing_for_those_whom_they_help_nor_of_their_own_vouchers(world: World) -> None:
    agreement = agreed(world)
    made, other = reported(agreement, owner(agreement).account), clerk(agreement, 2)
    with pytest.raises(witnessing.OwnDelivery):  # as a helper
        witness(delivery=made, resident=world.wang, stars=5, by=other.account)
    mine = voucher(offer(agreement), world.wang)
    type(mine).objects.filter(pk=mine.pk).update(status="used")
    mine.refresh_from_db()
    with pytest.raises(rating.OwnVoucher):
        rating.rate(voucher=mine, resident=world.wang, stars=5, by=other.account)
    assert world.wang.account
    type(other).objects.create(
        partner=agreement.partner, account=world.wang.account, slot=4, label="家人", added_by=other.account
    )
    with pytest.raises(rating.OwnVoucher):
        rating.rate(voucher=mine, resident=world.wang, stars=5, by=world.wang.account)


def test_who_was_there_once_does_not_confirm_several_times(world: World) -> None:
    made = reported(agreed(world), world.zhang, times=31)
    for resident in (world.wang, world.zhou, world.li):
        witness(delivery=made, resident=resident, stars=5, by=world.system)
    made.refresh_from_db()
    assert made.status == Delivery.Status.REPORTED
    assert reporting.confirm(delivery=made, by=world.chen).status == Delivery.Status.CONFIRMED
