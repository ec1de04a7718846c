"""Reading a sheet, in a process of its own: `python -m communities.importing.sheets [meanings] < sheet > lines`.

A zip bomb, a panic of the reader or an endless loop ends this process and nothing else; it knows no secret and no database.
`meanings`: key → headings as JSON, for other sheets than those of residents. It answers with JSON lines: first {"sheet", "unused", "others"} or {"refusal"}, then one {"n", "cells", "merged", "formulas"} a row.
"""

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from communities.importing import formulas, headings

MEMORY, SECONDS = 768 << 20, 60
ROWS, COLUMNS, LONGEST = 20_000, 200, 200
UNPACKED = 300 << 20  # what the parts of a file may say that they hold

BROKEN = "这个文件打不开，可能没有传完整或已经损坏。请在Excel里重新打开、另存为.xlsx，再上传。"
TOO_BIG = "这个文件展开后太大，没有读取。请只保留居民名单，复制到一个新的工作簿再上传。"
TOO_LONG = f"名单超过{ROWS:,}行，没有读取。请分成几个文件，分几次导入。"
NO_HEADINGS = "没有找到表头。需要有一行写着“姓名”，并且至少还有“手机号”“证件号码”等一列。可以下载模板对照。"
NO_ROWS = "表头下面没有居民，没有可以导入的内容。"
Cells = list[str]


class Unreadable(Exception):
    """Its first argument is the sentence for whoever uploaded."""


@dataclass
class Table:
    """One sheet, row by row from its first line on (numbered from 1), with what it says about merging and formulas."""

    name: str
    rows: Iterator[tuple[int, Cells]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)


def text_of(cell: object) -> str:
    """A cell as somebody would type it: 13812345678.0 → 13812345678, a date → 1958-05-02, nine o'clock → 09:00:00; long
    numbers as 1.4e+17."""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}" if cell.hour or cell.minute else cell.date().isoformat()
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    return "".join(char if char.isprintable() else " " for char in text[:LONGEST]).strip()


def tables(sheet: bytes) -> Iterator[Table]:
    """The sheets of an Excel file, those that are shown first, or the one table of a pasted text."""
    if not sheet.startswith(b"PK"):
        lines = sheet.decode("utf-8", "replace").splitlines()
        yield Table(
            "粘贴的内容", ((n, [text_of(cell) for cell in line.split("\t")]) for n, line in enumerate(lines, 1))
        )
        return
    with ZipFile(BytesIO(sheet)) as parts:
        if sum(part.file_size for part in parts.infolist()) > UNPACKED:
            raise Unreadable(TOO_BIG)
    book = CalamineWorkbook.from_filelike(BytesIO(sheet))
    shown = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    for one in sorted(shown, key=lambda one: one.visible != SheetVisibleEnum.Visible):
        found = book.get_sheet_by_name(one.name)
        yield Table(one.name, _rows(found), found.merged_cell_ranges or [], formulas.without_result(sheet, one.name))


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, Cells]]:
    top, left = sheet.start or (0, 0)
    for number, row in enumerate(sheet.iter_rows(), top + 1):
        yield number, [""] * min(left, COLUMNS) + [text_of(cell) for cell in row[:COLUMNS]]


def understood(table: Table, known: Mapping[str, str] = headings.KNOWN) -> Iterator[dict[str, Any]]:
    """The head of the answer and then its rows; nothing when the table has no headings."""
    for _, cells in islice(table.rows, headings.TITLES):
        if columns := headings.columns(cells, known):
            unused = [cell for n, cell in enumerate(cells) if cell and n not in columns]
            yield {"sheet": table.name[:40], "unused": unused[:20]}
            yield from _people(table, columns, known)
            return


def _people(table: Table, columns: dict[int, str], known: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    spread = _spreading(table, columns)
    above: dict[tuple[int, int], str] = {}
    count = 0
    for number, cells in table.rows:
        own = {key: cells[column] if column < len(cells) else "" for column, key in columns.items()}
        empty = [key for column, key in columns.items() if not own[key] and (number, column) in table.formulas]
        if not (any(own.values()) or empty) or headings.meaning(own["name"], known) == "name":
            continue
        merged = []
        for column, key in columns.items():
            first = spread.get((number, column))
            if first == number:
                above[first, column] = own[key]
            elif first is not None and not own[key]:
                own[key] = above.get((first, column), "")
                merged += [key] if own[key] else []
        count += 1
        if count > ROWS:
            raise Unreadable(TOO_LONG)
        yield {"n": number, "cells": own, "merged": merged, "formulas": empty}


def _spreading(table: Table, columns: dict[int, str]) -> dict[tuple[int, int], int]:
    """Cells (row, column) of our columns that one merged cell covers → the row that holds its value."""
    found: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, right) in table.merged:
        # A cell merged over more rows than a sheet may have spreads nothing worth having.
        for column in (one for one in columns if left <= one <= right and top < bottom <= top + ROWS):
            if column == left:
                found.update(((row + 1, column), top + 1) for row in range(top, bottom + 1))
    return found


def answer(sheet: bytes, known: Mapping[str, str] = headings.KNOWN) -> Iterator[dict[str, Any]]:
    """What the parent is told about `sheet`."""
    rest = tables(sheet)
    for table in rest:
        told = understood(table, known)
        head = next(told, None)
        if head is not None:
            people = list(told)
            if not people:
                raise Unreadable(NO_ROWS)
            yield head | {"others": [one.name[:40] for one in rest if next(understood(one, known), None)]}
            yield from people
            return
    raise Unreadable(NO_HEADINGS)


def main() -> None:
    """Read all of it before a word is said: a sheet that breaks in the middle is refused whole."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        known = headings.known_by(json.loads(sys.argv[1])) if len(sys.argv) > 1 else headings.KNOWN
        told = list(answer(sys.stdin.buffer.read(), known))
    except Unreadable as reason:
        told = [{"refusal": str(reason)}]
    except (CalamineError, BadZipFile, OSError, ValueError, KeyError, SyntaxError, EOFError, NotImplementedError):
        told = [{"refusal": BROKEN}]
    sys.stdout.writelines(f"{json.dumps(one)}\n" for one in told)


if __name__ == "__main__":
    main()
