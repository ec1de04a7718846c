"""Sheets of every bad kind: a sentence in Chinese, nobody recorded, nothing broken; what is good in them is written whole.

Fifty ways by hand, and files broken at random (`SHEETS=…` tries more).
"""

import os
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from activities.models import Activity, Participation, Sheet
from activities.sheets_in import handing
from tests.activities.sheets_in.made import CAME, HEAD, WENT, book, morning, saved, signed, xlsx
from tests.communities.importing.test_mutated import mutations
from tests.world import World

pytestmark = pytest.mark.django_db
COUNT, SEED = int(os.environ.get("SHEETS", "18")), 22
GOOD = ["李建国", "1187", CAME, WENT, ""]
Made = Callable[[], bytes]


def rows(*some: list[Any], **options: Any) -> Made:
    return lambda: xlsx(some, **options)


def changed(change: Callable[[Workbook], None], *some: list[Any]) -> Made:
    def made() -> bytes:
        one = book(some or [GOOD, list(GOOD), list(GOOD)])
        change(one)
        return saved(one)

    return made


def merged(where: str) -> Made:
    return changed(lambda one: one.active.merge_cells(where))  # type: ignore[union-attr]


def hidden(one: Workbook) -> None:
    sheet = one.create_sheet("别的")
    sheet.append(["说明", "没有表头"])
    one.move_sheet(sheet, -1)


def member(name: str, content: bytes) -> Made:
    """A good file of which one part says something else."""

    def made() -> bytes:
        file, before = BytesIO(), zipfile.ZipFile(BytesIO(xlsx([GOOD])))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
            for one in before.namelist():
                after.writestr(one, content if one == name else before.read(one))
        return file.getvalue()

    return made


