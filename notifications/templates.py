"""短信模板: what a short message says, word for word, with places to fill in. Providers send nothing else: each is reviewed by them
once and gets a number of theirs (ProviderTemplate). Declared beside the code that sends, listed here by each app when it is ready.

No link, no hardship word, nobody's name: a provider and whoever picks up the phone read it (domain guide, 17.1 and 17.3).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from notifications.outbox import Words

PLACE = re.compile(r"{([a-z]+)}")
FIELD = 35  # characters of one place
ONE, PART = 70, 67  # characters of a message that costs one, and of each part of a longer one
LONGEST = 300  # a provider takes 500, a row of ours 300
LEAST = 7  # characters that a place keeps, however long the others are
NOTHING = "—"  # a provider takes no empty place


@dataclass(frozen=True)
class Template:
    """`code` is ours for good, `name` the title of its messages; the places in `gives` are shortened in this order to cost one part."""

    code: str
    name: str
    text: str
    gives: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(PLACE.findall(self.text)))

    def short(self, street: object, **fields: str | tuple[str, ...]) -> Words:
        """The short message of `street`, signed. A place may be given in several wordings, the longest first. Every place must be given.

        Costs one part if shortening what gives way can do it, else more; at most `LONGEST` characters.
        """
        if set(fields) != set(self.places):
            raise TypeError(f"{self.code}: wants {self.places}, was given {tuple(fields)}")
        wordings = {name: (value,) if isinstance(value, str) else value for name, value in fields.items()}
        said = {name: cut(some[0] or NOTHING, FIELD) for name, some in wordings.items()}
        signature = f"【{street}】"
        for name in self.gives:
            for wording in wordings[name]:
                said[name] = cut(wording or NOTHING, FIELD)
                over = len(signature) + len(self.filled(said)) - ONE
                if over <= 0:
                    break
            else:
                said[name] = cut(said[name], max(LEAST, len(said[name]) - over))
        return Words(self.name, cut(f"{signature}{self.filled(said)}", LONGEST), template=self.code, fields=said)

    def example(self, street: object) -> str:
        return self.short(street, **{name: EXAMPLES[name] for name in self.places}).body

    def filled(self, fields: Mapping[str, str]) -> str:
        """The text without its signature."""
        return self.text.format_map(fields)


# What stands in the places of an example; here is nobody's name.
EXAMPLES = {
    "title": "花艺插花", "into": "形体塑形", "when": "12月9日（周三）19:00", "until": "12月8日（周二）19:00",
    "instead": "12月11日（周五）19:00", "day": "12月31日（周四）", "place": "舞蹈厅", "room": "舞蹈厅", "points": "60",
    "missed": "2", "lesson": "第2课", "teacher": "老师", "reason": "课程停办", "phone": "0352-0000000",
    "centre": "托管中心", "code": "000000", "minutes": "5",
}  # fmt: skip

# Codes do not go through the outbox (communities/signin.py, which may not know this module, says the same words).
SIGN_IN_CODE = Template("sign-in-code", "验证码", "验证码{code}，{minutes}分钟内有效。请勿告诉他人。")

_templates: dict[str, Template] = {SIGN_IN_CODE.code: SIGN_IN_CODE}


def register(*some: Template) -> None:
    """Called by each app when it is ready. Two templates with one code are a mistake."""
    for one in some:
        if _templates.setdefault(one.code, one) != one:
            raise ValueError(f"two short message templates are called {one.code}")


def listed() -> list[Template]:
    """All of them, by code."""
    return [_templates[code] for code in sorted(_templates)]


def named(code: str) -> str:
    """What staff call it; the code itself of one that is gone."""
    return _templates[code].name if code in _templates else code


def cut(text: str, most: int) -> str:
    """At most `most` characters, the last of them … if something is missing."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def parts_of(text: str) -> int:
    """How many a provider charges for."""
    return 1 if len(text) <= ONE else ceil(len(text) / PART)
