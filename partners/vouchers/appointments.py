"""预约 answered by the partner, called off by either side, or lapsed when nobody answers.

Locks: the wallet first (`ledger.HOLD`), since declining returns points; then the appointment, tested again under it.
"""

from datetime import datetime, timedelta

from communities import duties, helping
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import verb
from notifications.outbox import Words, tell
from partners.models import Appointment, Clerk, Offer, Voucher
from partners.vouchers import returning
from partners.vouchers.redeeming import refusal_of_shop
from points import ledger

REASON = 40  # characters
FREE = timedelta(hours=24)
Status, Booking = Appointment.Status, Offer.Booking
STANDING = (Status.ASKED, Status.CONFIRMED)


class NotAsked(Refused):
    code = "appointment_settled"
    message = "这个预约已经答复或取消，没有再改动，积分没有变动。请刷新后再看。"


class NotYourAppointment(Refused):
    code = "not_your_appointment"
    message = "这个预约由商家或协议所在社区的工作人员答复，什么都没有改动。"
    status = 403


class SlotBegan(Refused):
    code = "slot_began"
    message = "预约时间已到，不能再取消，积分没有变动。没有服务的，请打社区电话。"


class NoReason(BadInput):
    code = "no_reason"
    message = f"请写明原因（不超过{REASON}字），什么都没有改动。"


def serves(appointment: Appointment, by: User) -> bool:
    """Whether `by` answers for the partner: a phone of its own, or staff of the community for one that has no phone at hand."""
    voucher = appointment.voucher
    if by.is_desk_user:
        return duties.holds(by, voucher.community)
    return Clerk.objects.current().filter(partner=voucher.partner_id, account=by).exists()


