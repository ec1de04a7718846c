"""SQL of our own: numbered files beside an app, installed by its migrations, and the way to call a function of theirs."""

from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations import RunSQL

ROOT = Path(__file__).resolve().parent.parent


def install(path: str, *, undo: str = RunSQL.noop) -> RunSQL:
    """The operation that runs `path` (relative to the project, `points/sql/0001_….sql`) as the owner."""
    return RunSQL((ROOT / path).read_text(encoding="utf-8"), undo)


def call(statement: str, *arguments: Any) -> Any:
    """The first row of `statement`, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchone()
