"""What people write for a time, a length and a telephone number, and what is said about the rest."""

from datetime import date, time

import pytest

from activities.sheets_in import cells
from activities.sheets_in.cells import Moment, minutes_of, moment_of, said_by
from communities.importing.reading import Row

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00", time(9)), ("9:05", time(9, 5)), ("9：05", time(9, 5)), ("９:３０", time(9, 30)), ("9.30", time(9, 30)), ("9点", time(9)),
        ("9点半", time(9, 30)), ("9点5分", time(9, 5)), ("9时20分", time(9, 20)), ("上午9:00", time(9)), ("下午2:30", time(14, 30)),
        ("晚上 7点", time(19)), ("中午12:10", time(12, 10)), ("2:30 PM", time(14, 30)), ("0930", time(9, 30)),
        ("930", time(9, 30)), ("09:00:00", time(9)), ("9:00:30.5", time(9)), ("0.375", time(9)), (".5", time(12)), ("23:59", time(23, 59)),
    ],
)  # fmt: skip
def test_a_time_is_read_however_it_is_written(text: str, expected: time) -> None:
    assert moment_of(text) == Moment(expected)


@pytest.mark.parametrize(
    "text", ["2026-11-21 09:00", "2026/11/21 9:00", "2026年11月21日 9点", "2026-11-21T09:00:00", "2026.11.21  0.375"]
)
def test_a_day_beside_the_time_is_kept(text: str) -> None:
    assert moment_of(text) == Moment(time(9), DAY)


@pytest.mark.parametrize(
    "text", ["9", "25:00", "9:60", "24:00", "上午", "九点", "-9:00", "9:00-11:00", "1.375", "2026-13-01 9:00", "2026-11-21", "1e3", "已签", "9:0x", "=B2"]
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment_of(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("120", 120), ("120.0", 120), ("120分钟", 120), ("2小时", 120), ("1.5小时", 90), ("1小时30分", 90), ("2 h", 120), ("１２０", 120), ("15", 15),
        ("2", None), ("14", None), ("0", None), ("-30", None), ("两小时", None), ("", None), ("1e3", None), ("1441", None), ("0.01小时", None), ("30.5", None),
    ],
)  # fmt: skip
def test_a_length_says_minutes_or_hours(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"), [("2", 120), ("1.5", 90), ("0.5", 30), ("2小时", 120), ("30", None), ("x", None)]
)
def test_a_column_of_hours_counts_hours(text: str, minutes: int | None) -> None:
    assert minutes_of(text, hours=True) == minutes


def said(
    name: str = "李建国", phone: str = "", began: str = "9:00", ended: str = "11:00", lasted: str = "", **more: object
) -> cells.Said:
    texts = {"name": name, "phone": phone, "began": began, "ended": ended, "lasted": lasted}
    return said_by(Row(2, texts | {"hours": str(more.pop("hours", ""))}, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("phone", "kept"),
    [("1187", "1187"), ("1187.0", "1187"), ("139 1234 1187", "13912341187"), ("+8613912341187", "13912341187"), ("１１８７", "1187"), ("", "")],
)  # fmt: skip
def test_a_tail_or_a_whole_number_is_taken(phone: str, kept: str) -> None:
    found = said(phone=phone)
    assert (found.phone, found.wrong) == (kept, [])


@pytest.mark.parametrize(
    ("phone", "word"), [("1.39e+10", "科学计数"), ("1.39E10", "科学计数"), ("87", "前面的0"), ("无", "后四位"), ("23912341187", "以1开头"), ("139123411870", "后四位"), ("1187/1188", "后四位")]
)  # fmt: skip
def test_a_spoilt_number_says_how_it_was_spoilt(phone: str, word: str) -> None:
    (sentence,) = said(phone=phone).wrong
    assert sentence.startswith("手机尾号：") and word in sentence


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name": ""}, ["姓名：没有填写"]), ({"name": "李建国、王秀兰"}, ["一个人的全名"]), ({"began": ""}, ["没有签到时间"]), ({"ended": ""}, ["没有签退时间"]),
        ({"began": "早", "ended": "晚"}, ["签到：看不懂“早”", "签退：看不懂“晚”"]), ({"lasted": "2"}, ["时长：看不懂“2”"]),
        ({"began": "", "formulas": ["began"]}, ["签到：这一格是公式"]), ({"name": "", "phone": "x", "began": "?"}, ["姓名", "手机尾号", "签到"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_row_is_named_at_once(row: dict[str, object], words: list[str]) -> None:
    wrong = said(**row).wrong  # type: ignore[arg-type]
    assert len(wrong) == len(words)
    assert all(word in sentence for word, sentence in zip(words, wrong, strict=True))


def test_a_merged_cell_is_remarked_and_no_fault() -> None:
    found = said(merged=["began", "ended"])
    assert found.wrong == [] and found.remarks == ["签到、签退是合并单元格，已按上面一格填入。"]


def test_the_example_of_the_template_is_skipped() -> None:
    assert cells.is_example(Row(2, {"name": "示例：王秀兰"})) and not cells.is_example(Row(2, {"name": "王秀兰"}))
