"""Checking the books: each app states its promises in one SQL view `<app>_breach`; a row there is a breach."""

from django.db import connection


def promises() -> list[str]:
    """The views that state promises, in the order of their names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT viewname FROM pg_views WHERE schemaname = 'public' AND viewname LIKE '%\\_breach' ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def breaches() -> list[tuple[str, str, int]]:
    """(view, promise, row) of every breach."""
    found = []
    with connection.cursor() as cursor:
        for view in promises():
            cursor.execute(f"SELECT '{view}', promise, row_id FROM {view} ORDER BY 2, 3 LIMIT 1000")
            found += cursor.fetchall()
    return found
