"""履约台账: deliveries at the desk, filtered, and as an Excel file."""

from collections.abc import Iterator
from typing import IO, Any

from communities.models import User
from communities.workbook import Cell, workbook
from partners.models import Delivery, DeliveryQuerySet

PAGE = 50
COLUMNS = (
    ("编号", 8), ("合伙人", 20), ("社区", 14), ("承诺", 24), ("日期", 12), ("次数", 8), ("服务人数", 10), ("服务分钟", 10), ("说明", 30), ("状态", 10),
    ("填报人", 12), ("填报时间", 18), ("确认人", 12), ("确认时间", 18), ("确认说明", 20),
)  # fmt: skip


def asked(user: User, wanted: dict[str, Any]) -> DeliveryQuerySet:
    """What the list was filtered by, the newest first."""
    found = Delivery.objects.for_staff(user).select_related(
        "promise__agreement__partner", "promise__agreement__community", "by", "settled_by"
    )
    if wanted.get("status"):
        found = found.filter(status=wanted["status"])
    if wanted.get("community"):
        found = found.filter(promise__agreement__community=wanted["community"])
    if wanted.get("q"):
        found = found.filter(promise__agreement__partner__name__contains=wanted["q"])
    return found.order_by("-pk")


def page_of(user: User, wanted: dict[str, Any], before: int | None) -> list[Delivery]:
    """One more than a page."""
    found = asked(user, wanted)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    return workbook("履约台账", COLUMNS, _rows(asked(user, wanted)))


def _rows(found: DeliveryQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=2000):
        agreement = one.promise.agreement
        yield (
            one.pk, agreement.partner.name, agreement.community.name, one.promise.item, one.on, one.times, one.people, one.minutes,
            one.note, one.get_status_display(), who(one.by), one.at, confirmed_by(one), one.settled_at, one.settled_note,
        )  # fmt: skip


def who(account: User) -> str:
    """A colleague by name; a merchant's phone is the partner's."""
    return account.name if account.is_desk_user else "合伙人"


def confirmed_by(delivery: Delivery) -> str:
    if delivery.settled_at is None:
        return ""
    return delivery.settled_by.name if delivery.settled_by else "在场居民"
