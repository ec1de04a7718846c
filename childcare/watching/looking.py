"""Counts of the audit pack that are read from the look log: who looked at what, what was refused, what was exported."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from childcare.opening import REFUSED
from childcare.watching.counting import Line, Scope, minors
from childcare.watching.looks import offices
from communities.models import Look

# A typed purpose could name somebody: what fewer children have in common is counted with the others.
ALIKE = 3
OTHERWISE = "其他（各写各的原因）"


def looks(scope: Scope) -> Iterator[Line]:
    """By what was seen, as whom and what for: how often, and of how many children."""
    found = list(_at_minors(scope).exclude(what__startswith=REFUSED))
    known, common = offices(found), _common(found)
    times: Counter[tuple[str, str, str]] = Counter()
    children: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
    for one in found:
        key = _what(one), known.of(one)[1], one.purpose if one.purpose in common else OTHERWISE
        times[key] += 1
        children[key].add(one.resident_id or 0)
    for key in sorted(times):
        yield *key, times[key], len(children[key])


def refused(scope: Scope) -> Iterator[Line]:
    """What somebody asked to see and was not shown."""
    yield from _counted(_at_minors(scope).filter(what__startswith=REFUSED), REFUSED)


def exports(scope: Scope) -> Iterator[Line]:
    """Files of many people's full data, by what they hold."""
    mine = Look.objects.filter(scope.within("at"), community__in=scope.communities, resident=None)
    yield from _counted(mine, "")


def _at_minors(scope: Scope) -> QuerySet[Look]:
    return Look.objects.filter(scope.within("at"), resident__in=minors(scope)).order_by("pk")


def _counted(rows: QuerySet[Look], mark: str) -> Iterator[Line]:
    found = list(rows)
    known = offices(found)
    times = Counter((_what(one).removeprefix(mark), known.of(one)[1]) for one in found)
    for key in sorted(times):
        yield *key, times[key]


def _what(look: Look) -> str:
    """Without what stands behind a colon and is somebody's: 登录解锁码：zhang is 登录解锁码."""
    own = look.what.startswith("托管")
    return look.what if own else look.what.split("：")[0]


def _common(rows: Iterable[Look]) -> set[str]:
    by_purpose: defaultdict[str, set[int]] = defaultdict(set)
    for one in rows:
        by_purpose[one.purpose].add(one.resident_id or 0)
    return {purpose for purpose, children in by_purpose.items() if len(children) >= ALIKE}
