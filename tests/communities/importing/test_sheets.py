"""Sheets are found and read however they were kept; what cannot be read is refused whole, in a child that may die of it."""

import resource
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from communities.importing import books, headings, reading, sheets
from tests.communities.importing.made import HEAD, book, saved, xlsx

ROW = ["王秀兰", "13812346021", "", "1968-05-02", "天和城", ""]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("姓名", "name"), (" 姓 名 ", "name"), ("名字*", "name"), ("姓名（必填）", "name"), ("联系电话:", "phone"), ("手机\n号码", "phone"),
        ("公民身份号码", "document"), ("身份证号", "document"), ("出生年月", "born"), ("所属网格", "grid"), ("备注", ""), ("", ""),
    ],
)  # fmt: skip
def test_headings_are_known_by_many_names(written: str, key: str) -> None:
    assert headings.meaning(written) == key


def test_a_row_of_headings_needs_the_name_and_one_more_and_takes_the_first_of_two_alike() -> None:
    assert headings.columns(["序号", "姓名", "电话", "手机号"]) == {1: "name", 2: "phone"}
    assert headings.columns(["姓名", "备注"]) == {}
    assert headings.columns(["电话", "小区"]) == {}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (13812345678.0, "13812345678"), (19580502, "19580502"), (1.4e17, "1.4e+17"), (140213195805021000.0, "1.40213195805021e+17"),
        (140213580502123.0, "140213580502123"), (3.5, "3.5"), (date(1958, 5, 2), "1958-05-02"), (datetime(1958, 5, 2, tzinfo=UTC), "1958-05-02"),
        (" 王\x00秀\n兰\t", "王 秀 兰"), (True, "True"), ("字" * 500, "字" * 200),
    ],
)  # fmt: skip
def test_a_cell_becomes_what_somebody_would_type(cell: object, text: str) -> None:
    assert sheets.text_of(cell) == text


def test_titles_blank_rows_and_repeated_headings_are_passed_over_and_rows_keep_their_numbers() -> None:
    found = reading.read(xlsx([ROW, [], HEAD, ROW], above=[["花名册"], [], ["2026年11月"]]))
    assert [row.number for row in found.rows] == [5, 8]
    assert found.rows[0].cells == {
        "name": "王秀兰", "phone": "13812346021", "document": "", "born": "1968-05-02", "estate": "天和城", "grid": "",
    }  # fmt: skip


def test_a_merged_cell_speaks_for_the_rows_it_covers_and_only_for_them() -> None:
    made = book([ROW, ["李建国", "", "", "", None, ""], ["赵玉珍", "", "", "", None, ""], [None] * 6, [None] * 6])
    made.active.merge_cells("E2:E3")
    made.active.merge_cells("F5:F6")
    found = reading.read(saved(made)).rows
    assert [row.cells["estate"] for row in found] == ["天和城", "天和城", ""]
    assert [row.merged for row in found] == [[], ["estate"], []]


def test_a_formula_shows_what_was_calculated_and_one_without_result_is_named() -> None:
    content = xlsx([["王秀兰", "=B9", *ROW[2:]], ["李建国", "=B9", *ROW[2:]]])
    with_result = _changed(
        content, "xl/worksheets/sheet1.xml", b'<c r="B2"><f>B9</f><v />', b'<c r="B2"><f>B9</f><v>13812346021</v>'
    )
    first, second = reading.read(with_result).rows
    assert (first.cells["phone"], first.formulas) == ("13812346021", [])
    assert (second.cells["phone"], second.formulas) == ("", ["phone"])


def test_the_first_sheet_with_headings_is_read_hidden_ones_last_and_others_are_named() -> None:
    made = Workbook()
    made.active.title = "说明"
    for title in ("旧名单", "名单", "另一份"):
        sheet = made.create_sheet(title)
        sheet.append(HEAD)
        sheet.append([title, *ROW[1:]])
    made["旧名单"].sheet_state = "hidden"
    found = reading.read(saved(made))
    assert [row.cells["name"] for row in found.rows] == ["名单"]
    assert found.said[0] == "读取的是工作表“名单”。"
    assert "“另一份”" in found.said[-1] and "“旧名单”" in found.said[-1]


