"""导出: the rows of the register as an Excel file (communities/workbook.py)."""

from collections.abc import Iterable
from typing import IO

from communities.workbook import MOST, Cell, workbook as written
from nightschool.register import Row

COLUMNS = (
    ("姓名", 12), ("手机", 14), ("小区", 16), ("课程", 20), ("期次", 10), ("开课社区", 12), ("报名时间", 18), ("报名渠道", 10),
    ("积分", 8), ("优待", 8), ("状态", 10), ("退课时间", 18), ("退课原因", 30),
)  # fmt: skip


def workbook(rows: Iterable[Row], *, most: int = MOST) -> IO[bytes]:
    """A temporary file with one row each; refuses more than `most` rows with `TooLong`."""
    return written("夜校报名", COLUMNS, map(_cells, rows), most=most)


def _cells(row: Row) -> tuple[Cell, ...]:
    return (
        row.name, row.phone, row.estate, row.course, row.term, row.community, row.at, row.channel,
        row.price, "优待" if row.relieved else "—", row.status, row.cancelled_at, row.cancel_reason,
    )  # fmt: skip
