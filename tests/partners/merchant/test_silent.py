"""A shop's number that nobody used for half a year may be somebody else's: who holds it now serves for nobody until it is given anew."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from communities.kin import kin_of
from communities.models import Attempts, User
from core import clock
from partners.joining import ties
from partners.kinship import is_family_of
from partners.models import Agreement, Clerk, Redemption
from partners.obligations import bias
from partners.vouchers import clerks
from partners.vouchers.redeeming import redeem
from tests import world as cast
from tests.communities.steps import come_in
from tests.partners import months
from tests.partners.shops import clerk, offer, owner, voucher
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asleep(*mine: Clerk, since: datetime) -> None:
    User.objects.filter(clerkships__in=mine).update(last_login=since)
    Clerk.objects.filter(pk__in=[one.pk for one in mine]).update(added_at=since)


def serves(one: Clerk) -> str:
    """What the first page answers after signing in by a code; how often a phone is sent one is another matter."""
    Attempts.objects.all().delete()
    browser = Client()
    come_in(browser, one.account.phone or "", "/merchant/")
    answer = browser.get("/merchant/")
    return "半年没有用过" if "半年没有用过" in answer.content.decode() else str(answer.status_code)


@pytest.fixture(autouse=True)
def phones(settings: Any) -> None:
    settings.SMS_DRIVER = "tests.communities.phonebox.PhoneBox"


@pytest.fixture
def agreed(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


def test_it_serves_again_when_the_owner_gives_it_anew_and_the_owners_when_the_desk_does(
    world: World, agreed: Agreement
) -> None:
    boss, till, busy, fresh = owner(agreed), clerk(agreed), clerk(agreed, 2), clerk(agreed, 3)
    redeem(voucher=voucher(offer(agreed), world.wang), by=busy.account, clerk=busy, way=Redemption.Way.SCAN)
    asleep(boss, till, busy, since=clock.now() - 181 * DAY)
    asleep(fresh, since=clock.now() - 179 * DAY)
    assert [serves(one) for one in (boss, till, busy, fresh)] == ["半年没有用过", "半年没有用过", "200", "200"]
    world.chen.own_phone = boss.account.phone or ""
    assert is_family_of(world.chen, agreed.partner)  # nobody came in the owner's place yet
    assert isinstance(bias.refusal_for(world.chen, agreed.partner), bias.OwnShop)
    lost = Clerk.objects.get(pk=boss.pk)
    assert lost.removed_at and lost in bias.own_shops(kin_of(world.chen))
    assert isinstance(ties.refusal_as_kin(agreed.partner, world.chen), ties.OwnApplicant)
    again = clerks.set_owner(
        partner=agreed.partner, community=world.wenxing, phone=boss.account.phone or "", by=world.he
    )
    clerks.add(owner=again, phone=till.account.phone or "", label="前台", by=again.account)
    assert [serves(one) for one in (boss, till)] == ["200", "200"]
    clerks.set_owner(partner=agreed.partner, community=world.wenxing, phone="13700000091", by=world.he)
    assert not is_family_of(world.chen, agreed.partner)  # the shop is another's now
    assert (bias.refusal_for(world.chen, agreed.partner), ties.refusal_as_kin(agreed.partner, world.chen)) == (
        None,
        None,
    )


def test_who_was_never_here_is_counted_from_when_the_number_was_given(world: World, agreed: Agreement) -> None:
    owner(agreed)
    till, late = clerk(agreed), clerk(agreed, 2)
    User.objects.filter(clerkships__in=(till, late)).update(last_login=None)
    Clerk.objects.filter(pk=late.pk).update(added_at=clock.now() - 181 * DAY)
    assert [serves(one) for one in (till, late)] == ["200", "半年没有用过"]


def test_an_owner_who_agreed_to_a_statement_was_here(world: World) -> None:
    made = months.agreed(world, "subsidy", 100)
    boss, till, at = owner(made), clerk(made), months.moment(months.first_of(1))
    mine = voucher(months.offered(made), months.rich(world), at - DAY)
    redeem(voucher=mine, by=till.account, clerk=till, way=Redemption.Way.SCAN, at=at)
    months.frozen(world, boss.partner, months.first_of(1))
    asleep(boss, since=clock.now() - 181 * DAY)
    assert serves(boss) == "200"
