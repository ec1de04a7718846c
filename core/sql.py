"""Numbered SQL files beside an app, installed by its migrations and never edited afterwards."""

from pathlib import Path

from django.db.migrations import RunSQL

ROOT = Path(__file__).resolve().parent.parent


def install(path: str, *, undo: str = RunSQL.noop) -> RunSQL:
    """The operation that runs `path` (relative to the project, `points/sql/0001_….sql`) as the owner."""
    return RunSQL((ROOT / path).read_text(encoding="utf-8"), undo)
