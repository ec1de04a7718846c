"""`manage.py demo` on an empty database: the same story each time, also after a kill, and the sign-ins at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from demo import cast, people, signins
from demo.asked import Asked
from demo.management.commands.demo import Command
from tests.demo.story import DAY, NOON, snapshot, told

pytestmark = pytest.mark.django_db


def test_another_seed_invents_other_people() -> None:
    one, same, other = (people.everybody(Asked(NOON, seed, 60)) for seed in (1, 1, 2))
    assert one == same != other


# Where a run is killed: right after the so-manieth statement that holds these words. Each following run gets further.
KILLS = (
    ('INSERT INTO "venues_room"', 2),
    ('INSERT INTO "communities_duty"', 3),
    ('INSERT INTO "communities_consent"', 1),
    ('INSERT INTO "partners_agreement"', 2),
    ('INSERT INTO "activities_participation"', 1),
    ('INSERT INTO "partners_lookup"', 6),
    ("points_award(", 50),
    ('INSERT INTO "partners_voucher"', 2),
    ("nightschool_enrol(", 5),
    ('INSERT INTO "partners_statement"', 2),
    ('INSERT INTO "nightschool_session"', 4),
    ('INSERT INTO "childcare_place"', 1),
    ('INSERT INTO "childcare_handover"', 6),
    ('INSERT INTO "childcare_bill"', 9),
    ('INSERT INTO "childcare_payment"', 2),
    ('INSERT INTO "oauth2_provider_application"', 1),
)


@pytest.mark.heavy
def test_a_killed_run_goes_on_where_it_stopped() -> None:
    whole = rolled_back(told)

    def killed_again_and_again() -> None:
        for words, times in KILLS:
            with pytest.raises(Killed), killed_after(words, times):
                told()
        told()

    pieced = rolled_back(killed_again_and_again)
    assert {name: set(rows) ^ set(pieced[name]) for name, rows in whole.items() if rows != pieced[name]} == {}


class Killed(BaseException):
    """Not an Exception: nothing that the program does on failure may run, as with `kill -9`."""


@contextmanager
def killed_after(words: str, times: int) -> Iterator[None]:
    """The process ends; the database forgets the transaction that was open."""
    seen = count(1)

    def lethal(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if words in sql and next(seen) == times:
            raise Killed
        return found

    with connection.execute_wrapper(lethal):
        yield


def rolled_back(act: Callable[[], object]) -> dict[str, list[tuple[Any, ...]]]:
    """What `act` leaves, and then it has not happened."""
    with transaction.atomic():
        act()
        found = snapshot()
        transaction.set_rollback(True)
    return found


def test_the_command_ends_with_the_sign_ins(capsys: pytest.CaptureFixture[str]) -> None:
    call_command(Command(), residents=20, date=DAY)
    *_progress, last = said = capsys.readouterr().out.splitlines()
    assert last.startswith(signins.MARK)
    marked = [line for line in said if line.startswith(signins.MARK)]
    assert said[-len(marked) :] == marked == signins.lines()
    for word in (cast.WANG.phone, cast.PASSWORD, cast.CLIENT_ID, cast.CLIENT_SECRET):
        assert any(word in line for line in marked)
    assert not any("http" in line for line in marked)
