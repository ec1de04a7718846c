"""The register of estates and grids: workers read it, the head and the sub-district keep it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Estate, Grid
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen(client: Client, world: World) -> Client:
    client.force_login(world.chen)
    return client


def test_the_head_keeps_the_register(chen: Client, world: World) -> None:
    base = f"/desk/places/{world.wenxing.pk}/"
    shows(chen.get("/desk/places/", follow=True), "文兴社区的小区和网格", "天和城", "还没有划分网格")
    shows(chen.post(f"{base}estates/add/", {"name": "恒大绿洲"}, follow=True), "已登记：恒大绿洲")
    shows(chen.post(f"{base}estates/add/", {"name": "恒大绿洲"}), "同名", "恒大绿洲", status=409)
    shows(chen.post(f"{base}grids/add/", {"name": "第一网格", "keeper": world.zhang.pk}, follow=True), "张晓燕")
    shows(chen.post(f"{base}grids/add/", {"name": "第二网格", "keeper": world.qian.pk}), "field__error", status=400)
    grid, estate = Grid.objects.get(), Estate.objects.get(name="恒大绿洲")
    shows(chen.get(f"/desk/places/grids/{grid.pk}/"), "第一网格", "selected")
    shows(chen.post(f"/desk/places/grids/{grid.pk}/", {"name": "一网格", "keeper": ""}, follow=True), "已保存：一网格")
    shows(chen.post(f"/desk/places/estates/{estate.pk}/remove/", follow=True), "已删除：恒大绿洲")
    used = Estate.objects.get(community=world.wenxing)
    shows(chen.post(f"/desk/places/estates/{used.pk}/remove/", follow=True, headers={"referer": base}), "不能删除")


def test_a_worker_reads(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    shown = client.get(f"/desk/places/{world.wenxing.pk}/")
    shows(shown, "天和城", "由社区主任或街道管理员登记")
    assert "登记小区" not in shown.content.decode()
    assert client.post(f"/desk/places/{world.wenxing.pk}/estates/add/", {"name": "新"}).status_code == 403
    assert client.get(f"/desk/places/{world.yongan.pk}/").status_code == 404


def test_the_sub_district_chooses(client: Client, world: World) -> None:
    client.force_login(world.he)
    shows(client.get("/desk/places/"), "文兴社区", "永安社区")
    assert client.get(f"/desk/places/{world.hualin.pk}/").status_code == 404


def test_thirty_cost_no_more_than_one(chen: Client, world: World) -> None:
    page = f"/desk/places/{world.wenxing.pk}/"
    with CaptureQueriesContext(connection) as one:
        chen.get(page)
    Grid.objects.bulk_create(Grid(community=world.wenxing, name=f"{n}", keeper=world.zhang) for n in range(30))
    Estate.objects.bulk_create(Estate(community=world.wenxing, name=f"{n}") for n in range(30))
    with CaptureQueriesContext(connection) as thirty:
        chen.get(page)
    assert len(one) == len(thirty)
