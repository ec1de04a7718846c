"""撤销核销: by the shop within ten minutes, by staff within seven days with a reason (settings; domain guide, 8)."""

from datetime import datetime, timedelta

from communities.models import User
from communities.settings import VOUCHER_UNDO_DAYS, VOUCHER_UNDO_MINUTES, values_of
from core import clock
from core.refusals import Refused
from core.verbs import verb
from notifications.outbox import Words, tell
from partners.models import Clerk, Redemption, Voucher
from partners.vouchers.issuing import free_number
from partners.vouchers.redeeming import PREFIX, OtherShop
from partners.vouchers.returning import locked, refusal_to_staff, written
from points import ledger

SHOPS_REASON = "商家撤销"


class AlreadyUndone(Refused):
    code = "already_undone"
    message = "这次核销已经撤销过了，没有再改动，积分没有变动。请刷新后再看。"


class TooLateToUndo(Refused):
    code = "too_late_to_undo"

    def __init__(self, until: str, otherwise: str) -> None:
        super().__init__(f"核销后{until}内才能撤销，这次没有撤销，积分没有变动。{otherwise}")


def refusal_to_undo(redemption: Redemption, *, by: User, clerk: Clerk | None, at: datetime) -> Refused | None:
    """Why `by` cannot undo it; None when nothing stands against it. `clerk`: the shop's phone, else it is staff."""
    if clerk is None:
        refused = refusal_to_staff(redemption.voucher, by)
    else:
        refused = OtherShop() if clerk.partner_id != redemption.partner_id else None
    if refused:
        return refused
    if redemption.undone_at is not None:
        return AlreadyUndone()
    limits = values_of([VOUCHER_UNDO_MINUTES, VOUCHER_UNDO_DAYS], redemption.community.sub_district_id)
    minutes, days = limits[VOUCHER_UNDO_MINUTES], limits[VOUCHER_UNDO_DAYS]
    if clerk and at - redemption.at > timedelta(minutes=minutes):
        return TooLateToUndo(f"{minutes}分钟", "请联系社区办理。")
    if at - redemption.at > timedelta(days=days):
        return TooLateToUndo(f"{days}天", "需要改的请在结算更正里办理。")
    return None


@verb(ledger.REFUSALS)
def undo(
    *, redemption: Redemption, by: User, clerk: Clerk | None = None, reason: str = "", at: datetime | None = None
) -> Redemption:
    """The points go back to the community's income, the voucher is good again, or expired when its days are over.

    Refuses what `refusal_to_undo` says, and to staff `NoReturnReason`. The resident is told.
    """
    at, reason = at or clock.now(), SHOPS_REASON if clerk else written(reason)
    voucher = locked(Voucher(pk=redemption.voucher_id))
    mine = (
        Redemption.objects.select_for_update(no_key=True, of=("self",))
        .select_related("community")
        .get(pk=redemption.pk)
    )
    mine.voucher = voucher
    if refused := refusal_to_undo(mine, by=by, clerk=clerk, at=at):
        raise refused
    mine.undo_entry_id = ledger.reverse(
        key=f"{PREFIX}:{mine.pk}:undo", entry=mine.entry_id, by=by, reason=f"撤销核销“{voucher.offer}”", at=at
    )
    mine.undone_at, mine.undone_by, mine.undo_reason = at, by, reason
    mine.save(update_fields=["undo_entry", "undone_at", "undone_by", "undo_reason"])
    _open_again(voucher, by, at)
    state = (
        f"券可以继续使用，有效期到{voucher.valid_until:%Y-%m-%d}"
        if voucher.status == Voucher.Status.ISSUED
        else "券已过期"
    )
    body = f"{voucher.partner}的“{voucher.offer}”撤销了刚才的使用记录，{state}。有疑问请打社区电话。"
    said = Words("服务券使用已撤销", body, f"/vouchers/{voucher.pk}/")
    tell(resident=voucher.resident, occasion=f"voucher:{voucher.pk}:undone:{mine.pk}", words=said)
    return mine


def _open_again(voucher: Voucher, by: User, at: datetime) -> None:
    over = clock.local(at).date() > voucher.valid_until
    voucher.status = Voucher.Status.EXPIRED if over else Voucher.Status.ISSUED
    voucher.settled_at, voucher.settled_by = (at, by) if over else (None, None)
    open_there = Voucher.objects.filter(partner=voucher.partner_id, status__in=("issued", "frozen"))
    if not over and open_there.filter(number=voucher.number).exists():  # given to another one meanwhile
        voucher.number = free_number(voucher.partner_id)
    voucher.save(update_fields=["status", "settled_at", "settled_by", "number"])
