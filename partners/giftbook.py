"""礼品台账: gifts and exchanges at the desk, filtered, and as an Excel file."""

from collections.abc import Iterator
from typing import IO, Any

from django.db.models import Count, Q

from communities.models import User
from communities.workbook import Cell, workbook
from core import clock, masks
from partners.models import Exchange, ExchangeQuerySet, Gift, GiftQuerySet
from partners.stock import batches

PAGE = 50
COLUMNS = (
    ("编号", 8), ("发放社区", 14), ("礼品", 16), ("积分", 8), ("姓名", 10), ("手机", 14), ("状态", 10), ("兑换时间", 18), ("领取期限", 12),
    ("领取或退回时间", 18), ("经办人", 10), ("退回原因", 20), ("出库单号", 22), ("领取人", 14),
)  # fmt: skip
Status = Exchange.Status


def gifts(user: User, *, closed: bool) -> GiftQuerySet:
    """The gifts of the reader's communities; with how many of each wait to be collected."""
    waiting = Count("exchanges", filter=Q(exchanges__status=Status.RESERVED))
    mine = Gift.objects.for_staff(user).select_related("community", "sub_district").annotate(waiting=waiting)
    own = batches.with_past(mine, clock.today())
    return (
        own.exclude(closed_at=None).order_by("-pk")
        if closed
        else own.filter(closed_at=None).order_by("group", "price", "pk")
    )


def asked(user: User, wanted: dict[str, Any]) -> ExchangeQuerySet:
    """What the list was filtered by: `status`, `gift`, `q` (part of a name, or the number of the ticket); the newest first."""
    found = Exchange.objects.for_staff(user).select_related("gift", "community", "resident", "settled_by")
    if wanted.get("status"):
        found = found.filter(status=wanted["status"])
    if wanted.get("gift"):
        found = found.filter(gift=wanted["gift"])
    if q := wanted.get("q", "").replace(" ", ""):
        found = found.filter(Q(resident__name__contains=q) | Q(number=q))
    return found.order_by("-pk")


def page_of(user: User, wanted: dict[str, Any], before: int | None) -> list[Exchange]:
    """One more than a page."""
    found = asked(user, wanted)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    """The list as an Excel file, names and phones masked."""
    return workbook("礼品兑换", COLUMNS, _rows(asked(user, wanted)))


def _rows(found: ExchangeQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=2000):
        yield (
            one.pk, one.community.name, one.gift.title, one.price, masks.name(one.resident.name), masks.phone(one.resident.phone),
            one.get_status_display(), one.at, one.collect_by, one.settled_at, one.settled_by.name if one.settled_by else "",
            one.return_reason, one.issue_number, (f"{masks.name(one.taker)}（{one.relation}代领）" if one.taker else "本人") if one.issue_number else "",
        )  # fmt: skip
