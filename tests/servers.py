"""pytest plugin (`-p tests.servers`): every run has a PostgreSQL and a Valkey of its own.

Loaded before Django's settings, which read these addresses. xdist's workers share the servers of the run: pytest-django
gives each a database of its own, and here each gets a Valkey database, so that none takes another's tasks.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from config.embedded import throwaway

GIVEN = ("TEST_DATABASE_URL", "TEST_DATABASE_OWNER_URL", "TEST_BROKER_URL")
# A test says itself what differs from this; nothing of the caller's shell comes in.
SURROUNDINGS = {"DEBUG": "0", "DEMO": "0", "TRUSTED_PROXIES": "0", "LOG_FORMAT": "plain", "DB_APP_ROLE": "app"}
UNSET = ("SITE_URL", "ALLOWED_HOSTS", "PORT", "BIND", "SMS_DRIVER")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start the servers, or use those that TEST_DATABASE_URL, TEST_DATABASE_OWNER_URL and TEST_BROKER_URL name."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        os.environ.update(given() or stack.enter_context(throwaway()))
        os.environ.update(SURROUNDINGS)
        for name in UNSET:
            os.environ.pop(name, None)
    else:
        number = int(worker.removeprefix("gw")) + 1
        os.environ["BROKER_URL"] += f"?virtual_host={number}"
    return (yield)


def given() -> dict[str, str]:
    """The servers somebody else started for this run (another version of PostgreSQL, say): all or none."""
    named = {name.removeprefix("TEST_"): os.environ[name] for name in GIVEN if name in os.environ}
    if named and len(named) < len(GIVEN):
        raise pytest.UsageError(f"Set {', '.join(GIVEN)} together, or none of them.")
    return named | {"SECRET_KEY": "only-for-this-run"} if named else {}
