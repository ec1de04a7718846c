"""预约 asked for with a voucher: which slot, and for a visit at home where. Answered and called off: appointments.py.

The address is sealed and given to the partner for a visit at home alone (addresses.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from communities import consents, sealing
from communities.models import Consent, Resident, User
from communities.ownership import is_own
from communities.settings import APPOINTMENT_HOURS, value_of
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.models import Appointment, Offer, Slot, Voucher
from partners.offers import slots

ADDRESS, WISH = 100, 100  # characters
Booking = Offer.Booking


class NoSlot(Refused):
    code = "no_slot"
    message = "这项服务要先选预约时段，还没有兑换，您的积分没有扣。没有合适的时段，请打商家或社区电话。"


class SlotGone(Refused):
    code = "slot_gone"
    message = "这个时段刚被约满或已经过了，您的积分没有扣。请换一个时段。"


class NoAddress(BadInput):
    code = "no_address"
    message = f"请填写上门地址（不超过{ADDRESS}字），说明不超过{WISH}字。还没有兑换，您的积分没有扣。"


class NeedsWord(Refused):
    code = "partner_consent_needed"
    message = (
        "上门服务要本人同意把地址交给商家，还没有兑换，积分没有扣。不同意或由亲友代办的，请到社区窗口，由社区转告。"
    )


@dataclass(frozen=True)
class Wanted:
    """What is asked for with the voucher. `agrees`: how the resident said yes, just now, to the partner having the address."""

    slot: Slot | None = None
    address: str = ""
    wish: str = ""
    agrees: Consent.Way | None = None


def refusal_to_book(offer: Offer, resident: Resident, wanted: Wanted, at: datetime) -> Refused | None:
    """Why this cannot be asked for; None when nothing stands against it. Page, counter, REST and verb ask."""
    if offer.booking == Booking.NONE:
        return None
    if wanted.slot is None:
        return NoSlot()
    if not slots.open_to(offer, at).filter(pk=wanted.slot.pk).exists():
        return SlotGone()
    at_home = offer.booking == Booking.HOME
    written = not at_home or 0 < len(wanted.address.strip()) <= ADDRESS
    if not written or len(wanted.wish) > WISH or "\0" in wanted.address + wanted.wish:
        return NoAddress()
    return NeedsWord() if at_home and not (wanted.agrees or agreed(resident)) else None


def agreed(resident: Resident) -> bool:
    """Whether the resident lets partners have what they need to come."""
    return bool(consents.held_by([resident], Consent.Purpose.PARTNER))


def may_agree(resident: Resident, by: User) -> bool:
    """Whether `by` can give that word: the own account of one person, or staff who have it on paper; no helper."""
    way = Consent.Way.TAP if is_own(by, resident) else Consent.Way.SIGNATURE
    return consents.refusal_to_give(resident, by, way) is None


@verb({"slot_places": lambda _: SlotGone()})
def book(*, voucher: Voucher, wanted: Wanted, by: User, at: datetime) -> Appointment | None:
    """Ask for the slot; part of taking a voucher, whose verb has asked `refusal_to_book`. None where nothing is booked."""
    if voucher.offer.booking == Booking.NONE or wanted.slot is None:
        return None
    if not Slot.objects.filter(
        pk=wanted.slot.pk
    ).exists():  # taken away since the look; the offer's counter is held now
        raise SlotGone
    if wanted.agrees and not agreed(voucher.resident):
        consents.give(resident=voucher.resident, purpose=Consent.Purpose.PARTNER, by=by, way=wanted.agrees)
    hours = value_of(APPOINTMENT_HOURS, voucher.community.sub_district_id, on=clock.local(at).date())
    home = voucher.offer.booking == Booking.HOME
    return Appointment.objects.create(
        voucher=voucher, slot=wanted.slot, wish=wanted.wish.strip(), address=sealing.seal(wanted.address.strip()) if home else None,
        answer_by=min(at + timedelta(hours=hours), wanted.slot.starts_at),
    )  # fmt: skip
