"""过期: what nobody used in time. Where the partner was at fault the points return, otherwise as the setting says (domain guide, 8)."""

from datetime import date, datetime, timedelta

from django.db.models import Q

from communities.models import User
from communities.settings import VOUCHER_REFUND_FAULT, VOUCHER_REFUND_OWN, values_of
from core import clock
from core.refusals import Refused
from core.verbs import verb
from notifications.outbox import Words, tell
from partners.models import Appointment, Licence, Suspension, SuspensionQuerySet, Voucher
from partners.vouchers.redeeming import agreement_for
from partners.vouchers.returning import give_back, locked

LAST_DAYS = 3  # whoever comes in the last days shall find the shop serving
FAULT, UNUSED = "商家原因没有用上，已过期", "过期没有使用"
UNANSWERED = (Appointment.Status.ASKED, Appointment.Status.DECLINED)


class NotOver(Refused):
    code = "voucher_not_over"
    message = "这张券还没有过期，或已经办理过，没有改动，积分没有变动。请刷新后再看。"


def could_serve(voucher: Voucher, day: date) -> bool:
    """Whether its partner might serve on `day`, as it was on that day: agreement, suspensions, required licences."""
    agreement = agreement_for(voucher, day)
    begins, ends = clock.at(day, datetime.min.time()), clock.midnight_after(day)
    still = Q(lifted_at=None) | Q(lifted_at__gt=begins)
    if agreement is None or _suspended(voucher).filter(still, at__lt=ends).exists():
        return False
    held = Q(ended_at=None) | Q(ended_at__gte=ends)  # one that was replaced later counted on that day
    lapsed = Licence.objects.filter(held, partner=voucher.partner_id, required=True, valid_until__lt=day, at__lt=ends)
    return not lapsed.exists()


def _suspended(voucher: Voucher) -> SuspensionQuerySet:
    return Suspension.objects.of(voucher.partner_id, voucher.community_id)


def at_fault(voucher: Voucher) -> bool:
    """Whether it was the partner's doing: it could not serve in the last days, nor when it had confirmed, or did not answer."""
    visit = Appointment.objects.filter(voucher=voucher).select_related("slot").first()
    if visit and (visit.status in UNANSWERED or not could_serve(voucher, clock.local(visit.slot.starts_at).date())):
        return True
    bought = clock.local(voucher.at).date()
    last = (voucher.valid_until - timedelta(days=n) for n in range(LAST_DAYS))
    return not all(could_serve(voucher, day) for day in last if day >= bought)


@verb()
def expire(*, voucher: Voucher, by: User, at: datetime | None = None) -> Voucher:
    """Past its last day: returned with its points, or expired. The resident is told. Refuses `NotOver`."""
    at = at or clock.now()
    seen = Voucher.objects.select_related("partner", "community").get(pk=voucher.pk)
    if seen.status != Voucher.Status.ISSUED or clock.local(at).date() <= seen.valid_until:
        raise NotOver
    refunds = values_of([VOUCHER_REFUND_FAULT, VOUCHER_REFUND_OWN], seen.community.sub_district_id)
    fault = at_fault(seen)
    if refunds[VOUCHER_REFUND_FAULT if fault else VOUCHER_REFUND_OWN]:
        return give_back(voucher=seen, by=by, reason=FAULT if fault else UNUSED, at=at)
    mine = locked(seen)
    if mine.status != Voucher.Status.ISSUED:
        raise NotOver
    mine.status, mine.settled_at, mine.settled_by, mine.settled_reason = Voucher.Status.EXPIRED, at, by, UNUSED
    mine.save(update_fields=["status", "settled_at", "settled_by", "settled_reason"])
    body = f"“{mine.offer}”过了有效期没有使用，积分不退回。有疑问请打社区电话。"
    said = Words("服务券已过期", body, f"/vouchers/{mine.pk}/")
    tell(resident=mine.resident, occasion=f"voucher:{mine.pk}:expired:{at:%Y%m%d}", words=said)
    return mine


def sweep(at: datetime) -> int:
    """Each in a transaction of its own, so that a stop in between leaves the rest for the next run; how many. Run by beat."""
    over = Voucher.objects.issued().filter(valid_until__lt=clock.local(at).date()).order_by("pk")
    by = User.objects.get(username="system")
    return sum(_expired(one, by, at) for one in over.iterator(chunk_size=200))


def _expired(one: Voucher, by: User, at: datetime) -> int:
    try:
        expire(voucher=one, by=by, at=at)
    except Refused:  # used or given back in this moment
        return 0
    return 1
