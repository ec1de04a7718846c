"""Excel files: written row by row, dates as dates, text as text, and never longer than one can open."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import repeat

import openpyxl
import pytest

from communities.workbook import Cell, TooLong, workbook

COLUMNS = (("日期", 12), ("事由", 20), ("积分", 8))


def test_each_cell_keeps_its_kind() -> None:
    rows: list[tuple[Cell, ...]] = [(date(2026, 1, 2), "=1+1", 5), (datetime(2026, 1, 2, 16, 30, tzinfo=UTC), None, 0)]
    sheet = openpyxl.load_workbook(workbook("明细", COLUMNS, rows)).active
    assert sheet.title == "明细" and [cell.value for cell in sheet[1]] == ["日期", "事由", "积分"]
    assert [str(cell.value) for cell in sheet["A"][1:]] == ["2026-01-02 00:00:00", "2026-01-03 00:30:00"]
    assert [cell.number_format for cell in sheet["A"][1:]] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["B3"].value) == ("=1+1", "s", None)
    assert [cell.value for cell in sheet["C"][1:]] == [5, 0]


def test_one_row_too_many_is_refused_and_no_more_are_asked_for() -> None:
    asked: list[int] = []

    def counted() -> Iterator[tuple[Cell, ...]]:
        for number in range(10):
            asked.append(number)
            yield (number,)

    with pytest.raises(TooLong, match=r"超过3条.*请按日期分几次导出"):
        workbook("明细", COLUMNS, counted(), most=3)
    assert asked == [0, 1, 2, 3]
    assert openpyxl.load_workbook(workbook("明细", COLUMNS, repeat((1,), 3), most=3)).active.max_row == 4
