"""What holders of open vouchers read when their partner is suspended, serves again, or leaves (domain guide, 7.5 and 8).

Once per voucher and event. What goes back is told where it goes back (returning.py).
"""

from collections.abc import Callable
from datetime import date, datetime

from communities.models import Community
from communities.settings import VOUCHER_REFUND_FAULT, value_of
from core import clock, words
from notifications.models import Message
from notifications.outbox import Words, message, tell_many
from partners.models import Agreement, Leaving, Suspension, Voucher, VoucherQuerySet
from partners.vouchers.appointments import STANDING
from partners.vouchers.redeeming import refusal_of_shop

INBOX = Message.Channel.INBOX


def halted(suspension: Suspension) -> None:
    """They cannot be used for now: how to have the points back, and what happens if it lasts. Part of suspending."""
    fault, until = _returns_at_fault(suspension.agreement.community), _left_until(suspension.agreement)

    def body(one: Voucher) -> str:
        last = min(one.valid_until, until)
        back = f"到{words.day(last)}还没有恢复的，积分自动退回。" if fault or one.valid_until > until else ""
        return (
            f"{one.partner}的服务暂停了，您的“{one.offer}”暂时不能使用，积分没有变动。恢复后可以继续使用。"
            f"{_way_out(one, suspension.at)}{back}"
        )

    _tell(suspension.agreement, suspension.at, f"halted:{suspension.pk}", "服务券暂时不能使用", body)


def resumed(suspension: Suspension, at: datetime) -> None:
    """They are good again, unless something else stands in the way. Part of lifting."""

    today, until = clock.local(at).date(), _left_until(suspension.agreement)
    first = _open(suspension.agreement, today).first()
    if first is None or refusal_of_shop(first, today):  # a licence lapsed, or the agreement ended meanwhile
        return

    def body(one: Voucher) -> str:
        last = f"最晚可以用到{words.day(until)}" if one.valid_until > until else f"有效期到{words.day(one.valid_until)}"
        return f"{one.partner}的服务恢复了，您的“{one.offer}”可以继续使用，{last}。"

    _tell(suspension.agreement, at, f"resumed:{suspension.pk}", "服务券可以使用了", body)


def left(leaving: Leaving, at: datetime) -> None:
    """They stay good for some days more, and what is not used by then goes back. Part of the decision."""
    until = leaving.vouchers_until
    assert until, "they go back at once otherwise"
    held = Suspension.objects.of(leaving.agreement.partner_id, leaving.agreement.community_id).standing().exists()
    fault = _returns_at_fault(leaving.agreement.community)

    def body(one: Voucher) -> str:
        last = min(until, one.valid_until)
        leaves = f"{one.partner}要退出社区合伙人了，您的“{one.offer}”"
        cut = one.valid_until > until
        if held:
            back = f"到{words.day(last)}还不能使用的，积分自动退回。" if fault or cut else ""
            return f"{leaves}现在暂停使用，积分没有变动。{_way_out(one, at)}{back}"
        if _visit_day(one) > until:
            return f"{leaves}预约的那天商家已经退出。{_way_out(one, at)}"
        back = f"过了{words.day(last)}没有使用的，积分自动退回。" if cut else ""
        return (
            f"{leaves}最晚可以用到{words.day(last)}。{_way_out(one, at) if _visit_day(one) == date.min else ''}{back}"
        )

    _tell(leaving.agreement, at, f"left:{leaving.pk}", "商家要退出，请尽早使用服务券", body)


def _tell(between: Agreement, at: datetime, what: str, title: str, body: Callable[[Voucher], str]) -> None:
    tell_many(
        message(
            f"voucher:{one.pk}:{what}", Words(title, body(one), f"/vouchers/{one.pk}/"), INBOX, resident=one.resident
        )
        for one in _open(between, clock.local(at).date())
    )


def _open(between: Agreement, on: date) -> VoucherQuerySet:
    two = {"partner": between.partner_id, "community": between.community_id}
    whole = ("offer", "partner", "community", "resident", "appointment__slot")
    return Voucher.objects.issued().filter(**two, valid_until__gte=on).select_related(*whole).order_by("pk")


def _left_until(between: Agreement) -> date:
    """The last day on which vouchers of a partner that is leaving are good; one that stays sets none."""
    two = {"agreement__partner": between.partner_id, "agreement__community": between.community_id}
    leaving = Leaving.objects.filter(**two, status=Leaving.Status.DECIDED).first()
    return leaving.vouchers_until or date.max if leaving else date.max


def _returns_at_fault(community: Community) -> bool:
    return bool(value_of(VOUCHER_REFUND_FAULT, community.sub_district_id))


def _way_out(one: Voucher, at: datetime) -> str:
    """How its owner has the points back now; "" once the hour that was booked is there."""
    visit = getattr(one, "appointment", None)
    if visit is None:
        return "也可以在券里或社区窗口退回，积分全部退回。"
    coming = visit.status in STANDING and visit.slot.starts_at > at
    return "也可以在券里或社区窗口取消预约，积分全部退回。" if coming else ""


def _visit_day(one: Voucher) -> date:
    visit = getattr(one, "appointment", None)
    return clock.local(visit.slot.starts_at).date() if visit else date.min
