"""Having a sheet read: by a child process with limits of memory and time, so that no file harms a worker."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from communities.importing import sheets

PATIENCE = sheets.SECONDS * 2
TOO_HARD = "这个文件读不出来，可能已经损坏，或者展开后太大。请只保留居民名单，复制到一个新的工作簿，另存为.xlsx再上传。"


@dataclass(frozen=True)
class Row:
    """One person as written: texts by the keys of headings.MEANINGS; which were filled from merged cells, which are formulas
    without a result."""

    number: int
    cells: dict[str, str]
    merged: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """Either a refusal, or rows and what is to be said about the whole."""

    rows: list[Row]
    said: list[str] = field(default_factory=list)
    refusal: str = ""


def read(content: bytes, meanings: Mapping[str, str] | None = None) -> Sheet:
    """What an .xlsx file or a pasted text holds. Whatever goes wrong in the child is a refusal here.

    `meanings`: key → headings, for other columns than those of residents (headings.MEANINGS).
    """
    words = [json.dumps(dict(meanings))] if meanings else []
    try:
        child = subprocess.run(
            [sys.executable, "-m", "communities.importing.sheets", *words], input=content, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, timeout=PATIENCE, cwd=settings.BASE_DIR, env={}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Sheet([], refusal=TOO_HARD)
    if child.returncode:
        return Sheet([], refusal=TOO_HARD)
    head, *rows = map(json.loads, child.stdout.splitlines())
    if "refusal" in head:
        return Sheet([], refusal=head["refusal"])
    return Sheet([Row(one["n"], one["cells"], one["merged"], one["formulas"]) for one in rows], _said(head))


def _said(head: dict[str, Any]) -> list[str]:
    said = [f"读取的是工作表“{head['sheet']}”。"]
    if head["unused"]:
        said.append(f"没有用到的列：{'、'.join(head['unused'])}。")
    if head["others"]:
        said.append(
            f"还有{'、'.join(f'“{name}”' for name in head['others'])}也有表头，这次没有读取；需要的话请另存后再导入。"
        )
    return said
