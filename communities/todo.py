"""待办: what waits for a staff member. Each app registers a provider in `AppConfig.ready`; the desk's first page asks them.

A provider says what waits as a query that it does not ask (`Waiting`): all of them are counted in one (`counted`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, DateTimeField, F, Min, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from communities.kin import Kin, kin_of
from communities.models import User
from core import clock

NEVER = datetime.max.replace(tzinfo=UTC)
SOON = timedelta(days=2)


@dataclass(frozen=True)
class Row:
    """`count` things wait at `url`; `section` is the desk's menu entry (desk/base.html) that shows the figure.

    `deadline` is that of the first of them, the nearest one.
    """

    section: str
    label: str
    count: int
    url: str
    deadline: datetime | None = None

    @property
    def urgency(self) -> str:
        """overdue, soon (within two days), later; nothing without a deadline. The page says it in words and icon."""
        if self.deadline is None:
            return ""
        left = self.deadline - clock.now()
        return "overdue" if left < timedelta() else "soon" if left <= SOON else "later"


Until = Callable[[datetime, int], datetime]


@dataclass(frozen=True)
class Waiting:
    """A `Row` still to be counted: `found(kin)` are the things, of which the family of who asks is known.

    The least `since`, a column of moments or days, and the number of the sub-district (`street`, a path to it) make the
    deadline by `until`. `leads`: a page, and the column of its number, where the first of them is opened.
    """

    section: str
    label: str
    url: str
    found: Callable[[Kin], QuerySet[Any]]
    since: str = ""
    until: Until | None = None
    street: str = ""
    leads: tuple[str, str] = ("", "")


class Figure(NamedTuple):
    """What was counted of the `number`-th: by sub-district, and by the number of the page that opens it."""

    number: int
    street: int
    page: int
    many: int
    first: datetime | None


Provider = Callable[[User], Iterable[Row | Waiting]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """From now on `provider(user)` is asked what waits for `user`; it must see only what `user` may see."""
    if provider not in _providers:
        _providers.append(provider)


def rows_for(user: User) -> list[Row]:
    """Everything that waits for `user`: what has a deadline first, the nearest one at the top."""
    waiting = [row for row in rows_of(_providers, user) if row.count]
    return sorted(waiting, key=lambda row: row.deadline or NEVER)


def rows_of(providers: Iterable[Provider], user: User) -> list[Row]:
    """What `providers` say of `user`, nothing as well; one query for all that is to be counted, and the deadlines'."""
    said = [one for provider in providers for one in provider(user)]
    waiting = [one for one in said if isinstance(one, Waiting)]
    rows = counted(waiting, kin_of(user)) if waiting else []
    return [one for one in said if isinstance(one, Row)] + rows


def counted(waiting: list[Waiting], kin: Kin) -> list[Row]:
    """Each of `waiting` with its figure and deadline."""
    asked = [_question(number, one, kin) for number, one in enumerate(waiting)]
    figures: dict[int, list[Figure]] = defaultdict(list)
    for found in asked[0].union(*asked[1:], all=True):
        figures[found[0]].append(Figure(*found))
    return [_row(one, figures[number]) for number, one in enumerate(waiting)]


def _question(number: int, one: Waiting, kin: Kin) -> QuerySet[Any]:
    named = {
        "todo_number": Value(number),
        "todo_street": F(one.street) if one.street else Value(0),
        "todo_page": F(one.leads[1]) if one.leads[1] else Value(0),
    }
    rows = one.found(kin).order_by().annotate(**named).values_list(*named)
    first = F(one.since) if one.since else Value(None)
    asked: QuerySet[Any] = rows.annotate(todo_count=Count("pk"), todo_first=Min(Cast(first, DateTimeField())))
    return asked


def _row(one: Waiting, figures: list[Figure]) -> Row:
    figures = sorted((line for line in figures if line.many), key=lambda line: (line.first or NEVER, line.page))
    nearest = {line.street: line.first for line in reversed(figures) if line.first}
    deadlines = [one.until(first, street) for street, first in nearest.items()] if one.until else []
    page, column = one.leads
    url = reverse(page, args=[figures[0].page]) if column and figures else one.url
    return Row(one.section, one.label, sum(line.many for line in figures), url, min(deadlines, default=None))


def day_end(first: datetime, _street: int) -> datetime:
    """For `until`: the end of the day itself."""
    return clock.at(clock.local(first).date(), time(23, 59))


def by_section(rows: Iterable[Row]) -> dict[str, int]:
    """How many things wait behind each entry of the desk's menu."""
    figures: Counter[str] = Counter()
    for row in rows:
        figures[row.section] += row.count
    return dict(figures)
