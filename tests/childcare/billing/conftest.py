"""Bills are of months: these tests stand on the 2nd of November 2026, so that no test knows the real day."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.childcare.billing.families import TODAY


@pytest.fixture(autouse=True)
def second_of_november() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield
