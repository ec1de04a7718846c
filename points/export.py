"""导出: a statement as an Excel file (communities/workbook.py)."""

from typing import IO

from communities.models import Resident
from communities.workbook import MOST, Cell, workbook as written
from points import statement
from points.statement import Filter, Line

COLUMNS = (("时间", 18), ("类别", 8), ("事由", 36), ("积分", 10), ("余额", 10), ("封顶未记", 10), ("备注", 30))


def workbook(resident: Resident, asked: Filter, *, most: int = MOST) -> IO[bytes]:
    """A temporary file with one row a line, the newest first; refuses more than `most` rows with `TooLong`."""
    return written("积分明细", COLUMNS, map(_cells, statement.every(resident, asked)), most=most)


def _cells(line: Line) -> tuple[Cell, ...]:
    return line.at, line.word, line.reason, line.amount, line.balance, line.cut or None, line.note