def refusal_to_answer(appointment: Appointment, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot answer for the partner; None when nothing stands against it. The shop's own program may, and reads no address."""
    voucher = appointment.voucher
    program = by.kind == User.Kind.SERVICE and duties.holds(by, voucher.community, *duties.ENTERING)
    if not (program or serves(appointment, by)):
        return NotYourAppointment()
    stands = appointment.status in STANDING and voucher.status == Voucher.Status.ISSUED
    return None if stands and at < appointment.slot.ends_at else NotAsked()


def refusal_to_confirm(appointment: Appointment, by: User, at: datetime) -> Refused | None:
    """As `refusal_to_answer`; nor does a partner promise a day on which it may not serve."""
    return refusal_to_answer(appointment, by, at) or trouble_of(appointment)


def trouble_of(appointment: Appointment) -> Refused | None:
    """Why the partner may not serve at the time of the appointment, suspended say; None when nothing stands against it."""
    return refusal_of_shop(appointment.voucher, clock.local(appointment.slot.starts_at).date())


@verb()
def confirm(*, appointment: Appointment, by: User, at: datetime | None = None) -> Appointment:
    """The partner will be there. Refuses what `refusal_to_confirm` says; what is confirmed stays so."""
    at, mine = at or clock.now(), _held(appointment)
    if refused := refusal_to_confirm(mine, by, at):
        raise refused
    if mine.status == Status.CONFIRMED:
        return mine
    mine = _answered(mine, Status.CONFIRMED, by, "", at)
    voucher = mine.voucher
    where = "，请在家等候" if voucher.offer.booking == Booking.HOME else f"，请到{voucher.partner}出示券码"
    body = f"{voucher.partner}已确认您的预约：“{voucher.offer.title}”，{words.dated(mine.slot.starts_at)}{where}。"
    _tell(voucher, "confirmed", Words("预约已确认", body, f"/vouchers/{voucher.pk}/"))
    return mine


@verb()
def decline(*, appointment: Appointment, by: User, reason: str, at: datetime | None = None) -> Appointment:
    """The partner cannot, asked or confirmed: all points return. Refuses what `refusal_to_answer` says, and `NoReason`."""
    at, reason = at or clock.now(), reason.strip()
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoReason
    mine = _held(appointment)
    if refused := refusal_to_answer(mine, by, at):
        raise refused
    return _failed(mine, f"商家未能安排：{reason}", reason, by, at)


def refusal_to_cancel(appointment: Appointment, at: datetime) -> Refused | None:
    """Why the resident cannot call it off; None when nothing stands against it."""
    if appointment.status not in STANDING or appointment.voucher.status != Voucher.Status.ISSUED:
        return NotAsked()
    return SlotBegan() if at >= appointment.slot.starts_at else None


def returns_points(appointment: Appointment, at: datetime) -> bool:
    """Whether calling it off at `at` returns the points: before the partner confirmed, a day ahead, or where it cannot serve."""
    early = appointment.status == Status.ASKED or at + FREE <= appointment.slot.starts_at
    return early or trouble_of(appointment) is not None


@verb()
def cancel(*, appointment: Appointment, by: User, at: datetime | None = None) -> Appointment:
    """The resident calls it off. Too late for the points (`returns_points`), the voucher ends with it.

    By the resident's account, a helper's or staff. Refuses what `refusal_to_cancel` says.
    """
    at, mine = at or clock.now(), _held(appointment)
    if refused := refusal_to_cancel(mine, at):
        raise refused
    if returns_points(mine, at):
        returning.give_back(voucher=mine.voucher, by=by, reason="取消预约", at=at)
        return _answered(mine, Status.CANCELLED, by, "本人取消", at)
    voucher = mine.voucher
    done = _answered(mine, Status.CANCELLED, by, "本人临时取消", at)
    Voucher.objects.filter(pk=voucher.pk, status=Voucher.Status.ISSUED).update(
        status=Voucher.Status.EXPIRED, settled_at=at, settled_by=by, settled_reason="临时取消预约"
    )
    body = f"“{voucher.offer.title}”的预约已取消。商家已确认，离预约时间不到24小时，积分不退。{helping.said(voucher.resident, by)}"
    _tell(voucher, "late", Words("预约已取消", body, f"/vouchers/{voucher.pk}/"))
    return done


@verb()
def lapse(*, appointment: Appointment, by: User, at: datetime) -> bool:
    """Nobody answered in time: all points return. False for what was answered meanwhile."""
    mine = _held(appointment)
    if mine.status != Status.ASKED or mine.answer_by > at or mine.voucher.status != Voucher.Status.ISSUED:
        return False
    _failed(mine, "商家没有按时答复预约", "没有按时答复", by, at)
    return True


def sweep(at: datetime) -> int:
    """Every appointment that nobody answered in time, each in a transaction of its own; how many. Run by beat."""
    over = Appointment.objects.filter(status=Status.ASKED, answer_by__lte=at).select_related("voucher").order_by("pk")
    by = User.objects.get(username="system")
    return sum(_lapsed(one, by, at) for one in over.iterator(chunk_size=200))


def _lapsed(one: Appointment, by: User, at: datetime) -> bool:
    try:
        return lapse(appointment=one, by=by, at=at)
    except Refused:  # answered in this moment, or its points cannot return now: the others do not wait for it
        return False


def _failed(mine: Appointment, told: str, reason: str, by: User, at: datetime) -> Appointment:
    returning.give_back(voucher=mine.voucher, by=by, reason=told, at=at)
    return _answered(mine, Status.DECLINED, by, reason, at)


def _held(appointment: Appointment) -> Appointment:
    # All that paid, before any is locked by returning: two of one household must not wait for each other.
    call(ledger.HOLD, sorted({appointment.voucher.resident_id, *returning.payers(appointment.voucher)}))
    rows = Appointment.objects.select_for_update(no_key=True, of=("self",))
    whole = ("voucher__offer", "voucher__partner", "voucher__community", "voucher__resident__community", "slot")
    return rows.select_related(*whole).get(pk=appointment.pk)


def _answered(mine: Appointment, status: Appointment.Status, by: User, reason: str, at: datetime) -> Appointment:
    mine.status, mine.answered_by, mine.answered_at, mine.reason = status, by, at, reason
    mine.save(update_fields=["status", "answered_by", "answered_at", "reason"])
    return mine


def _tell(voucher: Voucher, what: str, said: Words) -> None:
    tell(resident=voucher.resident, occasion=f"voucher:{voucher.pk}:{what}", words=said)
