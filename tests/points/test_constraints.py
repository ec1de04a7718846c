"""The last line: what not even the owner's own statements can write into the books, whatever a function forgets."""

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from points.adjusting import propose_take_back
from tests.database import as_owner
from tests.points.deeds import adjusted, charged, first_award, folded_through, ledger_share, taken_back
from tests.world import build

ENTRY = "INSERT INTO points_entry (xid, key, digest, kind, community_id, at, by_id, reason, reverses_id, payer_id)"
POSTING = "INSERT INTO points_posting (entry_id, source_id, destination_id, amount)"
DRAW = "INSERT INTO points_draw (posting_id, lot_id, amount)"
NEW = "SELECT 0, 'new' || id, ''"


def again(table: str, columns: str, where: str = "true", **changed: str) -> str:
    """The rows of `table` once more, with some columns changed."""
    names = columns.split(", ")
    values = ", ".join(changed.get(name, name) for name in names)
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {where}"


def rule(**changed: str) -> str:
    columns = "code, name, basis, kind, points, day_points, day_times, month_times, notice_from, starts_on, decision, by_id, at"
    return again("points_rule", columns, "code = 'ENV'", **changed)


def credit(**changed: str) -> str:
    columns = "entry_id, wallet_id, rule_id, served_on, quantity, asked, given, cap_day, cap_month"
    return again("points_credit", columns, **changed)


