"""导出: the rows of the register as an Excel file. Dates are dates; everything a person typed is text, never a formula."""

from collections.abc import Iterable
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from core import clock
from core.refusals import Refused
from nightschool.register import Row

MOST = 100_000
# (heading, width in characters); the order of `_write`
COLUMNS = (
    ("姓名", 12), ("手机", 14), ("小区", 16), ("课程", 20), ("期次", 10), ("开课社区", 12), ("报名时间", 18), ("报名渠道", 10),
    ("积分", 8), ("优待", 8), ("状态", 10), ("退课时间", 18), ("退课原因", 30),
)  # fmt: skip


class TooLong(Refused):
    code = "export_too_long"

    def __init__(self, most: int) -> None:
        super().__init__(f"符合条件的报名超过{most:,}条，一个文件放不下。请按日期分几次导出。")


def workbook(rows: Iterable[Row], *, most: int = MOST) -> IO[bytes]:
    """A temporary file with one row each, at its beginning; refuses more than `most` rows. Memory does not grow with the rows."""
    file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("夜校报名")
        date = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        head = book.add_format({"bold": True, "bg_color": "#FDECE8", "bottom": 1})
        for column, (heading, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, head)
        sheet.freeze_panes(1, 1)
        for line, row in enumerate(rows, 1):
            if line > most:
                raise TooLong(most)
            _write(sheet, line, row, date)
    file.seek(0)
    return file


def _write(sheet: Worksheet, line: int, row: Row, date: object) -> None:
    relief = "优待" if row.relieved else "—"
    cells: tuple[str | int | datetime | None, ...] = (
        row.name, row.phone, row.estate, row.course, row.term, row.community, row.at, row.channel,
        row.price, relief, row.status, row.cancelled_at, row.cancel_reason,
    )  # fmt: skip
    for column, cell in enumerate(cells):
        if isinstance(cell, datetime):
            sheet.write_datetime(line, column, clock.local(cell).replace(tzinfo=None), date)
        elif isinstance(cell, int):
            sheet.write_number(line, column, cell)
        elif cell:  # as text whatever it begins with: `write` would make a formula of “=…” and a link of “http…”
            sheet.write_string(line, column, cell)
