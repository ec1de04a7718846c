"""Checking the books: each app states its promises in one SQL view `<app>_breach`; a row there is a breach."""

import re

from django.db import connection

# How PostgreSQL prints the first column of each branch of such a view.
STATED = re.compile(r"'((?:[^']|'')+)'::text AS promise,")


def promises() -> list[str]:
    """The views that state promises, in the order of their names."""
    return [view for view, _definition in _views()]


def breaches() -> list[tuple[str, str, int]]:
    """(view, promise, row) of every breach."""
    found = []
    with connection.cursor() as cursor:
        for view in promises():
            cursor.execute(f"SELECT '{view}', promise, row_id FROM {view} ORDER BY 2, 3 LIMIT 1000")  # noqa: S608  names of views
            found += cursor.fetchall()
    return found


def counts() -> dict[tuple[str, str], int]:
    """How often each promise is broken, by (view, promise); kept ones are there with 0."""
    found = {}
    with connection.cursor() as cursor:
        for view, definition in _views():
            found.update({(view, stated.replace("''", "'")): 0 for stated in STATED.findall(definition)})
            cursor.execute(f"SELECT promise, count(*) FROM {view} GROUP BY 1 ORDER BY 1")  # noqa: S608  names of views
            found.update({(view, promise): count for promise, count in cursor.fetchall()})
    return found


def _views() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT viewname, definition FROM pg_views"
            " WHERE schemaname = 'public' AND viewname LIKE '%\\_breach' ORDER BY 1"
        )
        return [(view, definition) for view, definition in cursor.fetchall()]