def test_hidden_columns_count_and_columns_of_others_are_named() -> None:
    made = book([[*ROW, "男"]], head=[*HEAD, "性别"])
    made.active.column_dimensions["B"].hidden = True
    found = reading.read(saved(made))
    assert found.rows[0].cells["phone"] == ROW[1]
    assert found.said[1] == "没有用到的列：性别。"


def test_a_pasted_table_takes_the_same_road() -> None:
    text = "\r\n".join("\t".join(row) for row in (HEAD, ROW, ["李建国", "139 1234 1187"]))
    found = reading.read(text.encode())
    assert [row.cells["phone"] for row in found.rows] == ["13812346021", "139 1234 1187"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", sheets.NO_HEADINGS),
        ("随便写的".encode(), sheets.NO_HEADINGS),
        (b"\xff\xfe\x00", sheets.NO_HEADINGS),
        (xlsx([]), sheets.NO_ROWS),
        (xlsx([ROW], head=["甲", "乙", "丙", "丁", "戊", "己"]), sheets.NO_HEADINGS),
        (b"PK\x03\x04 and no more", sheets.BROKEN),
        (xlsx([ROW])[:3000], sheets.BROKEN),
        (xlsx([[f"王{n}"] for n in range(sheets.ROWS + 1)], head=["姓名", "手机号"]), sheets.TOO_LONG),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    assert reading.read(content) == reading.Sheet([], refusal=sentence)


def test_twenty_thousand_rows_are_read() -> None:
    assert (
        len(reading.read(xlsx([[f"王{n}"] for n in range(sheets.ROWS)], head=["姓名", "手机号"])).rows) == sheets.ROWS
    )


def _changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            assert name != part or old in data
            after.writestr(name, data.replace(old, new) if name == part else data)
    return made.getvalue()


def _bomb(size: int, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A small file that unfolds to `size` bytes of one shared text."""
    return _changed(xlsx([ROW]), part, b"<sheetData>", b"<sheetData>" + b"<!--" + b" " * size + b"-->")


def test_a_zip_bomb_says_how_large_it_is_and_is_refused() -> None:
    content = _bomb(sheets.UNPACKED)
    assert len(content) < 1 << 20
    assert reading.read(content).refusal == sheets.TOO_BIG


def test_a_bomb_that_lies_about_its_size_kills_the_child_and_nobody_else() -> None:
    """One cell in the last corner: the reader asks for the whole rectangle, which the child may not have."""
    far = f"{get_column_letter(16384)}1048576"
    cell = f'<row r="1048576"><c r="{far}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'.encode()
    content = _changed(xlsx([ROW]), "xl/worksheets/sheet1.xml", b"</sheetData>", cell)
    assert reading.read(content).refusal == reading.TOO_HARD


def test_a_child_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The patience is what is changed, not the code: a child needs longer than this to begin."""
    monkeypatch.setattr(reading, "PATIENCE", 0.001)
    assert reading.read(xlsx([ROW])).refusal == reading.TOO_HARD


def test_the_child_lives_within_limits() -> None:
    program = "import resource; from communities.importing import sheets; sheets.main(); print(*map(resource.getrlimit, (9, 0, 4)))"
    assert (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE) == (9, 0, 4)
    said = subprocess.run([sys.executable, "-c", program], input=b"", capture_output=True, env={}, check=True).stdout
    limits = [(most, most) for most in (sheets.MEMORY, sheets.SECONDS, 0)]
    assert said.decode().splitlines()[-1] == " ".join(map(str, limits))


def test_the_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the interpreter should stand is a program that writes down what it was started with."""
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nenv > {tmp_path}/env\necho \'{{"refusal": "seen"}}\'\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    assert reading.read(b"x").refusal == "seen"
    assert {line.split("=")[0] for line in (tmp_path / "env").read_text().splitlines()} <= {
        "PWD",
        "SHLVL",
        "_",
        "OLDPWD",
    }


def test_the_template_can_be_read_and_its_example_is_known() -> None:
    with books.template() as file:
        (example,) = reading.read(file.read()).rows
    assert set(example.cells) == {"name", "phone", "kind", "document", "born", "estate", "grid"}
    assert example.cells["name"].startswith("示例")