ADJUSTMENT = "resident_id, amount, reverses_id, reason, status, proposed_by_id, proposed_at, decided_by_id, decided_at, decline_reason, entry_id, before_notices"
REFUSED = {
    "wallet_never_below_zero": "UPDATE points_account SET balance = -1 WHERE kind = 'wallet'",
    "account_shape": "UPDATE points_account SET balance = 0 WHERE kind = 'issuer'",
    "account_party_is_partner": "UPDATE points_account SET party = 5 WHERE kind = 'issuer'",
    "partner_pot_once": """
        INSERT INTO points_account (kind, community_id, party)
        SELECT 'partner', community_id, 5 FROM points_account, generate_series(1, 2) WHERE kind = 'issuer'""",
    "pot_once": again("points_account", "kind, community_id", "kind = 'issuer'"),
    "points_account_resident_id_key": again("points_account", "kind, resident_id, balance", "kind = 'wallet'"),
    "entry_key": f"{ENTRY} SELECT 0, key, '', 'award', community_id, at, by_id, 'x', NULL, NULL FROM points_entry",
    "points_entry_reverses_id_key": f"{ENTRY} {NEW}, kind, community_id, at, by_id, 'x', reverses_id, NULL FROM points_entry WHERE kind = 'reversal'",
    "entry_says_why": f"{ENTRY} {NEW}, 'award', community_id, at, by_id, '', NULL, NULL FROM points_entry",
    "entry_reversal_names_entry": f"{ENTRY} {NEW}, 'reversal', community_id, at, by_id, 'x', NULL, NULL FROM points_entry",
    "entry_settlement_names_debt": f"{ENTRY} {NEW}, 'settlement', community_id, at, by_id, 'x', NULL, NULL FROM points_entry",
    "entry_payer_of_charge": f"{ENTRY} {NEW}, 'award', community_id, at, by_id, 'x', NULL, (SELECT min(id) FROM points_account) FROM points_entry",
    "entry_move_names_wallet": f"{ENTRY} {NEW}, 'move', community_id, at, by_id, 'x', NULL, NULL FROM points_entry",
    "posting_amount": f"{POSTING} SELECT entry_id, source_id, destination_id, 0 FROM points_posting",
    "posting_two_accounts": f"{POSTING} SELECT entry_id, source_id, source_id, 1 FROM points_posting",
    "lot_remaining": "UPDATE points_lot SET remaining = remaining - 1 WHERE remaining = 0",
    "points_lot_posting_id_key": again("points_lot", "wallet_id, posting_id, earned, remaining, expires_on"),
    "draw_once": f"{DRAW} SELECT posting_id, lot_id, amount FROM points_draw",
    "draw_amount": f"{DRAW} SELECT posting_id, (SELECT max(id) FROM points_lot), -1 FROM points_draw",
    "rule_named": rule(name="''"),
    "rule_points": rule(points="1001"),
    "rule_basis": rule(basis="'time'"),
    "points_rule_points_check": rule(points="-1"),
    "points_rule_day_points_check": rule(day_points="-1"),
    "points_rule_day_times_check": rule(day_times="-1"),
    "points_rule_month_times_check": rule(month_times="-1"),
    "points_rule_notice_from_check": rule(notice_from="-1"),
    "credit_cut": credit(given="asked + 1"),
    "points_credit_quantity_check": credit(quantity="-1"),
    "points_credit_cap_day_check": credit(cap_day="-1"),
    "points_credit_cap_month_check": credit(cap_month="-1"),
    "debt_once": again("points_debt", "wallet_id, entry_id, owed, lapsed, remaining"),
    "debt_remaining": "UPDATE points_debt SET remaining = owed + 1",
    "share_once": again("points_share", "resident_id, household_id, joined_at, joined_by_id"),
    "share_left_when": "UPDATE points_share SET left_at = joined_at",
    "month_once": again("points_month", "wallet_id, community_id, month, earned, spent, expired"),
    "flow_once": again(
        "points_flow", "community_id, provider_id, day, kind, source_kind, destination_kind, amount, postings"
    ),
    "snapshot_once": again(
        "points_snapshot",
        "community_id, day, folded_to, at, issued, taken_back, spent, returned, expired, moved_out, moved_in",
    ),
    "points_bookcheck_promises_check": "INSERT INTO points_bookcheck (at, promises, breaches, seconds) VALUES (now(), -1, 0, 0)",
    "points_bookcheck_breaches_check": "INSERT INTO points_bookcheck (at, promises, breaches, seconds) VALUES (now(), 0, -1, 0)",
    "adjustment_amount": "UPDATE points_adjustment SET amount = 0",
    "adjustment_says_why": "UPDATE points_adjustment SET reason = ''",
    "adjustment_take_back": "UPDATE points_adjustment SET amount = 5 WHERE status = 'proposed'",
    "take_back_once": again("points_adjustment", ADJUSTMENT, "status = 'proposed'"),
    "adjustment_two_people": "UPDATE points_adjustment SET decided_by_id = proposed_by_id WHERE status = 'approved'",
    "adjustment_decided_when": "UPDATE points_adjustment SET status = 'approved' WHERE status = 'proposed'",
    "points_adjustment_entry_id_key": again("points_adjustment", ADJUSTMENT, "status = 'approved'"),
}


@pytest.mark.django_db(transaction=True)
def test_each_constraint_of_the_books_refuses_what_it_is_for() -> None:
    world = build()
    charged(world, world.wang, 80)
    taken_back(world, charged(world, world.zhao, 20))
    taken_back(world, first_award(world.wang))
    adjusted(world, world.li, 25)
    propose_take_back(entry=first_award(world.zhao), reason="记录有误", by=world.zhang)
    ledger_share(world.wang)
    folded_through(clock.now())
    with as_owner() as owner:
        for constraint, statement in REFUSED.items():
            with pytest.raises(IntegrityError) as error, transaction.atomic(), owner.cursor() as cursor:
                cursor.execute(statement)
            assert error.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


@pytest.mark.django_db
def test_no_constraint_of_the_books_is_without_its_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u')
               AND conrelid::regclass::text LIKE 'points_%%' AND convalidated
               UNION SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
               WHERE i.indisunique AND NOT i.indisprimary AND i.indrelid::regclass::text LIKE 'points_%%'"""
        , [])  # fmt: skip
        assert {name for (name,) in cursor.fetchall()} == set(REFUSED)
