"""What may stand in a field of a family's form; forms, REST and verbs ask the same. A wrong one is refused by its name."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from communities.fields import MOBILE, mobile
from core.refusals import BadInput

LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}", re.ASCII)
TAIL = re.compile(r"\d{3}[\dX]", re.ASCII)
Said = dict[str, Any]


class BadField(BadInput):
    """Says which field and what is expected of it; nothing was kept."""

    code = "care_bad_field"


@dataclass(frozen=True)
class Text:
    """One line or a few; `most` characters."""

    label: str
    most: int = 40
    required: bool = False

    def read(self, given: Any) -> str:
        text = str(given or "").strip()
        if "\0" in text or len(text) > self.most:
            raise BadField(f"“{self.label}”太长或有不能保存的字符（最多{self.most}字），没有保存。请改短后再提交。")
        if self.required and not text:
            raise BadField(f"请填写“{self.label}”，填好后再提交。这一步没有保存。")
        return text


@dataclass(frozen=True)
class Phone(Text):
    """A mobile or a landline number with its area code."""

    most: int = 20

    def read(self, given: Any) -> str:
        text = mobile(super().read(given))
        if text and not (MOBILE.fullmatch(text) or LANDLINE.fullmatch(text)):
            raise BadField(f"“{self.label}”不是电话号码，没有保存。请填11位手机号，或带区号的座机。")
        return text


@dataclass(frozen=True)
class Tail(Text):
    """The last four characters of an identity document."""

    most: int = 4

    def read(self, given: Any) -> str:
        text = super().read(given).upper()
        if text and not TAIL.fullmatch(text):
            raise BadField(f"“{self.label}”应是证件号最后4位（数字，末位可以是X），没有保存。")
        return text


@dataclass(frozen=True)
class Day:
    """A date, kept as 2026-12-01."""

    label: str
    required: bool = False

    def read(self, given: Any) -> str:
        if isinstance(given, date):
            return given.isoformat()
        if not given and not self.required:
            return ""
        try:
            return date.fromisoformat(str(given)).isoformat()
        except ValueError:
            raise BadField(f"请检查“{self.label}”，按年、月、日填写。这一步没有保存。") from None


@dataclass(frozen=True)
class Yes:
    """A box of its own; never ticked beforehand."""

    label: str

    def read(self, given: Any) -> bool:
        return given is True


@dataclass(frozen=True)
class Choice:
    label: str
    among: tuple[str, ...]
    required: bool = False

    def read(self, given: Any) -> str:
        text = str(given or "")
        if text not in self.among and (text or self.required):
            raise BadField(f"请选择“{self.label}”。这一步没有保存。")
        return text


@dataclass(frozen=True)
class Whole:
    """A whole number; None for nothing."""

    label: str
    least: int
    most: int
    required: bool = False

    def read(self, given: Any) -> int | None:
        if given in (None, "") and not self.required:
            return None
        text = str(given)
        if not (text.isascii() and text.isdigit() and len(text) < 19 and self.least <= int(text) <= self.most):
            raise BadField(f"请检查“{self.label}”（{self.least}到{self.most}）。这一步没有保存。")
        return int(text)


Field = Text | Day | Yes | Choice | Whole
Fields = dict[str, Field]


def read(fields: Fields, said: Said) -> Said:
    """`said` as it is kept; what is no field is left out. Refuses `BadField`."""
    return {name: field.read(said.get(name)) for name, field in fields.items()}


def together(fields: Fields, said: Said, names: tuple[str, ...]) -> bool:
    """Whether all of `names` were filled in; refuses some without the others."""
    given = [bool(said[name]) for name in names]
    if any(given) and not all(given):
        missing = next(name for name in names if not said[name])
        raise BadField(f"“{fields[missing].label}”还没有填，这一步没有保存。不需要登记的，请把这一组都留空。")
    return all(given)
