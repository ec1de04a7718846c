"""待办: what waits for a staff member. Each app registers a provider in `AppConfig.ready`; the desk's first page asks them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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


Provider = Callable[[User], Iterable[Row]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """From now on `provider(user)` is asked what waits for `user`; it must see only what `user` may see."""
    if provider not in _providers:
        _providers.append(provider)


def rows_for(user: User) -> list[Row]:
    """Everything that waits for `user`: what has a deadline first, the nearest one at the top."""
    waiting = (row for provider in _providers for row in provider(user) if row.count)
    return sorted(waiting, key=lambda row: row.deadline or NEVER)


def by_section(rows: Iterable[Row]) -> dict[str, int]:
    """How many things wait behind each entry of the desk's menu."""
    figures: Counter[str] = Counter()
    for row in rows:
        figures[row.section] += row.count
    return dict(figures)
