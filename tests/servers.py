"""pytest plugin (`-p tests.servers`): every run has a PostgreSQL and a Valkey of its own.

Loaded before Django's settings, which read these addresses. xdist's workers share the servers of the run: pytest-django
gives each a database of its own, and here each gets a Valkey database, so that none takes another's tasks.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from config.embedded import throwaway

GIVEN = ("TEST_DATABASE_URL", "TEST_DATABASE_OWNER_URL")
GIVEN_BROKER = "TEST_BROKER_URL"
# A test says itself what differs from this; nothing of the caller's shell comes in.
SURROUNDINGS = {"DEBUG": "0", "DEMO": "0", "TRUSTED_PROXIES": "0", "LOG_FORMAT": "plain", "DB_APP_ROLE": "app"}
UNSET = ("SITE_URL", "ALLOWED_HOSTS", "PORT", "BIND", "SMS_DRIVER")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start the servers; TEST_DATABASE_URL and TEST_DATABASE_OWNER_URL name another PostgreSQL (15 is the floor).

    With TEST_BROKER_URL as well there is nothing to start.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        named = given()
        if "BROKER_URL" not in named:
            os.environ.update(stack.enter_context(throwaway()))
        os.environ.update(named | SURROUNDINGS)
        for name in UNSET:
            os.environ.pop(name, None)
    else:
        number = int(worker.removeprefix("gw")) + 1
        os.environ["BROKER_URL"] += f"?virtual_host={number}"
    return (yield)


def given() -> dict[str, str]:
    """Databases that somebody else made for this run (another version of PostgreSQL, say): both logins or none."""
    named = {name.removeprefix("TEST_"): os.environ[name] for name in (*GIVEN, GIVEN_BROKER) if name in os.environ}
    if named and not all(name in os.environ for name in GIVEN):
        raise pytest.UsageError(f"Set {' and '.join(GIVEN)} together, or neither; {GIVEN_BROKER} only beside them.")
    return named
