"""One migrated template on the throw-away server, and a copy of it for each run of pytest."""

import os
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from scripts.house.files import ROOT

TEMPLATE = "mutants_template"
LOGINS = ("DATABASE_URL", "DATABASE_OWNER_URL")


def url(login: str, database: str) -> str:
    """The address of `database` under one of the LOGINS."""
    return urlsplit(os.environ[login])._replace(path=f"/{database}").geturl()


def owner(database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url("DATABASE_OWNER_URL", database), autocommit=True)


def migrate_template() -> None:
    with owner("hehuoren") as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    address = {login: url("DATABASE_OWNER_URL", TEMPLATE) for login in LOGINS}
    argv = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(argv, cwd=ROOT, env=os.environ | address, check=True)


@dataclass(frozen=True)
class Copy:
    """A database as Django's tests find it: called `test_<name>`, while the addresses say `<name>`."""

    name: str

    @property
    def database(self) -> str:
        return f"test_{self.name}"

    def __enter__(self) -> "Copy":
        self._say("CREATE DATABASE {} TEMPLATE {}", self.database, TEMPLATE)
        return self

    def __exit__(self, *_error: object) -> None:
        self._say("DROP DATABASE {} WITH (FORCE)", self.database)

    def environment(self) -> dict[str, str]:
        """What tests/servers.py reads: they are not to start servers of their own."""
        return {f"TEST_{login}": url(login, self.name) for login in LOGINS} | {
            "TEST_BROKER_URL": os.environ["BROKER_URL"]
        }

    def _say(self, statement: str, *names: str) -> None:
        with owner("hehuoren") as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
