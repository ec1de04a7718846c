"""The whole story, told once for this folder and committed, so that no transaction stays open while its tests run."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.database import reset
from tests.demo.story import told


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
    """The demo at noon of its day; what a test writes is undone."""