MOMENT = datetime(2001, 1, 1, 9, 5)  # noqa: DTZ001  Excel knows no zones
NOTHING = re.compile("没有读取|没有上传|没有记录任何人。")
# A file → how many rows can be written, and a word of what is said (of the file, or of its first row).
WAYS: dict[str, tuple[Made, int, str]] = {
    "good": (rows(GOOD), 1, ""),
    "title above, blank rows between": (rows(GOOD, [], above=[["签到表"], [], ["11月"]]), 1, ""),
    "headings otherwise": (rows(["李建国", "1187", CAME, "120"], head=("姓 名", "联系电话", "到达时间", "分钟")), 1, ""),
    "headings twice": (rows(GOOD, list(HEAD)), 1, ""),
    "second sheet": (changed(hidden, GOOD), 1, ""),
    "times as times": (rows(["李建国", 1187, time(9), time(11), None]), 1, ""),
    "times with the day": (rows(["李建国", "1187", "2001-01-01 09:00", WENT, ""]), 0, "日期不是活动当天"),
    "day as a date": (rows(["李建国", "1187", date(2001, 1, 1), WENT, ""]), 0, "看不懂"),
    "whole moments": (rows(["李建国", "1187", MOMENT, WENT, ""]), 0, "日期不是活动当天"),
    "no such name": (rows(["查无此人", "", CAME, WENT, ""]), 0, "没有找到"),
    "misspelt": (rows(["李健国", "1187", CAME, WENT, ""]), 0, "没有找到"),
    "another community": (rows(["周海涛", "", CAME, WENT, ""]), 0, "没有找到"),
    "not confirmed": (rows(["孙桂芳", "", CAME, WENT, ""]), 0, "没有确认"),
    "wrong tail": (rows(["李建国", "0000", CAME, WENT, ""]), 0, "尾号对不上"),
    "phone as science": (rows(["李建国", "1.39E+10", CAME, WENT, ""]), 0, "科学计数"),
    "phone as a number": (rows(["李建国", 13912341187.0, CAME, WENT, ""]), 1, ""),
    "noughts lost": (rows(["李建国", 87, CAME, WENT, ""]), 0, "前面的0"),
    "two people in one cell": (rows(["李建国、王秀兰", "", CAME, WENT, ""]), 0, "一个人的全名"),
    "no name": (rows(["", "1187", CAME, WENT, ""]), 0, "没有填写"),
    "repeated": (rows(GOOD, GOOD), 1, ""),
    "contradicting": (rows(GOOD, ["李建国", "1187", CAME, "10:00", ""]), 0, "时间却不同"),
    "before the beginning": (rows(["李建国", "1187", "7:00", WENT, ""]), 0, "不在活动时间内"),
    "after the end": (rows(["李建国", "1187", CAME, "13:00", ""]), 0, "不在活动时间内"),
    "out before in": (rows(["李建国", "1187", WENT, CAME, ""]), 0, "签退早于"),
    "out before in, within": (rows(["李建国", "1187", "10:30", "9:30", ""]), 0, "签退早于"),
    "no time at all": (rows(["李建国", "1187", "", "", ""]), 0, "没有签到时间"),
    "a tick for a time": (rows(["李建国", "1187", "√", "√", ""]), 0, "看不懂"),
    "length that contradicts": (rows(["李建国", "1187", CAME, WENT, "30"]), 0, "对不上"),
    "length of neither": (rows(["李建国", "1187", CAME, "", "2"]), 0, "写明分钟或小时"),
    "longer than the activity": (rows(["李建国", "1187", CAME, "", "9小时"]), 0, "签退不在"),
    "negative": (rows(["李建国", "1187", CAME, "", "-120"]), 0, "看不懂"),
    "formula without result": (rows(["李建国", "1187", "=A1", WENT, ""]), 0, "公式"),
    "name by formula": (rows(["=B1", "1187", CAME, WENT, ""]), 0, "公式"),
    "formula that runs": (rows(["=cmd|' /C calc'!A0", "1187", CAME, WENT, ""]), 0, "公式"),
    "names merged": (merged("A2:A4"), 1, ""),
    "times merged": (merged("C2:C4"), 1, "合并"),
    "markup": (rows(["<b>李建国</b>", "1187", CAME, WENT, ""]), 0, "一个人的全名"),
    "NUL and blanks": (rows([" 李 建国 ", " 1187 ", " 9 : 00", WENT, ""]), 1, ""),
    "very long": (rows(["李" * 5000, "1" * 5000, "9" * 5000, "9" * 5000, "9" * 5000]), 0, "姓名"),
    "SQL": (rows(["'; DROP TABLE x; --", "1187", CAME, WENT, ""]), 0, "一个人的全名"),
    "no headings": (rows(head=("甲", "乙", "丙")), 0, "没有找到表头"),
    "headings alone": (rows(), 0, "没有人"),
    "the example alone": (rows(["示例：王秀兰", "6021", CAME, WENT, ""]), 0, "没有人"),
    "too many rows": (lambda: xlsx([GOOD] * (handing.MOST + 1)), 0, "最多500行"),
    "as many as may be": (lambda: xlsx([GOOD] * handing.MOST), 1, ""),
    "empty file": (lambda: b"", 0, "是空的"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 2000, 0, "旧版"),
    "a picture": (lambda: b"\x89PNG" + b"\0" * 2000, 0, "不是Excel"),
    "cut off": (lambda: xlsx([GOOD])[:-300], 0, "没有传完整"),
    "no sheet inside": (member("xl/worksheets/sheet1.xml", b""), 0, ""),
    "a bomb of entities": (member("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), 0, ""),
    "other numbering": (member("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row r="99999999999"/></sheetData></worksheet>'), 0, ""),
}  # fmt: skip


@pytest.fixture
def activity(world: World) -> Activity:
    found = morning(world)
    signed(found, world.li, world)
    return found


@pytest.fixture
def zhang(world: World) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(world.zhang)
    return browser


def upload(zhang: Client, activity: Activity, content: bytes) -> tuple[str, Sheet | None]:
    """What the page says, and the sheet that was kept, if any."""
    file = SimpleUploadedFile("签到表.xlsx", content)
    before = set(Sheet.objects.values_list("pk", flat=True))
    answer = zhang.post(f"/desk/activities/{activity.pk}/sheets/", {"file": file}, follow=True)
    assert answer.status_code in (200, 400), answer.status_code
    return answer.content.decode(), Sheet.objects.exclude(pk__in=before).first()


@pytest.mark.heavy
def test_a_bad_sheet_says_what_is_wrong_and_records_nobody(zhang: Client, activity: Activity) -> None:
    """Each: shown or refused in a sentence; what is good is written, and taken back whole."""
    for way, (made, good, word) in WAYS.items():
        page, sheet = upload(zhang, activity, made())
        assert word in page, (way, page[-3000:])
        assert _stands() == {"signed_up": 1}, way
        assert (sheet.lines.filter(fate="present").count() if sheet else 0) == good, way
        if sheet is None:
            assert NOTHING.search(page), way
            continue
        assert all(said.endswith("。") for line in sheet.lines.all() for said in line.said), way
        assert all(line.said or line.fate == "present" for line in sheet.lines.all()), way
        answer = zhang.post(f"/desk/activities/sheets/{sheet.pk}/write/", follow=True)
        assert answer.status_code == (200 if good else 409), way
        assert _stands().get("recorded", 0) == good, way
        zhang.post(f"/desk/activities/sheets/{sheet.pk}/{'undo' if good else 'drop'}/")
    assert len(WAYS) >= 40


def _stands() -> Counter[str]:
    return Counter(Participation.objects.values_list("status", flat=True))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_files_broken_at_random_break_nothing(zhang: Client, activity: Activity) -> None:
    lot, ways, read = random.Random(SEED), mutations(), 0
    for turn in range(COUNT):
        page, sheet = upload(zhang, activity, ways[turn % len(ways)](lot))
        if sheet is None:
            assert NOTHING.search(page)
            continue
        read += 1
        handing.drop(sheet=sheet, by=sheet.by)
    assert _stands() == {"signed_up": 1}
    assert 0 < read < COUNT
