"""Pages of a long list by key, without counting and without OFFSET: `?after=` and `?before=` name a row."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

SIZE = 50
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Slice(Generic[M]):
    """The rows of one page, and the addresses of its neighbours (empty where there is none)."""

    rows: list[M]
    previous: str
    next: str


def slice_of(request: HttpRequest, rows: QuerySet[M], size: int = SIZE) -> Slice[M]:
    """One page of `rows`, the oldest first; the other parameters of the address are kept."""
    after, before = number(request.GET.get("after", "")), number(request.GET.get("before", ""))
    if before:
        found = list(rows.filter(pk__lt=before).order_by("-pk")[: size + 1])
        shown = found[size - 1 :: -1]
        return _slice(request, shown, earlier=len(found) > size, later=True)
    found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
    return _slice(request, found[:size], earlier=after > 0, later=len(found) > size)


def _slice(request: HttpRequest, rows: list[M], *, earlier: bool, later: bool) -> Slice[M]:
    return Slice(
        rows,
        _address(request, "before", rows[0]) if rows and earlier else "",
        _address(request, "after", rows[-1]) if rows and later else "",
    )


def _address(request: HttpRequest, name: str, row: Model) -> str:
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    query[name] = str(row.pk)
    return f"?{query.urlencode()}"


def number(text: str) -> int:
    """The key that somebody's address names; 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
