"""预约: asked with the voucher, answered, called off, lapsed; who sees where to go, and for how long."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from communities import consents, helping
from communities.models import Consent, Look, Resident, User
from communities.ownership import OwnersOnly
from communities.settings import APPOINTMENT_HOURS
from core import clock
from partners.models import Agreement, Appointment, Clerk, Offer, Suspension, Voucher
from partners.vouchers import addresses, appointments, booking, expiring, issuing, reminding
from partners.vouchers.booking import Wanted
from points import ledger, statement
from tests import world as cast
from tests.books import breaches, refuses
from tests.pages import text
from tests.partners import booked
from tests.partners.shops import clerk, offer, owner, rival, voucher
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def agreement(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


@pytest.fixture
def boss(agreement: Agreement) -> Clerk:
    return owner(agreement)


@pytest.fixture
def home(agreement: Agreement) -> Offer:
    return booked.offer(agreement)


def test_asked_confirmed_reminded_and_used_as_a_voucher(world: World, home: Offer, boss: Clerk) -> None:
    mine = booked.asked(home, world.wang)
    assert mine.slot.offer == home and statement.available(world.wang) == 60
    assert mine.answer_by - mine.voucher.at == timedelta(hours=APPOINTMENT_HOURS.default)
    mine.slot.refresh_from_db()
    assert mine.slot.taken == 1 and booked.HOME.encode() not in bytes(mine.address or b"")
    done = appointments.confirm(appointment=mine, by=boss.account)
    assert (done.status, done.voucher.status) == ("confirmed", "issued")
    assert "已确认您的预约" in world.wang.messages.get(occasion=f"voucher:{mine.voucher_id}:confirmed").body
    reminding.remind(at=mine.slot.starts_at - 25 * HOUR)
    assert not world.wang.messages.filter(occasion=f"voucher:{mine.voucher_id}:visit").exists()
    for _ in range(2):
        reminding.remind(at=mine.slot.starts_at - 23 * HOUR)
    assert "请在家等候" in world.wang.messages.get(occasion=f"voucher:{mine.voucher_id}:visit").body
    assert breaches() == []


def test_what_must_be_said_to_book(world: World, agreement: Agreement, home: Offer) -> None:
    free, tap = booked.slot(home), Consent.Way.TAP
    other, soon = booked.slot(booked.offer(agreement, title="别的")), booked.slot(home, 1)
    far = booked.slot(home, 24 * 40)
    cases = [
        (Wanted(), "no_slot"),
        (Wanted(other, "a", "", tap), "slot_gone"),
        (Wanted(soon, "a", "", tap), "slot_gone"),
        (Wanted(far, "a", "", tap), "slot_gone"),
        (Wanted(free, " ", "", tap), "no_address"),
        (Wanted(free, "长" * 101, "", tap), "no_address"),
        (Wanted(free, "a", "长" * 101, tap), "no_address"),
        (Wanted(free, "a"), "partner_consent_needed"),
        (Wanted(free, "a", "", tap), ""),
    ]
    for wanted, code in cases:
        refused = booking.refusal_to_book(home, world.wang, wanted, clock.now())
        assert (refused.code if refused else "") == code, wanted
    assert world.wang.account
    with refuses(booking.NeedsWord):
        issuing.take(offer=home, resident=world.wang, by=world.wang.account, wanted=Wanted(free, "a"))
    assert statement.available(world.wang) == 80
    booked.asked(home, world.wang, when=free)
    assert booking.agreed(world.wang)  # given with it, and asked for once
    with refuses(booking.SlotGone):
        booked.asked(home, world.zhao, world.zhang, when=free)


def test_a_helper_takes_for_an_elder_but_does_not_give_their_word(
    world: World, agreement: Agreement, home: Offer
) -> None:
    way = Consent.Way.SIGNATURE
    helper = helping.appoint(
        resident=world.zhao, phone="13600009999", name="赵敏", relation="子女", by=world.zhang, way=way
    )
    made = issuing.take(offer=offer(agreement), resident=world.zhao, by=helper.account)
    assert "由亲友赵敏代办" in world.zhao.messages.get(occasion=f"voucher:{made.pk}:taken").body
    assert not booking.may_agree(world.zhao, helper.account) and booking.may_agree(world.zhao, world.zhang)
    with refuses(OwnersOnly):
        booked.asked(home, world.zhao, helper.account)
    wanted = Wanted(booked.slot(home), booked.HOME, "", way)
    assert issuing.take(offer=home, resident=world.zhao, by=world.zhang, wanted=wanted, printed=True).printed


def test_declined_or_not_answered_returns_everything(world: World, home: Offer, boss: Clerk) -> None:
    first = booked.asked(home, world.wang)
    with refuses(appointments.NoReason):
        appointments.decline(appointment=first, by=boss.account, reason=" ")
    appointments.decline(appointment=first, by=boss.account, reason="师傅生病")
    second = booked.asked(home, world.wang, when=booked.slot(home, 50))
    assert appointments.sweep(second.answer_by - HOUR) == 0
    assert appointments.sweep(second.answer_by) == 1 and appointments.sweep(second.answer_by) == 0
    for mine, word in ((first, "师傅生病"), (second, "没有按时答复")):
        mine.refresh_from_db()
        mine.slot.refresh_from_db()
        assert (mine.status, mine.slot.taken) == ("declined", 0) and word in mine.reason
        assert Voucher.objects.get(pk=mine.voucher_id).status == "returned"
        assert word in world.wang.messages.get(occasion=f"voucher:{mine.voucher_id}:back").body
    home.refresh_from_db()
    assert (statement.available(world.wang), home.taken, breaches()) == (80, 0, [])
    with refuses(appointments.NotAsked):
        appointments.confirm(appointment=first, by=boss.account)


def test_one_that_cannot_lapse_keeps_no_other_waiting(world: World, agreement: Agreement) -> None:
    shop = booked.offer(agreement, "shop")
    stuck = booked.asked(shop, world.wang)
    wanted = Wanted(booked.slot(shop, 50))
    other = issuing.take(offer=shop, resident=world.zhao, by=world.zhang, wanted=wanted).appointment
    ledger.reverse(key="repair", entry=stuck.voucher.entry_id, by=world.zhang, reason="更正", at=clock.now())
    assert appointments.sweep(other.answer_by) == 1
    other.refresh_from_db()
    assert other.status == "declined" and statement.available(world.zhao) == 200


def test_a_confirmed_visit_is_not_swept_and_can_still_fail(world: World, home: Offer, boss: Clerk) -> None:
    mine = booked.asked(home, world.wang)
    appointments.confirm(appointment=mine, by=clerk(boss_agreement(boss)).account)
    assert appointments.sweep(mine.answer_by + HOUR) == 0
    assert not appointments.lapse(
        appointment=mine, by=world.system, at=mine.answer_by + HOUR
    )  # answered since the look
    appointments.decline(appointment=mine, by=world.zhang, reason="商家来电说来不了")
    assert statement.available(world.wang) == 80 and breaches() == []


def boss_agreement(boss: Clerk) -> Agreement:
    return Agreement.objects.get(partner=boss.partner)


@pytest.mark.parametrize(
    ("confirmed", "before", "state", "points"),
    [(False, 3, "returned", 80), (True, 25, "returned", 80), (True, 24, "returned", 80), (True, 23, "expired", 60), (True, 0, "", 60)],
)  # fmt: skip
def test_the_resident_calls_it_off(
    world: World, home: Offer, boss: Clerk, confirmed: bool, before: int, state: str, points: int
) -> None:
    mine = booked.asked(home, world.wang)
    if confirmed:
        appointments.confirm(appointment=mine, by=boss.account)
    assert world.wang.account
    at = mine.slot.starts_at - before * HOUR
    with time_machine.travel(at, tick=False):
        mine.refresh_from_db()
        if state:
            appointments.cancel(appointment=mine, by=world.wang.account)
        else:
            with refuses(appointments.SlotBegan):
                appointments.cancel(appointment=mine, by=world.wang.account)
    mine.slot.refresh_from_db()
    assert (Voucher.objects.get(pk=mine.voucher_id).status, mine.slot.taken) == (state or "issued", 0 if state else 1)
    assert (statement.available(world.wang), breaches()) == (points, [])


def test_who_answers(world: World, home: Offer, boss: Clerk) -> None:
    mine = booked.asked(home, world.wang)
    for stranger in (rival(world).account, world.wang.account, world.qian):
        assert stranger
        acts: list[Callable[[User], object]] = [
            lambda by: appointments.confirm(appointment=mine, by=by),
            lambda by: appointments.decline(appointment=mine, by=by, reason="x"),
            lambda by: addresses.opened(appointment=mine, by=by),
        ]
        for act in acts:
            with refuses(appointments.NotYourAppointment):
                act(stranger)
    Clerk.objects.filter(pk=boss.pk).update(removed_at=clock.now(), removed_by=world.zhang)
    with refuses(appointments.NotYourAppointment):
        appointments.confirm(appointment=mine, by=boss.account)


def test_the_address_is_opened_while_it_is_needed_and_each_look_is_written(
    world: World, agreement: Agreement, home: Offer, boss: Clerk
) -> None:
    mine = Appointment.objects.select_related("voucher__resident", "voucher__community", "slot").get(
        pk=booked.asked(home, world.wang).pk
    )
    assert addresses.opened(appointment=mine, by=boss.account) == booked.HOME
    look = Look.objects.get(resident=world.wang)
    assert (look.by, look.what, look.community) == (boss.account, "上门地址", world.wenxing)
    ends = mine.slot.ends_at
    assert addresses.refusal_to_open(mine, boss.account, ends + 24 * HOUR) is None
    assert addresses.refusal_to_open(mine, boss.account, ends + 25 * HOUR)
    with transaction.atomic():
        consents.withdraw(resident=world.wang, purpose=Consent.Purpose.PARTNER, by=world.zhang)
        assert addresses.refusal_to_open(mine, boss.account, ends)
        transaction.set_rollback(True)
    shop = booked.asked(booked.offer(agreement, "shop", title="到店"), world.wang)
    with refuses(addresses.AddressShut):
        addresses.opened(appointment=shop, by=boss.account)
    appointments.decline(appointment=mine, by=boss.account, reason="没空")
    mine.refresh_from_db()
    with refuses(addresses.AddressShut):
        addresses.opened(appointment=mine, by=boss.account)
    assert Look.objects.count() == 1
    addresses.forget(at=ends + timedelta(days=29))
    mine.refresh_from_db()
    assert addresses.own(mine) == booked.HOME
    assert addresses.forget(at=ends + timedelta(days=31)) >= 1
    mine.refresh_from_db()
    assert (mine.address, mine.wish) == (None, "")


def test_vouchers_about_to_end_are_said_twice(world: World, agreement: Agreement) -> None:
    made = voucher(offer(agreement), world.wang)
    ends = clock.at(made.valid_until, clock.local(made.at).time())
    said = world.wang.messages.filter(occasion__startswith=f"voucher:{made.pk}:ends")
    for days, told in ((8, 0), (7, 1), (5, 1), (1, 2), (0, 2)):
        reminding.remind(at=ends - timedelta(days=days))
        assert said.count() == told, days
    assert Resident.objects.filter(messages__in=said).distinct().get() == world.wang


def test_a_partner_that_cannot_serve_keeps_nobodys_points(world: World, agreement: Agreement, boss: Clerk) -> None:
    """Whoever calls off late, or lets it end, because the shop was suspended on that day, loses nothing."""
    late, ended = (booked.asked(booked.offer(agreement, title=name), world.wang) for name in ("甲", "乙"))
    for one in (late, ended):
        appointments.confirm(appointment=one, by=boss.account)
    held = Suspension.objects.create(agreement=agreement, cause="other", reason="查", by=world.chen)
    assert world.wang.account
    with time_machine.travel(late.slot.starts_at - HOUR, tick=False):
        appointments.cancel(appointment=late, by=world.wang.account)
    lifted = ended.slot.ends_at + 24 * HOUR
    Suspension.objects.filter(pk=held.pk).update(lifted_at=lifted, lifted_by=world.chen, lift_reason="改好")
    assert expiring.sweep(lifted + timedelta(days=60)) == 1
    states = Voucher.objects.order_by("pk").values_list("status", flat=True)
    assert (list(states), statement.available(world.wang), breaches()) == (["returned"] * 2, 80, [])


def test_a_partner_that_is_suspended_is_not_told_where_people_live_and_confirms_nothing(
    client: Client, world: World, agreement: Agreement, home: Offer, boss: Clerk
) -> None:
    mine = booked.asked(home, world.wang)
    Suspension.objects.create(agreement=agreement, cause="harm", reason="查", by=world.chen)
    client.force_login(boss.account)
    page = f"/merchant/appointments/{mine.pk}/"
    shown = text(client, page)
    assert "查看上门地址" not in shown and "确认预约" not in shown and "被社区暂停" in shown and "不能安排" in shown
    for act in ("address", "confirm"):
        assert booked.HOME not in client.post(f"{page}{act}/", follow=True).content.decode()
    assert not Look.objects.exists() and Appointment.objects.get().status == "asked"
    appointments.decline(appointment=mine, by=boss.account, reason="暂停了")
    assert statement.available(world.wang) == 80


def test_a_slot_taken_away_in_this_moment_is_refused(world: World, home: Offer) -> None:
    made = voucher(offer(home.partner.agreements.get()), world.wang)
    when = booked.slot(home)
    type(when).objects.filter(pk=when.pk).delete()
    made.offer = home
    with refuses(booking.SlotGone):
        booking.book(voucher=made, wanted=Wanted(when, booked.HOME), by=world.zhang, at=clock.now())
