"""The last line: what not even the owner's own statements can write into the books, whatever a function forgets."""

import pytest
from django.db import IntegrityError, connection, transaction

from points import ledger
from tests.database import as_owner
from tests.world import World

ENTRY = "INSERT INTO points_entry (key, digest, kind, community_id, at, by_id, reason, reverses_id)"
POSTING = "INSERT INTO points_posting (entry_id, source_id, destination_id, amount)"
DRAW = "INSERT INTO points_draw (posting_id, lot_id, amount)"
REFUSED = {
    "wallet_never_below_zero": "UPDATE points_account SET balance = -1 WHERE kind = 'wallet'",
    "account_shape": "UPDATE points_account SET balance = 0 WHERE kind = 'issuer'",
    "pot_once": "INSERT INTO points_account (kind, community_id) SELECT kind, community_id FROM points_account WHERE kind = 'issuer'",
    "points_account_resident_id_key": """
        INSERT INTO points_account (kind, resident_id, balance) SELECT kind, resident_id, 0 FROM points_account WHERE kind = 'wallet'""",
    "points_entry_key_key": f"{ENTRY} SELECT key, '', 'award', community_id, at, by_id, 'x', NULL FROM points_entry",
    "points_entry_reverses_id_key": f"{ENTRY} SELECT 'again', '', kind, community_id, at, by_id, 'x', reverses_id FROM points_entry WHERE kind = 'reversal'",
    "entry_says_why": f"{ENTRY} SELECT 'new' || id, '', 'award', community_id, at, by_id, '', NULL FROM points_entry",
    "entry_reversal_names_entry": f"{ENTRY} SELECT 'new' || id, '', 'reversal', community_id, at, by_id, 'x', NULL FROM points_entry",
    "posting_amount": f"{POSTING} SELECT entry_id, source_id, destination_id, 0 FROM points_posting",
    "posting_two_accounts": f"{POSTING} SELECT entry_id, source_id, source_id, 1 FROM points_posting",
    "lot_remaining": "UPDATE points_lot SET remaining = remaining - 1 WHERE remaining = 0",
    "points_lot_posting_id_key": """
        INSERT INTO points_lot (wallet_id, posting_id, earned, remaining, expires_on)
        SELECT wallet_id, posting_id, 1, 1, expires_on FROM points_lot""",
    "draw_once": f"{DRAW} SELECT posting_id, lot_id, amount FROM points_draw",
    "draw_amount": f"{DRAW} SELECT posting_id, (SELECT max(id) FROM points_lot), -1 FROM points_draw",
}


@pytest.mark.django_db(transaction=True)
def test_each_constraint_of_the_books_refuses_what_it_is_for(world: World) -> None:
    paid = {"by": world.system, "reason": "夜校"}
    ledger.charge(key="all", resident=world.wang, amount=80, provider=world.wenxing, **paid)
    entry = ledger.charge(key="some", resident=world.zhao, amount=20, provider=world.wenxing, **paid)
    ledger.reverse(key="back", entry=entry, **paid)
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
