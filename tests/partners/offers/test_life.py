"""An offer from its draft to the shelf and off it: by whom, through whose review, and what never changes afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from communities import todo as desk_todo
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from partners.models import Agreement, Clerk, Offer
from partners.offers import drafting, reviewing, slots, todo
from partners.offers.drafting import Terms
from tests import world as cast
from tests.books import breaches, refuses
from tests.partners.shops import clerk, offer, owner, rival, voucher
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


@pytest.fixture
def boss(agreement: Agreement) -> Clerk:
    return owner(agreement)


def terms(**fields: Any) -> Terms:
    today = clock.today()
    plain = Terms("理发一次", 20, 1500, today, today + timedelta(days=90), note="含洗吹", stock=10)
    return replace(plain, **fields)


def drafted(boss: Clerk, agreement: Agreement, **fields: Any) -> Offer:
    return drafting.draft(partner=boss.partner, community=agreement.community, terms=terms(**fields), by=boss.account)


def waiting(boss: Clerk, agreement: Agreement, **fields: Any) -> Offer:
    return drafting.submit(offer=drafted(boss, agreement, **fields), by=boss.account)


def test_drafted_by_the_owner_reviewed_by_staff_and_on_show(world: World, agreement: Agreement, boss: Clerk) -> None:
    mine = waiting(boss, agreement)
    back = reviewing.send_back(offer=mine, note="写明不含烫染", by=world.zhang)
    assert (back.status, back.review_note) == ("returned", "写明不含烫染")
    drafting.edit(offer=mine, terms=terms(note="含洗吹，不含烫染"), by=boss.account)
    drafting.submit(offer=mine, by=boss.account)
    done = reviewing.approve(offer=mine, by=world.zhang)
    assert done.status == "open" and Offer.objects.on_show(clock.today()).get() == done
    voucher(done, world.wang)
    closed = reviewing.close(offer=done, by=boss.account)
    assert closed.status == "closed" and not Offer.objects.on_show(clock.today()).exists() and breaches() == []
    again = drafting.copy(offer=done, by=boss.account)
    assert (again.status, again.title, again.taken) == ("draft", "理发一次", 0)


def test_who_may_write(world: World, agreement: Agreement, boss: Clerk) -> None:
    mine = drafted(boss, agreement)
    for stranger in (clerk(agreement).account, rival(world).account, world.wang.account, world.qian):
        assert stranger
        acts: list[Callable[[User], object]] = [
            lambda by: drafting.draft(partner=boss.partner, community=agreement.community, terms=terms(), by=by),
            lambda by: drafting.edit(offer=mine, terms=terms(), by=by),
            lambda by: drafting.submit(offer=mine, by=by),
            lambda by: drafting.copy(offer=mine, by=by),
            lambda by: reviewing.close(offer=mine, by=by),
            lambda by: reviewing.restock(offer=mine, change=1, by=by),
            lambda by: slots.add(offer=mine, day=clock.today(), starts=time(9), ends=time(10), by=by),
        ]
        for act in acts:
            with refuses(drafting.NotYourOffer):
                act(stranger)
    drafting.edit(offer=mine, terms=terms(price=30), by=world.zhang)
    mine.refresh_from_db()
    assert (mine.price, mine.made_by) == (30, world.zhang)
    Clerk.objects.filter(pk=boss.pk).update(removed_at=clock.now(), removed_by=world.zhang)
    with refuses(drafting.NotYourOffer):
        drafting.submit(offer=mine, by=boss.account)


def test_nothing_is_offered_without_an_agreement(world: World, agreement: Agreement, boss: Clerk) -> None:
    mine = waiting(boss, agreement)
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=clock.today(), end_reason="终止")
    acts: list[Callable[[], Offer]] = [
        lambda: drafted(boss, agreement),
        lambda: reviewing.approve(offer=mine, by=world.zhang),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused, transaction.atomic():
            act()
        assert refused.value.code == "agreement_not_in_force"


def test_who_reviews(world: World, agreement: Agreement, boss: Clerk) -> None:
    mine = drafting.draft(partner=boss.partner, community=agreement.community, terms=terms(), by=world.zhang)
    drafting.submit(offer=mine, by=world.zhang)
    mine.refresh_from_db()

    def why(by: User) -> str:
        refused = reviewing.refusal_to_review(mine, by)
        return refused.code if refused else ""

    assert [why(by) for by in (world.zhang, world.qian, boss.account, world.chen)] == [
        "own_offer", "not_your_duty", "not_your_duty", "",
    ]  # fmt: skip
    assert _to_review(world.chen) == 1
    phone = boss.account.phone
    User.objects.filter(pk=world.chen.pk).update(own_phone="")
    assert why(User.objects.get(pk=world.chen.pk)) == "own_phone_missing"
    User.objects.filter(pk=world.chen.pk).update(own_phone=phone)
    assert why(User.objects.get(pk=world.chen.pk)) == "family_offer"
    # The owner lives with the head, by the phone of either file.
    User.objects.filter(pk=world.chen.pk).update(own_phone=world.wang.phone)
    Resident.objects.filter(pk=world.zhao.pk).update(phone=phone, household=world.wang.household)
    assert why(User.objects.get(pk=world.chen.pk)) == "family_offer"
    assert _to_review(User.objects.get(pk=world.chen.pk)) == 0  # nothing waits for whoever may not do it
    with refuses(reviewing.FamilyOffer):
        reviewing.approve(offer=mine, by=User.objects.get(pk=world.chen.pk))


def _to_review(by: User) -> int:
    return sum(row.count for row in desk_todo.rows_of([todo.rows], by) if row.label == "服务项目待审核")


def test_forbidden_words_block_and_others_do_not(world: World, agreement: Agreement, boss: Clerk) -> None:
    with refuses(reviewing.WordsForbidden) as refused:
        reviewing.approve(offer=waiting(boss, agreement, note="全城最好，包治百病"), by=world.zhang)
    assert "“最好”" in refused.value.message and "“包治”" in refused.value.message
    assert reviewing.approve(offer=waiting(boss, agreement, note="肩颈理疗"), by=world.zhang).status == "open"


@pytest.mark.parametrize(
    "fields",
    [
        {"title": " "}, {"title": "长" * 41}, {"note": "长" * 301}, {"price": 0}, {"price": 100_001}, {"worth_cents": -1}, {"stock": 0},
        {"per_person": 0}, {"ends_on": date(2020, 1, 1)}, {"valid_days": 0}, {"valid_days": 366}, {"group": "all2"}, {"title": "a\0"},
    ],
)  # fmt: skip
def test_terms_that_do_not_fit_are_refused(agreement: Agreement, boss: Clerk, fields: dict[str, Any]) -> None:
    with refuses(drafting.BadOffer):
        drafted(boss, agreement, **fields)


def test_each_state_knows_what_comes_next(world: World, agreement: Agreement, boss: Clerk) -> None:
    sent, shown = waiting(boss, agreement), offer(agreement)
    for mine in (sent, shown):
        with refuses(drafting.NotWritable):
            drafting.edit(offer=mine, terms=terms(), by=boss.account)
        with refuses(drafting.NotWritable):
            drafting.submit(offer=mine, by=boss.account)
    with refuses(reviewing.NotSubmitted):
        reviewing.approve(offer=shown, by=world.zhang)
    with refuses(reviewing.NoNote):
        reviewing.send_back(offer=sent, note=" ", by=world.zhang)
    reviewing.close(offer=shown, by=world.zhang)
    with refuses(reviewing.NotOnShow):
        reviewing.close(offer=shown, by=world.zhang)


def test_more_and_fewer_of_it_never_below_what_is_taken(world: World, agreement: Agreement, boss: Clerk) -> None:
    mine = offer(agreement, stock=1)
    voucher(mine, world.wang)
    assert reviewing.restock(offer=mine, change=4, by=world.zhang).stock == 5
    for change in (0, -5, 100_000):
        with refuses(reviewing.BadStock):
            reviewing.restock(offer=mine, change=change, by=world.zhang)
    assert reviewing.restock(offer=mine, change=-4, by=world.zhang).stock == 1
    with pytest.raises(Refused), transaction.atomic():  # the owner's is a new review
        reviewing.restock(offer=mine, change=1, by=boss.account)


@pytest.mark.parametrize(
    "change", ["title = 'x'", "price = 1", "worth_cents = 1", "note = 'x'", "status = 'draft'", "\"group\" = 'elders'"]
)
def test_what_was_reviewed_is_not_changed_by_any_path(agreement: Agreement, change: str) -> None:
    mine = offer(agreement)
    with pytest.raises(IntegrityError, match=str(mine.pk)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE partners_offer SET {change} WHERE id = %s", [mine.pk])


def test_slots_one_or_a_series(world: World, agreement: Agreement, boss: Clerk) -> None:
    mine, day = offer(agreement, booking="shop", valid_days=20), clock.today() + timedelta(days=2)
    hours: dict[str, Any] = {"starts": time(9), "ends": time(10)}
    made = slots.add(offer=mine, day=day, weeks=4, places=2, by=boss.account, **hours)
    assert [clock.local(one.starts_at).date() for one in made] == [day + timedelta(weeks=n) for n in range(4)]
    with refuses(slots.SlotExists):
        slots.add(offer=mine, day=day, by=world.zhang, **hours)
    assert slots.open_to(mine, clock.now()).count() == 3  # the fourth lies behind the voucher's last day
    plain: dict[str, Any] = {"offer": mine, "day": day + timedelta(days=1), "by": boss.account} | hours
    bad: dict[str, Any]
    for bad in ({"places": 0}, {"weeks": 13}, {"day": clock.today() - timedelta(days=1)}, {"ends": time(9)}):
        with refuses(slots.BadSlot):
            slots.add(**plain | bad)
    with refuses(slots.NoAppointments):
        slots.add(offer=offer(agreement), day=day, by=boss.account, **hours)
    slots.remove(slot=made[0], by=boss.account)
    assert mine.slots.count() == 3


def test_a_series_does_not_leave_the_calendar(agreement: Agreement, boss: Clerk) -> None:
    mine = offer(agreement, booking="shop")
    with refuses(slots.BadSlot):
        slots.add(offer=mine, day=date.max, weeks=2, starts=time(9), ends=time(10), by=boss.account)
