import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import todo
from tests.communities.steps import shows
from tests.world import World, resident

pytestmark = pytest.mark.django_db


def test_the_day_begins_with_what_waits(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    shows(client.get("/desk/"), "张晓燕，您好", "待确认的居民登记", "/desk/residents/", "文兴社区")


def test_nothing_waits(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todo, "_providers", [todo.residents])
    client.force_login(world.qian)
    shows(client.get("/desk/"), "目前没有待办", "永安社区")


def test_the_sub_district_stands_above_one_community(client: Client, world: World) -> None:
    client.force_login(world.he)
    page = client.get("/desk/")
    shows(page, "何静，您好", "待确认的居民登记")
    assert "工作台，" not in page.content.decode()


def test_thirty_who_wait_cost_no_more_than_one(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/desk/")
    for number in range(29):
        resident(world.wenxing, f"吴{number}", f"138{number:08d}", confirmed=False)
    with CaptureQueriesContext(connection) as thirty:
        client.get("/desk/")
    assert len(one) == len(thirty)
