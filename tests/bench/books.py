"""The books' verbs: a posting against the raw statement, a bulk award against the loop, the expiry sweep, one community against sixteen."""

import multiprocessing
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, connections

from communities.models import Resident
from config.embedded.programs import postgres_programs
from points import ledger, pricing
from points.ledger import Award, Move
from points.models import Account, Entry
from tests.bench import ground, orm
from tests.bench.measure import cpu, cpu_of_others
from tests.database import as_owner
from tests.points.deeds import moved
from tests.world import World, exactly

POSTINGS, ROUNDS = 1500, 4
PEOPLE = 500
SWEPT = 3000
PROCESSES, EACH = 8, 120
LONG_AGO = datetime(2024, 6, 1, tzinfo=UTC)
_serial = count(1)

# The limit: one statement that moves points between a wallet and a pot and keeps the key; by pgbench, as the owner.
TRANSFER = """
WITH w AS (UPDATE points_account SET balance = balance - 1 WHERE id = {wallet} RETURNING balance),
e AS (INSERT INTO points_entry (key, digest, kind, community_id, at, by_id, reason, xid)
    VALUES (gen_random_uuid(), sha256('x'), 'charge', {community}, now(), {by}, '夜校', 0) RETURNING id)
INSERT INTO points_posting (entry_id, source_id, destination_id, amount, source_balance)
    SELECT e.id, {wallet}, {income}, 1, w.balance FROM w, e;
"""


def run(world: World) -> list[dict[str, Any]]:
    people = ground.people(world, PEOPLE, 50_000, first=20_000)
    ground.vacuum()
    return [posting(world, people[0], people[1]), *bulk(world, people), sweep(world, people), communities(world)]


def row(what: str, limit: float, ours: float, goal: str, ratio: float) -> dict[str, Any]:
    return {"what": what, "limit_us": round(limit), "ours_us": round(ours), "ratio": round(ratio, 2), "goal": goal}


def posting(world: World, payer: Resident, other: Resident) -> dict[str, Any]:
    """CPU of `ledger.post` (client and backend) against the raw statement by pgbench."""
    ledger.charge(key="opens the pot", resident=payer, amount=1, provider=world.wenxing, by=world.system, reason="夜校")
    wallet, income = Account.objects.get(resident=payer), Account.objects.get(community=world.wenxing, kind="income")
    places = {
        "wallet": Account.objects.get(resident=other).pk,
        "community": world.wenxing.pk,
        "income": income.pk,
        "by": world.system.pk,
    }
    raw, ours = [], []
    for _ in range(ROUNDS):
        raw.append(by_pgbench(TRANSFER.format(**places)))
        begin = cpu()
        for _ in range(POSTINGS):
            ledger.post(
                key=f"bench:{next(_serial)}", kind=Entry.Kind.CHARGE, community=world.wenxing,
                moves=[Move(wallet.pk, income.pk, 1)], by=world.system, reason="夜校",
            )  # fmt: skip
        ours.append((cpu() - begin) / POSTINGS * 1e6)
    limit, mine = statistics.median(raw), statistics.median(ours)
    return row("ledger.post / raw statement by pgbench, CPU", limit, mine, ">= 0.40", limit / mine)


