"""公式: cells that were calculated by a program which kept no result. The reader shows them empty; we say why."""

import re
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
EMPTY = re.compile(
    rb'<c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)


def without_result(sheet: bytes, name: str) -> set[tuple[int, int]]:
    """The cells (row from 1, column from 0) of the sheet `name` that hold a formula and no result."""
    with ZipFile(BytesIO(sheet)) as parts:
        path = _path(parts, name)
        xml = parts.read(path) if path in parts.namelist() else b""
    return {(int(row), _column(letters)) for letters, row in EMPTY.findall(xml)} if b"<f" in xml else set()


def _path(parts: ZipFile, name: str) -> str:
    """Where the file keeps the sheet, which its table of contents says in two places; "" when it does not."""
    try:
        # Whatever these two do to the parser, they do it to a child with limits (sheets.py).
        book = ElementTree.fromstring(parts.read("xl/workbook.xml"))  # noqa: S314
        links = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return ""
    wanted = [one.get(REFERENCE) for one in book.iter(f"{MAIN}sheet") if one.get("name") == name]
    targets = [one.get("Target", "") for one in links if wanted and one.get("Id") == wanted[0]]
    return normpath(join("/xl", targets[0])).lstrip("/") if targets else ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
