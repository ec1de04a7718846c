"""冻结: a colleague stops a voucher while something about it is looked into, and lets it go again."""

from datetime import datetime

from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from notifications.outbox import Words, tell
from partners.models import Voucher
from partners.vouchers.returning import locked, refusal_to_staff, written

Status = Voucher.Status


class CannotFreeze(Refused):
    code = "voucher_not_freezable"

    def __init__(self, voucher: Voucher) -> None:
        super().__init__(
            f"这张券{voucher.get_status_display()}，不能冻结或解冻，什么都没有改动，积分没有变动。请刷新后再看。"
        )


def refusal_to_turn(voucher: Voucher, by: User, *, was: str) -> Refused | None:
    """Why `by` cannot freeze (`was` issued) or unfreeze (`was` frozen) it; None when nothing stands against it."""
    return CannotFreeze(voucher) if voucher.status != was else refusal_to_staff(voucher, by)


@verb()
def freeze(*, voucher: Voucher, by: User, reason: str, at: datetime | None = None) -> Voucher:
    """It cannot be used nor given back by its owner, who is told why. Refuses what `refusal_to_turn` says."""
    at, reason, mine = at or clock.now(), written(reason), locked(voucher)
    if refused := refusal_to_turn(mine, by, was=Status.ISSUED):
        raise refused
    _write(mine, Status.FROZEN, by, at, reason)
    _tell(
        mine, "frozen", "服务券已冻结", f"“{mine.offer}”暂时不能使用：{reason}。积分没有变动，有疑问请打社区电话。", at
    )
    return mine


@verb()
def unfreeze(*, voucher: Voucher, by: User, at: datetime | None = None) -> Voucher:
    """It can be used again until its last day; after that it is over with the next sweep. Refuses what `refusal_to_turn` says."""
    at, mine = at or clock.now(), locked(voucher)
    if refused := refusal_to_turn(mine, by, was=Status.FROZEN):
        raise refused
    _write(mine, Status.ISSUED, None, None, "")
    until = f"有效期到{mine.valid_until:%Y-%m-%d}"
    says = f"已解冻，{until}，已经过期，有疑问请打社区电话。" if over(mine, at) else f"可以继续使用，{until}。"
    _tell(mine, "unfrozen", "服务券已解冻", f"“{mine.offer}”{says}", at)
    return mine


def over(voucher: Voucher, at: datetime) -> bool:
    """Whether its last day is past, frozen or not."""
    return clock.local(at).date() > voucher.valid_until


def _write(mine: Voucher, status: Voucher.Status, by: User | None, at: datetime | None, reason: str) -> None:
    mine.status, mine.settled_by, mine.settled_at, mine.settled_reason = status, by, at, reason
    mine.save(update_fields=["status", "settled_by", "settled_at", "settled_reason"])


def _tell(mine: Voucher, what: str, title: str, body: str, at: datetime) -> None:
    occasion = f"voucher:{mine.pk}:{what}:{at:%Y%m%d%H%M%S}"
    tell(resident=mine.resident, occasion=occasion, words=Words(title, body, f"/vouchers/{mine.pk}/"))
