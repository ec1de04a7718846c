"""我的信息: everything that is kept about one resident, gathered from every app, to be read, copied and taken away.

Each app registers its sections in `AppConfig.ready`. What is about somebody else stays out of it.
"""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile

from communities.models import Resident
from core import clock

Cell: TypeAlias = str | int | date | datetime | None
BOM = "\ufeff"  # without it Excel reads UTF-8 as GBK


@dataclass(frozen=True)
class Section:
    """One table of what is kept: `rows(resident)` yields as many cells as there are `columns`.

    `key` names it for machines; those with the lowest `place` are read first.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: Callable[[Resident], Iterable[Sequence[Cell]]]
    place: int = 1


@dataclass(frozen=True)
class Table:
    """A section as it was found for one resident, every cell a text."""

    key: str
    title: str
    columns: tuple[str, ...]
    lines: list[list[str]]

    def facts(self) -> list[list[tuple[str, str]]]:
        """Each line as heading and cell, without what is empty: how it reads on a narrow screen."""
        return [[(name, cell) for name, cell in zip(self.columns, line, strict=True) if cell] for line in self.lines]


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    """From now on these are part of what a resident sees and takes away of themselves."""
    _sections.update({section.key: section for section in sections})


def tables(resident: Resident) -> list[Table]:
    """Everything that is kept about `resident`; a number of queries that does not grow with the rows."""
    return [
        Table(one.key, one.title, one.columns, [[_said(cell) for cell in row] for row in one.rows(resident)])
        for one in sorted(_sections.values(), key=lambda one: one.place)
    ]


def as_json(found: Iterable[Table], at: datetime) -> bytes:
    """For other programs: section → list of {column: value}."""
    said: dict[str, Any] = {"导出时间": _said(at)}
    for table in found:
        said[table.key] = [dict(zip(table.columns, line, strict=True)) for line in table.lines]
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def as_zip(found: Iterable[Table], at: datetime) -> bytes:
    """One CSV file for each section, and all of it as JSON."""
    found, kept = list(found), BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as bundle:
        for table in found:
            bundle.writestr(f"{table.title}.csv", BOM + _csv(table))
        bundle.writestr("全部信息.json", as_json(found, at))
    return kept.getvalue()


def _csv(table: Table) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([[_inert(cell) for cell in line] for line in table.lines])
    return text.getvalue()


def _inert(cell: str) -> str:
    """Excel runs what begins with =, +, - or @ as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and not cell[1:].isdecimal() else cell


def _said(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{clock.local(cell):%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)
