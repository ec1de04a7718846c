"""Taking a voucher: who may, how many, out of whose wallet."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from communities.models import Household, Resident
from core import clock
from core.refusals import Refused
from partners.models import Agreement, Licence, Suspension, Voucher
from partners.vouchers import issuing
from partners.vouchers.returning import give_back_own
from points import purse, statement
from points.ledger import ShortOfPoints
from tests import world as cast
from tests.books import breaches, refuses
from tests.communities.couriering import registered
from tests.partners.shops import offer, owner, voucher
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


def why_not(mine: Any, resident: Resident, **more: Any) -> str:
    refused = issuing.refusal_to_take(mine, resident, clock.now(), **more)
    return refused.code if refused else ""


def test_taken_charged_counted_and_told(world: World, agreement: Agreement) -> None:
    mine = offer(agreement, stock=3, valid_days=10)
    made = voucher(mine, world.wang)
    mine.refresh_from_db()
    assert (made.status, made.price, mine.taken, statement.available(world.wang)) == ("issued", 20, 1, 60)
    assert made.valid_until == clock.today() + timedelta(days=10) and len(made.token) == 32
    said = world.wang.messages.get(occasion=f"voucher:{made.pk}:taken")
    assert "博世邻里之家" in said.body and said.link == f"/vouchers/{made.pk}/"
    assert breaches() == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "draft"}, "offer_over"),
        ({"status": "closed"}, "offer_over"),
        ({"starts_on": clock.today() + timedelta(days=1)}, "offer_over"),
        ({"ends_on": clock.today() - timedelta(days=1)}, "offer_over"),
        ({"stock": 0}, "offer_gone"),
        ({"group": "couriers"}, "couriers_only"),
        ({"group": "elders"}, "elders_only"),
        ({"price": 81}, "short_of_points"),
        ({"price": 80}, ""),
    ],
)
def test_what_stands_against_an_offer(world: World, agreement: Agreement, fields: dict[str, Any], code: str) -> None:
    if fields.get("status") == "closed":
        fields |= {"closed_at": clock.now(), "closed_by": world.zhang}
    if fields.get("status") == "draft":
        fields |= {"reviewed_by": None, "reviewed_at": None}
    mine = offer(agreement, **fields)
    assert why_not(mine, world.wang) == code
    assert why_not(mine, world.wang) == "" or _refused(mine, world.wang)


def _refused(mine: Any, resident: Resident) -> bool:
    before = statement.available(resident)
    with pytest.raises(Refused), transaction.atomic():
        voucher(mine, resident)
    return statement.available(resident) == before


def test_what_stands_against_the_person(world: World, agreement: Agreement) -> None:
    mine, riders, elders = offer(agreement), offer(agreement, group="couriers"), offer(agreement, group="elders")
    assert why_not(mine, world.sun) == "resident_not_confirmed"
    far = cast.resident(world.hualin, "远人", "13600001111")
    cast.award(far, 50)
    assert why_not(mine, far) == "offer_elsewhere"
    assert why_not(mine, world.zhou) == ""  # of the next community: a partner serves the sub-district
    assert why_not(elders, world.zhao) == ""
    cast.award(world.li, 50)
    riding = registered(world.li)
    assert why_not(riders, world.li) == "couriers_only"
    type(riding).objects.filter(pk=riding.pk).update(status="confirmed", decided_at=clock.now(), decided_by=world.zhang)
    assert why_not(riders, world.li) == ""


def test_what_stands_against_the_partner(world: World, agreement: Agreement) -> None:
    mine = offer(agreement)
    lapsed = Licence.objects.create(
        partner=agreement.partner, kind="business", number="1", issuer="局", valid_until=clock.today() - timedelta(days=1), by=world.zhang
    )  # fmt: skip
    assert why_not(mine, world.wang) == "licence_lapsed" and _refused(mine, world.wang)
    lapsed.delete()
    stop = Suspension.objects.create(agreement=agreement, cause="accident", reason="停", by=world.chen)
    assert why_not(mine, world.wang) == "partner_suspended" and _refused(mine, world.wang)
    stop.delete()
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=clock.today(), end_reason="终止")
    assert why_not(mine, world.wang) == "agreement_not_in_force" and _refused(mine, world.wang)


def test_minors_are_not_offered_health_nor_strangers_at_the_door(world: World, agreement: Agreement) -> None:
    teen = cast.resident(world.wenxing, "小林", "13600002222", clock.today() - timedelta(days=16 * 366))
    cast.award(teen, 50)
    plain, home = offer(agreement), offer(agreement, booking="home", title="上门")
    assert (why_not(plain, teen), why_not(home, teen)) == ("", "adults_only")
    type(agreement.partner).objects.filter(pk=agreement.partner_id).update(trade="medical")
    plain = type(plain).objects.get(pk=plain.pk)
    assert (why_not(plain, teen), why_not(plain, world.wang)) == ("adults_only", "")


@pytest.mark.parametrize(
    ("period", "back", "again"),
    [("month", 40, True), ("month", 0, False), ("quarter", 100, True), ("ever", 400, False)],
)
def test_limits_count_what_was_taken_in_the_period(
    world: World, agreement: Agreement, period: str, back: int, again: bool
) -> None:  # fmt: skip
    mine = offer(agreement, per_person=1, period=period)
    made = voucher(mine, world.wang)
    Voucher.objects.filter(pk=made.pk).update(at=clock.now() - timedelta(days=back))
    assert why_not(mine, world.wang) == ("" if again else "offer_person_full")


def test_a_household_has_its_own_limit_and_what_is_given_back_does_not_count(
    world: World, agreement: Agreement
) -> None:
    Resident.objects.filter(pk=world.zhao.pk).update(household=world.wang.household)
    zhao = Resident.objects.get(pk=world.zhao.pk)
    mine = offer(agreement, per_household=1)
    made = voucher(mine, world.wang)
    assert why_not(mine, zhao) == "offer_household_full"
    assert why_not(mine, world.zhou) == ""
    assert world.wang.account
    give_back_own(voucher=made, by=world.wang.account)
    assert why_not(mine, zhao) == "" and breaches() == []


def test_the_household_pays_where_it_shares(world: World, agreement: Agreement) -> None:
    home = Household.objects.create(community=world.wenxing)
    Resident.objects.filter(pk__in=(world.wang.pk, world.li.pk)).update(household=home)
    wang, li = Resident.objects.get(pk=world.wang.pk), Resident.objects.get(pk=world.li.pk)
    mine = offer(agreement, price=30)
    assert why_not(mine, li) == "short_of_points" and not issuing.refusal_or_purse(mine, li, clock.now())[1]
    assert why_not(mine, li, purse=True) == "no_purse"
    for one in (wang, li):
        assert one.account
        purse.join(resident=one, by=one.account)
    assert issuing.refusal_or_purse(mine, li, clock.now()) == (None, True)
    with refuses(ShortOfPoints):
        voucher(mine, li)
    assert li.account
    made = issuing.take(offer=mine, resident=li, by=li.account, purse=True)
    assert made.resident == li and statement.available(wang) == 50
    assert "从您的积分使用了30积分" in wang.messages.get(occasion=f"voucher:{made.pk}:purse").body
    give_back_own(voucher=made, by=li.account)
    assert "30积分退回您的账户" in wang.messages.get(occasion=f"voucher:{made.pk}:purse-back").body
    assert "退回各人账户" in li.messages.get(occasion=f"voucher:{made.pk}:back").body
    assert statement.available(wang) == 80 and breaches() == []


def test_the_owner_of_a_shop_is_a_resident_too(world: World, agreement: Agreement) -> None:
    owner(agreement, world.wang.account)
    assert why_not(offer(agreement), world.wang) == ""


def test_a_number_that_another_open_voucher_has_is_drawn_again(
    world: World, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, drawn = offer(agreement), iter([7, 7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda _: next(drawn))
    first, second = voucher(mine, world.wang), voucher(mine, world.wang)
    assert (first.number[:7], second.number[:7], breaches()) == ("0000007", "0000008", [])
