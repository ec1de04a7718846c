"""Rules about templates and style sheets: a strict CSP, and browsers from Chrome 86 and Safari 14.1 on."""

import re
from collections.abc import Iterator
from pathlib import Path

from scripts.house.files import Finding, ours

MOST_LINES = 150
IN_TEMPLATES = {
    r"<style\b": "no inline style: the CSP refuses it",
    r"\sstyle\s*=": "no style attribute: the CSP refuses it",
    r"<script\b(?![^>]*\bsrc\s*=)": "no inline script: the CSP refuses it",
    r"<[a-zA-Z][^>]*\son[a-z]+\s*=": "no event handler attribute: the CSP refuses it",
    r"javascript:": "no javascript: address: the CSP refuses it",
    r"\bhx-on[:-]": "hx-on needs eval: the CSP refuses it",
    r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//[^\"' >]*\.(?:js|css|woff2?)\b": "nothing from another host",
}
IN_STYLES = {
    r":has\(": "not in Chrome 86",
    r"color-mix\(": "not in Chrome 86",
    r"\bokl(?:ch|ab)\b": "not in Chrome 86",
    r"@layer\b": "not in Chrome 86",
    r"@container\b": "not in Chrome 86",
    r"(?:https?:)?//[\w-]+\.": "nothing from another host",
}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{% comment .*?endcomment %\}", re.DOTALL)
VENDORED = {"vendor"}


def templates() -> Iterator[Finding]:
    for path in ours(".html"):
        if "templates" in path.parts:
            text = blanked(path.read_text(encoding="utf-8"), TEMPLATE_COMMENT)
            yield from matches(path, text, IN_TEMPLATES)
            if text.count("\n") > MOST_LINES:
                yield Finding(path, 1, f"{text.count(chr(10))} lines: no template has more than {MOST_LINES}")


def styles() -> Iterator[Finding]:
    for path in ours(".css"):
        if not VENDORED & set(path.parts):
            text = blanked(path.read_text(encoding="utf-8"), COMMENT)
            yield from matches(path, text, IN_STYLES)
            yield from nesting(path, text)


def matches(path: Path, text: str, forbidden: dict[str, str]) -> Iterator[Finding]:
    for pattern, why in forbidden.items():
        for match in re.finditer(pattern, text):
            yield Finding(path, line_of(text, match.start()), f"{match[0].strip()[:40]!r}: {why}")


def nesting(path: Path, text: str) -> Iterator[Finding]:
    """A block inside a block that is not an at-rule: CSS nesting."""
    open_rules: list[bool] = []
    start = 0
    for match in re.finditer(r"[{};]", text):
        if match[0] == "{":
            is_rule = not text[start : match.start()].strip().startswith("@")
            if is_rule and any(open_rules):
                yield Finding(path, line_of(text, match.start()), "CSS nesting: not in Chrome 86")
            open_rules.append(is_rule)
        elif match[0] == "}" and open_rules:
            open_rules.pop()
        start = match.end()


def blanked(text: str, comment: re.Pattern[str]) -> str:
    """The text without comments, every line where it was."""
    return comment.sub(lambda match: "\n" * match[0].count("\n"), text)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
