"""办理单: the slips of a day, as a list and as a file. What an act wrote is never written again; it can be printed again."""

from collections.abc import Iterator
from datetime import date, time
from typing import IO

from communities.models import Slip, User
from communities.models.helping import SlipQuerySet
from communities.workbook import Cell, workbook
from core import clock, masks

PAGE = 50
COLUMNS = (
    ("单号", 20), ("办理时间", 18), ("社区", 12), ("居民", 10), ("手机", 14), ("事项", 16), ("办理结果", 60), ("确认方式", 10), ("经办人", 10),
)  # fmt: skip


def of_day(user: User, day: date) -> SlipQuerySet:
    """The slips of `user`'s communities on Shanghai's `day`, the newest first."""
    mine = Slip.objects.for_staff(user).filter(at__gte=clock.at(day, time()), at__lt=clock.midnight_after(day))
    return mine.select_related("community", "resident", "by").order_by("-pk")


def page_of(user: User, day: date, before: int | None) -> list[Slip]:
    """One page, older than slip `before`, and one more when there is another page."""
    found = of_day(user, day)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def file_of(user: User, day: date) -> IO[bytes]:
    """The slips of `day` as an Excel file, names and phones masked."""
    return workbook("办理单", COLUMNS, _rows(of_day(user, day)))


def _rows(slips: SlipQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in slips.iterator(chunk_size=2000):
        yield (
            one.number, one.at, one.community.name, masks.name(one.resident.name), masks.phone(one.resident.phone), one.act,
            "".join(one.lines), one.get_proof_display(), one.by.name,
        )  # fmt: skip
