"""What the application's login may do: read the books and EXECUTE their functions, nothing more (design, 3.4)."""

from typing import Any

from django.conf import settings
from django.db import connections

BOOKS = ("points_account", "points_entry", "points_posting", "points_lot", "points_draw")
READ_ONLY = (*BOOKS, "django_migrations")

GRANT = """
DO $do$
DECLARE
    app text := current_setting('grants.app');
    read_only text[] := string_to_array(current_setting('grants.read_only'), ',');
    it record;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', app);
    FOR it IN
        SELECT c.oid::regclass AS name, c.relkind, coalesce(d.refobjid::regclass::text, c.relname) = ANY (read_only) AS read_only
        FROM pg_class c
        LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
            AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            AND pg_get_userbyid(c.relowner) = current_user
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, %I', it.name, app);
        EXECUTE format('GRANT %s ON %s %s TO %I',
            CASE WHEN it.read_only OR it.relkind IN ('v', 'm') THEN 'SELECT'
                 WHEN it.relkind = 'S' THEN 'USAGE, SELECT, UPDATE' ELSE 'SELECT, INSERT, UPDATE, DELETE' END,
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


def weaknesses() -> list[str]:
    """Why this login is stronger than the application's should be; empty when all is well. `/readyz` asks."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND (pg_has_role(current_user, c.relowner, 'MEMBER') OR (c.relname = ANY (%s) AND
                   has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')))
            """,
            [list(BOOKS)],
        )
        return [f"{row[0]} could be changed by this login" for row in cursor.fetchall()]
