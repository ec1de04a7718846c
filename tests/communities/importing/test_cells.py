"""Each cell of a row is judged on its own, and the sentence names the column, what is wrong, and what to do."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from communities.importing import cells
from communities.importing.reading import Row
from communities.models import Community, Line
from communities.sealing import unseal
from tests.communities.importing.made import number

TODAY = date(2026, 11, 22)
HERE = Community(name="文兴社区", sub_district_id=1)
GOOD = {"name": "王秀兰", "phone": "13812346021", "document": number(date(1958, 5, 2), 12), "born": "1958-05-02"}


def line(merged: list[str] | None = None, formulas: list[str] | None = None, **changed: str) -> Line:
    return cells.line_of(Row(7, GOOD | changed, merged or [], formulas or []), HERE, TODAY)


def test_a_good_row_is_new_and_says_nothing() -> None:
    made = line(estate=" 天和 城", grid="１网格")
    assert (made.fate, made.said, made.number) == ("new", [], 7)
    assert (made.name, made.phone, made.birth_date) == ("王秀兰", "13812346021", date(1958, 5, 2))
    assert (made.estate, made.grid) == ("天和城", "1网格")
    assert (made.document, made.document_tail, len(made.document_hash)) == ("id_card", GOOD["document"][-4:], 64)
    assert unseal(made.document_sealed) == GOOD["document"]


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("13812346021", "13812346021"), ("１３８１２３４６０２１", "13812346021"), ("138 1234-6021", "13812346021"), ("+8613812346021", "13812346021"),
        ("13812346021.0", "13812346021"), ("13812346021.", "13812346021"), ("", ""),
    ],
)  # fmt: skip
def test_a_phone_is_known_however_it_is_written(written: str, phone: str) -> None:
    made = line(phone=written)
    assert (made.fate, made.phone) == ("new", phone)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"phone": "1381234602"}, "手机号：应是11位、以1开头的手机号（这一格有10位数字）"),
        ({"phone": "无"}, "这一格有0位数字"),
        ({"phone": "0352-5551234"}, "手机号："),
        ({"phone": "1.38E+10"}, "科学计数"),
        ({"phone": "13812346021/13912341187"}, "只留一个"),
        ({"name": ""}, "姓名：没有填写。"),
        ({"name": "王"}, "姓名：请填写真实的全名"),
        ({"name": "王秀兰2"}, "姓名：请填写真实的全名"),
        ({"name": "=1+1"}, "姓名：请填写真实的全名"),
        ({"born": "去年"}, "出生日期：看不懂"),
        ({"born": "21307"}, "出生日期：看不懂"),
        ({"born": "1858-05-02"}, "出生日期：请检查年份"),
        ({"born": "2027-05-02"}, "出生日期：请检查年份"),
        ({"born": "1958-05-03"}, "出生日期：与身份证号里的不一致"),
        ({"document": "140213580502123"}, "证件号码：这是15位的老身份证号"),
        ({"document": "1.4E+17"}, "证件号码：证件号被Excel改坏了"),
        ({"document": "", "born": "2013-01-01"}, "未满14周岁"),
        ({"document": "", "born": "2009-01-01"}, "14到17周岁"),
        ({"document": number(date(2013, 1, 1), 1), "born": ""}, "未满14周岁"),
        ({"community": "永安社区"}, "社区：这一行写的不是文兴社区"),
    ],
)
def test_what_is_wrong_is_said_of_its_column(changed: dict[str, str], sentence: str) -> None:
    made = line(**changed)
    assert made.fate == "wrong"
    assert len(made.said) == 1 and sentence in made.said[0] and made.said[0].endswith("。")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert len(line(name="", phone="1", document="2", born="3").said) == 4


@pytest.mark.parametrize("age", [18, 14, 13])
def test_the_birthday_itself_counts(age: int) -> None:
    born = date(TODAY.year - age, TODAY.month, TODAY.day)
    said = {18: "", 14: "14到17周岁", 13: "未满14周岁"}[age]
    assert said in "".join(line(document="", born=born.isoformat()).said)
    assert (line(document="", born=born.isoformat()).fate == "new") == (age == 18)


@pytest.mark.parametrize(
    "born",
    ["19580502", "1958/5/2", "1958.05.02", "1958年5月2日", "1958-05-02 00:00:00", "１９５８－０５－０２", "19580502.0"],
)
def test_a_birthday_is_known_however_it_is_written(born: str) -> None:
    assert line(document="", born=born).birth_date == date(1958, 5, 2)


@pytest.mark.parametrize("community", ["文兴社区", "文兴", " 文兴 ", "水泊寺街道文兴社区", ""])
def test_the_own_community_may_be_named_as_one_likes(community: str) -> None:
    assert line(community=community).fate == "new"


@pytest.mark.parametrize(
    ("document", "kind", "known"),
    [
        ("E12345678", "", "other"), ("E12345678", "护照", "other"), ("12345678", "护照", "other"),
        (number(date(1958, 5, 2), 3), "港澳台居民居住证", "id_card"), (number(date(1958, 5, 2), 3), "其他", "id_card"),
    ],
)  # fmt: skip
def test_the_kind_of_a_document_is_told_from_the_sheet_or_the_number(document: str, kind: str, known: str) -> None:
    made = line(document=document, kind=kind)
    assert (made.fate, made.document) == ("new", known)


def test_a_wrong_number_is_sealed_for_correcting_and_has_no_hash() -> None:
    made = line(document="140213195805021231")
    assert (made.fate, made.document_hash, made.document_tail) == ("wrong", "", "")
    assert unseal(made.document_sealed) == "140213195805021231"
    assert "1402" not in "".join(made.said)


def test_merged_cells_and_formulas_are_said() -> None:
    assert line(merged=["estate", "grid"]).said == ["小区、网格是合并单元格，已按上面一格填入。"]
    made = line(formulas=["phone"], phone="")
    assert made.fate == "wrong" and "公式" in made.said[0]


@given(st.dictionaries(st.sampled_from(sorted(cells.TITLES)), st.text(max_size=60)))
def test_any_row_becomes_a_line_that_fits_its_columns(row: dict[str, str]) -> None:
    made = cells.line_of(Row(1, row), HERE, TODAY)
    assert made.fate in {"new", "wrong"} and (made.fate == "new" or made.said)
    for field in Line._meta.fields:
        if field.max_length and isinstance(value := getattr(made, field.attname), str):
            assert len(value) <= field.max_length
