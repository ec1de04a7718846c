"""Sixteen processes, random verbs, 15 % repeated keys, few wallets: nothing is booked twice, nothing locks up, no promise breaks.

RACE_SECONDS=60 plays longer (`make race`).
"""

import os
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F

from communities.models import Resident
from core import clock
from points import ledger
from points.models import Debt, Entry
from tests import world as cast
from tests.api import client_of
from tests.books import breaches
from tests.races.acts import ACTS, HOUSEHOLD, REST, Table, name_of
from tests.races.hands import HANDS, Score, play
from tests.races.together import crowd
from tests.worker import wait_until
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
LONGER = os.environ.get("RACE_SECONDS")
SECONDS = float(LONGER or 10)
LEAST_EACH, LEAST_OF_ONE_ACT = 60, 3
# What people who meet like this may hear; anything else is an error of ours.
POSSIBLE = {
    "short_of_points", "already_reversed", "nothing_to_take_back", "no_purse", "unknown_account",
    "too_little_left", "already_proposed", "taken_back_before", "not_an_award", "not_your_duty", "rule_nothing_new",
    "already_enrolled", "course_full", "not_seated", "already_here", "move_adjustment_waits",
    "wrong_way",
    # A key repeated while its resident moves: the second hand was in the new community before the first was booked. Nothing
    # is booked twice, and asked once more it is given the first entry.
    "key_reused",
}  # fmt: skip
NAMES = {act.__name__ for act in ACTS} - {"reverse_reversal"}


def deadlocks() -> int:
    """How often PostgreSQL had to break one in this database; a backend reports when it ends, so first all must have."""
    wait_until(lambda: "" if other_sessions() else "none")
    return number_from("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def other_sessions() -> int:
    return number_from(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )


def number_from(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


@pytest.fixture
def table(world: World) -> Table:
    crowded = [*crowd(world, 6, points=60), world.wang, world.zhou]
    numbers = [person.pk for person in crowded]
    Resident.objects.filter(pk__in=numbers).update(birth_date=date(1970, 1, 1))
    Resident.objects.filter(pk__in=sorted(numbers)[-HOUSEHOLD:]).update(household=crowded[0].household)
    people = list(Resident.objects.select_related("community", "account").filter(pk__in=numbers).order_by("pk"))
    for place in (world.wenxing, world.yongan):
        key = f"opens the pot of {place.pk}"
        ledger.charge(key=key, resident=world.wang, amount=1, provider=place, by=world.system, reason="夜校")
    courses = [cast.course(world.wenxing, title=f"课{n}", price=5 + n, capacity=5) for n in range(3)]
    api = client_of(world.street)
    # What Django and Celery load at their first act is loaded once, and not in sixteen processes that hold locks.
    assert api.enrol(courses[0].pk, world.wang.pk).status_code == 201
    return Table(world, people, courses, api, clock.now() - timedelta(hours=1))


def entries() -> dict[int, set[int]]:
    """What stands in the books, by number of the act."""
    mine = Entry.objects.filter(key__startswith="race:").values_list("key", "pk")
    return {int(key.removeprefix("race:")): {pk} for key, pk in mine}


def figures(score: Score) -> str:
    rows = [*sorted(score.done.items()), *sorted(score.refused.items())]
    said = " · ".join(f"{name} {number}" for name, number in rows)
    return f"{score.acts} acts, {score.replays} repeated ({score.replays_of_booked} of them booked before) · {said}"


def test_sixteen_processes_and_random_verbs_break_no_promise(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    stuck = deadlocks()
    score = play(table, seconds=SECONDS, least=LEAST_EACH)
    if LONGER:
        with capsys.disabled():
            print(f"\n{figures(score)}")
    assert score.wrong == []
    assert set(score.refused) <= POSSIBLE, score.refused  # `busy` is not among them
    assert [number for number, ids in score.booked.items() if len(ids) > 1] == []
    assert deadlocks() == stuck
    assert breaches() == []
    assert entries() == {number: ids for number, ids in score.booked.items() if name_of(number) not in REST}
    # The race was one: enough was done of everything, and enough was repeated.
    assert score.acts >= HANDS * LEAST_EACH
    assert {name for name in NAMES if score.done[name] < LEAST_OF_ONE_ACT} == set(), score.done
    assert score.done["reverse_reversal"] == 0
    assert score.replays_of_booked >= HANDS
    assert score.refused["short_of_points"] >= HANDS
    assert Debt.objects.filter(owed__gt=0).count() >= LEAST_OF_ONE_ACT  # awards taken back after they were spent
    assert Debt.objects.filter(remaining__lt=F("owed")).exists()
