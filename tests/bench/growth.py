"""What a person waits for, at ten thousand, a hundred thousand and a million postings (GROWTH=10000000 for ten million)."""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from communities.models import Community, Resident
from core import clock
from points import books, folding, ledger, reconciliation, statement
from tests.bench import ground
from tests.world import World, award

LOAD = Path(__file__).with_name("load.sql")
TABLES = (
    "points_account",
    "points_entry",
    "points_posting",
    "points_lot",
    "points_draw",
    "points_month",
    "points_credit",
)
SIZES = [size for size in (10**4, 10**5, 10**6, 10**7) if size <= int(os.environ.get("GROWTH", 10**6))]
A_WALLET, ASKED = 100, 60
LEADING = """
SELECT wallet_id, earned FROM points_month WHERE community_id = %s AND month = %s ORDER BY earned DESC LIMIT 20
"""
FOREIGN_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname) FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text = ANY (%s)
"""


def run(world: World) -> list[dict[str, Any]]:
    places, before = ground.sixteen(world), books.counts()  # the raw statement of another bench leaves its traces
    for place in places:  # opens the pots
        one = Resident.objects.create(community=place, name="第一人", status="confirmed", decided_at=clock.now())
        award(one, 1)
        spend(world, one)
    found: dict[str, list[float]] = {}
    for size in SIZES:
        grow(places, size)
        for what, read in reads(places).items():
            found.setdefault(what, []).append(milliseconds(read))
        found.setdefault("check_books, seconds a million", []).append(checked(size, before))
    return [row(what, figures) for what, figures in found.items()]


def spend(world: World, one: Resident) -> None:
    ledger.charge(key=f"opens:{one.pk}", resident=one, amount=1, provider=one.community, by=world.system, reason="夜校")


def grow(places: list[Community], size: int) -> None:
    """Load until there are `size` postings, spread evenly, then fold them and let the planner know."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        for (drop,) in cursor.execute(FOREIGN_KEYS, [list(TABLES)]).fetchall():
            cursor.execute(drop)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SELECT count(*) FROM communities_resident WHERE name = '新居民'")
        missing = size // A_WALLET - (cursor.fetchone() or (0,))[0]
        cursor.execute(
            "INSERT INTO communities_resident (community_id, name, pinyin, phone, status, registered_at, decided_at, decline_reason,"
            " initials, document, document_tail, document_hash)"
            " SELECT (%s::bigint[])[1 + n %% 16], '新居民', '', '', 'confirmed', now(), now(), '', '', '', '', '' FROM generate_series(1, %s) AS n",
            [[place.pk for place in places], missing],
        )
        cursor.execute(LOAD.read_text())
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    folding.fold(at=clock.now())
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def reads(places: list[Community]) -> dict[str, Callable[[int], object]]:
    """What is read, for the n-th person or community that asks."""
    people = list(Resident.objects.filter(name="新居民").order_by("?")[:ASKED])
    month = reconciliation.Period(date(2025, 6, 1), date(2025, 6, 30), "2025-06")
    return {
        "balance": lambda n: statement.wallet(people[n]),
        "statement, first page": lambda n: statement.page_of(people[n]),
        "statement, by kind": lambda n: statement.page_of(people[n], statement.Filter(kind="expiry")),
        "month ranking (20 of a community)": lambda n: query(LEADING, places[n % 16].pk, date(2025, 6, 1)),
        "对账, a month of a community": lambda n: accounts_of(places[n % 16], month),
        "对账, the sub-district": lambda n: reconciliation.figures(places, month),
    }


def accounts_of(place: Community, period: reconciliation.Period) -> object:
    """Everything that the page of a community reads."""
    figures, pairs = reconciliation.figures([place], period), reconciliation.pairs(place, period)
    return figures, pairs, list(reconciliation.closings(place, clock.today()))


def query(statement: str, *arguments: int | date) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall()


def milliseconds(read: Callable[[int], object]) -> float:
    """The median of many askers, each after one who warmed up."""
    taken = []
    for n in range(ASKED):
        read(n)
        begin = time.perf_counter()
        read(n)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken) * 1e3


def checked(size: int, before: dict[tuple[str, str], int]) -> float:
    """Seconds for a million postings; what was loaded breaks no promise."""
    begin = time.perf_counter()
    assert books.counts() == before
    return (time.perf_counter() - begin) / size * 10**6


def row(what: str, figures: list[float]) -> dict[str, Any]:
    by_size = {f"{size:,}": round(figure, 3) for size, figure in zip(SIZES, figures, strict=True)}
    return {"read, ms": what, **by_size, "growth": round(figures[-1] / figures[0], 2)}
