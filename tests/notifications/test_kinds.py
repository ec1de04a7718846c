"""Whose matter a message is, and how fast it must be."""

import ast
import re
from pathlib import Path

import pytest

from core.sql import ROOT
from notifications import kinds
from notifications.models import Message

Urgency = Message.Urgency
APPS = ("activities", "childcare", "communities", "nightschool", "notifications", "partners", "points", "venues")


def spelled(node: ast.expr) -> str:
    """An f-string with a 0 for each expression in it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "0" for part in node.values)  # type: ignore[misc]
    return ""


def occasions_of(path: Path) -> set[str]:
    """What is passed or bound as an occasion in one file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "occasion":
            found.add(spelled(node.value))
        if isinstance(node, ast.Assign) and any(getattr(one, "id", "") == "occasion" for one in node.targets):
            found.add(spelled(node.value))
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) == "message"
            and node.args
        ):
            found.add(spelled(node.args[0]))
    return {one for one in found if re.match(r"[a-z_-]+:", one)}


def test_every_occasion_in_the_code_belongs_to_a_subject() -> None:
    found = {one for app in APPS for path in (ROOT / app).rglob("*.py") for one in occasions_of(path)}
    assert len(found) > 60
    assert [one for one in sorted(found) if not kinds.declared(kinds.kind_of(one))] == []


@pytest.mark.parametrize(
    ("occasion", "kind", "subject", "urgency"),
    [
        ("session:41:reminder", "session:reminder", "night", Urgency.ROUTINE),
        ("course:7:changed:20261130123456", "course:changed", "night", Urgency.URGENT),
        ("care-alarm:9", "care-alarm", "care", Urgency.ALARM),
        ("care-alarm-on:9:3", "care-alarm-on", "care", Urgency.ALARM),
        ("care-staff:5:2026-11-30:due:30", "care-staff:due", "care", Urgency.ROUTINE),
        ("points-expiry:2026-12-31:60", "points-expiry", "points", Urgency.ROUTINE),
        ("nobody:1", "nobody", "office", Urgency.ROUTINE),
    ],
)
def test_the_kind_says_whose_matter_it_is(occasion: str, kind: str, subject: str, urgency: Urgency) -> None:
    assert kinds.kind_of(occasion) == kind
    assert (kinds.subject_of(kind).key, kinds.urgency_of(kind)) == (subject, urgency)
