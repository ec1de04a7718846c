"""What holders of vouchers read when their partner is suspended, serves again, or leaves: once each, and true."""

from datetime import timedelta

import pytest
import time_machine

from communities.models import Resident
from core import clock, words
from notifications.models import Message
from partners.models import Agreement, Licence, Voucher
from partners.obligations import leaving, suspending, winding_up
from partners.vouchers import appointments, expiring, returning
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.partners import booked
from tests.partners.shops import offer, owner, voucher
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def agreed(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


def told(one: Voucher, what: str) -> str:
    """The one message about this voucher."""
    return Message.objects.get(occasion__startswith=f"voucher:{one.pk}:{what}:").body


def count(what: str) -> int:
    return Message.objects.filter(occasion__contains=f":{what}:").count()


def left(agreement: Agreement, world: World, vouchers: str = "keep") -> None:
    wish = leaving.begin(agreement=agreement, reason="搬家了", by=owner(agreement).account)
    leaving.decide(leaving=wish, leave=True, minutes="同意", vouchers=vouchers, by=world.chen)


def back_by(resident: Resident, one: Voucher) -> int:
    assert resident.account
    returning.give_back_own(voucher=one, by=resident.account)
    return statement.available(resident)


def test_suspended_and_lifted_each_holder_is_told_once_what_happens(world: World) -> None:
    agreement = agreed(world)
    mine, used_up = (voucher(offer(agreement, title=name), world.wang) for name in ("甲", "乙"))
    visit = booked.asked(booked.offer(agreement), world.wang)
    Voucher.objects.filter(pk=used_up.pk).update(valid_until=clock.today() - DAY)
    elsewhere = voucher(
        offer(cast.partner(world.street, world.yongan, world.zhang, partner=agreement.partner), price=5), world.wang
    )
    held = suspending.suspend(agreement=agreement, cause="accident", reason="漏水", by=world.chen)
    body, until = told(mine, "halted"), words.day(mine.valid_until)
    assert (
        "暂时不能使用，积分没有变动" in body and f"到{until}还没有恢复的，积分自动退回" in body and "漏水" not in body
    )
    assert "取消预约，积分全部退回" in told(visit.voucher, "halted") and count("halted") == 2
    assert back_by(world.wang, Voucher.objects.get(pk=elsewhere.pk)) == 20  # 80 less three
    suspending.lift(suspension=held, reason="修好了", by=world.he)
    assert f"可以继续使用，有效期到{until}" in told(mine, "resumed") and count("resumed") == 2
    again = suspending.suspend(agreement=agreement, cause="accident", reason="又漏", by=world.chen)
    assert count("halted") == 4
    with time_machine.travel(clock.now() + 40 * DAY, tick=False):
        assert expiring.sweep(clock.now()) == 3  # as it was said: the points return
        assert statement.available(world.wang) == 60 and Voucher.objects.get(pk=mine.pk).status == "returned"
        suspending.lift(suspension=again, reason="修好了", by=world.he)
    assert count("resumed") == 2 and breaches() == []


def test_nobody_is_called_back_to_a_shop_that_still_cannot_serve(world: World) -> None:
    agreement = agreed(world)
    voucher(offer(agreement), world.wang)
    held = suspending.suspend(agreement=agreement, cause="licence", reason="证照过期", by=world.chen)
    Licence.objects.create(
        partner=agreement.partner, kind="food", number="1", issuer="局", valid_until=clock.today() - DAY, by=world.zhang
    )
    suspending.lift(suspension=held, reason="误报", by=world.he)
    assert count("resumed") == 0


def test_who_leaves_tells_until_when_and_what_is_over_then_returns(world: World) -> None:
    agreement = agreed(world)
    short, long = (
        voucher(offer(agreement, title=name, valid_days=days), world.wang) for name, days in (("短", 9), ("长", 90))
    )
    far = booked.offer(agreement, "shop", valid_days=90, title="到店")
    visit = booked.asked(far, world.wang, when=booked.slot(far, 24 * 40))
    appointments.confirm(appointment=visit, by=world.zhang)
    left(agreement, world)
    last = words.day(clock.today() + 30 * DAY)
    assert told(short, "left").endswith(
        f"最晚可以用到{words.day(short.valid_until)}。也可以在券里或社区窗口退回，积分全部退回。"
    )
    assert f"最晚可以用到{last}。" in told(long, "left") and f"过了{last}没有使用的，积分自动退回" in told(long, "left")
    assert "预约的那天商家已经退出。也可以在券里或社区窗口取消预约，积分全部退回" in told(visit.voucher, "left")
    assert world.wang.account and back_by(world.wang, short) == 40
    with time_machine.travel(clock.now() + 31 * DAY, tick=False):
        appointments.cancel(appointment=visit, by=world.wang.account)
        assert (winding_up.sweep(clock.now()), statement.available(world.wang)) == (1, 80)
    assert count("left") == 3 and breaches() == []


def test_who_leaves_while_suspended_promises_no_use(world: World) -> None:
    agreement = agreed(world)
    mine = voucher(offer(agreement), world.wang)
    suspending.suspend(agreement=agreement, cause="harm", reason="查", by=world.chen)
    left(agreement, world)
    assert "现在暂停使用，积分没有变动" in told(mine, "left") and "最晚可以用到" not in told(mine, "left")


def test_suspended_after_leaving_the_days_that_are_left_are_those_of_leaving(world: World) -> None:
    agreement = agreed(world)
    mine = voucher(offer(agreement, valid_days=90), world.wang)
    left(agreement, world)
    last = words.day(clock.today() + 30 * DAY)
    held = suspending.suspend(agreement=agreement, cause="harm", reason="查", by=world.chen)
    assert f"到{last}还没有恢复的，积分自动退回" in told(mine, "halted")
    suspending.lift(suspension=held, reason="查清", by=world.he)
    assert f"最晚可以用到{last}。" in told(mine, "resumed")


def test_what_goes_back_at_once_is_told_where_it_goes_back(world: World) -> None:
    agreement = agreed(world)
    mine = voucher(offer(agreement), world.wang)
    left(agreement, world, vouchers="return")
    assert (count("left"), winding_up.sweep(clock.now())) == (0, 1)
    assert "合伙人退出，积分退回" in Message.objects.get(occasion=f"voucher:{mine.pk}:back").body
