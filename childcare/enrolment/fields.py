"""What may stand in a field of a family's form; forms, REST and verbs ask the same. A wrong one is refused by its name."""

import re
from collections.abc import Collection
from contextlib import suppress
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


def worded(label: str, given: Any) -> str:
    """A text as it was sent, "" for nothing. What is no text is refused, not spelled out; half a character is none."""
    if given is None:
        return ""
    if isinstance(given, str):
        with suppress(UnicodeEncodeError):
            given.encode()
            return given
    raise BadField(f"“{label}”应是一段文字，没有保存。请改正后再提交。")


def grouped(label: str, given: Any, names: Collection[str]) -> Said:
    """Named fields as they were sent, none but `names`: a mistyped name must not pass for an empty field."""
    if not isinstance(given, dict):
        raise BadField(f"“{label}”应是一组字段，没有保存。请改正后再提交。")
    unknown = sorted(str(one) for one in given.keys() - set(names))
    if unknown:
        name = unknown[0][:40].encode("utf-8", "replace").decode()
        raise BadField(f"“{label}”里没有“{name}”这一项，没有保存。请改正后再提交。")
    return given


def listed(label: str, given: Any, most: int) -> list[Any]:
    """What was sent as a list, [] for nothing, of at most `most`."""
    if given is None:
        return []
    if not isinstance(given, list | tuple) or len(given) > most:
        raise BadField(f"“{label}”应是最多{most}项的清单，没有保存。请改正后再提交。")
    return list(given)


@dataclass(frozen=True)
class Text:
    """One line or a few; `most` characters."""

    label: str
    most: int = 40
    required: bool = False

    def read(self, given: Any) -> str:
        text = worded(self.label, given).strip()
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
class Mobile(Phone):
    """A number that can be rung on the way: mobile alone."""

    def read(self, given: Any) -> str:
        text = super().read(given)
        if text and not MOBILE.fullmatch(text):
            raise BadField(f"“{self.label}”要填11位手机号，没有保存。请改成手机号再提交。")
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
        text = worded(self.label, given)
        if not text and not self.required:
            return ""
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise BadField(f"请检查“{self.label}”，按年、月、日填写。这一步没有保存。") from None


@dataclass(frozen=True)
class Yes:
    """A box of its own; never ticked beforehand."""

    label: str

    def read(self, given: Any) -> bool:
        if given is not None and not isinstance(given, bool):
            raise BadField(f"“{self.label}”只能填是（true）或否（false），没有保存。请改正后再提交。")
        return given is True


@dataclass(frozen=True)
class Choice:
    label: str
    among: tuple[str, ...]
    required: bool = False

    def read(self, given: Any) -> str:
        text = worded(self.label, given)
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
        text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
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
