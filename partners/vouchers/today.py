"""What a shop's phone reads of its uses: today's count, what can still be undone, a day or a month; and what waits for it."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from communities.settings import VOUCHER_UNDO_MINUTES, value_of
from core import clock, words
from partners.models import (
    Agreement,
    Appointment,
    Clerk,
    Licence,
    Partner,
    Redemption,
    RedemptionQuerySet,
    Signature,
    Statement,
)

SOON = timedelta(days=30)


class Note(NamedTuple):
    """`page` is the name of the address where it is done; "" where nothing is to be done on the phone."""

    kind: str
    text: str
    page: str = ""
    label: str = ""


def uses_of(partner: Partner) -> RedemptionQuerySet:
    return Redemption.objects.filter(partner=partner).select_related("voucher__offer", "voucher__resident", "clerk")


def count_on(partner: Partner, day: date) -> int:
    return Redemption.objects.standing().filter(partner=partner).on_day(day).count()


def within(partner: Partner, *, day: date | None = None, month: date | None = None) -> RedemptionQuerySet:
    """Uses of `day`, else of the month that begins on `month`; the undone ones as well."""
    if day:
        return uses_of(partner).on_day(day)
    first = (month or clock.today()).replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return uses_of(partner).filter(at__gte=clock.at(first, time()), at__lt=clock.midnight_after(last))


def to_undo(partner: Partner, at: datetime) -> RedemptionQuerySet:
    """Those that the shop may still undo itself, the newest first."""
    minutes = value_of(VOUCHER_UNDO_MINUTES, partner.sub_district_id)
    return uses_of(partner).standing().filter(at__gte=at - timedelta(minutes=minutes)).order_by("-at", "-pk")


def notes(clerk: Clerk, today: date) -> list[Note]:
    """What the shop must know or do: who cannot redeem learns it before the next customer comes."""
    partner = clerk.partner
    found = [Note("warn", why) for why in _standing(partner, today)]
    asked = Appointment.objects.filter(voucher__partner=partner, status=Appointment.Status.ASKED).count()
    if asked:
        found.append(
            Note("info", f"有{asked}个预约等您答复，过时不答复积分退给居民。", "merchant:appointments", "去答复")
        )
    if not clerk.is_owner:
        return found
    drawn = Statement.objects.filter(partner=partner).to_confirm().count()
    if drawn:
        found.append(Note("info", f"有{drawn}份结算单等您确认。", "merchant:statements", "去确认"))
    if Agreement.objects.filter(partner=partner, ending_on__isnull=False, ended_on=None, ends_on__gte=today).exists():
        found.append(Note("warn", "社区登记双方同意提前终止协议，请您确认或不同意。", "merchant:agreements", "去答复"))
    if _to_sign(partner, today):
        found.append(Note("info", "有协议等您签署。", "merchant:agreements", "去签署"))
    ending = Licence.objects.current().filter(partner=partner, required=True, valid_until__range=(today, today + SOON))
    return found + [
        Note("info", f"{one}{words.day(one.valid_until)}到期，请换证后交社区核对。", "merchant:licences", "看证照")
        for one in ending.order_by("valid_until")
        if one.valid_until
    ]


def _to_sign(partner: Partner, today: date) -> bool:
    signed = Signature.objects.filter(side=Signature.Side.PARTNER).values("agreement")
    sent = Agreement.objects.filter(partner=partner, status=Agreement.Status.SIGNING, signed_on=None)
    return sent.filter(ends_on__gte=today).exclude(pk__in=signed).exists()


def _standing(partner: Partner, today: date) -> list[str]:
    """What stands against it today; that it is suspended, every page says with the reason (obligations/notes.py)."""
    if not Licence.objects.lapsed(today).filter(partner=partner).exists():
        return []
    return ["店里必备的证照已过期，换证登记以前不能核销。请把新证交给社区核对。"]
