"""Codes arrive in a box that tests can open."""

import pytest

from tests.communities import phonebox


@pytest.fixture(autouse=True)
def phones(settings) -> list[tuple[str, str]]:
    """What was sent in this test."""
    settings.SMS_DRIVER = "tests.communities.phonebox.PhoneBox"
    phonebox.SENT.clear()
    return phonebox.SENT
