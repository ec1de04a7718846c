"""A code that is good for a minute or two."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from communities import rotating

NOON = datetime(2026, 12, 2, 4, 0, 30, tzinfo=UTC)  # in the middle of a minute


def test_it_is_good_in_its_minute_and_the_next_and_never_again() -> None:
    code = rotating.code("activity:1:in", NOON)
    good = [
        rotating.is_good(code, "activity:1:in", NOON + timedelta(seconds=n)) for n in (-31, 0, 29, 30, 89, 90, 3600)
    ]
    assert good == [False, True, True, True, True, False, False]


def test_it_is_good_for_its_purpose_alone() -> None:
    code = rotating.code("activity:1:in", NOON)
    assert not [other for other in ("activity:1:out", "activity:2:in", "") if rotating.is_good(code, other, NOON)]


def test_each_minute_has_its_own_that_nobody_guesses() -> None:
    codes = {rotating.code("activity:1:in", NOON + timedelta(minutes=n)) for n in range(100)}
    assert len(codes) == 100
    assert {len(code) for code in codes} == {22}


@pytest.mark.parametrize("given", ["", "x", "é" * 22, "\0", "A" * 5000])
def test_nonsense_is_no_code(given: str) -> None:
    assert not rotating.is_good(given, "activity:1:in", NOON)


def test_it_hangs_on_the_secret_key() -> None:
    code = rotating.code("activity:1:in", NOON)
    with override_settings(SECRET_KEY="another"):
        assert not rotating.is_good(code, "activity:1:in", NOON)
