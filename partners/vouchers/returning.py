"""退回服务券: one that was not used goes back, and its points with it.

Locks: the wallet (inside the ledger), then the voucher, its appointment, the counters of slot and offer last (by trigger).
"""

from datetime import datetime

from communities import duties, helping
from communities.kin import kin_of, refusal_between
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from notifications.outbox import Words, tell
from partners.kinship import is_family_of
from partners.models import Appointment, Voucher
from partners.vouchers.issuing import PREFIX
from points import ledger, purse as common
from points.models import Posting

REASON = 60
OWN_REASON = "本人退回"
Status = Voucher.Status
STANDING = (Appointment.Status.ASKED, Appointment.Status.CONFIRMED)


class CannotReturn(Refused):
    code = "voucher_not_returnable"

    def __init__(self, voucher: Voucher | None = None) -> None:
        state = f"这张券{voucher.get_status_display()}" if voucher else "这张券的状态已变"
        super().__init__(f"{state}，不能退回，积分没有变动。请刷新后再看，有疑问请打社区电话。")


class BookedVoucher(Refused):
    code = "voucher_booked"
    message = "这张券有预约，不能直接退回，积分没有变动。请先在券里取消预约，或打社区电话。"


class OwnVoucher(Refused):
    code = "own_voucher"
    message = "不能给自己或家人办理服务券的退回、冻结和核销，什么都没有改动，积分没有变动。请由其他同事办理。"
    status = 403


class OwnShop(Refused):
    code = "own_shop"
    message = (
        "这张券是自己或家人的店的，退回、冻结、代录、撤销和查看异常请由其他同事办理，什么都没有改动，积分没有变动。"
    )
    status = 403


class NoReturnReason(BadInput):
    code = "no_reason"
    message = f"请写明原因（不超过{REASON}字），什么都没有改动，积分没有变动。"


def written(reason: str) -> str:
    """The reason as it is kept. Refuses `NoReturnReason`."""
    reason = reason.strip()
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoReturnReason
    return reason


def refusal_to_staff(voucher: Voucher, by: User) -> Refused | None:
    """Why a colleague may not decide about this voucher at all: another community's; one's own, the family's, of their shop."""
    if not duties.holds(by, voucher.community):
        return duties.NotYourDuty()
    kin = kin_of(by)
    refused = refusal_between(by=by, beneficiaries=[voucher.resident], kin=kin, family=OwnVoucher())
    return refused or (OwnShop() if is_family_of(by, voucher.partner, kin) else None)


def refusal_to_give_back(voucher: Voucher, by: User) -> Refused | None:
    """Why `by` cannot give it back; None when nothing stands against it.

    Staff also give back what is frozen or expired. Whoever else acts (the owner's phone, the partner who declines, a sweep)
    gives back what is still to be used.
    """
    staff = by.is_desk_user
    if voucher.status not in ((Status.ISSUED, Status.FROZEN, Status.EXPIRED) if staff else (Status.ISSUED,)):
        return CannotReturn(voucher)
    return refusal_to_staff(voucher, by) if staff else None


def refusal_to_give_back_own(voucher: Voucher) -> Refused | None:
    """Why its owner cannot give it back: what was booked is cancelled by its own rules (appointments)."""
    if voucher.status != Status.ISSUED:
        return CannotReturn(voucher)
    return BookedVoucher() if Appointment.objects.filter(voucher=voucher).exists() else None


@verb(ledger.REFUSALS)
def give_back(*, voucher: Voucher, by: User, reason: str, at: datetime | None = None) -> Voucher:
    """The points return, the offer has one more again, an appointment that stands is cancelled with it; the resident is told.

    Refuses what `refusal_to_give_back` says, and `NoReturnReason`.
    """
    at, reason = at or clock.now(), written(reason)
    seen = Voucher.objects.select_related("offer", "partner", "community", "resident").get(pk=voucher.pk)
    if refused := refusal_to_give_back(seen, by):
        raise refused
    refund = ledger.reverse(
        key=f"{PREFIX}:{seen.pk}:back", entry=seen.entry_id, by=by, reason=f"退回服务券“{seen.offer}”", at=at
    )
    mine = locked(seen)
    if refused := refusal_to_give_back(mine, by):
        raise refused
    mine.status, mine.settled_at, mine.settled_by, mine.settled_reason = Status.RETURNED, at, by, reason
    mine.refund_id = refund
    mine.save(update_fields=["status", "settled_at", "settled_by", "settled_reason", "refund"])
    standing = Appointment.objects.filter(voucher=mine, status__in=STANDING)
    standing.update(status=Appointment.Status.CANCELLED, answered_at=at, answered_by=by, reason=reason)
    whose = "您的账户" if payers(mine) == [mine.resident_id] else "各人账户"
    body = f"“{mine.offer}”已退回：{reason}。{mine.price}积分已退回{whose}。{helping.said(mine.resident, by)}"
    tell(resident=mine.resident, occasion=f"voucher:{mine.pk}:back", words=Words("服务券已退回", body, "/points/"))
    common.tell_relatives(
        entry=refund, payer=mine.resident, occasion=f"voucher:{mine.pk}:purse-back",
        say=lambda points: f"家人的“{mine.offer}”已退回，{points:,}积分退回您的账户。",
    )  # fmt: skip
    return mine


@verb()
def give_back_own(*, voucher: Voucher, by: User, at: datetime | None = None) -> Voucher:
    """Its owner, or who helps them, does not want it any more. Refuses what `refusal_to_give_back_own` says."""
    if refused := refusal_to_give_back_own(Voucher.objects.get(pk=voucher.pk)):
        raise refused
    return give_back(voucher=voucher, by=by, reason=OWN_REASON, at=at)


def payers(voucher: Voucher) -> list[int]:
    """The residents out of whose wallets it was paid: its owner, with 家庭积分 others."""
    paid = Posting.objects.filter(entry=voucher.entry_id, source__resident__isnull=False)
    return sorted(set(paid.values_list("source__resident", flat=True)))


def locked(voucher: Voucher) -> Voucher:
    """The row as it is now, held until the end of the transaction."""
    rows = Voucher.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("offer", "partner", "community", "resident").get(pk=voucher.pk)
