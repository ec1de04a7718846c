"""What is wrong with the books: empty when every promise is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from django.db import connection, transaction

from core.refusals import Refused
from points.books import breaches as all_breaches

R = TypeVar("R", bound=Refused)


def breaches() -> list[tuple[str, str, int]]:
    """Every breach in every view, deferred constraints included."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return all_breaches()


@contextmanager
def refuses(kind: type[R]) -> Iterator[pytest.ExceptionInfo[R]]:
    """The act is refused, and the test goes on with a sound transaction."""
    with pytest.raises(kind) as info, transaction.atomic():
        yield info
