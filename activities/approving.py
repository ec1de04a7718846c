"""批量审核: what would happen to whom, and then one transaction for each.

Every key names what was seen (`participation:42:120`), so that nobody approves other minutes than were on the page. After a
break-down the same button goes on: what is done waits no longer.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from activities import queue
from activities.models import Award
from activities.queue import Kind, Line
from communities.models import User
from communities.paging import number
from core.refusals import Refused
from points import forecast

MOST = 500  # at once
SECONDS = 20.0  # a request is answered before a proxy gives up; the rest is done by pressing once more


class Shown(NamedTuple):
    """One row on a list or on the confirm page: why not, or what it would give once the caps are applied."""

    key: str
    kind: Kind
    row: Any
    line: Line
    refused: Refused | None
    gives: int

    @property
    def asked(self) -> int:
        return self.line.price.asked if self.line.price else 0

    @property
    def waits(self) -> bool:
        """For the public notice."""
        return bool(self.line.price and self.line.price.needs_notice)

    @property
    def cut(self) -> int:
        """What a cap will cut off; of what waits it is seen when it is posted."""
        return 0 if self.waits else self.asked - self.gives


def shown(user: User, kind: Kind, rows: Sequence[Any]) -> list[Shown]:
    """Everything that a list says about `rows`; the number of queries does not depend on how many there are."""
    why_not = kind.refusals(user, rows)
    lines = kind.lines(rows)
    refused = [why_not(row) for row in rows]
    priced = [n for n, line in enumerate(lines) if line.price and line.price.asked and refused[n] is None]
    # `price` is there for each of them: mypy sees the loop above only.
    asked = [forecast.Asked(line.resident, line.price) for line in (lines[n] for n in priced) if line.price]
    gives = dict(zip(priced, forecast.given(asked), strict=True)) if asked else {}
    return [
        Shown(f"{kind.code}:{row.pk}:{line.seen}", kind, row, line, refused[n], gives.get(n, 0))
        for n, (row, line) in enumerate(zip(rows, lines, strict=True))
    ]


def chosen(user: User, keys: Iterable[str]) -> list[Shown]:
    """The rows that `keys` name, as they are now, in the order of the page; what is gone or has changed is left out."""
    wanted = list(dict.fromkeys(keys))[:MOST]
    found: dict[str, Shown] = {}
    for kind in queue.kinds():
        mine = [number(key.split(":")[1]) for key in wanted if key.startswith(f"{kind.code}:")]
        if mine:
            rows = list(kind.open_for(user).filter(pk__in=mine))
            found.update({one.key: one for one in shown(user, kind, rows)})
    return [found[key] for key in wanted if key in found]


@dataclass
class Outcome:
    """What was done; `gone` were changed or settled meanwhile, `left` is for the next press."""

    done: list[Shown] = field(default_factory=list)
    refused: list[tuple[Shown, Refused]] = field(default_factory=list)
    points: int = 0
    waiting: int = 0
    gone: int = 0
    left: list[Shown] = field(default_factory=list)


def approve(*, keys: Sequence[str], by: User, seconds: float = SECONDS) -> Outcome:
    """Approve what `keys` name, one transaction each; who is refused does not hold up the others."""
    end, rows = time.monotonic() + seconds, chosen(by, keys)
    outcome = Outcome(gone=min(len(set(keys)), MOST) - len(rows))
    for place, one in enumerate(rows):
        if place and time.monotonic() > end:
            outcome.left = rows[place:]
            break
        try:
            _count(outcome, one, one.kind.approve(one.row, by))
        except Refused as refused:
            outcome.refused.append((one, refused))
    return outcome


def _count(outcome: Outcome, one: Shown, result: object) -> None:
    outcome.done.append(one)
    award = result if isinstance(result, Award) else getattr(result, "award", None)
    if isinstance(award, Award):
        outcome.points += award.given or 0
        outcome.waiting += award.status == Award.Status.NOTICE
