"""`demo --reset`: the owner drops the database and makes it anew, with the grants that it was opened with."""

import os
import subprocess
import sys

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

MAINTENANCE = "postgres"  # a database to stand in while one's own is dropped
DROPPED_AND_MADE = (
    "DROP DATABASE IF EXISTS {database}",
    "CREATE DATABASE {database}",
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {app}",
)


def recreate_database() -> None:
    """Everything in the database is gone afterwards; the tables are there again, empty.

    Refuses without the owner's login, with another database's, and while somebody else is connected.
    """
    owner = os.environ.get("DATABASE_OWNER_URL", "")
    name = str(settings.DATABASES["default"]["NAME"])
    if not owner:
        raise CommandError("--reset drops the database, so it needs the owner's login: set DATABASE_OWNER_URL.")
    if conninfo_to_dict(owner).get("dbname") != name:
        raise CommandError("DATABASE_OWNER_URL and DATABASE_URL name different databases; nothing was dropped.")
    connection.close()
    names = {"database": sql.Identifier(name), "app": sql.Identifier(settings.DB_APP_ROLE)}
    try:
        with psycopg.connect(owner, dbname=MAINTENANCE, autocommit=True) as maintenance:
            for statement in DROPPED_AND_MADE:
                maintenance.execute(sql.SQL(statement).format(**names))
    except psycopg.errors.ObjectInUse:
        raise CommandError("The database is in use: stop the running product first; nothing was dropped.") from None
    migrate = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(migrate, env=os.environ | {"DATABASE_URL": owner}, cwd=settings.BASE_DIR, check=True)