def by_pgbench(statement: str) -> float:
    """CPU µs of one statement, pgbench and its backend together."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(" ".join(statement.split()))
        script.flush()
        before = cpu_of_others()
        subprocess.run(
            [postgres_programs(None) / "pgbench", "-n", "-t", str(POSTINGS), "-f", script.name, os.environ["DATABASE_OWNER_URL"]],
            check=True, capture_output=True,
        )  # fmt: skip
        return (cpu_of_others() - before) / POSTINGS * 1e6


def bulk(world: World, people: list[Resident]) -> list[dict[str, Any]]:
    """500 awards by one call against 500 calls, of the ORM and of the verb, CPU each; all book the same rows."""
    price = exactly(1)

    def by_orm(turn: str) -> None:
        with as_owner():
            for one in people:
                orm.award(f"{turn}:{one.pk}", one, price, world.system)

    def by_verb(turn: str) -> None:
        for one in people:
            ledger.award(key=f"{turn}:{one.pk}", resident=one, price=price, by=world.system, reason="志愿服务")

    def together(turn: str) -> None:
        awards = [Award(f"{turn}:{one.pk}", one, price) for one in people]
        ledger.award_many(awards=awards, by=world.system, reason="志愿服务")

    acts = (by_orm, by_verb, together)
    taken: dict[Callable[[str], None], list[float]] = {act: [] for act in acts}
    for turn in range(ROUNDS + 2):
        for act in acts[:: 1 if turn % 2 else -1]:
            taken[act].append(measured(act, f"{act.__name__}:{turn}"))
    loop, verb, mine = (statistics.median(taken[act]) for act in acts)
    return [
        row("500 awards in a loop of the ORM / one bulk award, CPU each", loop, mine, ">= 40", loop / mine),
        row("500 awards in a loop of ledger.award / one bulk award, CPU each", verb, mine, "", verb / mine),
    ]


def measured(act: Callable[[str], None], turn: str) -> float:
    """CPU µs of one award; the owner has a session of its own, so sessions are told apart by their end."""
    connections.close_all()
    begin = cpu_of_others() + time.process_time()
    act(turn)
    connections.close_all()
    return (cpu_of_others() + time.process_time() - begin) / PEOPLE * 1e6


def sweep(world: World, people: list[Resident]) -> dict[str, Any]:
    """Expiry of some thousand lots by the sweep in its batches, against one raw statement that books the same."""
    price = pricing.Price(exactly(1).rule_id, 1, 1, LONG_AGO.date(), None, None, 1, needs_notice=False)
    raw, ours = [], []
    for turn in range(2 * ROUNDS):
        for part in range(SWEPT // PEOPLE):
            awards = [Award(f"old:{turn}:{part}:{one.pk}", one, price) for one in people]
            ledger.award_many(awards=awards, by=world.system, reason="志愿服务", at=LONG_AGO)
        begin = time.perf_counter()
        if turn % 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT bench_expire(now(), %s)", [world.system.pk])
            raw.append(time.perf_counter() - begin)
        else:
            while ledger.expire(by=world.system, limit=1000).people:
                pass
            ours.append(time.perf_counter() - begin)
    limit, mine = (statistics.median(found) / SWEPT * 1e6 for found in (raw, ours))
    return row("expiry sweep / one raw statement, wall a lot", limit, mine, "<= 3", mine / limit)


def communities(world: World) -> dict[str, Any]:
    """Throughput of eight processes that award and charge in one community, against the same spread over sixteen."""
    places = ground.sixteen(world)
    people = Resident.objects.filter(name__startswith="居民").select_related("community").order_by("pk")
    movers = list(people[: PROCESSES * 4])
    one: list[float] = []
    sixteen: list[float] = []
    for turn in range(ROUNDS):
        for number, mover in enumerate(movers):
            home = places[0] if turn % 2 else places[number % 16]
            if mover.community != home:
                moved(mover, home)
            mover.community = home
        (one if turn % 2 else sixteen).append(at_once(world, movers, turn))
    limit, mine = (statistics.median(found) / (PROCESSES * EACH) * 1e6 for found in (sixteen, one))
    return row("one community / sixteen, throughput", limit, mine, ">= 0.8", limit / mine)


def at_once(world: World, movers: list[Resident], turn: int) -> float:
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    gate = forked.Barrier(PROCESSES + 1)
    children = [
        forked.Process(target=_acts, args=(world, movers[n::PROCESSES], turn, n, gate)) for n in range(PROCESSES)
    ]
    for child in children:
        child.start()
    gate.wait()
    begin = time.perf_counter()
    gate.wait()
    seconds = time.perf_counter() - begin
    for child in children:
        child.join()
    return seconds


def _acts(world: World, mine: list[Resident], turn: int, number: int, gate: Barrier) -> None:
    connection.ensure_connection()
    price, by = exactly(2), world.system
    gate.wait()
    for n in range(EACH):
        one, key = mine[n % len(mine)], f"many:{turn}:{number}:{n}"
        ledger.award(key=f"{key}:in", resident=one, price=price, by=by, reason="志愿服务")
        ledger.charge(key=f"{key}:out", resident=one, amount=1, provider=one.community, by=by, reason="夜校")
    gate.wait()
