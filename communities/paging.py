"""Pages of a long list by key, without counting and without OFFSET: `?after=` and `?before=` name a row."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

SIZE = 50
PLACES = ("after", "before", "start")
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


def sorted_slice(
    request: HttpRequest, rows: QuerySet[M], *, among: QuerySet[M], order: tuple[str, ...], size: int = SIZE
) -> Slice[M]:
    """One page of `rows` in `order`: a column and the key, both upwards, or the key alone, either way.

    The row that the address names is looked for `among` those that the reader may see, listed today or not.
    """
    if order in (("pk",), ("-pk",)):
        keys = {name: number(request.GET.get(name, "")) for name in ("after", "before")}
        places: dict[str, tuple[Any, ...] | None] = {name: (key,) if key else None for name, key in keys.items()}
    else:
        places = {name: _rank(among, order, request.GET.get(name, "")) for name in ("after", "before")}
    back, on = places.get("before"), places.get("after")
    if back:
        found = list(rows.filter(_beyond(order, back, back=True)).order_by(*map(_turned, order))[: size + 1])
        return _slice(request, found[size - 1 :: -1], earlier=len(found) > size, later=True)
    found = list((rows.filter(_beyond(order, on)) if on else rows).order_by(*order)[: size + 1])
    return _slice(request, found[:size], earlier=bool(on), later=len(found) > size)


def _rank(among: QuerySet[M], order: tuple[str, ...], text: str) -> tuple[Any, ...] | None:
    return among.filter(pk=number(text)).order_by().values_list(*order).first() if number(text) else None


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _beyond(order: tuple[str, ...], place: tuple[Any, ...], *, back: bool = False) -> Q:
    """After `place`, or before it: one range of the index, and the few that share the column's value."""
    *columns, key = order
    later, keys = ("lt" if back else "gt"), ("lt" if back != key.startswith("-") else "gt")
    beyond = Q(**{f"{key.removeprefix('-')}__{keys}": place[-1]})
    if not columns:
        return beyond
    (column,), value = columns, place[0]
    return Q(**{f"{column}__{later}e": value}) & (Q(**{f"{column}__{later}": value}) | beyond)


def _slice(request: HttpRequest, rows: list[M], *, earlier: bool, later: bool) -> Slice[M]:
    return Slice(
        rows,
        _address(request, "before", rows[0]) if rows and earlier else "",
        _address(request, "after", rows[-1]) if rows and later else "",
    )


def _address(request: HttpRequest, name: str, row: Model) -> str:
    return f"?{kept(request, **{name: str(row.pk)})}"


def kept(request: HttpRequest, **more: str) -> str:
    """The filter of a list as it stands in the address, without the place in the list: for its file, its paper, its other pages."""
    query = request.GET.copy()
    for key in PLACES:
        query.pop(key, None)
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def number(text: str) -> int:
    """The key that somebody's address names; 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
