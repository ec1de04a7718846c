"""积分怎么来: residents and visitors read in plain words what earns points."""

from datetime import time

import pytest
import time_machine
from django.test import Client

from communities.models import Setting
from core import clock
from points import rules
from points.rulebook import Figures
from tests.pages import enter, links, queries, text
from tests.points.ruling import asked, changed, tomorrow
from tests.world import World

pytestmark = pytest.mark.django_db
PATH = "/points/rules/"


def test_the_whole_table_in_plain_words(world: World, client: Client) -> None:
    page = text(enter(client, world.wang), PATH)
    assert "环境整治、清洁每天最多40积分每小时10积分" in page
    assert "这一类合起来，每人每天最多80积分，每月最多400积分。" in page
    assert "这一类合起来，每人每月最多60积分。" in page
    assert "居民议事会、听证每月最多2次每次5积分" in page
    assert "受市表彰每次80积分" in page
    assert "人工调整" not in page and "ENV" not in page


def test_a_change_is_announced_and_what_is_off_is_left_out(world: World, client: Client) -> None:
    changed(world, points=12, day_points=None)
    changed(world, "SORT", points=0)
    rules.introduce(**asked(world, "FITNESS", figures=Figures("健身打卡", "untimed", 4)))
    page = text(enter(client, world.wang), PATH)
    day = f"{tomorrow().month}月{tomorrow().day}日"
    assert f"将调整{day}" in page and "起每小时12积分每小时10积分" in page
    assert "垃圾分类督导每天最多40积分将调整" in page and "起停用" in page
    assert "健身打卡将调整" in page and "还没有开始" in page


def test_everybody_reads_the_rules_of_their_own_sub_district(world: World, client: Client) -> None:
    changed(world, points=12)
    Setting.objects.create(
        sub_district=world.street, key="points.cap_day", value=70, starts_on=clock.today(), by=world.he, at=clock.now()
    )
    assert "每人每天最多70积分" in text(Client(), PATH)
    assert "水泊寺街道" in text(enter(client, world.zhou), PATH)


def test_the_page_is_found_from_the_statement_and_by_visitors(world: World, client: Client) -> None:
    assert PATH in links(Client(), "/")
    assert PATH in links(enter(client, world.wang), "/points/")
    assert "/activities/" in links(client, PATH)


def test_without_any_community_the_defaults_stand(client: Client, db: None) -> None:
    assert "每小时10积分" in text(client, PATH)


def test_the_page_costs_the_same_with_thirty_changes(world: World, client: Client) -> None:
    changed(world, points=11)
    enter(client, world.wang)
    one = queries(client, PATH)
    for points in range(12, 42):
        changed(world, points=points)
    assert queries(client, PATH) == one <= 6


def test_staff_who_look_return_to_their_desk(world: World, client: Client) -> None:
    client.force_login(world.zhang)
    assert "返回工作台" in text(client, PATH) and "/desk/rules/" in client.get(PATH).content.decode()
    assert "返回工作台" not in text(enter(Client(), world.wang), PATH)


def test_no_heading_stands_without_items_and_none_is_office_speech(world: World, client: Client) -> None:
    page = text(enter(client, world.wang), PATH)
    assert "凭证明记分" in page and "据实" not in page and "封顶" not in page
    for code in ("HONOR_STREET", "HONOR_DISTRICT", "HONOR_CITY"):
        changed(world, code, points=0, starts_on=tomorrow())
    with time_machine.travel(clock.at(tomorrow(), time(9))):
        assert "凭证明记分" not in text(client, PATH)
