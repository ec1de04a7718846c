"""Every night every promise of the books is checked; a breach reaches the heads and the sub-district's administrators."""

import pytest
from django.db import connection

from communities.models import Duty
from core import clock
from notifications.models import Message
from points import books, checking
from points.models import BookCheck
from tests import world as cast
from tests.database import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PLANT = "UPDATE points_account SET balance = balance + 1 WHERE kind = 'wallet'"


def plant() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(PLANT)


def test_clean_books_are_noted_and_nobody_is_disturbed(world: World) -> None:
    at = clock.now()
    found = checking.check(at)
    assert (found.at, found.promises, found.breaches) == (at, len(books.counts()), 0)
    assert found.promises > 20 and found.seconds > 0
    assert BookCheck.objects.get() == found
    assert not Message.objects.filter(occasion__startswith="book-check:").exists()


def test_a_breach_is_counted_and_told_once_a_night_to_those_who_answer_for_it(world: World) -> None:
    cast.staff("money", "财务", Duty.Role.FINANCE, sub_district=world.street)
    plant()
    at = clock.now()
    assert checking.check(at).breaches == sum(books.counts().values()) > 0
    checking.check(at)
    rows = Message.objects.filter(occasion=f"book-check:{clock.local(at).date()}")
    assert {row.staff for row in rows} == {world.he, world.chen}
    assert len(rows) == 2
    assert "处不符" in rows[0].body and rows[0].link == "/desk/books/"
