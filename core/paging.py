"""Keyset paging of pages: `?before=<number>` and the rows that come after it, no OFFSET, no count."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from django.http import HttpRequest

DIGITS = 19  # with fewer, any number fits a row's key


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)


def place(request: HttpRequest, name: str = "before") -> int | None:
    """The row number in the address; None when there is none, or something that is no number."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < DIGITS else None


def turned(request: HttpRequest, rows: Sequence[Row], size: int, name: str = "before") -> tuple[Sequence[Row], str]:
    """The first `size` of `rows` and the address of the next page, empty when there is none.

    Ask the database for one row more than `size`: it says whether there is a next page.
    """
    return rows[:size], onward(request, rows[size - 1].id if len(rows) > size else None, name)


def onward(request: HttpRequest, number: int | None, name: str = "before") -> str:
    """The address of the page that begins at row `number`; the rest of this address is kept. Empty for None."""
    if number is None:
        return ""
    query = request.GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"
