"""服务券 at the counter: taking, printing and giving back for somebody without a phone (communities/counter.py)."""

from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import words
from partners.models import Appointment, Offer, Voucher
from partners.offers import catalogue
from partners.vouchers import appointments, issuing, returning
from points import statement

MOST = 200  # the counter shows them on one page
NOT_FOR_THEM = {"couriers_only", "elders_only", "adults_only"}


def register_acts() -> None:
    """The counter offers these, in this order."""
    register(Act("voucher", "兑换服务券", on_show, take_plan, take, place=2))
    register(Act("voucher-paper", "打印服务券", to_print, place=2))
    register(Act("voucher-back", "退回服务券", to_return, back_plan, give_back, place=2))
    register(Act("voucher-cancel", "取消服务预约", to_cancel, cancel_plan, cancel, place=2))


def on_show(resident: Resident, at: datetime) -> list[Choice]:
    """What is offered near the resident, with why not; what is booked with has a page of its own."""
    found = catalogue.page_of(resident, at, most=MOST)
    rows = [row for row in found if row.refused is None or row.refused.code not in NOT_FOR_THEM]
    return [
        Choice(
            row.offer.pk, row.offer.title, f"{row.offer.partner}，{row.offer.get_booking_display()}", f"{row.offer.price:,}积分",
            row.refused.message if row.refused else "", _booked(row.offer, resident),
        )
        for row in rows
    ]  # fmt: skip


def _booked(offer: Offer, resident: Resident) -> str:
    return "" if offer.booking == Offer.Booking.NONE else reverse("desk:voucher-book", args=[offer.pk, resident.pk])


def take_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is not within reach."""
    offer, have = _offer(resident, number), statement.available(resident, at=at)
    facts = [
        ("服务", offer.title), ("商家", offer.partner.name), ("使用积分", f"{offer.price:,}积分"),
        ("可用积分", f"办理前{have:,}，办理后{max(have - offer.price, 0):,}"), ("有效期", f"{offer.valid_days}天"),
    ]  # fmt: skip
    note = "办好后积分马上使用。再办“打印服务券”，把带二维码的纸质券交给居民。"
    return Plan(f"兑换“{offer.title}”", facts, "确认兑换", note, issuing.refusal_to_take(offer, resident, at))


def take(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `issuing.take` refuses."""
    made = issuing.take(offer=_offer(resident, number), resident=resident, by=by, printed=True, at=at)
    after = statement.available(resident, at=at)
    return Done(
        f"voucher:{made.pk}",
        [
            f"已兑换“{made.offer.title}”（{made.partner}），使用{made.price:,}积分，可用积分办理前{after + made.price:,}，办理后{after:,}。",
            f"券码{made.spoken_number}，{words.day(made.valid_until)}前使用。到店出示纸质券或报券码，再说登记手机号后四位（没有手机的说生日）。",
        ],
    )


def to_print(resident: Resident, at: datetime) -> list[Choice]:
    """The paper of what can be used: a page of its own."""
    return [
        Choice(one.pk, one.offer.title, f"{one.partner}，{words.day(one.valid_until)}前", link=reverse("desk:voucher-paper", args=[one.pk]))
        for one in _held(resident)
    ]  # fmt: skip


def to_return(resident: Resident, at: datetime) -> list[Choice]:
    """What can be given back, with why not."""
    found = [(one, returning.refusal_to_give_back_own(one)) for one in _held(resident)]
    return [
        Choice(one.pk, one.offer.title, str(one.partner), f"{one.price:,}积分", refused.message if refused else "")
        for one, refused in found
    ]


def back_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is none of the resident's."""
    mine = get_object_or_404(Voucher.objects.of(resident).select_related("offer"), pk=number)
    facts = [("服务", mine.offer.title), ("退回积分", f"{mine.price:,}积分")]
    refused = returning.refusal_to_give_back_own(mine)
    return Plan(f"退回“{mine.offer.title}”", facts, "确认退回", "积分马上退到原来付积分的账户，纸质券请收回。", refused)


def give_back(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `returning.give_back_own` refuses."""
    mine = get_object_or_404(Voucher.objects.of(resident), pk=number)
    done = returning.give_back_own(voucher=mine, by=by, at=at)
    return Done(f"voucher:{done.pk}", [f"已退回“{done.offer}”，{done.price:,}积分已退回账户。"])


def to_cancel(resident: Resident, at: datetime) -> list[Choice]:
    """Appointments that stand."""
    found = [one for one in _visits(resident) if appointments.refusal_to_cancel(one, at) is None]
    return [
        Choice(one.voucher_id, one.voucher.offer.title, f"{one.voucher.partner}，{one.slot.when}", _returned(one, at))
        for one in found
    ]


def cancel_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is none of the resident's."""
    mine = get_object_or_404(_visits(resident), voucher=number)
    title = mine.voucher.offer.title
    facts = [
        ("服务", title),
        ("商家", mine.voucher.partner.name),
        ("预约", mine.slot.when),
        ("积分", _returned(mine, at)),
    ]
    note = "取消以后这张券作废，纸质券请收回。"
    return Plan(f"取消“{title}”的预约", facts, "确认取消", note, appointments.refusal_to_cancel(mine, at))


def cancel(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `appointments.cancel` refuses."""
    mine = get_object_or_404(_visits(resident), voucher=number)
    back = _returned(mine, at)
    appointments.cancel(appointment=mine, by=by, at=at)
    return Done(f"voucher:{number}", [f"已取消“{mine.voucher.offer.title}”{mine.slot.when}的预约，{back}。"])


def _returned(visit: Appointment, at: datetime) -> str:
    return f"{visit.voucher.price:,}积分退回账户" if appointments.returns_points(visit, at) else "积分不退"


def _visits(resident: Resident) -> QuerySet[Appointment]:
    whole = ("voucher__offer", "voucher__partner", "voucher__community", "slot")
    held = Appointment.objects.filter(voucher__resident=resident, voucher__status=Voucher.Status.ISSUED)
    return held.select_related(*whole).order_by("slot__starts_at", "pk")


def _offer(resident: Resident, number: int) -> Offer:
    found = Offer.objects.within_reach_of(resident).filter(booking=Offer.Booking.NONE)
    return get_object_or_404(found.select_related("partner", "community"), pk=number)


def _held(resident: Resident) -> list[Voucher]:
    held = Voucher.objects.of(resident).issued().select_related("offer", "partner")
    return list(held.order_by("valid_until", "pk")[:50])
