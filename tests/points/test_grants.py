"""Under the application's login, raw SQL can neither write nor change a row of the books."""

import psycopg
import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from points.grants import BOOKS, READ_ONLY, grant, weaknesses
from points.models import Entry
from tests.books import breaches
from tests.database import as_owner
from tests.world import World, build

DENIED = [
    "INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET {key} = {key}", "DELETE FROM {}", "TRUNCATE {} CASCADE",
    "ALTER TABLE {} DISABLE TRIGGER USER", "DROP TABLE {}", "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
    "SELECT 1 FROM {} FOR UPDATE",
]  # fmt: skip


def refused_by_privilege(statement: str) -> None:
    with pytest.raises(ProgrammingError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(error.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db
@pytest.mark.parametrize("table", BOOKS)
@pytest.mark.parametrize("statement", DENIED)
def test_the_application_cannot_touch_the_books(table: str, statement: str) -> None:
    refused_by_privilege(statement.format(table, key="entry_id" if table == "points_credit" else "id"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE owner", "SET session_replication_role = replica", "CREATE TABLE x (i int)", "DELETE FROM django_migrations",
        "SELECT setval('points_posting_id_seq', 1)", "SELECT nextval('points_entry_id_seq')",
        "SELECT books.move(1, 1, 1, 2, 5)", "SELECT books.wallet(1)", "SELECT books.tally(1, 1, '2026-11-01', 5, 0, 0)",
        "SELECT books.settle(1, 1, '2026-11-20Z', 1)", "SELECT * FROM books.months", "UPDATE books.epoch SET base = 1",
        "SELECT books.begin_epoch()",
        "CREATE OR REPLACE FUNCTION points_post() RETURNS void LANGUAGE sql AS ''",
        "DROP VIEW points_breach",
    ],
)  # fmt: skip
def test_the_application_cannot_climb(statement: str) -> None:
    refused_by_privilege(statement)


@pytest.mark.django_db
def test_every_table_has_the_rights_it_should_have() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, c.relkind, array_agg(p) FROM pg_class c,
               unnest(array['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) p
               WHERE c.relnamespace = 'public'::regnamespace AND relkind IN ('r','p','v','m')
                 AND has_table_privilege(c.oid, p) GROUP BY 1, 2"""
        )
        got = {name: (kind, set(rights)) for name, kind, rights in cursor.fetchall()}
        for name in READ_ONLY:
            assert got.pop(name)[1] == {"SELECT"}, name
        ordinary = {name for name, (kind, _) in got.items() if name.startswith("points_") and kind in "rp"}
        assert ordinary == {"points_adjustment", "points_bookcheck"}
        assert all(
            rights == ({"SELECT"} if kind == "v" else {"SELECT", "INSERT", "UPDATE", "DELETE"})
            for kind, rights in got.values()
        )


@pytest.mark.django_db
def test_definer_functions_pin_their_search_path_and_are_not_public() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND
               (has_function_privilege('public', oid, 'execute')
                OR coalesce(array_to_string(proconfig, ','), '') NOT LIKE 'search_path=%%')""",
            [],
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["points_entry", "points_posting", "points_draw", "points_rule", "points_credit"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {key} = {key}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_triggers_refuse_even_the_owner(table: str, statement: str) -> None:
    build()
    entries = Entry.objects.count()
    with (
        as_owner() as owner,
        pytest.raises((IntegrityError, InternalError), match=f"of {table} is refused: append-only"),
        owner.cursor() as cursor,
    ):
        if table == "points_draw":
            cursor.execute(
                "INSERT INTO points_draw (posting_id, lot_id, amount) SELECT p.id, l.id, 1 FROM points_posting p, points_lot l LIMIT 1"
            )
        cursor.execute(statement.format(table, key="entry_id" if table == "points_credit" else "id"))
    assert Entry.objects.count() == entries > 0


@pytest.mark.django_db
def test_readiness_finds_no_weakness_in_the_applications_login(world: World) -> None:
    assert weaknesses() == []
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_readiness_names_what_a_stronger_login_could_change() -> None:
    with as_owner():
        found = weaknesses()
    assert any("points_posting" in line for line in found)


TOO_MUCH = [
    ("INSERT", "points_draw"), ("UPDATE (balance)", "points_account"), ("INSERT (key)", "points_entry"),
    ("TRIGGER", "points_posting"), ("REFERENCES", "points_lot"), ("TRUNCATE", "points_lot"),
    ("UPDATE", "SEQUENCE points_posting_id_seq"), ("USAGE", "SEQUENCE points_entry_id_seq"),
    ("CREATE", "SCHEMA public"), ("USAGE", "SCHEMA books"), ("INSERT", "points_breach"),
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["app", "PUBLIC"])
def test_readiness_names_each_right_too_many(who: str) -> None:
    for right, thing in TOO_MUCH:
        with as_owner() as owner, owner.cursor() as cursor:
            cursor.execute(f"GRANT {right} ON {thing} TO {who}")
        found = weaknesses()
        with as_owner() as owner, owner.cursor() as cursor:
            cursor.execute(f"REVOKE {right} ON {thing} FROM {who}")
        assert [thing.split()[-1] in line for line in found] == [True], (right, thing)
    assert weaknesses() == []


@pytest.mark.django_db(transaction=True)
def test_a_partition_of_the_books_is_as_closed_as_the_books() -> None:
    """A book table that is cut into parts some day: its parts and their sequences may not be written either."""
    with as_owner() as owner, owner.cursor() as cursor, transaction.atomic():
        cursor.execute(
            """ALTER TABLE points_draw RENAME TO draws_before;
               CREATE TABLE points_draw (id bigint GENERATED BY DEFAULT AS IDENTITY, amount bigint) PARTITION BY RANGE (id);
               CREATE TABLE draws_of_one_year PARTITION OF points_draw FOR VALUES FROM (0) TO (100)"""
        )
        grant("default")
        cursor.execute(
            """SELECT c.relname FROM pg_class c WHERE c.relname IN ('points_draw', 'draws_of_one_year')
               AND has_table_privilege('app', c.oid, 'INSERT, UPDATE, DELETE') AND c.relnamespace = 'public'::regnamespace"""
        )
        assert cursor.fetchall() == []
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_no_number_is_drawn_twice(world: World) -> None:
    """Set back, a sequence would give a second enrolment the key of the first, and its seat for nothing."""
    refused_by_privilege("SELECT setval('nightschool_enrolment_id_seq', 1)")


@pytest.mark.django_db
def test_the_inner_rooms_are_nobodys() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
               WHERE n.nspname = 'books' AND has_function_privilege(p.oid, 'execute')"""
        )
        assert cursor.fetchall() == []
