"""预约时段 of an offer: one, or one a week; made by the owner or staff, taken away while nobody stands in it."""

from datetime import date, datetime, time, timedelta

from django.db.models import F, QuerySet

from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import Offer, Slot
from partners.offers import drafting

WEEKS, PLACES = 12, 50
LONGEST = timedelta(hours=8)
AHEAD = timedelta(hours=2)  # the partner needs as long to answer


class BadSlot(BadInput):
    code = "bad_slot"
    message = f"时段须在今天以后、当天之内，最长{LONGEST.seconds // 3600}小时，可约1到{PLACES}人，最多连续{WEEKS}周。没有添加。"


class NoAppointments(Refused):
    code = "offer_without_appointments"
    message = "这项服务不用预约，没有添加时段。"


class SlotExists(Refused):
    code = "slot_exists"
    message = "这个开始时间已经有一个时段，没有重复添加。请换一个时间。"


class SlotTaken(Refused):
    code = "slot_in_use"
    message = "这个时段已经有人预约，没有删除。请先答复预约。"


REFUSALS: Refusals = {"slot_once": lambda _: SlotExists()}


@verb(REFUSALS)
def add(
    *, offer: Offer, day: date, starts: time, ends: time, by: User, places: int = 1, weeks: int = 1, at: datetime | None = None
) -> list[Slot]:  # fmt: skip
    """A slot on `day`, and on the same weekday of the following weeks. Refuses `NotYourOffer`, `NoAppointments`, `BadSlot`, `SlotExists`."""
    mine, at = drafting.locked(offer, by, programs=True), at or clock.now()
    if mine.booking == Offer.Booking.NONE or mine.status == Offer.Status.CLOSED:
        raise NoAppointments
    first, last = clock.at(day, starts), clock.at(day, ends)
    fits = timedelta() < last - first <= LONGEST and first > at and day <= date.max - timedelta(weeks=WEEKS)
    if not (fits and 1 <= places <= PLACES and 1 <= weeks <= WEEKS):
        raise BadSlot
    days = [day + timedelta(weeks=n) for n in range(weeks)]
    return [
        Slot.objects.create(offer=mine, starts_at=clock.at(on, starts), ends_at=clock.at(on, ends), places=places, by=by)
        for on in days
    ]  # fmt: skip


@verb()
def remove(*, slot: Slot, by: User) -> None:
    """Take it away. Refuses `NotYourOffer`, and `SlotTaken` for one that was ever asked for."""
    drafting.locked(slot.offer, by, programs=True)
    if slot.appointments.exists():
        raise SlotTaken
    slot.delete()


def open_to(offer: Offer, at: datetime) -> QuerySet[Slot]:
    """Those that can be asked for at `at`: ahead far enough, and within the days that a voucher is good for."""
    until = clock.midnight_after(clock.local(at).date() + timedelta(days=offer.valid_days))
    return offer.slots.filter(starts_at__gt=at + AHEAD, ends_at__lte=until, taken__lt=F("places"))


def coming(offer: Offer, at: datetime) -> list[Slot]:
    """What lies ahead, full or not, for who keeps them."""
    return list(offer.slots.filter(starts_at__gt=at).order_by("starts_at", "pk")[:100])
