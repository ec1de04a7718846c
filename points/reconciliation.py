"""对账: what a community issued, what was spent where, and what is still outstanding. Read from sums, never from the history.

The figures come from points_flow_now and points_total (points/sql/0015_fold.sql): days that are folded, and the tail that is
not folded yet; so they speak of this very moment, and cost the same however long the books are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from django.db import connection
from django.db.models import Min, OuterRef, Subquery

from communities.models import Community
from communities.settings import BUDGET_RATE, value_of
from points.models import BookCheck, Flow

MONTHS = 12
CENT = Decimal("0.01")
# What went into and out of wallets, of rows of points_flow_now; in the order of Flows.
SUMS = """ARRAY[
    coalesce(sum(amount) FILTER (WHERE kind <> 'reversal' AND source_kind = 'issuer'), 0),
    coalesce(sum(amount) FILTER (WHERE destination_kind = 'issuer'), 0),
    coalesce(sum(amount) FILTER (WHERE source_kind = 'wallet' AND destination_kind IN ('income', 'partner')), 0),
    coalesce(sum(amount) FILTER (WHERE kind = 'reversal' AND destination_kind = 'wallet'), 0),
    coalesce(sum(amount) FILTER (WHERE destination_kind = 'expired'), 0),
    coalesce(sum(amount) FILTER (WHERE kind = 'move_out'), 0),
    coalesce(sum(amount) FILTER (WHERE kind = 'move_in'), 0)]::bigint[]"""
EVER = "ARRAY[t.issued, t.taken_back, t.spent, t.returned, t.expired, t.moved_out, t.moved_in]::bigint[]"
# One statement, so that the sums and the tail are of one moment.
FIGURES = f"""
WITH flows AS MATERIALIZED (
    SELECT community_id, day > %(last)s AS later, {SUMS} AS sums,
        coalesce(sum(amount) FILTER (WHERE source_kind = 'wallet' AND provider_id <> community_id), 0)::bigint AS spent_elsewhere,
        coalesce(sum(amount) FILTER (WHERE source_kind = 'relief'), 0)::bigint
            - coalesce(sum(amount) FILTER (WHERE destination_kind = 'relief'), 0)::bigint AS relief
    FROM points_flow_now WHERE community_id = ANY (%(communities)s) AND day >= %(first)s GROUP BY 1, 2
), debts AS (
    SELECT r.community_id, sum(d.remaining)::bigint AS owed FROM points_debt d JOIN points_account a ON a.id = d.wallet_id
    JOIN communities_resident r ON r.id = a.resident_id
    WHERE d.remaining > 0 AND r.community_id = ANY (%(communities)s) GROUP BY 1)
SELECT t.community_id, {EVER}, coalesce(now.sums, '{{0,0,0,0,0,0,0}}'), coalesce(later.sums, '{{0,0,0,0,0,0,0}}'),
    coalesce(now.spent_elsewhere, 0), coalesce(now.relief, 0),
    coalesce(debts.owed, 0)
FROM points_total t
LEFT JOIN debts ON debts.community_id = t.community_id
LEFT JOIN flows now ON now.community_id = t.community_id AND NOT now.later
LEFT JOIN flows later ON later.community_id = t.community_id AND later.later
WHERE t.community_id = ANY (%(communities)s) ORDER BY 1
"""  # noqa: S608  the sums above
# As in FIGURES what was booked later is taken from the sums of now, so that a day's end is the end of its period.
CLOSINGS = f"""
WITH flows AS MATERIALIZED (
    SELECT day, kind, source_kind, destination_kind, amount FROM points_flow_now
    WHERE community_id = %(own)s AND day > (SELECT min(day) FROM unnest(%(days)s::date[]) AS day))
