"""Reading a wallet: what can be spent, what expires, what happened (keyset paging, no OFFSET, no unbounded count)."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection
from django.db.models import Sum

from communities.models import Resident
from core import clock
from points.ledger import Line
from points.models import Lot

PAGE = 20
LINES = """
WITH w AS (SELECT id FROM points_account WHERE resident_id = %(resident)s)
SELECT p.id, e.at, e.kind, e.reason, p.amount, p.balance FROM (
    (SELECT id, entry_id, -amount AS amount, source_balance AS balance FROM points_posting
     WHERE source_id = (SELECT id FROM w) AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT id, entry_id, amount, destination_balance FROM points_posting
     WHERE destination_id = (SELECT id FROM w) AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
) p JOIN points_entry e ON e.id = p.entry_id ORDER BY p.id DESC LIMIT %(limit)s
"""
WALLET = """
SELECT coalesce(sum(l.remaining), 0)::bigint,
    (SELECT coalesce(sum(p.amount), 0)::bigint FROM points_posting p JOIN points_entry e ON e.id = p.entry_id
     WHERE p.destination_id = a.id AND e.kind = 'award' AND e.at >= %(month)s
       AND NOT EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.id)),
    coalesce(sum(l.remaining) FILTER (WHERE l.expires_on <= %(year_end)s), 0)::bigint,
    min(l.expires_on) FILTER (WHERE l.expires_on <= %(year_end)s)
FROM points_account a LEFT JOIN points_lot l ON l.wallet_id = a.id AND l.remaining > 0 AND l.expires_on >= %(day)s
WHERE a.resident_id = %(resident)s GROUP BY a.id
"""


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
    year_end, month = date(day.year, 12, 31), clock.at(day.replace(day=1), time())
    with connection.cursor() as cursor:
        cursor.execute(WALLET, {"resident": resident.pk, "day": day, "year_end": year_end, "month": month})
        found = cursor.fetchone()
    return Wallet(*found) if found else Wallet(0, 0, 0, None)


@dataclass(frozen=True)
class Remains:
    """What is left in the wallet: `available` in all, `ending` by last day, `lapsed` what has passed its day unspent."""

    available: int
    ending: list[tuple[date, int]]
    lapsed: int


def remains(resident: Resident, *, on: date) -> Remains:
    """What is left on `on`, the first to end first, in one query."""
    left = Lot.objects.filter(wallet__resident=resident, remaining__gt=0).values("expires_on")
    days = list(left.annotate(total=Sum("remaining")).order_by("expires_on").values_list("expires_on", "total"))
    ending = [(day, total) for day, total in days if day >= on]
    available = sum(total for _, total in ending)
    return Remains(available, ending, sum(total for _, total in days) - available)


def lines(resident: Resident, *, before: int | None = None, limit: int = PAGE) -> list[Line]:
    """The newest `limit` lines of the statement, older than line `before` when it is given."""
    with connection.cursor() as cursor:
        cursor.execute(
            LINES, {"resident": resident.pk, "before": 2**63 - 1 if before is None else before, "limit": limit}
        )
        return [Line(*row) for row in cursor.fetchall()]


def _day(at: datetime | None) -> date:
    return clock.local(at or clock.now()).date()
