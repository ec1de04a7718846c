from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from tests.world import World

pytestmark = pytest.mark.django_db
WEEK, HALF_HOUR = 7 * 24 * 3600, 1800


@pytest.mark.parametrize(("who", "seconds"), [("zhang", HALF_HOUR), ("wang", WEEK)])
def test_every_way_in_sets_the_idle_limit_of_the_kind(client: Client, world: World, who: str, seconds: int) -> None:
    person = getattr(world, who)
    client.force_login(getattr(person, "account", person))
    assert client.session.get_expiry_age() == seconds
    assert client.session["seen"]


def writes(client: Client) -> bool:
    """Whether a page wrote the session."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/desk/second-factor/").status_code == 200
    return any("UPDATE" in query["sql"] and "django_session" in query["sql"] for query in queries)


def test_the_session_is_written_once_a_minute_and_not_with_every_page(
    client: Client, world: World, time_machine
) -> None:
    client.force_login(world.zhang)
    assert not writes(client)
    time_machine.move_to(clock.now() + timedelta(minutes=1))
    assert [writes(client), writes(client)] == [True, False]