SELECT ends.day, {EVER} AS ever, {SUMS} AS later
FROM points_total t CROSS JOIN unnest(%(days)s::date[]) AS ends(day) LEFT JOIN flows ON flows.day > ends.day
WHERE t.community_id = %(own)s GROUP BY 1, 2 ORDER BY 1 DESC
"""  # noqa: S608  the sums above
# Both directions between `own` and every other community: their residents here, ours there, and who moved.
BETWEEN = """
SELECT c.id, c.name,
    coalesce(sum(f.amount) FILTER (WHERE f.ours AND f.kind NOT IN ('reversal', 'move_out', 'move_in')), 0)::bigint,
    coalesce(sum(f.amount) FILTER (WHERE f.ours AND f.kind = 'reversal'), 0)::bigint,
    coalesce(sum(f.amount) FILTER (WHERE NOT f.ours AND f.kind <> 'reversal'), 0)::bigint,
    coalesce(sum(f.amount) FILTER (WHERE NOT f.ours AND f.kind = 'reversal'), 0)::bigint,
    coalesce(sum(f.amount) FILTER (WHERE f.kind = 'move_out'), 0)::bigint,
    coalesce(sum(f.amount) FILTER (WHERE f.kind = 'move_in'), 0)::bigint
FROM (
    SELECT provider_id AS other_id, true AS ours, kind, amount FROM points_flow_now
    WHERE community_id = %(own)s AND provider_id <> %(own)s AND day BETWEEN %(first)s AND %(last)s
        AND ('wallet' IN (source_kind, destination_kind) OR source_kind = 'transit')
    UNION ALL
    SELECT community_id, false, kind, amount FROM points_flow_now
    WHERE provider_id = %(own)s AND community_id <> %(own)s AND day BETWEEN %(first)s AND %(last)s
        AND 'wallet' IN (source_kind, destination_kind)
) f JOIN communities_community c ON c.id = f.other_id GROUP BY 1, 2 ORDER BY 1
"""
DAYS = """
SELECT f.day, f.kind, f.source_kind, f.destination_kind, holder.name, provider.name, sum(f.amount)::bigint, sum(f.postings)::bigint
FROM (
    SELECT * FROM points_flow_now WHERE community_id = %(own)s AND day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT * FROM points_flow_now WHERE provider_id = %(own)s AND community_id <> %(own)s AND day BETWEEN %(first)s AND %(last)s
        AND source_kind <> 'transit'  -- a move stands with each of the two already
) f
JOIN communities_community holder ON holder.id = f.community_id JOIN communities_community provider ON provider.id = f.provider_id
GROUP BY 1, 2, 3, 4, f.community_id, holder.name, f.provider_id, provider.name ORDER BY 1, 2, 3, 4, f.community_id, f.provider_id
"""


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included; `value` is how an address names it: 2026-11, or 2026 for the year."""

    first: date
    last: date
    value: str

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        first = date(year, month, 1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), f"{year}-{month:02}")

    @classmethod
    def year(cls, year: int) -> Self:
        return cls(date(year, 1, 1), date(year, 12, 31), str(year))

    def __str__(self) -> str:
        whole = self.first.month != self.last.month
        return f"{self.first.year}年全年" if whole else f"{self.first.year}年{self.first.month}月"


@dataclass(frozen=True)
class Flows:
    """What went into and out of a community's wallets."""

    issued: int = 0
    taken_back: int = 0
    spent: int = 0
    returned: int = 0
    expired: int = 0
    moved_out: int = 0
    moved_in: int = 0

    @property
    def net(self) -> int:
        """What it leaves in the wallets."""
        gone = self.taken_back + self.spent + self.expired + self.moved_out
        return self.issued + self.returned + self.moved_in - gone

    def __sub__(self, other: "Flows") -> "Flows":
        return Flows(*(getattr(self, field.name) - getattr(other, field.name) for field in fields(self)))

    @classmethod
    def total(cls, some: Iterable["Flows"]) -> "Flows":
        listed = list(some)
        return cls(*(sum(getattr(one, field.name) for one in listed) for field in fields(cls)))


