"""Fixtures for every test: the database's two logins (tests/database.py) and a real worker (tests/worker.py)."""

import gc
from collections.abc import Iterator

import pytest
import time_machine
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from communities import sealing
from core import clock
from tests.database import APP, OWNER, SNAPSHOT, become, begin_with, close, reset, url_of_test_database
from tests.server import web
from tests.template import template
from tests.worker import celery_worker, start_worker
from tests.world import World, build

__all__ = ["celery_worker", "start_worker", "web"]

QUARTER, SHORT = 15 * 60, 30  # seconds


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not walk through eleven thousand tests again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_keepdb: bool, django_db_createdb: bool
) -> None:
    """The owner copies the migrated template; with `--reuse-db` the database is taken as it is found (tests/mutants)."""
    if django_db_keepdb and not django_db_createdb:
        become(APP)
    else:
        become(OWNER)
        begin_with(template(SNAPSHOT))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Everything between creating and dropping the test database runs as the application, children included."""
    with django_db_blocker.unblock():
        become(OWNER)
        close()
        become(APP)
    with pytest.MonkeyPatch.context() as patch:
        # Django's own reset is TRUNCATE by whoever is logged in; the application may not, and must not.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: reset())
        patch.setenv("DATABASE_URL", url_of_test_database())
        yield
    with django_db_blocker.unblock():
        become(OWNER)


@pytest.fixture(autouse=True)
def search_key() -> None:
    """As in a process that has served before, or the first fingerprint of a run would cost a query more than the others."""
    sealing.assume_search_key()


@pytest.fixture(autouse=True)
def no_quarter_ends_within_a_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tries are counted by quarters of an hour, hours and days (communities/limits.py), and days end at midnight. A test that begins
    in the last half minute of a quarter begins in the next one instead; not where other processes look at the clock as well."""
    left = QUARTER - clock.now().timestamp() % QUARTER
    marker = request.node.get_closest_marker("django_db")
    if left > SHORT or marker is None or marker.kwargs.get("transaction") or "web" in request.fixturenames:
        yield
        return
    with time_machine.travel(clock.now().timestamp() + left + 1, tick=True):
        yield


@pytest.fixture
def world(db: None) -> World:
    """The fixed cast (tests/world.py)."""
    return build()
