"""逐格判断: what the cells of one row mean, and in Chinese what is wrong with which."""

import re
import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from communities import identity, sealing
from communities.fields import MOBILE, NameField, mobile
from communities.forms import BIRTH_DATES
from communities.importing.reading import Row
from communities.models import Community, Line, Resident
from core.refusals import Refused

GUARDED, ADULT = 14, 18
EXAMPLE = "示例"
TITLES = {
    "name": "姓名", "phone": "手机号", "document": "证件号码", "kind": "证件类型", "born": "出生日期", "estate": "小区", "grid": "网格",
    "community": "社区",
}  # fmt: skip
NAME = NameField()
BIRTH = forms.DateField(input_formats=BIRTH_DATES)
Document = Resident.Document


def is_example(row: Row) -> bool:
    """Whether this is the row that the template shows how to fill in."""
    return row.cells.get("name", "").startswith(EXAMPLE)


def line_of(row: Row, community: Community, today: date) -> Line:
    """An unsaved line: NEW until it is compared with others, or WRONG with every reason; identity numbers are sealed."""
    cells = row.cells
    line = Line(number=row.number, fate=Line.Fate.NEW, said=[])
    for key in ("estate", "grid"):
        setattr(line, key, re.sub(r"\s", "", unicodedata.normalize("NFKC", cells.get(key, "")))[:60])
    wrong = [
        *_formulas(row),
        _name(line, cells.get("name", "")),
        _phone(line, cells.get("phone", "")),
        _born(line, cells.get("born", ""), today),
        _document(line, cells.get("document", ""), cells.get("kind", ""), community, today),
        _age(line, today),
        _place(cells.get("community", ""), community),
    ]
    line.said = [sentence for sentence in wrong if sentence]
    if line.said:
        line.fate = Line.Fate.WRONG
    if row.merged:
        line.said.append(f"{'、'.join(TITLES[key] for key in row.merged)}是合并单元格，已按上面一格填入。")
    return line


def _formulas(row: Row) -> list[str]:
    return [
        f"{TITLES[key]}：这一格是公式，没有计算结果。请在Excel里打开并保存一次，或粘贴为数值。" for key in row.formulas
    ]


def _name(line: Line, text: str) -> str:
    line.name = text[:60]
    if not text:
        return "姓名：没有填写。"
    try:
        line.name = NAME.clean(text)
    except ValidationError:
        return "姓名：请填写真实的全名（2到40个字，只能是文字和间隔号）。"
    return ""


def _phone(line: Line, text: str) -> str:
    number = re.sub(r"\.0*$", "", mobile(text))
    line.phone = number[:30]
    if not number or MOBILE.fullmatch(number):
        return ""
    if identity.SPOILT.fullmatch(number.upper()):
        return "手机号：被Excel改成了科学计数，后几位已经丢失。请把这一列设为“文本”格式后重新填写。"
    if len(re.findall(r"1[3-9]\d{9}", number)) > 1:
        return "手机号：这一格有几个号码，请只留一个。"
    digits = len(re.sub(r"\D", "", number))
    return f"手机号：应是11位、以1开头的手机号（这一格有{digits}位数字）。没有手机可以留空。"


def _born(line: Line, text: str, today: date) -> str:
    line.born = text[:30]
    if not text:
        return ""
    plain = re.sub(r"\s.*$|\.0$", "", unicodedata.normalize("NFKC", text).strip())
    try:
        line.birth_date = BIRTH.clean(plain)
    except ValidationError:
        return "出生日期：看不懂，请写成1958-05-02这样。"
    if line.birth_date and not date(1900, 1, 1) <= line.birth_date <= today:
        line.birth_date = None
        return "出生日期：请检查年份，应在1900年到今天之间。"
    return ""


def _document(line: Line, text: str, kind: str, community: Community, today: date) -> str:
    if not text:
        return ""
    line.document = _kind(text, kind)
    try:
        number = identity.clean(text, line.document, on=today)
    except Refused as refused:
        line.document_sealed = sealing.seal(text)  # for the sheet of what is wrong, which whoever uploaded corrects
        return f"证件号码：{refused.message}"
    line.document, line.document_sealed = number.document, sealing.seal(number.text)
    line.document_tail = number.tail
    line.document_hash = sealing.fingerprint(number.text, community.sub_district_id)
    if number.birth_date and line.birth_date and number.birth_date != line.birth_date:
        return "出生日期：与身份证号里的不一致，请核对。"
    line.birth_date = number.birth_date or line.birth_date
    return ""


def _kind(text: str, kind: str) -> str:
    card = not kind or "身份证" in kind or "居住证" in kind
    return Document.ID_CARD if card and not identity.normal(text)[:1].isalpha() else Document.OTHER


def _age(line: Line, today: date) -> str:
    age = Resident(birth_date=line.birth_date).age_on(today)
    if age is None or age >= ADULT:
        return ""
    if age < GUARDED:
        return "未满14周岁，不能用表格导入：需要监护人同意，请监护人到窗口办理。"
    return "14到17周岁，不能用表格导入：请本人和监护人到窗口办理。"


def _place(text: str, community: Community) -> str:
    said, own = (re.sub(r"\s|社区$|居委会$", "", name) for name in (text, community.name))
    return "" if not said or said.endswith(own) else f"社区：这一行写的不是{community.name}，请由该社区导入。"
