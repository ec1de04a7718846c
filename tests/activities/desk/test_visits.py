"""The desk's pages of visits."""

import pytest
from django.test import Client

from activities import visiting
from activities.models import Visit
from activities.visiting import note
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.pages import leafed, links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def noted(world: World, resident: Resident | None = None, text: str = "独居，精神好", follow_up: str = "") -> Visit:
    made = Visit(community=world.wenxing, resident=resident, text=text, follow_up=follow_up, on=clock.today())
    return note(visit=made, by=world.zhang)


def typed(world: World, **more: object) -> dict[str, object]:
    return {"community": world.wenxing.pk, "on": clock.today(), "text": "精神好", "follow_up": "换灯泡"} | more


def test_somebody_is_looked_for_and_called_on(desk: Client, world: World) -> None:
    path = f"/desk/visits/new/?resident={world.zhao.pk}"
    assert f"?resident={world.zhao.pk}" in links(desk, "/desk/visits/new/?q=zyz")
    assert "没有找到" in text(desk, "/desk/visits/new/?q=周海涛")
    assert "走访对象：赵玉珍" in text(desk, path)
    answer = desk.post(path, typed(world), follow=True)
    made = Visit.objects.get()
    assert "走访已登记" in words(answer.content.decode())
    assert (made.resident, made.by, made.follow_up) == (world.zhao, world.zhang, "换灯泡")
    assert desk.get(f"/desk/visits/new/?resident={world.zhou.pk}").status_code == 404
    assert desk.get("/desk/visits/new/?resident=x&q=%00").status_code == 200


def test_what_is_wrong_is_said_with_what_was_typed(desk: Client, world: World) -> None:
    answer = desk.post("/desk/visits/new/", typed(world, on="2020-01-01"))
    assert answer.status_code == 400 and "换灯泡" in answer.content.decode()
    assert desk.post("/desk/visits/new/", typed(world, community=world.yongan.pk)).status_code == 400
    assert not Visit.objects.exists()


def test_a_follow_up_is_settled_in_the_list_and_leaves_the_to_do(desk: Client, world: World) -> None:
    mine = noted(world, world.zhao, follow_up="换灯泡")
    assert "走访中发现的事待跟进" in text(desk, "/desk/")
    answer = desk.post(f"/desk/visits/{mine.pk}/settle/", follow=True)
    assert "已办结" in words(answer.content.decode())
    assert "走访中发现的事待跟进" not in text(desk, "/desk/")


def test_the_list_narrows_and_shows_nothing_of_others(client: Client, desk: Client, world: World) -> None:
    noted(world, world.zhao, "一号", "跟进"), noted(world, None, "二号")
    assert "一号" in text(desk, "/desk/visits/?state=open") and "二号" not in text(desk, "/desk/visits/?state=open")
    assert "二号" in text(desk, "/desk/visits/?state=none&mine=on")
    assert desk.get("/desk/visits/?state=x&community=x&before=x").status_code == 200
    client.force_login(world.qian)
    assert "一号" not in text(client, "/desk/visits/")
    assert client.post(f"/desk/visits/{Visit.objects.first().pk}/settle/").status_code == 404  # type: ignore[union-attr]


def test_the_list_costs_the_same_and_turns_pages(desk: Client, world: World) -> None:
    def more(n: int) -> None:
        for number in range(n):
            someone = cast.resident(world.wenxing, f"居民{Visit.objects.count()}", f"137{Visit.objects.count():08d}")
            noted(world, someone, f"第{number}次", "跟进")

    more(1)
    once = queries(desk, "/desk/visits/")
    more(29)
    assert queries(desk, "/desk/visits/") == once
    more(visiting.PAGE - 29)
    assert len(leafed(desk, "/desk/visits/")) == 2
