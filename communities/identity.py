"""证件号: what a typed or pasted number means (GB 11643-1999; domain guide, 15). Pure: nothing is read or kept here."""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from communities.models import Resident
from core import clock
from core.refusals import BadInput

Document = Resident.Document
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
OLDEST = 130

CARD = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
OLD = re.compile(r"[1-9]\d{14}", re.ASCII)
OTHER = re.compile(r"[0-9A-Z]{5,20}", re.ASCII)
SPOILT = re.compile(r"\d(\.\d*)?E\+?\d{1,3}", re.ASCII)


class WrongNumber(BadInput):
    code = "wrong_document"
    message = "证件号不对，请对照证件核对。"


class SpoiltNumber(WrongNumber):
    code = "spoilt_document"
    message = (
        "证件号被Excel改坏了（变成了1.4E+17这样的数，后几位已经丢失，找不回来）。"
        "请先把这一列设为“文本”格式，再对照证件重新填写。"
    )


class OldNumber(WrongNumber):
    code = "old_document"
    message = "这是15位的老身份证号，已经停用。请填写二代身份证上的18位号码。"


class Number(NamedTuple):
    """A number as it is sealed: half-width, upper case, without blanks. The birth date is known for 18-digit ones only."""

    document: Resident.Document
    text: str
    birth_date: date | None = None

    @property
    def tail(self) -> str:
        """What is shown: 002X."""
        return self.text[-4:]


def clean(text: str, kind: str = Document.ID_CARD, *, on: date | None = None) -> Number:
    """The number that `text` means on `on` (today). Refuses `SpoiltNumber`, `OldNumber` and, for all else, `WrongNumber`.

    居民身份证, residence permits of Hong Kong, Macao and Taiwan (81, 82, 83) and the newer foreigner's card share one
    form; anything else is `kind` other: 5 to 20 letters and digits. A whole identity number given as other is one.
    """
    typed = normal(text)
    if SPOILT.fullmatch(typed):
        raise SpoiltNumber
    if kind == Document.ID_CARD:
        return _card(typed, on or clock.today())
    if CARD.fullmatch(typed) and check(typed) == typed[17]:
        return _card(typed, on or clock.today())
    if not OTHER.fullmatch(typed):
        raise WrongNumber("证件号应是5到20位字母或数字，请对照证件核对。")
    return Number(Document.OTHER, typed)


def normal(text: str) -> str:
    """Half-width, upper case, without blanks, dashes, brackets and what Excel puts in front of a text."""
    return re.sub(r"[\s()'‘’`‐-―-]", "", unicodedata.normalize("NFKC", text)).upper()


def check(digits: str) -> str:
    """The check character that belongs to the first 17 of `digits`."""
    return CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False)) % 11]


def _card(typed: str, today: date) -> Number:
    if OLD.fullmatch(typed):
        raise OldNumber
    if not CARD.fullmatch(typed):
        raise WrongNumber(f"身份证号应是18位（现在是{len(typed)}位），最后一位是数字或X，请对照证件核对。")
    if check(typed) != typed[17]:
        # Excel keeps 15 digits of a number and writes noughts for the rest.
        raise (
            SpoiltNumber
            if typed.endswith("000")
            else WrongNumber("身份证号对不上校验位，多半是抄错了一位，请对照证件核对。")
        )
    return Number(Document.ID_CARD, typed, _born(typed[6:14], today))


def _born(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise WrongNumber("身份证号里的出生日期不存在，请对照证件核对。") from None
    if born > today:
        raise WrongNumber("身份证号里的出生日期还没有到，请对照证件核对。")
    if today.year - born.year - ((today.month, today.day) < (born.month, born.day)) > OLDEST:
        raise WrongNumber(f"身份证号里的出生日期超过{OLDEST}年，请对照证件核对。")
    return born
