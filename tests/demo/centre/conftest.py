"""The whole childcare centre of the demo, 126 children, told once for this folder and committed."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from demo import filling, people, places
from demo.asked import Asked
from demo.childcare import story as centre
from tests.database import reset
from tests.demo.story import NOON

ASKED = Asked(NOON, seed=1, residents=300)


def told() -> list[str]:
    """Only what the centre needs of the rest: places and colleagues. What was said meanwhile."""
    said: list[str] = []
    places.write(ASKED)
    people.write_staff(ASKED)
    filling.write_events(ASKED, centre.past(ASKED), said.append, "the childcare centre")
    return said


@pytest.fixture(scope="package")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                told()
            yield
        finally:
            reset()


@pytest.fixture(autouse=True)
def filled(story: None, db: None) -> None:
    """The centre at noon of its day; what a test writes is undone."""
