"""小哥名册: the list of couriers at the desk, filtered, and as an Excel file."""

from collections.abc import Iterator
from typing import IO, Any

from django.db.models import Count, Q

from communities.models import Courier, User
from communities.models.couriers import CourierQuerySet
from communities.workbook import Cell, workbook
from core import masks

PAGE = 50
COLUMNS = (
    ("编号", 8), ("社区", 14), ("姓名", 10), ("手机", 14), ("平台", 10), ("站点", 20), ("状态", 10), ("登记时间", 18),
    ("审核人", 10), ("审核时间", 18), ("合格时间", 18), ("退出时间", 18), ("原因", 30),
)  # fmt: skip
Status = Courier.Status


def asked(user: User, wanted: dict[str, Any]) -> CourierQuerySet:
    """What the list was filtered by: `status`, `platform`, `community`, `q` (part of the name); the newest first."""
    found = Courier.objects.for_staff(user).select_related(
        "resident__community", "resident__account", "by", "decided_by"
    )
    columns = {
        "status": "status", "platform": "platform", "community": "resident__community", "q": "resident__name__contains"
    }  # fmt: skip
    return found.filter(**{columns[name]: value for name, value in wanted.items() if value}).order_by("-pk")


def page_of(user: User, wanted: dict[str, Any], before: int | None) -> list[Courier]:
    """One more than a page."""
    found = asked(user, wanted)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def figures(user: User) -> dict[str, int]:
    """How many wait, ride, and are qualified."""
    shown = (Status.ASKED, Status.CONFIRMED, Status.QUALIFIED)
    counts: dict[str, int] = Courier.objects.for_staff(user).aggregate(
        **{status.value: Count("pk", filter=Q(status=status)) for status in shown}
    )
    return counts


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    """The list as an Excel file, names and phones masked."""
    return workbook("小哥名册", COLUMNS, _rows(asked(user, wanted)))


def _rows(found: CourierQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=2000):
        person = one.resident
        yield (
            one.pk, person.community.name, masks.name(person.name), masks.phone(person.phone), one.platform, one.station,
            one.get_status_display(), one.at, one.decided_by.name if one.decided_by else "", one.decided_at, one.qualified_at,
            one.ended_at, one.end_reason,
        )  # fmt: skip
