"""Excel files: one sheet, written row by row. Dates are dates; everything a person typed is text, never a formula."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, TypeAlias, cast

import xlsxwriter
from django.http import FileResponse, HttpResponse
from xlsxwriter.worksheet import Worksheet

from core import clock
from core.refusals import Refused

MOST = 100_000
Cell: TypeAlias = str | int | Decimal | datetime | date | None
Columns: TypeAlias = Sequence[tuple[str, int]]  # heading, width in characters


class TooLong(Refused):
    code = "export_too_long"

    def __init__(self, most: int) -> None:
        super().__init__(f"符合条件的记录超过{most:,}条，一个文件放不下。请按日期分几次导出。")


def workbook(
    title: str, columns: Columns, rows: Iterable[Sequence[Cell]], *, most: int = MOST, mark: str = ""
) -> IO[bytes]:
    """A temporary file with one line each, at its beginning; refuses more than `most` rows. Memory does not grow with them.

    `mark` stands above the headings and at the foot of every printed page: who made the file, when, and what for.
    """
    file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            date: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        }
        head = book.add_format({"bold": True, "bg_color": "#FDECE8", "bottom": 1})
        top = 1 if mark else 0
        if mark:
            sheet.write_string(0, 0, mark, book.add_format({"bold": True, "font_color": "#B02415"}))
            sheet.set_footer(f"&L{mark.replace('&', '&&')[:200]}&R第&P页，共&N页")
        for column, (heading, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, heading, head)
        sheet.freeze_panes(top + 1, 1)
        for line, cells in enumerate(rows, top + 1):
            if line > most + top:
                raise TooLong(most)
            _write(sheet, line, cells, formats)
    file.seek(0)
    return file


def to_fill(title: str, columns: Columns, rows: Iterable[Sequence[str]], note: str = "") -> IO[bytes]:
    """A temporary sheet that somebody fills in and uploads again, `rows` in it already; `note` hangs on the first heading.

    All of it is text, so that Excel takes no nought off a number and makes no date of a time.
    """
    file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bg_color": "#FDECE8"})
        for column, (heading, width) in enumerate(columns):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, heading, head)
        if note:
            sheet.write_comment(0, 0, note)
        sheet.freeze_panes(1, 1)
        for number, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell, text)
    file.seek(0)
    return file


def several(sheets: Iterable[tuple[str, Columns, Iterable[Sequence[Cell]]]], *, mark: str) -> IO[bytes]:
    """A temporary file of several sheets, (title, columns, rows) each; `mark` stands above the headings of each."""
    file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        formats: dict[type[date], object] = {}
        head, top = book.add_format({"bold": True, "bg_color": "#FDECE8", "bottom": 1}), book.add_format({"bold": True})
        for title, columns, rows in sheets:
            sheet = book.add_worksheet(title)
            sheet.write_string(0, 0, mark, top)
            for column, (heading, width) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write_string(1, column, heading, head)
            for line, cells in enumerate(rows, 2):
                _write(sheet, line, cells, formats)
    file.seek(0)
    return file


def sent(file: IO[bytes], name: str) -> HttpResponse:
    """`file` as a download: “夜校报名20261125.xlsx”."""
    answer = FileResponse(file, as_attachment=True, filename=f"{name}{clock.today():%Y%m%d}.xlsx")
    return cast(HttpResponse, answer)  # a response of another branch of Django's family


def _write(sheet: Worksheet, line: int, cells: Sequence[Cell], formats: Mapping[type[date], object]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, datetime):
            sheet.write_datetime(line, column, clock.local(cell).replace(tzinfo=None), formats[datetime])
        elif isinstance(cell, date):
            sheet.write_datetime(line, column, cell, formats[date])
        elif isinstance(cell, int | Decimal):
            sheet.write_number(line, column, cell)
        elif cell:  # as text whatever it begins with: `write` would make a formula of “=…” and a link of “http…”
            sheet.write_string(line, column, cell)
