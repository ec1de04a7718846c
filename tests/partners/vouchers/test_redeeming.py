"""核销: used once, by the right hands; what it pays; undone in time; and why not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from communities.duties import NotYourDuty
from communities.models import User
from core import clock
from core.refusals import Refused
from notifications.models import Message
from partners.models import (
    Agreement,
    Appointment,
    Clerk,
    Leaving,
    Licence,
    Redemption,
    Slot,
    Suspension,
    Voucher,
)
from partners.vouchers import expiring, freezing, issuing, looking, returning, undoing
from partners.vouchers.booking import Wanted
from partners.vouchers.redeeming import NotBookedYet, redeem, refusal_to_redeem, share_of
from points import statement
from tests import world as cast
from tests.books import breaches, refuses
from tests.partners.shops import clerk, offer, owner, phone, rival, voucher
from tests.world import World

pytestmark = pytest.mark.django_db
DAY, Way, Status = timedelta(days=1), Redemption.Way, Voucher.Status


@pytest.fixture
def agreed(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang, mode="mixed", percent=33)


@pytest.fixture
def shop(agreed: Agreement) -> Clerk:
    return owner(agreed)


@pytest.fixture
def mine(agreed: Agreement, world: World) -> Voucher:
    """Of 王秀兰, taken an hour ago."""
    return voucher(offer(agreed, worth_cents=1550), world.wang, clock.now() - timedelta(hours=1))


def relative(world: World) -> User:
    """A colleague who lives with 王秀兰."""
    me = cast.resident(world.wenxing, "陈志强本人", "13700000001")
    me.account, me.household = world.chen, world.wang.household
    me.save()
    return world.chen


def used(one: Voucher, by: Clerk, **more: object) -> Redemption:
    return redeem(voucher=one, by=by.account, clerk=by, way=Way.SCAN, **more)  # type: ignore[arg-type]


def told(world: World) -> list[str]:
    mine = Message.objects.filter(resident=world.wang, occasion__startswith="voucher:").order_by("pk")
    return list(mine.values_list("title", flat=True))


def test_used_once_the_points_are_the_partners_and_the_agreement_says_what_it_pays(
    world: World, mine: Voucher, shop: Clerk, agreed: Agreement
) -> None:
    made = used(mine, shop)
    mine.refresh_from_db()
    assert (mine.status, made.agreement, made.points, made.unit_cents) == (Status.USED, agreed, 20, 512)
    assert (made.entry.key, made.served_on) == (f"redeem:{made.pk}", clock.today())
    assert told(world) == ["服务券兑换成功", "服务券已使用"]
    with refuses(Refused) as again:
        used(mine, shop)
    assert again.value.code == "voucher_used" and "积分没有变动" in again.value.message
    assert Redemption.objects.count() == 1 and breaches() == []


def test_fen_are_rounded_half_up() -> None:
    assert [share_of(*pair) for pair in ((1550, 33), (1, 50), (1, 49), (999, 100), (1500, 0))] == [512, 1, 0, 999, 0]


def suspended(agreed: Agreement, world: World) -> None:
    Suspension.objects.create(agreement=agreed, cause="other", reason="查", by=world.chen)


def lapsed(agreed: Agreement, world: World) -> None:
    Licence.objects.create(
        partner=agreed.partner, kind="food", number="1", issuer="局", valid_until=clock.today() - DAY, by=world.zhang
    )


def ended(agreed: Agreement, _: World) -> None:
    Agreement.objects.filter(pk=agreed.pk).update(ended_on=clock.today(), end_reason="停业")


def over(_: Agreement, __: World) -> None:
    Voucher.objects.update(valid_until=clock.today() - DAY)


def back(_: Agreement, world: World) -> None:
    returning.give_back_own(voucher=Voucher.objects.get(), by=world.wang.account or world.system)


def frozen(_: Agreement, world: World) -> None:
    freezing.freeze(voucher=Voucher.objects.get(), by=world.zhang, reason="核查")


WHY_NOT: list[tuple[Callable[[Agreement, World], None], str, str]] = [
    (suspended, "partner_suspended", "店里的服务被社区暂停"),
    (lapsed, "licence_lapsed", "食品经营许可证或备案"),
    (ended, "agreement_not_in_force", "协议现在没有生效"),
    (over, "voucher_expired", "已过期"),
    (back, "voucher_returned", "已退回"),
    (frozen, "voucher_frozen", "被社区冻结"),
]


@pytest.mark.parametrize(("change", "code", "says"), WHY_NOT)
def test_why_not(
    change: Callable[[Agreement, World], None], code: str, says: str, agreed: Agreement, mine: Voucher, shop: Clerk, world: World
) -> None:  # fmt: skip
    change(agreed, world)
    with refuses(Refused) as info:
        used(mine, shop)
    assert info.value.code == code and says in info.value.message
    assert not Redemption.objects.exists() and breaches() == []


def test_whose_hands(world: World, mine: Voucher, shop: Clerk, agreed: Agreement) -> None:
    def code(by: Clerk | None, account: object = None) -> str:
        user = account or (by and by.account)
        found = refusal_to_redeem(mine, by=user, clerk=by, on=clock.today())  # type: ignore[arg-type]
        return found.code if found else "may"

    assert code(shop) == code(clerk(agreed)) == "may"
    assert code(rival(world)) == "other_shop"
    gone = clerk(agreed, slot=2)
    Clerk.objects.filter(pk=gone.pk).update(removed_at=clock.now(), removed_by=shop.account)
    assert code(gone) == "not_a_merchant"
    assert code(shop, phone()) == "not_a_merchant"  # another account with this clerk's row
    assert (code(None, world.zhang), code(None, world.qian)) == ("may", NotYourDuty.code)
    assert code(None, relative(world)) == "own_voucher"
    Clerk.objects.filter(pk=shop.pk).update(account=world.wang.account)
    shop.refresh_from_db()
    assert code(shop) == "own_or_familys"


def test_a_confirmed_appointment_opens_it(world: World, agreed: Agreement, shop: Clerk) -> None:
    now, bookable = clock.now(), offer(agreed, booking="shop")
    slot = Slot.objects.create(offer=bookable, starts_at=now + 2 * DAY, ends_at=now + 3 * DAY, by=world.zhang)
    by = world.wang.account or world.system
    mine = issuing.take(offer=bookable, resident=world.wang, by=by, wanted=Wanted(slot))
    with refuses(NotBookedYet):
        used(mine, shop)
    Appointment.objects.update(status="confirmed", answered_at=now, answered_by=shop.account)
    assert used(mine, shop).voucher_id == mine.pk


def test_vouchers_of_a_partner_that_left_are_good_as_long_as_was_decided(
    world: World, mine: Voucher, shop: Clerk, agreed: Agreement
) -> None:
    ended(agreed, world)
    left = Leaving.objects.create(
        agreement=agreed, reason="停业", by=world.zhang, answer_by=clock.today(), status="decided", decided_by=world.chen,
        decided_at=clock.now(), minutes="同意", vouchers_until=clock.today() - DAY,
    )  # fmt: skip
    with refuses(Refused):
        used(mine, shop)
    Leaving.objects.filter(pk=left.pk).update(vouchers_until=clock.today())
    assert used(mine, shop).agreement == agreed
    assert breaches() == []


def test_undone_by_the_shop_within_ten_minutes_and_used_anew(
    world: World, mine: Voucher, shop: Clerk, agreed: Agreement
) -> None:
    first = used(mine, shop)
    with refuses(Refused) as info:
        undoing.undo(redemption=first, by=shop.account, clerk=shop, at=first.at + timedelta(minutes=11))
    assert info.value.code == "too_late_to_undo"
    with refuses(Refused):
        undoing.undo(redemption=first, by=(other := rival(world)).account, clerk=other)
    undoing.undo(redemption=first, by=shop.account, clerk=shop)
    mine.refresh_from_db()
    assert (mine.status, breaches()) == (Status.ISSUED, [])
    with refuses(Refused) as info:
        undoing.undo(redemption=first, by=shop.account, clerk=shop)
    assert info.value.code == "already_undone"
    assert used(mine, shop).pk != first.pk
    assert told(world)[-2:] == ["服务券使用已撤销", "服务券已使用"] and breaches() == []


def test_undone_by_staff_within_seven_days_with_a_reason_and_expired_when_its_days_are_over(
    world: World, mine: Voucher, shop: Clerk
) -> None:
    made = used(mine, shop)
    for reason, by, code in (("", world.zhang, "no_reason"), ("错录", world.qian, NotYourDuty.code)):
        with refuses(Refused) as info:
            undoing.undo(redemption=made, by=by, reason=reason)
        assert info.value.code == code
    with refuses(Refused) as late:
        undoing.undo(redemption=made, by=world.zhang, reason="错录", at=made.at + 8 * DAY)
    assert late.value.code == "too_late_to_undo"
    Voucher.objects.update(valid_until=clock.today() - DAY)
    undoing.undo(redemption=made, by=world.zhang, reason="错录")
    mine.refresh_from_db()
    assert (mine.status, statement.available(world.wang), breaches()) == (Status.EXPIRED, 60, [])


def test_a_number_given_to_another_voucher_meanwhile_is_drawn_anew(world: World, mine: Voucher, shop: Clerk) -> None:
    made = used(mine, shop)
    other = voucher(mine.offer, world.wang)
    Voucher.objects.filter(pk=other.pk).update(number=mine.number)
    undoing.undo(redemption=made, by=shop.account, clerk=shop)
    mine.refresh_from_db()
    assert mine.status == Status.ISSUED and mine.number != Voucher.objects.get(pk=other.pk).number


def test_given_back_by_its_owner_unless_it_is_booked_and_by_staff_with_a_reason(world: World, mine: Voucher) -> None:
    me = world.wang.account or world.system
    now = clock.now()
    slot = Slot.objects.create(offer=mine.offer, starts_at=now, ends_at=now + DAY, by=world.zhang)
    Appointment.objects.create(voucher=mine, slot=slot, answer_by=now + DAY)
    for act, code in (
        (lambda: returning.give_back_own(voucher=mine, by=me), "voucher_booked"),
        (lambda: returning.give_back(voucher=mine, by=world.zhang, reason=" "), "no_reason"),
        (lambda: returning.give_back(voucher=mine, by=world.qian, reason="停业"), NotYourDuty.code),
        (lambda: returning.give_back(voucher=mine, by=relative(world), reason="停业"), "own_voucher"),
    ):
        with refuses(Refused) as info:
            act()
        assert info.value.code == code
    returning.give_back(voucher=mine, by=world.zhang, reason="商家停业")
    assert (statement.available(world.wang), Appointment.objects.get().status) == (80, "cancelled")
    with refuses(returning.CannotReturn):
        returning.give_back(voucher=mine, by=world.zhang, reason="商家停业")
    slot.refresh_from_db()
    assert (slot.taken, told(world)[-1], breaches()) == (0, "服务券已退回", [])


def test_frozen_it_waits_and_then_goes_on(world: World, mine: Voucher, shop: Clerk) -> None:
    freezing.freeze(voucher=mine, by=world.zhang, reason="核查")
    with refuses(freezing.CannotFreeze):
        freezing.freeze(voucher=mine, by=world.zhang, reason="再核查")
    with refuses(Refused):
        returning.give_back_own(voucher=mine, by=world.wang.account or world.system)
    for by in (world.qian, relative(world)):
        with refuses(Refused):
            freezing.unfreeze(voucher=mine, by=by)
    freezing.unfreeze(voucher=mine, by=world.zhang)
    assert used(mine, shop).voucher_id == mine.pk and breaches() == []


def suspended_at_the_end(agreed: Agreement, world: World) -> None:
    gone = Suspension.objects.create(
        agreement=agreed, cause="other", reason="查", by=world.chen, at=clock.now() + 29 * DAY
    )
    Suspension.objects.filter(pk=gone.pk).update(
        lifted_at=clock.now() + 30 * DAY, lifted_by=world.chen, lift_reason="改好"
    )


def over_before(agreed: Agreement, _: World) -> None:
    Agreement.objects.filter(pk=agreed.pk).update(ended_on=clock.today() + 29 * DAY, end_reason="停业")


def lapsed_at_the_end(agreed: Agreement, world: World) -> None:
    lapsed(agreed, world)
    Licence.objects.update(valid_until=clock.today() + 28 * DAY)


def nothing(_: Agreement, __: World) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "status", "have"),
    [
        (nothing, Status.EXPIRED, 60), (suspended_at_the_end, Status.RETURNED, 80), (over_before, Status.RETURNED, 80),
        (lapsed_at_the_end, Status.RETURNED, 80),
    ],
)  # fmt: skip
def test_expired_the_points_return_where_the_partner_was_at_fault(
    change: Callable[[Agreement, World], None], status: str, have: int, agreed: Agreement, mine: Voucher, world: World
) -> None:  # fmt: skip
    change(agreed, world)
    assert expiring.sweep(clock.now() + 30 * DAY) == 0  # its last day
    assert expiring.sweep(clock.now() + 31 * DAY) == 1
    assert expiring.sweep(clock.now() + 31 * DAY) == 0
    mine.refresh_from_db()
    assert (mine.status, statement.available(world.wang), breaches()) == (status, have, [])


def test_nobody_writes_down_looks_at_or_undoes_what_the_own_familys_shop_did(
    world: World, mine: Voucher, shop: Clerk
) -> None:
    made = used(voucher(mine.offer, world.wang), shop)  # at once: flagged
    User.objects.filter(pk=shop.account_id).update(phone=world.chen.own_phone)
    for refused in (
        refusal_to_redeem(mine, by=world.chen, clerk=None, on=clock.today()),
        looking.refusal_to_look(made, world.chen),
        undoing.refusal_to_undo(made, by=world.chen, clerk=None, at=clock.now()),
    ):
        assert refused and refused.code == "own_shop" and "其他同事" in refused.message
    assert refusal_to_redeem(mine, by=world.zhang, clerk=None, on=clock.today()) is None


def test_a_sheet_of_a_day_on_which_the_shop_was_suspended_is_not_entered(world: World) -> None:
    agreed = cast.partner(world.street, world.wenxing, world.zhang, starts_on=clock.today() - 9 * DAY)
    mine = voucher(offer(agreed), world.wang, clock.now() - 5 * DAY)
    suspended(agreed, world)
    Suspension.objects.update(at=clock.now() - 2 * DAY, lifted_at=clock.now(), lifted_by=world.chen, lift_reason="改好")
    refused = refusal_to_redeem(mine, by=world.zhang, clerk=None, on=clock.today() - DAY)
    assert refused and refused.code == "partner_suspended"
    assert refusal_to_redeem(mine, by=world.zhang, clerk=None, on=clock.today()) is None


def test_what_was_frozen_until_its_days_were_over_is_not_promised_again(world: World, mine: Voucher) -> None:
    freezing.freeze(voucher=mine, by=world.zhang, reason="核查")
    Voucher.objects.update(valid_until=clock.today() - DAY)
    freezing.unfreeze(voucher=mine, by=world.zhang)
    said = world.wang.messages.order_by("-pk")[0].body
    assert "已经过期" in said and "继续使用" not in said
