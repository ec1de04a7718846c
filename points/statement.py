"""Reading a wallet: what can be spent, what expires, what happened (keyset paging, no OFFSET, no unbounded count)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from communities.models import Resident
from core import clock
from points.models import Entry, Lot

PAGE = 20
REACH = 1000  # how many lines a filtered page looks at before it says that there is more to look at
LINES = """
WITH w AS (SELECT id FROM points_account WHERE resident_id = %(resident)s), near AS (
    SELECT * FROM (
        (SELECT id, entry_id, -amount AS amount, source_balance AS balance FROM points_posting
         WHERE source_id = (SELECT id FROM w) AND id < %(before)s ORDER BY id DESC LIMIT %(reach)s)
        UNION ALL
        (SELECT id, entry_id, amount, destination_balance FROM points_posting
         WHERE destination_id = (SELECT id FROM w) AND id < %(before)s ORDER BY id DESC LIMIT %(reach)s)
    ) sides ORDER BY id DESC LIMIT %(reach)s
)
SELECT f.floor, l.* FROM (SELECT CASE WHEN count(*) = %(reach)s THEN min(id) END AS floor FROM near) f LEFT JOIN LATERAL (
    SELECT p.id, e.at, e.kind, e.reason, p.amount, p.balance, coalesce(c.asked - c.given, 0) AS cut,
        payer.id IS NOT NULL AS purse, CASE WHEN payer.id <> (SELECT id FROM w) AND e.kind = 'charge' THEN r.name ELSE '' END AS payer,
        coalesce((SELECT h.name FROM communities_helper h WHERE h.resident_id = %(resident)s AND h.account_id = e.by_id
            ORDER BY h.id DESC LIMIT 1), '') AS helper
    FROM near p
    -- LIMIT: each line looks up its own entry. Who trusts the planner here gets all entries scanned for a kind that is rare.
    JOIN LATERAL (SELECT * FROM points_entry WHERE id = p.entry_id LIMIT 1) e ON true
    LEFT JOIN points_credit c ON c.entry_id = e.id
    LEFT JOIN points_entry o ON o.id = e.reverses_id
    LEFT JOIN points_account payer ON payer.id = coalesce(e.payer_id, o.payer_id)
    LEFT JOIN communities_resident r ON r.id = payer.resident_id
    WHERE %(kind)s IN ('', e.kind) AND e.at >= %(since)s AND e.at < %(until)s
    ORDER BY p.id DESC LIMIT %(limit)s
) l ON true ORDER BY l.id DESC
"""
WALLET = """
SELECT coalesce(sum(l.remaining), 0)::bigint,
    (SELECT coalesce(sum(m.earned), 0)::bigint FROM points_month m WHERE m.wallet_id = a.id AND m.month = %(month)s),
    coalesce(sum(l.remaining) FILTER (WHERE l.expires_on <= %(year_end)s), 0)::bigint,
    min(l.expires_on) FILTER (WHERE l.expires_on <= %(year_end)s)
FROM points_account a LEFT JOIN points_lot l ON l.wallet_id = a.id AND l.remaining > 0 AND l.expires_on >= %(day)s
WHERE a.resident_id = %(resident)s GROUP BY a.id
"""
REMAINS = """
WITH w AS (SELECT id FROM points_account WHERE resident_id = %(resident)s)
SELECT 'left', expires_on, sum(remaining)::bigint, '' FROM points_lot
    WHERE wallet_id = (SELECT id FROM w) AND remaining > 0 GROUP BY expires_on
UNION ALL
SELECT 'capped', c.served_on, c.asked, e.reason FROM points_credit c JOIN points_entry e ON e.id = c.entry_id
    WHERE c.wallet_id = (SELECT id FROM w) AND c.served_on >= %(month)s AND c.given = 0
