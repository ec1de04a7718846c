"""优待依据的清单 at the desk: status and dates, never which kind; filtered, and as an Excel file."""

from collections.abc import Iterator
from typing import IO, Any

from communities.hardship.waiting import due_for
from communities.models import Evidence, User
from communities.models.evidence import EvidenceQuerySet
from communities.workbook import Cell, workbook
from core import masks

PAGE = 50
COLUMNS = (
    ("编号", 8), ("社区", 14), ("姓名", 10), ("状态", 10), ("方式", 16), ("查看日期", 14), ("开始", 14), ("最后一天", 14),
    ("登记人", 10), ("登记时间", 18), ("复核人", 10), ("复核时间", 18), ("终止日期", 14), ("终止原因", 16),
)  # fmt: skip


def asked(user: User, wanted: dict[str, Any]) -> EvidenceQuerySet:
    """What the list was filtered by: `status` (or due), `community`, `q` (part of the name); the newest first."""
    found = (
        Evidence.objects.for_staff(user)
        .defer("facts")
        .select_related("resident__community", "recorded_by", "decided_by")
    )
    if wanted.get("status") == "due":
        found = found.filter(pk__in=due_for(user).values("pk"))
    elif wanted.get("status"):
        found = found.filter(status=wanted["status"])
    columns = {"community": "resident__community", "q": "resident__name__contains"}
    return found.filter(**{columns[name]: value for name, value in wanted.items() if name in columns}).order_by("-pk")


def page_of(user: User, wanted: dict[str, Any], before: int | None) -> list[Evidence]:
    """One more than a page."""
    found = asked(user, wanted)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def file_of(user: User, wanted: dict[str, Any]) -> IO[bytes]:
    """The list as an Excel file, names masked."""
    return workbook("优待依据", COLUMNS, _rows(asked(user, wanted)))


def _rows(found: EvidenceQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=2000):
        yield (
            one.pk, one.resident.community.name, masks.name(one.resident.name), one.get_status_display(), one.get_way_display(),
            one.seen_on, one.starts_on, one.ends_on, one.recorded_by.name, one.recorded_at,
            one.decided_by.name if one.decided_by else "", one.decided_at, one.ended_on, one.get_end_reason_display(),
        )  # fmt: skip
