"""提醒: before a voucher ends (settings, 7 days and 1), and before what was booked begins. Beat asks every hour."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from communities.settings import VOUCHER_REMIND_DAYS, values_of
from core import clock, words
from core.verbs import verb
from notifications.models import Message
from notifications.outbox import Words, message, tell_many
from partners.models import Appointment, Offer, Voucher

INBOX = Message.Channel.INBOX
FARTHEST = max(value.high for value in VOUCHER_REMIND_DAYS)
BEFORE = timedelta(hours=24)


@verb()
def remind(*, at: datetime) -> None:
    """Each voucher once per threshold, each visit once. Said before is not said again; a missed sweep is made up for."""
    tell_many([*_ending(clock.local(at).date()), *_visits(at)])


def _ending(today: date) -> Iterator[Message]:
    ending = Voucher.objects.issued().filter(valid_until__gte=today, valid_until__lte=today + timedelta(days=FARTHEST))
    found = list(ending.filter(appointment=None).select_related("offer", "partner", "resident", "community"))
    streets = {one.community.sub_district_id for one in found}
    thresholds = {street: sorted(values_of(VOUCHER_REMIND_DAYS, street, on=today).values()) for street in streets}
    for one in found:
        left = (one.valid_until - today).days
        due = next((days for days in thresholds[one.community.sub_district_id] if left <= days), None)
        # Who took it within these days knows.
        if due is None or (one.valid_until - clock.local(one.at).date()).days <= due:
            continue
        body = f"“{one.offer}”（{one.partner}）{words.day(one.valid_until)}到期，请在这天以前使用。不用了可以退回，积分退给您。"
        said = Words("服务券快到期", body, f"/vouchers/{one.pk}/")
        yield message(f"voucher:{one.pk}:ends:{due}", said, INBOX, resident=one.resident)


def _visits(at: datetime) -> Iterator[Message]:
    coming = Appointment.objects.filter(
        status=Appointment.Status.CONFIRMED, slot__starts_at__gt=at, slot__starts_at__lte=at + BEFORE, voucher__status=Voucher.Status.ISSUED
    )  # fmt: skip
    for one in coming.select_related("voucher__offer", "voucher__partner", "voucher__resident", "slot"):
        voucher = one.voucher
        where = "请在家等候" if voucher.offer.booking == Offer.Booking.HOME else f"请到{voucher.partner}，出示券码"
        said = Words("预约提醒", f"“{voucher.offer}”预约在{one.slot.when}，{where}。", f"/vouchers/{voucher.pk}/")
        yield message(f"voucher:{voucher.pk}:visit", said, INBOX, resident=voucher.resident, until=one.slot.starts_at)