UNION ALL
SELECT 'owed', NULL, sum(remaining)::bigint, '' FROM points_debt WHERE wallet_id = (SELECT id FROM w) AND remaining > 0
ORDER BY 2
"""


class Line(NamedTuple):
    """One line of a wallet's statement; `amount` is signed, `balance` is what stood after it.

    `cut` is what a cap cut off; `purse`: 家庭积分 paid, and `payer` is the relative who used these points, if one did;
    `helper`: who acted for the resident (亲友代办).
    """

    id: int
    at: datetime
    kind: str
    reason: str
    amount: int
    balance: int
    cut: int
    purse: bool
    payer: str
    helper: str = ""

    @property
    def word(self) -> str:
        """获得/使用/退回/收回/过期/调整/抵扣, so that colour is not needed."""
        taken_back = self.kind == Entry.Kind.REVERSAL and self.amount < 0
        return "收回" if taken_back else Entry.Kind(self.kind).label

    @property
    def size(self) -> int:
        """The points without a sign: the word says which way they went."""
        return abs(self.amount)

    @property
    def sign(self) -> str:
        """+ or −, where the word does not say which way they went."""
        return ("+" if self.amount > 0 else "−") if self.kind == Entry.Kind.ADJUSTMENT else ""

    @property
    def note(self) -> str:
        """应得20，封顶后实得5; 家庭积分，张淑芳使用; 由亲友李建国代办; nothing for most."""
        if self.cut:
            return f"应得{self.amount + self.cut:,}，封顶后实得{self.amount:,}"
        family = (f"家庭积分，{self.payer}使用" if self.payer else "家庭积分") if self.purse else ""
        return "，".join(filter(None, [family, f"由亲友{self.helper}代办" if self.helper else ""]))


@dataclass(frozen=True)
class Filter:
    """What was asked for; empty means everything. Both days belong to the span."""

    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.kind or self.since or self.until)


class Page(NamedTuple):
    """`older` is the number that the next page comes before; None at the end. A filtered page may be short and not the last."""

    lines: list[Line]
    older: int | None


EVERYTHING, NOTHING = Filter(), Page([], None)
FIRST, LAST = clock.at(date(1, 1, 1), time()), clock.midnight_after(date.max)


def page_of(resident: Resident, asked: Filter = EVERYTHING, *, before: int | None = None, size: int = PAGE) -> Page:
    """The newest `size` lines that answer to `asked`, older than line `before` when it is given, in one query."""
    limit = size + 1
    with connection.cursor() as cursor:
        cursor.execute(LINES, {
            "resident": resident.pk, "before": 2**63 - 1 if before is None else before, "limit": limit,
            "reach": limit if asked.is_empty else max(limit, REACH), "kind": asked.kind,
            "since": clock.at(asked.since, time()) if asked.since else FIRST,
            "until": clock.midnight_after(asked.until) if asked.until else LAST,
        })  # fmt: skip
        rows = cursor.fetchall()
    lines = [Line(*row[1:]) for row in rows if row[1] is not None]
    if len(lines) > size:
        return Page(lines[:size], lines[size - 1].id)
    return Page(lines, rows[0][0])


def lines(resident: Resident, *, before: int | None = None, limit: int = PAGE) -> list[Line]:
    """The newest `limit` lines of all, older than line `before` when it is given."""
    return page_of(resident, before=before, size=limit).lines


def every(resident: Resident, asked: Filter = EVERYTHING, *, at_once: int = REACH) -> Iterator[Line]:
    """All lines that answer to `asked`, the newest first, read page by page so that a long file needs little memory."""
    found = page_of(resident, asked, size=at_once)
    yield from found.lines
    while found.older is not None:
        found = page_of(resident, asked, before=found.older, size=at_once)
        yield from found.lines


def spans(today: date) -> list[tuple[str, Filter]]:
    """本月, 上月 and 今年, for those who do not like to pick days."""
    first = today.replace(day=1)
    last = first - timedelta(days=1)
    return [
        ("本月", Filter(since=first, until=today)),
        ("上月", Filter(since=last.replace(day=1), until=last)),
        ("今年", Filter(since=date(today.year, 1, 1), until=today)),
    ]


@dataclass(frozen=True)
class Wallet:
    """What the balance card shows. `available` leaves out what has passed its day, swept or not."""

    available: int
    earned_this_month: int
    expiring: int
    expires_on: date | None


def available(resident: Resident, *, at: datetime | None = None) -> int:
    """Points that `resident` can spend at `at`."""
    spendable = Lot.objects.filter(wallet__resident=resident, remaining__gt=0, expires_on__gte=_day(at))
    return int(spendable.aggregate(total=Sum("remaining"))["total"] or 0)


def wallet(resident: Resident, *, at: datetime | None = None) -> Wallet:
    """The balance card, in one query."""
    day = _day(at)
    with connection.cursor() as cursor:
        cursor.execute(
            WALLET,
            {"resident": resident.pk, "day": day, "year_end": date(day.year, 12, 31), "month": day.replace(day=1)},
        )
        found = cursor.fetchone()
    return Wallet(*found) if found else Wallet(0, 0, 0, None)


class Capped(NamedTuple):
    """Service that earned nothing, because its cap was full; there is no posting, and so no line."""

    served_on: date
    asked: int
    reason: str


@dataclass(frozen=True)
class Remains:
    """What is left in the wallet: `available` in all, `ending` by last day, `lapsed` what has passed its day unspent.

    `capped`: this month's service that the caps left without points; `owed`: 待抵扣, of which points/debts.py says more.
    """

    available: int
    ending: list[tuple[date, int]]
    lapsed: int
    capped: list[Capped]
    owed: int


def remains(resident: Resident, *, on: date) -> Remains:
    """What is left on `on`, the first to end first, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(REMAINS, {"resident": resident.pk, "month": on.replace(day=1)})
        rows = cursor.fetchall()
    days = [(day, total) for what, day, total, _ in rows if what == "left"]
    ending = [(day, total) for day, total in days if day >= on]
    available = sum(total for _, total in ending)
    capped = [Capped(*row[1:]) for row in rows if row[0] == "capped"]
    owed = next(total or 0 for what, _, total, _ in rows if what == "owed")
    return Remains(available, ending, sum(total for _, total in days) - available, capped, owed)


def _day(at: datetime | None) -> date:
    return clock.local(at or clock.now()).date()
