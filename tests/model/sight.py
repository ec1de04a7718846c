"""What the database shows and what it should show, side by side."""

from collections import defaultdict
from typing import Any

from django.db import connection

from core import clock
from points import statement
from points.books import breaches
from tests.model.books import SHANGHAI
from tests.model.both import Both

LINES = """
SELECT a.resident_id, e.id, e.kind, CASE WHEN p.source_id = a.id THEN -p.amount ELSE p.amount END,
    CASE WHEN p.source_id = a.id THEN p.source_balance ELSE p.destination_balance END
FROM points_account a JOIN points_posting p ON a.id IN (p.source_id, p.destination_id)
JOIN points_entry e ON e.id = p.entry_id WHERE a.kind = 'wallet' ORDER BY p.id"""
LOTS = """
SELECT a.resident_id, l.earned, l.remaining, l.expires_on
FROM points_lot l JOIN points_account a ON a.id = l.wallet_id ORDER BY l.id"""
DEBTS = """
SELECT a.resident_id, d.entry_id, d.owed, d.lapsed, d.remaining
FROM points_debt d JOIN points_account a ON a.id = d.wallet_id ORDER BY d.id"""
WALLETS = "SELECT resident_id, balance, points_purse(resident_id) FROM points_account WHERE kind = 'wallet' ORDER BY id"
CREDITS = """
SELECT entry_id, served_on, quantity, asked, given, cap_day, cap_month FROM points_credit ORDER BY entry_id"""
MONTHS = """
SELECT a.resident_id, m.community_id, m.month, m.earned, m.spent, m.expired FROM points_month m
JOIN points_account a ON a.id = m.wallet_id WHERE (m.earned, m.spent, m.expired) <> (0, 0, 0)"""
TOTALS = """
SELECT community_id, issued, taken_back, spent, returned, expired, moved_out, moved_in, outstanding FROM points_total"""
FLOWS = """
SELECT community_id, provider_id, day, kind, source_kind, destination_kind, sum(amount)::bigint
FROM points_flow_now GROUP BY 1, 2, 3, 4, 5, 6"""
FIGURES = ("issued", "taken_back", "spent", "returned", "expired", "moved_out", "moved_in")


def agree(both: Both) -> None:
    """No promise is broken, and every figure of the database is the model's."""
    _no_breach()
    found = _found(both)
    _bind_lines(both, found["lines"])
    expected = _expected(both)
    for what, shown in found.items():
        wanted = expected[what]
        other = [(one, wanted.get(one), shown.get(one)) for one in wanted | shown if wanted.get(one) != shown.get(one)]
        assert not other, f"{what}, of whom, as the model has it, as the books have it: {other}"


def _no_breach() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # within one entry, draws come before their posting
    found = breaches()
    assert not found, found


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _by_person(both: Both, query: str) -> dict[str, list[tuple[Any, ...]]]:
    names = {resident.pk: name for name, resident in both.cast.people.items()}
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in names.values()}
    for resident, *row in _rows(query):
        found[names[resident]].append(tuple(row))
    return found


def _bind_lines(both: Both, lines: dict[str, list[tuple[Any, ...]]]) -> None:
    """Nobody returns the numbers of expiries and settlements: they are known by their place in the statement."""
    for name, wallet in both.books.wallets.items():
        for expected, found in zip(wallet.lines, lines[name], strict=False):
            if expected.kind in ("expiry", "settlement"):
                both.bind(expected.entry, found[0])


def _found(both: Both) -> dict[str, Any]:
    people = {resident.pk: name for name, resident in both.cast.people.items()}
    places = {community.pk: name for name, community in both.cast.communities.items()}
    wallets = _rows(WALLETS)
    return {
        "balances": {people[resident]: balance for resident, balance, _ in wallets},
        "purses": {people[resident]: len(purse or ()) for resident, _, purse in wallets},
        "available": {name: statement.available(resident) for name, resident in both.cast.people.items()},
        "lines": _by_person(both, LINES),
        "lots": _by_person(both, LOTS),
        "debts": _by_person(both, DEBTS),
        "credits": {row[0]: row[1:] for row in _rows(CREDITS)},
        "months": {(people[person], places[place], month): tuple(row) for person, place, month, *row in _rows(MONTHS)},
        "totals": {places[place]: tuple(row) for place, *row in _rows(TOTALS)},
        "flows": {(places[a], places[b], *row): amount for a, b, *row, amount in _rows(FLOWS)},
    }


def _expected(both: Both) -> dict[str, Any]:
    books, number = both.books, both.numbers.get
    wallets, today = books.wallets, clock.now().astimezone(SHANGHAI).date()
    outstanding: dict[str, int] = defaultdict(int)
    for wallet in wallets.values():
        outstanding[wallet.community] += wallet.balance
        assert wallet.balance == sum(lot.remaining for lot in wallet.lots)
    months = {at: tuple(sums[word] for word in ("earned", "spent", "expired")) for at, sums in books.months.items()}
    return {
        "balances": {name: wallet.balance for name, wallet in wallets.items()},
        "purses": {name: len(books.purse(name)) for name in wallets},
        "available": {name: wallet.available(today) for name, wallet in wallets.items()},
        "lines": {name: [(number(line.entry), *line[1:]) for line in w.lines] for name, w in wallets.items()},
        "lots": {
            name: [(lot.earned, lot.remaining, lot.expires_on) for lot in w.lots] for name, w in wallets.items()
        },
        "debts": {
            name: [(number(debt.entry), debt.owed, debt.lapsed, debt.remaining) for debt in w.debts]
            for name, w in wallets.items()
        },
        "credits": {
            number(entry.key): (c.served_on, c.quantity, c.asked, c.given, *c.caps)
            for entry in books.entries.values() if (c := entry.credit)
        },
        "months": {at: sums for at, sums in months.items() if any(sums)},
        "totals": {
            place: (*(books.totals[place][word] for word in FIGURES), outstanding[place])
            for place in both.cast.communities
        },
        "flows": dict(books.flows),
    }  # fmt: skip
