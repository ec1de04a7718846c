"""/healthz says that the process lives; /readyz says whether traffic may come, and why not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from pytest_django.fixtures import Settings

from points.grants import BOOKS
from tests.database import ALIAS, as_owner

NOBODY = "redis://127.0.0.1:1/0"
BLACK_HOLE = "redis://192.0.2.1:6379/0"  # RFC 5737: nobody answers, nobody refuses


def failures(client: Client) -> list[str]:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer["Cache-Control"].startswith("max-age=0, no-cache")
    return answer.json()["failures"]  # type: ignore[no-any-return]


def test_the_process_is_alive_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_all_is_well(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_is_changed_by_asking(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_the_questions_are_answered_outside_the_tls_redirect(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/healthz/more").status_code == 301


@pytest.mark.django_db(transaction=True)
def test_a_login_that_owns_tables_is_refused(client: Client) -> None:
    with as_owner():
        found = failures(client)
    assert {f"{table} could be changed by this login" for table in BOOKS} <= set(found)


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_is_not_applied_is_counted(client: Client) -> None:
    ((app, newest),) = MigrationLoader(None).graph.leaf_nodes("points")
    with unrecorded(app, newest):
        assert failures(client) == ["1 migrations are not applied"]
    assert client.get("/readyz").status_code == 200


@contextmanager
def unrecorded(app: str, name: str) -> Iterator[None]:
    """The database has not heard of one migration, for the length of the block."""
    with as_owner() as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s RETURNING id, applied", [app, name])
        number, applied = cursor.fetchone()
    try:
        yield
    finally:
        with as_owner() as connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", [number, app, name, applied])


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_said_without_its_address(client: Client) -> None:
    here = connections[ALIAS]
    away = here.copy()
    away.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1"}
    connections[ALIAS] = away
    try:
        assert failures(client) == ["the database does not answer"]
    finally:
        away.close()
        connections[ALIAS] = here


@pytest.mark.django_db
@pytest.mark.parametrize("address", [NOBODY, BLACK_HOLE])
def test_a_broker_that_is_away_is_said_soon(client: Client, settings: Settings, address: str) -> None:
    settings.CELERY_BROKER_URL = address
    began = time.monotonic()
    assert failures(client) == ["the broker does not answer"]
    assert time.monotonic() - began < 5
