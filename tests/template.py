"""One migrated database for each state of the migrations: every process of a run begins with a copy of it, not with migrating.

A server that outlives the run (TEST_DATABASE_URL) keeps its templates, so that the next run begins at once.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from scripts.house.files import ROOT

LOCK = 7301  # among the advisory locks of the server's own database: two processes of a run make no template each
MADE_FROM = ("*/migrations/*.py", "*/sql/*.sql", "points/grants.py", "tests/database.py")


def template(snapshot: str) -> str:
    """The name of a database that is migrated and holds `snapshot`; the first who asks makes it, all others wait for it."""
    name = f"template_{_state()}"
    with _locked() as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _make(server, name, snapshot)
    return name


def _state() -> str:
    """Ten digits that change with whatever migrating reads."""
    found = sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern))
    return sha256(b"\0".join(path.read_bytes() for path in found)).hexdigest()[:10]


def _make(server: "psycopg.Connection[tuple[object, ...]]", name: str, snapshot: str) -> None:
    raw = f"{name}_raw"  # what a killed run left is no template
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(raw)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(raw)))
    address = urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{raw}").geturl()
    env = os.environ | {"DATABASE_URL": address, "DATABASE_OWNER_URL": address}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)
    with psycopg.connect(address, autocommit=True) as made:
        made.execute(snapshot)
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(raw), sql.Identifier(name)))


@contextmanager
def _locked() -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield server
