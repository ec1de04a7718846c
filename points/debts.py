"""待抵扣 as the resident reads it: what is owed and why, who decided it, what was paid off since, and how to object."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from communities import appeals
from communities.models import Resident
from core import clock
from points.models import Debt, Draw, Entry


@dataclass(frozen=True)
class Line:
    """One debt: of `owed` points `paid` came back from later earnings. `first` names the award that was taken back."""

    reason: str
    first: str
    first_on: date
    decided_on: date
    community: str
    owed: int
    remaining: int
    about: str
    appeal: appeals.State

    @property
    def paid(self) -> int:
        return self.owed - self.remaining


@dataclass(frozen=True)
class Owed:
    """`total` is what later earnings will still pay."""

    total: int
    lines: list[Line]


def total(resident: Resident) -> int:
    """What `resident` still owes in all."""
    return int(_open(resident).aggregate(total=Sum("remaining"))["total"] or 0)


def paid_by(entry: int | None) -> int:
    """How many of the points that `entry` gave went to older debts at once; no entry pays nothing, without a query."""
    if entry is None:
        return 0
    paid = Draw.objects.filter(lot__posting__entry=entry, posting__entry__kind=Entry.Kind.SETTLEMENT)
    return int(paid.aggregate(total=Sum("amount"))["total"] or 0)


def owed(resident: Resident, *, at: datetime | None = None) -> Owed:
    """Every debt that is not paid off, the oldest first: one query, and three more for the appeals when there are any."""
    found = list(
        _open(resident).select_related("entry__community", "entry__reverses", "entry__adjustment").order_by("pk")
    )
    states = appeals.state_for(resident, {_about(debt): debt.entry.at for debt in found}, at=at) if found else {}
    return Owed(sum(debt.remaining for debt in found), [_line(debt, states[_about(debt)]) for debt in found])


def _open(resident: Resident) -> QuerySet[Debt]:
    return Debt.objects.filter(wallet__resident=resident, remaining__gt=0)


def _about(debt: Debt) -> str:
    """An adjustment is appealed as such; `debt:` is for what was reversed without one (points/decided.py)."""
    adjustment = getattr(debt.entry, "adjustment", None)
    return f"adjustment:{adjustment.pk}" if adjustment else f"debt:{debt.pk}"


def _line(debt: Debt, state: appeals.State) -> Line:
    entry, first, adjustment = debt.entry, debt.entry.reverses, getattr(debt.entry, "adjustment", None)
    assert first is not None
    return Line(
        reason=adjustment.reason if adjustment else entry.reason, first=first.reason, first_on=_day(first),
        decided_on=_day(entry), community=entry.community.name, owed=debt.owed, remaining=debt.remaining,
        about=state.about, appeal=state,
    )  # fmt: skip


def _day(entry: Entry) -> date:
    return clock.local(entry.at).date()
