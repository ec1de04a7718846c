"""怎样获得: where points are short, what would earn enough. The books know no activity: whoever knows ways to earn registers."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from communities.models import Resident

MOST = 3


class Way(NamedTuple):
    """Something to be done, when and where in a few words, and about how many points it gives."""

    title: str
    sub: str
    points: int
    url: str


class Ways(NamedTuple):
    """`alone`: each of them suffices; else all of them together do. Empty when nothing announced would suffice."""

    ways: list[Way]
    alone: bool


Finder = Callable[[Resident, datetime, datetime], Iterable[Way]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """`finder(resident, at, until)` names ways open to `resident` that are over before `until`, the soonest first."""
    if finder not in _finders:
        _finders.append(finder)


def ways_to(missing: int, resident: Resident, *, at: datetime, until: datetime) -> Ways:
    """What earns `missing` points before `until`: up to three that suffice each, else the fewest of the soonest together."""
    found = [way for finder in _finders for way in finder(resident, at, until) if way.points]
    enough = [way for way in found if way.points >= missing]
    if enough:
        return Ways(enough[:MOST], alone=True)
    total, together = 0, []
    for way in found[:MOST]:
        together.append(way)
        total += way.points
        if total >= missing:
            return Ways(together, alone=False)
    return Ways([], alone=False)
