"""What the application's login may do: read the books and EXECUTE their functions, nothing more (design, 3.4)."""

from typing import Any

from django.conf import settings
from django.db import connections

BOOKS = (
    "points_account", "points_entry", "points_posting", "points_lot", "points_draw", "points_rule", "points_credit",
    "points_debt", "points_share", "points_month", "points_flow", "points_snapshot",
)  # fmt: skip
LOGS = ("communities_change", "communities_look")
READ_ONLY = (*BOOKS, *LOGS, "django_migrations")

GRANT = """
DO $do$
DECLARE
    app text := current_setting('grants.app');
    read_only text[] := string_to_array(current_setting('grants.read_only'), ',');
    it record;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', app);
    FOR it IN  -- a sequence goes with its table, a partition with its parent
        SELECT c.oid::regclass AS name, c.relkind, coalesce(root.relname, owning.relname, c.relname) = ANY (read_only) AS read_only
        FROM pg_class c
        LEFT JOIN pg_class root ON c.relispartition AND root.oid = pg_partition_root(c.oid)
        LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
            AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        LEFT JOIN pg_class owning ON owning.oid = d.refobjid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            AND pg_get_userbyid(c.relowner) = current_user
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, %I', it.name, app);
        EXECUTE format('GRANT %s ON %s %s TO %I',
            CASE WHEN it.read_only OR it.relkind IN ('v', 'm') THEN 'SELECT'
                 WHEN it.relkind = 'S' THEN 'USAGE, SELECT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END,
            CASE WHEN it.relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, it.name, app);
    END LOOP;
    FOR it IN
        SELECT oid::regprocedure AS name, prorettype = 'trigger'::regtype AS is_trigger FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) = current_user
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, %I', it.name, app);
        IF NOT it.is_trigger THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', it.name, app);
        END IF;
    END LOOP;
END $do$;
"""
OWNS = (
    "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = to_regclass('public.django_migrations')"
)


def grant(using: str, **_signal: Any) -> None:
    """After `migrate` as the owner: grant anew, in one transaction. A `migrate` run as the application does nothing."""
    with connections[using].cursor() as cursor:
        cursor.execute(OWNS)
        if cursor.fetchone() != (True,):
            return
        cursor.execute("SELECT set_config('grants.app', %s, false)", [settings.DB_APP_ROLE])
        cursor.execute("SELECT set_config('grants.read_only', %s, false)", [",".join(READ_ONLY)])
        cursor.execute(GRANT)
        cursor.execute("SELECT to_regproc('books.begin_epoch')")
        if cursor.fetchone() != (None,):  # after a restore from a dump, before anybody books anything (ADR 0010)
            cursor.execute("SELECT books.begin_epoch()")


# Every role that this login is or may become counts: what it does not inherit, it takes by SET ROLE.
WEAKNESSES = """
WITH mine AS (
    SELECT oid, rolname, rolsuper OR rolcreaterole OR has_parameter_privilege(oid, 'session_replication_role', 'SET')
        OR rolname IN ('pg_write_all_data', 'pg_execute_server_program', 'pg_write_server_files') AS strong
    FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER') OR pg_has_role(current_user, oid, 'MEMBER')
), things AS (
    SELECT c.oid, c.relname, c.relkind, c.relowner, coalesce(root.relname, owning.relname, c.relname) = ANY (%(books)s) AS of_books
    FROM pg_class c
    LEFT JOIN pg_class root ON c.relispartition AND root.oid = pg_partition_root(c.oid)
    LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_class owning ON owning.oid = d.refobjid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
)
SELECT t.relname || ' could be changed by this login' FROM things t, mine m WHERE t.relowner = m.oid OR CASE
    WHEN t.relkind = 'S' THEN t.of_books AND has_sequence_privilege(m.oid, t.oid, 'USAGE, UPDATE')
    WHEN t.of_books OR t.relkind IN ('v', 'm') THEN
        has_table_privilege(m.oid, t.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        OR has_any_column_privilege(m.oid, t.oid, 'INSERT, UPDATE, REFERENCES')
    END
UNION SELECT 'schema ' || nspname || ' is open to this login' FROM pg_namespace n, mine m WHERE nspname IN ('public', 'books')
    AND (nspowner = m.oid OR has_schema_privilege(m.oid, n.oid, 'CREATE')
        OR nspname = 'books' AND has_schema_privilege(m.oid, n.oid, 'USAGE'))
UNION SELECT 'function ' || p.proname || ' belongs to this login' FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname IN ('public', 'books') JOIN mine m ON m.oid = p.proowner
UNION SELECT 'this login can do everything as ' || rolname FROM mine WHERE strong
ORDER BY 1
"""


def weaknesses() -> list[str]:
    """Why this login is stronger than the application's should be; empty when all is well. `/readyz` asks."""
    with connections["default"].cursor() as cursor:
        cursor.execute(WEAKNESSES, {"books": [*BOOKS, *LOGS]})
        return [said for (said,) in cursor.fetchall()]
