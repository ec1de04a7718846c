"""What the books keep about a resident, and what closing the file does to it: the entries stay, the person goes."""

from collections.abc import Iterator, Sequence

from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident, User
from core import clock, words
from core.sql import call
from points import purse, statement
from points.models import Adjustment, Share

Rows = Iterator[Sequence[Cell]]


def lines(resident: Resident) -> Rows:
    for line in statement.every(resident):
        yield line.at, line.word, line.reason, line.amount, line.balance, line.note


def adjustments(resident: Resident) -> Rows:
    for one in Adjustment.objects.filter(resident=resident).order_by("pk"):
        yield one.proposed_at, one.amount, one.reason, one.get_status_display(), one.decided_at, one.decline_reason


def shares(resident: Resident) -> Rows:
    for one in Share.objects.filter(resident=resident).order_by("pk"):
        yield one.joined_at, one.left_at


SECTIONS = (
    Section("points", "积分明细", ("时间", "类别", "事由", "积分", "余额", "说明"), lines),
    Section("adjustments", "积分调整", ("提出时间", "积分", "事由", "状态", "复核时间", "未通过原因"), adjustments),
    Section("purse", "家庭积分", ("加入时间", "退出时间"), shares),
)


def obstacles(resident: Resident) -> Iterator[str]:
    mine = Adjustment.objects.filter(resident=resident)
    if mine.filter(status=Adjustment.Status.PROPOSED).exists():
        yield "有一笔积分调整还没有复核"
    if mine.filter(status=Adjustment.Status.NOTICE).exists():
        yield "有一笔积分调整还没有公示期满"


def losses(resident: Resident) -> Iterator[str]:
    """Which points can no longer be used, and how long they would have lasted."""
    left = statement.remains(resident, on=clock.today())
    if left.available:
        last = words.day(left.ending[-1][0])
        yield f"您还有{words.points(left.available)}积分，最晚到{last}。注销后留在账本里，不能再使用，也不能转给别人。"


def leave_purse(gone: Gone) -> None:
    """Nobody spends from this wallet any more."""
    if Share.objects.filter(resident=gone.resident, left_at=None).exists():
        call(purse.UNSHARE, gone.resident.pk, clock.now(), gone.by.pk)


def leave_household(resident: Resident, by: User) -> None:
    """Who leaves the household shares nothing with it any more; the family is told."""
    purse.leave(resident=resident, by=by)


def empty(gone: Gone) -> None:
    scrub(Adjustment.objects.filter(resident=gone.resident), "reason", "decline_reason", gone=gone)
