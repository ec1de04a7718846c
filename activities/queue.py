"""待审核: whatever waits in this app for a second person's yes, so that one page (desk/review.py) shows all of it.

A process registers its `Kind` in `AppConfig.ready` (activities/apps.py):

    queue.register(queue.Kind("deed", "小事", community="community", waiting_for=…, open_for=…, refusals=…, lines=…, approve=…))

The page lists, filters and approves in bulk; declining, with its reason, stays on the process's own page (`Line.url`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from communities.models import Resident, User
from core.refusals import Refused
from points.pricing import Price


@dataclass(frozen=True)
class Line:
    """One thing that waits, as the queue and its confirm page show it.

    `price` (rates.price_of, pricing.tariff(…).price(…)) says the points asked, the caps and whether they wait for a notice;
    None when it moves no points. `resident` is who earns. `seen` names what was shown (the minutes, say): a row whose
    `seen` has changed since is not approved. `name` is who is shown, when that is not who earns: a child.
    """

    resident: Resident
    what: str
    recorder: str
    since: datetime
    url: str
    price: Price | None = None
    minutes: int | None = None
    detail: str = ""
    seen: str = ""
    name: str = ""

    @property
    def who(self) -> str:
        return self.name or self.resident.name


@dataclass(frozen=True)
class Kind:
    """One kind of thing that waits; `Any` is a row of its own model. `community` is the lookup of the row's community.

    `open_for(user)`: all that waits in the communities where `user` works, ordered by pk, with what `lines` and `refusals`
    read. `lines(rows)`: one each, in a number of queries that does not depend on how many there are (rates.Prices helps). `waiting_for(user)`: the part of it that `user` may approve, as a query, for figures: the same answer as
    `refusals(user, rows)`, which reads what it needs once and returns the question “why not?” about each of `rows`.
    `approve(row, by)`: the verb, one transaction; it refuses again.
    """

    code: str
    title: str
    community: str
    waiting_for: Callable[[User], QuerySet[Any]]
    open_for: Callable[[User], QuerySet[Any]]
    refusals: Callable[[User, Sequence[Any]], Callable[[Any], Refused | None]]
    lines: Callable[[Sequence[Any]], list[Line]]
    approve: Callable[[Any, User], object]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """From now on the queue shows what waits of this kind; the order of registering is that of the page."""
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(code: str) -> Kind | None:
    return _kinds.get(code)
