"""`demo --reset` drops the database as the owner: only with DEMO=1, only its own, only when nobody is connected."""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.database import APP, OWNER, url_of_test_database
from tests.demo.story import at_the_centre

pytestmark = pytest.mark.heavy
NAME = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_demo_reset"


def address(who: dict[str, object]) -> str:
    return urlsplit(url_of_test_database(who))._replace(path=f"/{NAME}").geturl()


@pytest.fixture
def own_database(transactional_db: None) -> Iterator[dict[str, str]]:
    """The logins to a database with something in it, which the test may drop."""
    name = sql.Identifier(NAME)
    with psycopg.connect(address(OWNER), dbname="postgres", autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(name))
        with psycopg.connect(address(OWNER)) as connection:
            connection.execute("CREATE TABLE left_over ()")
        yield {"DATABASE_URL": address(APP), "DATABASE_OWNER_URL": address(OWNER), "DEMO": "1"}
        maintenance.execute(sql.SQL("DROP DATABASE {}").format(name))


def reset(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "manage.py", "demo", "--reset", "--residents", "8", "--date", "2026-03-12"]
    return subprocess.run(argv, env=os.environ | env, capture_output=True, text=True, timeout=120)


def one(question: str, who: dict[str, object] = APP) -> object:
    with psycopg.connect(address(who)) as connection:
        found = connection.execute(question.encode()).fetchone()
        return found and found[0]


def test_the_database_is_made_anew_and_filled(own_database: dict[str, str]) -> None:
    done = reset(own_database)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "the database was dropped and made anew")
    assert one("SELECT to_regclass('left_over') IS NULL")
    assert one("SELECT count(*) FROM communities_resident") == 29 + at_the_centre(8)  # twenty couriers, a child
    assert not one("SELECT has_database_privilege('app', current_database(), 'TEMP')")


def test_a_database_in_use_is_left_alone(own_database: dict[str, str]) -> None:
    with psycopg.connect(address(OWNER)):
        in_use = reset(own_database)
    assert (in_use.returncode, "stop the running product first" in in_use.stderr) == (1, True)
    assert one("SELECT to_regclass('left_over') IS NOT NULL", OWNER)


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"DEMO": "0"}, "Unknown command: 'demo'"),
        ({"DATABASE_OWNER_URL": ""}, "set DATABASE_OWNER_URL"),
        ({"DATABASE_OWNER_URL": url_of_test_database(OWNER)}, "name different databases; nothing was dropped"),
    ],
)
def test_what_keeps_it_from_dropping(own_database: dict[str, str], env: dict[str, str], said: str) -> None:
    refused = reset(own_database | env)
    assert (refused.returncode, said in refused.stderr) == (1, True)
    assert one("SELECT to_regclass('left_over') IS NOT NULL", OWNER)
