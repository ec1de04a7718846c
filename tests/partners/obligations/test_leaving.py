"""Suspending at once, and leaving in good order: told, heard, decided by another one, wound up."""

from datetime import date, time, timedelta

import pytest
import time_machine

from communities import duties, todo
from communities.kin import SamePerson
from communities.models import Duty
from core import clock
from partners import standing
from partners.models import Agreement, Leaving, Offer, Statement, Suspension, Voucher
from partners.obligations import board, leaving, notes, rooming, suspending, waiting, winding_up
from partners.obligations.bias import OwnShop
from partners.settling import correcting, drawing, paying
from partners.vouchers import expiring, redeeming
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.partners import months
from tests.partners.promised import agreed
from tests.partners.shops import clerk, offer, owner, phone, voucher
from tests.world import World
from venues.models import Booking, BookingSeries

pytestmark = pytest.mark.django_db
MONDAY = clock.at(date(2026, 11, 16), time(10))
DAY, FINANCE = timedelta(days=1), Duty.Role.FINANCE


def begun(world: World, agreement: Agreement) -> Leaving:
    return leaving.begin(agreement=agreement, reason="半年没有履约", by=world.chen)


def decided(world: World, agreement: Agreement, **said: object) -> Leaving:
    """Answered on the same day, so that nobody waits."""
    made = begun(world, agreement)
    made = leaving.answer(leaving=made, text="人手不够", by=owner(agreement).account)
    said = {"leave": True, "minutes": "11月16日评议小组5人，一致同意"} | said
    return leaving.decide(leaving=made, by=world.he, **said)  # type: ignore[arg-type]


def test_suspended_nothing_is_on_show_until_it_is_lifted(world: World) -> None:
    agreement, today = agreed(world), clock.today()
    shown = offer(agreement)
    with pytest.raises(duties.NotYourDuty):
        suspending.suspend(agreement=agreement, cause="accident", reason="漏水", by=world.zhang)
    made = suspending.suspend(agreement=agreement, cause="accident", reason="漏水", by=world.chen)
    assert isinstance(standing.refusal_for(agreement.partner, world.wenxing, today), standing.PartnerSuspended)
    assert not Offer.objects.on_show(today).filter(pk=shown.pk).exists()
    assert "文兴社区已暂停您的服务（发生事故：漏水）" in notes.notes_for(agreement.partner)[0]
    with pytest.raises(suspending.AlreadySuspended):
        suspending.suspend(agreement=agreement, cause="accident", reason="又漏", by=world.he)
    for by, refused in ((world.zhang, duties.NotYourDuty), (_owner_of(world, agreement), OwnShop)):
        with pytest.raises(refused):
            suspending.lift(suspension=made, reason="修好了", by=by)
    suspending.lift(suspension=made, reason="修好了", by=world.he)
    assert standing.refusal_for(agreement.partner, world.wenxing, today) is None
    with pytest.raises(suspending.NotSuspended):
        suspending.lift(suspension=made, reason="再恢复", by=world.he)


def _owner_of(world: World, agreement: Agreement) -> object:
    """The head, whose private phone is the owner's."""
    account = phone()
    owner(agreement, account)
    world.chen.own_phone = account.phone or ""
    world.chen.save(update_fields=["own_phone"])
    return world.chen


@pytest.mark.parametrize("cause", ["accident", "licence", "offence", "data", "harm", "false_use"])
def test_the_causes_of_the_rule_are_at_once(cause: str) -> None:
    assert Suspension.Cause(cause) in suspending.AT_ONCE


