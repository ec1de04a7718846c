"""核销台账 at the desk: vouchers and their uses, filtered, and as an Excel file."""

from collections.abc import Iterator
from datetime import time
from typing import IO, Any

from django.db.models import Q

from communities.models import User
from communities.workbook import Cell, workbook
from core import clock, masks
from partners.models import Redemption, RedemptionQuerySet, Voucher, VoucherQuerySet

PAGE = 50
COLUMNS = (
    ("编号", 8), ("社区", 14), ("合伙人", 18), ("服务项目", 18), ("姓名", 10), ("积分", 8), ("核销时间", 18), ("服务日期", 12), ("方式", 10),
    ("核销人", 14), ("异常提示", 24), ("查看结论", 20), ("撤销时间", 18), ("撤销原因", 20),
)  # fmt: skip


def vouchers(user: User, wanted: dict[str, Any]) -> VoucherQuerySet:
    """`q` (part of a name, or the number), `status`, `partner`; the newest first."""
    found = Voucher.objects.for_staff(user).select_related("offer", "partner", "community", "resident")
    for name in ("status", "partner"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    # A scanner at the counter types the whole address of the code.
    if q := "".join(wanted.get("q", "").split()).rstrip("/").rsplit("/", 1)[-1]:
        found = found.filter(Q(resident__name__contains=q) | Q(number=q) | Q(token=q))
    return found.order_by("-pk")


def uses(user: User, wanted: dict[str, Any]) -> RedemptionQuerySet:
    """`partner`, `community`, `since` and `until` (days), `flagged`: `open` not looked at yet, `all` any; the newest first."""
    found = Redemption.objects.for_staff(user).select_related(
        "voucher__offer", "voucher__resident", "partner", "community", "clerk", "by", "looked_by", "undone_by"
    )
    for name in ("partner", "community"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    if wanted.get("since"):
        found = found.filter(at__gte=clock.at(wanted["since"], time()))
    if wanted.get("until"):
        found = found.filter(at__lt=clock.midnight_after(wanted["until"]))
    if wanted.get("flagged"):
        found = found.flagged()
    if wanted.get("flagged") == "open":
        found = found.filter(looked_at=None)
    return found.order_by("-pk")


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    """The list as an Excel file, names masked; no yuan, which is the statements' (partners/settling)."""
    return workbook("服务券核销", COLUMNS, _rows(uses(user, wanted)))


def _rows(found: RedemptionQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=2000):
        yield (
            one.pk, one.community.name, one.partner.name, one.voucher.offer.title, masks.name(one.voucher.resident.name),
            one.points, one.at, one.served_on, one.get_way_display(), str(one.clerk or one.by), "、".join(one.flag_labels),
            one.looked_note, one.undone_at, one.undo_reason,
        )  # fmt: skip
