"""Reading a wallet: what can be spent, what expires, what happened (keyset paging, no OFFSET, no unbounded count)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import Min, Q, Sum

from communities.models import Resident
from core import clock
from points.ledger import Line
from points.models import Lot, Posting

PAGE = 20
LINES = """
SELECT p.id, e.at, e.kind, e.reason, p.amount, p.balance FROM (
    (SELECT id, entry_id, -amount AS amount, source_balance AS balance FROM points_posting
     WHERE source_id = %(wallet)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT id, entry_id, amount, destination_balance FROM points_posting
     WHERE destination_id = %(wallet)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
) p JOIN points_entry e ON e.id = p.entry_id ORDER BY p.id DESC LIMIT %(limit)s
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
    """The balance card in one query for the lots and one for the month."""
    day = _day(at)
    lots = Lot.objects.filter(wallet__resident=resident, remaining__gt=0, expires_on__gte=day)
    year_end = date(day.year, 12, 31)
    sums: dict[str, Any] = lots.aggregate(
        total=Sum("remaining"),
        expiring=Sum("remaining", filter=Q(expires_on__lte=year_end)),
        first=Min("expires_on", filter=Q(expires_on__lte=year_end)),
    )
    month = Posting.objects.filter(
        destination__resident=resident, entry__kind="award", entry__at__gte=clock.at(day.replace(day=1), time())
    ).aggregate(total=Sum("amount"))
    return Wallet(sums["total"] or 0, month["total"] or 0, sums["expiring"] or 0, sums["first"])


def lines(resident: Resident, *, before: int | None = None, limit: int = PAGE) -> list[Line]:
    """The newest `limit` lines of the statement, older than line `before` when it is given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM points_account WHERE resident_id = %s", [resident.pk])
        found = cursor.fetchone()
        if found is None:
            return []
        cursor.execute(LINES, {"wallet": found[0], "before": before or 2**62, "limit": limit})
        return [Line(*row) for row in cursor.fetchall()]


def _day(at: datetime | None) -> date:
    return clock.local(at or clock.now()).date()