def test_decided_after_the_answer_or_the_last_day_and_by_another_one(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        agreement = agreed(world)
        with pytest.raises(duties.NotYourDuty):
            leaving.begin(agreement=agreement, reason="x", by=world.zhang)
        made = begun(world, agreement)
        assert made.answer_by == date(2026, 11, 30)  # ten working days
        with pytest.raises(leaving.AlreadyLeaving):
            leaving.begin(agreement=agreement, reason="x", by=world.he)
        with pytest.raises(leaving.StillTime):
            leaving.decide(leaving=made, leave=True, minutes="x", by=world.he)
        with pytest.raises(duties.NotYourDuty):  # the owner's phone answers, not the shop's
            leaving.answer(leaving=made, text="x", by=clerk(agreement).account)
        clocks.move_to(MONDAY + 15 * DAY)
        with pytest.raises(leaving.TooLateToAnswer):
            leaving.answer(leaving=made, text="x", by=owner(agreement).account)
        with pytest.raises(SamePerson):
            leaving.decide(leaving=made, leave=True, minutes="x", by=world.chen)
        rows = [row.label for row in todo.rows_of([waiting.rows], world.he) if row.count]
        assert rows == ["退出程序待登记决定"]
        assert not [row for row in todo.rows_of([waiting.rows], world.chen) if row.count]
        done = leaving.decide(leaving=made, leave=False, minutes="整改到位，保留", by=world.he)
    assert done.status == Leaving.Status.KEPT
    assert standing.agreement_of(agreement.partner, world.wenxing, clock.today()) is not None


def test_decided_ends_every_agreement_and_vouchers_have_their_grace(world: World) -> None:
    agreement, today = agreed(world), clock.today()
    coming = agreed(world, starts_on=today + 5 * DAY)
    elsewhere = agreed(world, community=world.yongan)
    mine = voucher(offer(agreement), world.wang)
    done = decided(world, agreement)
    assert {Agreement.objects.get(pk=one.pk).ended_on for one in (agreement, coming)} == {today, today + 5 * DAY}
    assert Agreement.objects.get(pk=elsewhere.pk).ended_on is None
    assert leaving.grace_until(agreement.partner, world.wenxing) == today + 30 * DAY == done.vouchers_until
    assert leaving.grace_until(agreement.partner, world.yongan) is None
    assert winding_up.return_vouchers(done) == 0 and Voucher.objects.get(pk=mine.pk).status == "issued"
    with pytest.raises(winding_up.VouchersOut):
        winding_up.finish(leaving=done, sign_removed_on=today, by=world.he)


def test_vouchers_go_back_one_by_one_and_then_the_partner_has_left(world: World) -> None:
    agreement, today = agreed(world), clock.today()
    on_show = offer(agreement, price=20)
    for _ in range(3):
        voucher(on_show, world.wang)
    done = decided(world, agreement, vouchers="return")
    assert leaving.grace_until(agreement.partner, world.wenxing) is None
    assert (winding_up.sweep(clock.now()), winding_up.sweep(clock.now())) == (3, 0)
    assert (statement.available(world.wang), breaches()) == (80, [])
    month = today.replace(day=1)
    open_one = Statement.objects.create(
        partner=agreement.partner, community=world.wenxing, month=month, drawn_by=world.system
    )
    with pytest.raises(winding_up.SettlementOpen):
        winding_up.finish(leaving=done, sign_removed_on=today, by=world.he)
    open_one.delete()
    with pytest.raises(winding_up.SignDay):
        winding_up.finish(leaving=done, sign_removed_on=today + DAY, by=world.he)
    assert winding_up.finish(leaving=done, sign_removed_on=today, by=world.chen).status == Leaving.Status.DONE


def test_the_owners_own_wish_needs_no_answer(world: World) -> None:
    agreement = agreed(world)
    shop = owner(agreement)
    made = leaving.begin(agreement=agreement, reason="搬家了", by=shop.account)
    assert made.own_wish and "您提出退出" in notes.notes_for(agreement.partner)[0]
    with pytest.raises(leaving.LeavingState):
        leaving.answer(leaving=made, text="x", by=shop.account)
    assert leaving.decide(leaving=made, leave=True, minutes="同意", by=world.chen).status == Leaving.Status.DECIDED


def test_a_suspension_outlasts_the_agreement_under_which_it_was_imposed(world: World) -> None:
    today = clock.today()
    agreement = agreed(world, ends_on=today)
    renewed = agreed(world, starts_on=today + DAY)
    mine = voucher(offer(agreement), world.wang)
    made = suspending.suspend(agreement=agreement, cause="harm", reason="推销保健品", by=world.chen)
    with time_machine.travel(clock.now() + DAY, tick=False):
        on = clock.today()
        assert isinstance(standing.refusal_for(agreement.partner, world.wenxing, on), standing.PartnerSuspended)
        assert isinstance(redeeming.refusal_of_shop(mine, on), redeeming.ShopSuspended)
        assert not Offer.objects.on_show(on).exists() and not expiring.could_serve(mine, on)
        assert board.of(agreement.partner, [renewed], on).sides[0].suspended
        with pytest.raises(suspending.AlreadySuspended):
            suspending.suspend(agreement=renewed, cause="harm", reason="再次", by=world.chen)
        suspending.lift(suspension=made, reason="查清了", by=world.he)
        assert standing.refusal_for(agreement.partner, world.wenxing, on) is None
        assert Offer.objects.on_show(on).exists()


def test_who_left_is_still_stopped_at_once_while_vouchers_are_good(world: World) -> None:
    agreement = agreed(world)
    mine = voucher(offer(agreement), world.wang)
    decided(world, agreement)
    assert redeeming.refusal_of_shop(mine, clock.today()) is None
    suspending.suspend(agreement=agreement, cause="accident", reason="烫伤老人", by=world.chen)
    assert isinstance(redeeming.refusal_of_shop(mine, clock.today()), redeeming.ShopSuspended)
    with time_machine.travel(clock.now() + 31 * DAY, tick=False), pytest.raises(suspending.NothingToSuspend):
        suspending.suspend(agreement=agreement, cause="other", reason="x", by=world.chen)


def test_what_nobody_used_in_the_grace_goes_back_and_holds_nothing_up(world: World) -> None:
    agreement = agreed(world)
    mine = voucher(offer(agreement, price=20), world.wang)
    Voucher.objects.filter(pk=mine.pk).update(valid_until=clock.today() + 200 * DAY)
    done = decided(world, agreement)
    assert winding_up.sweep(clock.now() + 30 * DAY) == 0
    with time_machine.travel(clock.now() + 31 * DAY, tick=False):
        assert (winding_up.sweep(clock.now()), Voucher.objects.get(pk=mine.pk).status) == (1, "returned")
        assert (statement.available(world.wang), winding_up.refusal_for(done, world.he)) == (80, None)


def test_a_use_that_was_undone_after_its_month_is_settled_first(world: World) -> None:
    agreement = months.agreed(world, "gift", 0)
    used = months.use(months.offered(agreement), months.rich(world), clock.at(months.first_of(0) - DAY, time(23)))
    months.frozen(world, agreement.partner, months.first_of(1))
    wish = leaving.begin(agreement=agreement, reason="搬家了", by=months.owner_of(agreement.partner).account)
    done = leaving.decide(leaving=wish, leave=True, minutes="同意", vouchers="return", by=world.chen)
    assert winding_up.refusal_of_settlement(done) is None
    months.undone(used, clock.at(months.first_of(0), time(1)))
    assert winding_up.refusal_of_settlement(done) is not None


def test_it_is_not_over_before_all_is_drawn_signed_corrected_and_paid_back(world: World) -> None:
    agreement, finance = (
        months.agreed(world, "subsidy", 100),
        cast.staff("cw", "财务", FINANCE, community=world.wenxing),
    )
    months.use(months.offered(agreement), months.rich(world), months.moment(months.first_of(3) + DAY))
    wish = leaving.begin(agreement=agreement, reason="搬家了", by=months.owner_of(agreement.partner).account)
    done = leaving.decide(leaving=wish, leave=True, minutes="同意", vouchers="return", by=world.chen)

    def waits_for() -> str:
        refused = winding_up.refusal_for(done, world.chen)
        return refused.message if refused else ""

    def corrected(one: Statement, cents: int) -> None:
        wrong = correcting.propose(statement=one, amount_cents=cents, reason="更正", by=world.zhang)
        assert "1笔结算更正没有批准" in waits_for()
        correcting.approve(correction=wrong, by=world.chen)
        assert "还没有列入结算单" in waits_for()

    assert "还没有出结算单" in waits_for()
    drawing.draw(partner=agreement.partner, community=world.wenxing, month=months.first_of(3), by=world.zhang)
    assert "1张结算单双方没有确认完" in waits_for()
    first = months.frozen(world, agreement.partner, months.first_of(3))
    assert "1张结算单没有登记支付" in waits_for()
    corrected(first, -2000)
    paying.pay(statement=first, invoice="1", paid_on=clock.today(), amount_cents=first.net_cents, by=finance)
    second = months.frozen(world, agreement.partner, months.first_of(2))
    assert "还应退回20.00元" in waits_for()
    corrected(second, 2000)
    assert months.frozen(world, agreement.partner, months.first_of(1)).net_cents == 0
    assert waits_for() == ""


def test_rooms_are_given_back_before_the_partner_has_left(world: World) -> None:
    agreement = agreed(world, hours=8)
    begins = clock.now() + 3 * DAY
    grant, ends = agreement.grants.get(), begins + timedelta(hours=2)
    series = BookingSeries.objects.create(
        room=grant.room, use="partner", title="理发", weekdays=[1], starts=time(9), minutes=120, first=begins.date(),
        last=ends.date() + 90 * DAY, made_by=world.zhang,
    )  # fmt: skip
    rooming.link(grant=grant, series=series, by=world.zhang)
    booked = Booking.objects.create(
        room=grant.room, series=series, use="partner", title="理发", unit="理发店", starts_at=begins, ends_at=ends,
        blocked_until=ends, by=world.zhang,
    )  # fmt: skip
    done = decided(world, agreement, vouchers="return")
    with pytest.raises(winding_up.RoomsHeld):
        winding_up.finish(leaving=done, sign_removed_on=clock.today(), by=world.he)
    booked.delete()
    assert winding_up.refusal_for(done, world.he) is None
