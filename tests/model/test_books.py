"""`make test`: always the same 20 examples of 30 steps. `make model`: other ones, by number or for hours."""

import os
import random
import time

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.database import as_owner
from tests.model.both import TALLY, Both
from tests.model.machine import BooksMachine
from tests.model.past import live

pytestmark = pytest.mark.django_db(transaction=True)
ALWAYS = settings(
    max_examples=12, stateful_step_count=30, derandomize=True, database=None, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], report_multiple_bugs=False,
)  # fmt: skip
BATCH = settings(ALWAYS, max_examples=50, stateful_step_count=50, derandomize=False)


@pytest.fixture
def past(transactional_db: None) -> Both:
    return live()


def test_the_books_are_what_the_model_says(past: Both) -> None:
    """MODEL_BATCHES or MODEL_HOURS ask for as much with seeds drawn by lot; MODEL_SEED repeats one batch."""
    machine = type("Machine", (BooksMachine,), {"past": past})
    batches, hours = int(os.environ.get("MODEL_BATCHES") or 0), float(os.environ.get("MODEL_HOURS") or 0)
    if not batches and not hours:
        run_state_machine_as_test(machine, settings=ALWAYS)
        return
    given, began, number = os.environ.get("MODEL_SEED"), time.monotonic(), 0
    while not number or (not given and (number < batches or time.monotonic() - began < hours * 3600)):
        number += 1
        chosen = int(given or random.randrange(2**32))
        print(f"batch {number}: SEED={chosen}, {time.monotonic() - began:.0f} s", flush=True)
        run_state_machine_as_test(seed(chosen)(type("Machine", (machine,), {})), settings=BATCH)
        vacuum()
    report(time.monotonic() - began)


def vacuum() -> None:
    """The test servers have no autovacuum, and every example is rolled back: the dead rows would slow down the next."""
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def report(seconds: float) -> None:
    done = {act: times for act, times in sorted(TALLY.items()) if ": " not in act}
    refused = {act: times for act, times in sorted(TALLY.items()) if ": " in act}
    print(f"{TALLY.total()} acts in {seconds:.0f} s, {sum(refused.values())} of them refused")
    for act, times in (done | refused).items():
        print(f"{times:8} {act}")
