"""A cluster restored from a dump begins its transactions anew; the books go on."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from core import clock
from points import folding
from points.grants import grant
from tests.books import breaches
from tests.database import as_owner
from tests.world import World, award, build

pytestmark = pytest.mark.django_db(transaction=True)
RESTORED = """
ALTER TABLE points_entry DISABLE TRIGGER USER;
UPDATE points_entry SET xid = xid + 1000000000000;
UPDATE points_snapshot SET folded_to = folded_to + 1000000000000;
ALTER TABLE points_entry ENABLE TRIGGER USER;
"""


@pytest.fixture(autouse=True)
def _base_is_put_back(transactional_db: None) -> Iterator[None]:
    """The schema `books` is not among what the tests reset."""
    yield
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("UPDATE books.epoch SET base = 0")


def issued(world: World) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT issued FROM points_total WHERE community_id = %s", [world.wenxing.pk])
        return int(cursor.fetchone()[0])


def restored() -> World:
    """As pg_restore leaves it: every entry and snapshot names transactions that this cluster has not reached."""
    world = build()
    folding.fold(at=clock.now())
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute(RESTORED)
    return world


def test_after_a_restore_migrate_lets_the_transactions_go_on() -> None:
    world = restored()
    with as_owner():
        grant("default")
    before = issued(world)
    award(world.li, 7)
    assert issued(world) == before + 7
    folding.fold(at=clock.now())
    assert issued(world) == before + 7
    assert breaches() == []


def test_nothing_is_folded_in_a_restored_cluster_before_migrate() -> None:
    restored()
    with pytest.raises(DatabaseError, match="run migrate as the owner"):
        folding.fold(at=clock.now())


def test_a_restored_cluster_takes_no_traffic_before_migrate(client: Client) -> None:
    restored()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failures"]) == (
        503, ["the books were restored from a dump: run migrate as the owner"]
    )  # fmt: skip
    with as_owner():
        grant("default")
    assert client.get("/readyz").status_code == 200


def test_in_the_cluster_that_it_was_made_in_the_base_stays() -> None:
    build()
    folding.fold(at=clock.now())
    with as_owner() as owner, owner.cursor() as cursor:
        grant("default")
        cursor.execute("SELECT base FROM books.epoch")
        assert cursor.fetchone() == (0,)
