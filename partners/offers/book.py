"""服务项目 and 预约 at the desk and at the shop: lists, filtered, and as an Excel file."""

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.db.models import Q, QuerySet

from communities.models import User
from communities.workbook import Cell, workbook
from core import clock
from partners.models import Appointment, Offer, OfferQuerySet, Partner

PAGE = 50
COLUMNS = (
    ("编号", 8), ("社区", 14), ("商家", 18), ("行业", 10), ("服务项目", 20), ("积分", 8), ("原价（元）", 10), ("总数", 8), ("已兑", 8),
    ("面向", 12), ("预约", 10), ("上架日期", 12), ("下架日期", 12), ("状态", 10), ("审核人", 10), ("审核时间", 18),
)  # fmt: skip
Status = Appointment.Status


def offers(user: User, wanted: dict[str, Any]) -> OfferQuerySet:
    """Of the reader's communities, filtered by `status`, `trade`, `community`, `q`; the newest first."""
    found = Offer.objects.for_staff(user).select_related("partner", "community", "reviewed_by")
    if q := wanted.get("q", "").strip():
        found = found.filter(Q(title__contains=q) | Q(partner__name__contains=q))
    fields = {"status": "status", "trade": "partner__trade", "community": "community"}
    return found.filter(**{fields[name]: wanted[name] for name in fields if wanted.get(name)}).order_by("-pk")


def page_of(user: User, wanted: dict[str, Any], before: int | None) -> list[Offer]:
    """One more than a page."""
    found = offers(user, wanted)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    return workbook("服务项目", COLUMNS, _rows(offers(user, wanted)))


def _rows(found: OfferQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=2000):
        yield (
            one.pk, one.community.name, one.partner.name, one.partner.get_trade_display(), one.title, one.price,
            one.worth_yuan, one.stock, one.taken, one.get_group_display(), one.get_booking_display(), one.starts_on,
            one.ends_on, one.get_status_display(), one.reviewed_by.name if one.reviewed_by else "", one.reviewed_at,
        )  # fmt: skip


def of_partner(partner: Partner) -> OfferQuerySet:
    """For the shop's own list: what can be worked on first."""
    return Offer.objects.of(partner).select_related("community").order_by("-pk")


def visits() -> QuerySet[Appointment]:
    whole = ("voucher__offer", "voucher__partner", "voucher__community", "voucher__resident__community", "slot")
    return Appointment.objects.select_related(*whole)


def visits_of(partner: Partner, at: datetime) -> QuerySet[Appointment]:
    """What the shop has to answer and to keep: from a day back on, the next first."""
    mine = visits().filter(voucher__partner=partner, status__in=(Status.ASKED, Status.CONFIRMED), slot__ends_at__gt=at)
    return mine.order_by("slot__starts_at", "pk")


def visits_for(user: User, wanted: dict[str, Any], before: int | None = None) -> list[Appointment]:
    """Of the reader's communities; one more than a page, the newest first."""
    found = visits().filter(voucher__community__in=Offer.objects.for_staff(user).values("community"))
    if wanted.get("status"):
        found = found.filter(status=wanted["status"])
    if wanted.get("community"):
        found = found.filter(voucher__community=wanted["community"])
    if before:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[: PAGE + 1])


def unanswered(user: User) -> QuerySet[Appointment]:
    """For the to-do list."""
    mine = Appointment.objects.filter(voucher__offer__in=Offer.objects.for_staff(user))
    return mine.filter(status=Status.ASKED, answer_by__gt=clock.now())