@dataclass(frozen=True)
class Figures:
    """One community: since the beginning, in the period, and after it; all of the same moment."""

    community_id: int
    ever: Flows
    period: Flows
    later: Flows
    spent_elsewhere: int
    relief: int
    owed: int

    @property
    def outstanding(self) -> int:
        """What is in the residents' wallets now."""
        return self.ever.net

    @property
    def closing(self) -> int:
        """What was in them at the end of the period, or is now if it has not ended."""
        return self.ever.net - self.later.net

    @property
    def opening(self) -> int:
        return self.closing - self.period.net

    @property
    def spent_here(self) -> int:
        return self.period.spent - self.spent_elsewhere


@dataclass(frozen=True)
class Pair:
    """Two communities: what our residents spent there and got back, what theirs spent here and got back; no subsidies.

    `moved_out` went there with people who moved, `moved_in` came from there with them.
    """

    community_id: int
    name: str
    ours: int
    ours_returned: int
    theirs: int
    theirs_returned: int
    moved_out: int = 0
    moved_in: int = 0

    @property
    def there(self) -> int:
        return self.ours - self.ours_returned

    @property
    def here(self) -> int:
        return self.theirs - self.theirs_returned

    @property
    def traded(self) -> bool:
        """Whether anybody spent anything."""
        return bool(self.ours or self.ours_returned or self.theirs or self.theirs_returned)

    @property
    def moved(self) -> bool:
        return bool(self.moved_out or self.moved_in)


@dataclass(frozen=True)
class Day:
    """One line of the file: what went which way on one day, and of whose residents at whose offers."""

    day: date
    kind: str
    source_kind: str
    destination_kind: str
    holder: str
    provider: str
    amount: int
    postings: int


@dataclass(frozen=True)
class Closing:
    """What had happened since the beginning by the end of `day`."""

    day: date
    ever: Flows


def figures(communities: Iterable[Community], period: Period) -> list[Figures]:
    """Of each community, in the order of their numbers; one query."""
    pks = [one.pk for one in communities]
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"communities": pks, "first": period.first, "last": period.last})
        return [Figures(pk, Flows(*ever), Flows(*now), Flows(*later), *rest) for pk, ever, now, later, *rest in cursor]


def pairs(community: Community, period: Period) -> list[Pair]:
    """With which other communities points changed hands in the period; both sides see the same figures."""
    with connection.cursor() as cursor:
        cursor.execute(BETWEEN, {"own": community.pk, "first": period.first, "last": period.last})
        return [Pair(*row) for row in cursor.fetchall()]


def days(community: Community, period: Period) -> list[Day]:
    """The period day by day."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS, {"own": community.pk, "first": period.first, "last": period.last})
        return [Day(*row) for row in cursor.fetchall()]


def closings(community: Community, today: date) -> list[Closing]:
    """Yesterday and the ends of the last twelve months, the newest first, without those before anything happened; one query."""
    ends = {today - timedelta(days=1)}
    for _ in range(MONTHS):
        ends.add(min(ends).replace(day=1) - timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(CLOSINGS, {"own": community.pk, "days": sorted(ends)})
        found = [Closing(day, Flows(*ever) - Flows(*later)) for day, ever, later in cursor]
    return [one for one in found if one.ever != Flows()]


def last_check() -> BookCheck | None:
    """The newest nightly check of every promise."""
    return BookCheck.objects.order_by("-pk").first()


def rate_of(sub_district_id: int) -> Decimal:
    """What one point is in the budget, in yuan. For finance alone: never beside points that residents see (4.3)."""
    return (Decimal(value_of(BUDGET_RATE, sub_district_id)) / 100).quantize(CENT)


def budget(points: int, rate: Decimal | None) -> Decimal | None:
    """What `points` are in the budget, in yuan; None for whoever has no `rate`, which is everybody but finance."""
    return None if rate is None else (points * rate).quantize(CENT)


def first_day(communities: Iterable[Community], today: date) -> date:
    """The first day of which the sums speak; `today` when nothing is folded yet."""
    oldest = Flow.objects.filter(community=OuterRef("pk")).order_by("day").values("day")[:1]
    mine = Community.objects.filter(pk__in=[one.pk for one in communities]).annotate(oldest=Subquery(oldest))
    return min(mine.aggregate(first=Min("oldest"))["first"] or today, today)
