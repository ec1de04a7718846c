"""Saying that a promise was kept: by whom, for which day, and who else confirms it."""

from datetime import timedelta

import pytest

from communities import duties
from communities.kin import SamePerson
from core import clock
from core.refusals import Refused
from partners.models import Agreement, Delivery, Suspension
from partners.obligations import progress, reporting
from partners.obligations.bias import OwnShop
from tests import world as cast
from tests.partners.promised import agreed, confirmed, reported
from tests.partners.shops import clerk, owner, phone, rival
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_what_was_said_counts_once_another_one_confirmed_it(world: World) -> None:
    agreement = agreed(world, times=3)
    shop = clerk(agreement)
    made = reported(agreement, shop.account, times=2)
    (line,) = progress.of([agreement])[agreement.pk]
    assert (line.done, line.waiting, line.percent) == (0, 2, 0)
    reporting.confirm(delivery=made, by=world.zhang)
    declined = reported(agreement, shop.account)
    reporting.decline(delivery=declined, by=world.zhang, note="那天没有来")
    confirmed(agreement, world.zhang, world.chen, clock.today() - 32 * DAY)  # of an earlier month
    (line,) = progress.of([agreement])[agreement.pk]
    assert (line.done, line.waiting, line.percent) == (2, 0, 66)
    with pytest.raises(reporting.AlreadySettled):
        reporting.decline(delivery=made, by=world.chen, note="x")


def test_who_and_when_is_refused(world: World) -> None:
    agreement, today = agreed(world), clock.today()
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=today - 2 * DAY)
    agreement.refresh_from_db()
    cases: list[tuple[object, object, type[Refused]]] = [
        (world.zhang, today + DAY, reporting.NotThatDay),
        (world.zhang, today - 61 * DAY, reporting.NotThatDay),
        (world.zhang, today - 50 * DAY, reporting.NotThen),
        (world.zhang, today - 2 * DAY, reporting.NotThen),
        (world.qian, today - 3 * DAY, reporting.NotYourPromise),
        (rival(world).account, today - 3 * DAY, reporting.NotYourPromise),
        (world.wang.account, today - 3 * DAY, reporting.NotYourPromise),
    ]
    for by, on, refused in cases:
        with pytest.raises(refused):
            reported(agreement, by, on)  # type: ignore[arg-type]
    assert not Delivery.objects.exists()
    assert reported(agreement, world.zhang, today - 3 * DAY)


@pytest.mark.parametrize("said", [{"times": 32}, {"minutes": 0}, {"people": -1}, {"note": " "}, {"note": "x" * 201}])
def test_what_does_not_fit_is_not_kept(world: World, said: dict[str, object]) -> None:
    with pytest.raises(reporting.DeliveryUnclear):
        reported(agreed(world), world.zhang, **said)


def test_nobody_confirms_what_they_or_their_shop_said(world: World) -> None:
    agreement = agreed(world)
    own = reported(agreement, world.zhang)
    with pytest.raises(SamePerson):
        reporting.confirm(delivery=own, by=world.zhang)
    account = phone()
    owner(agreement, account)
    world.chen.own_phone = account.phone or ""
    world.chen.save(update_fields=["own_phone"])
    with pytest.raises(OwnShop):
        reporting.confirm(delivery=own, by=world.chen)
    with pytest.raises(duties.NotYourDuty):
        reporting.confirm(delivery=own, by=world.qian)
    reporting.confirm(delivery=own, by=world.he)


def test_family_of_the_shop_confirms_nothing(world: World) -> None:
    agreement = agreed(world)
    assert world.wang.account
    owner(agreement, world.wang.account)
    me = cast.resident(world.wenxing, "陈志强", world.chen.own_phone)
    me.household = world.wang.household
    me.save(update_fields=["household"])
    with pytest.raises(OwnShop):
        reporting.confirm(delivery=reported(agreement, world.zhang), by=world.chen)


def test_a_suspension_does_not_forbid_what_was_before(world: World) -> None:
    agreement = agreed(world)
    Suspension.objects.create(agreement=agreement, cause="accident", reason="漏水", by=world.chen)
    assert reported(agreement, world.zhang, clock.today() - DAY)


def test_a_second_tap_is_not_a_second_time(world: World) -> None:
    agreement = agreed(world)
    shop = clerk(agreement)
    first = reported(agreement, shop.account, note="理发")
    with pytest.raises(reporting.SaidAlready):
        reported(agreement, shop.account, note="理发")
    reported(agreement, shop.account, note="下午又一次")
    reporting.decline(delivery=first, by=world.zhang, note="人数不对")
    reported(agreement, shop.account, note="理发")
