"""A database of before there was a book of hours is upgraded with its rows: each confirmed service gets its award and its record.

The night school of before there were terms and bookings comes with it: a database more would cost a minute (tests/nightschool/before.py).
"""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings

from tests.database import OWNER, url_of_test_database
from tests.nightschool import before
from tests.old import Old

NAME = "upgraded_hours"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(db: None) -> Iterator[str]:
    """A database of its own in the server of the tests."""
    mine = url_of_test_database(OWNER)
    with psycopg.connect(mine, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        yield mine.replace(f"/{settings.DATABASES['default']['NAME']}?", f"/{NAME}?")
        server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def migrate(address: str, *where: str) -> None:
    env = os.environ | {"DATABASE_URL": address, "DATABASE_OWNER_URL": address}
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0", *where], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


RECORDED = {"recorded_at": "2026-03-02T04:00:00Z"}
CONFIRMED = {"status": "confirmed", "confirmed_at": "2026-03-03T02:00:00Z"}
BEGAN, ENDED = "2026-03-02T01:00:00Z", "2026-03-02T03:00:00Z"
BOOK = """
    SELECT participation_id, minutes, credited, unit, "on"::text, starts_at = %s, ends_at - starts_at = minutes * interval '1 minute',
        recorded_by_id, confirmed_by_id
    FROM activities_service ORDER BY participation_id
"""
ROWS = """
    SELECT id, award_id IS NOT NULL, served_to - served_from = minutes * interval '1 minute', arrived_how
    FROM activities_participation ORDER BY id
"""


def lay(old: Old) -> tuple[list[int], list[int], int]:
    """A hundred minutes paid, twenty that gave nothing, sixty that wait: their numbers, the two colleagues, who was paid."""
    street = old.plant("communities_subdistrict", name="水泊寺街道")
    place = old.plant("communities_community", name="文兴社区", sub_district_id=street)
    zhang, chen = (
        old.plant("communities_user", username=name, kind="staff", is_active=True) for name in ("zhang", "chen")
    )
    decided = {"status": "confirmed", "decided_at": "2026-03-01T02:00:00Z"}
    people = [
        old.plant("communities_resident", community_id=place, name=name, **decided)
        for name in ("李建国", "王秀兰", "赵玉珍")
    ]
    activity = old.plant(
        "activities_activity", capacity=10, community_id=place, kind="ENV", title="扫雪", content="清扫积雪", risk="防滑",
        status="open", starts_at=BEGAN, ends_at=ENDED,
    )  # fmt: skip
    by = {"activity_id": activity, "by_id": zhang, "recorded_by_id": zhang, **RECORDED}
    entry = old.award("participation:1", people[0], 100, 15, chen)
    rows = [
        {"minutes": 100, "points": 15, "entry_id": entry, "confirmed_by_id": chen, **CONFIRMED},
        {"minutes": 20, "points": 0, "confirmed_by_id": chen, **CONFIRMED},
        {"minutes": 60, "points": 10, "status": "recorded"},
    ]
    parts = [
        old.plant("activities_participation", resident_id=who, **by, **row)
        for who, row in zip(people, rows, strict=True)
    ]
    return parts, [zhang, chen], people[0]


@pytest.mark.heavy
def test_what_was_there_before_is_carried_over(address: str) -> None:
    migrate(address, "points", "0007_moves_are_booked")
    migrate(address, "activities", "0004_closed")
    migrate(address, "nightschool", "0005_closed")
    with psycopg.connect(address, autocommit=True) as connection:
        (paid, short, waits), colleagues, resident = lay(old := Old(connection))
        school = before.lay(old)
    migrate(address)
    with psycopg.connect(address) as connection:
        common = ("文兴社区", "2026-03-02", True, True, *colleagues)
        assert connection.execute(BOOK, [BEGAN]).fetchall() == [(paid, 100, 90, *common), (short, 20, 0, *common)]
        award = connection.execute("SELECT resident_id, about, quantity, asked, given, status FROM activities_award")
        assert award.fetchall() == [(resident, "participation:1", 100, 15, 15, "posted")]
        assert connection.execute(ROWS).fetchall() == [
            (paid, True, True, "desk"),
            (short, False, True, "desk"),
            (waits, False, True, "desk"),
        ]
        assert connection.execute("SELECT * FROM activities_breach").fetchall() == []
        before.check(connection, school)
