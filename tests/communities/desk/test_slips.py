"""办理单: a day's list, printed again, as a file; of one's own community."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from communities.models import Slip
from core import clock
from tests.communities.steps import shows
from tests.pages import leafed, queries
from tests.world import World

pytestmark = pytest.mark.django_db
SLIPS = "/desk/counter/slips/"


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def slip(world: World, number: int = 1, **fields: object) -> Slip:
    said = {"act": "夜校报名", "about": f"enrolment:{number}", "said": f"已报名第{number}课。\n使用60积分。"}
    who = {"community": world.wenxing, "resident": world.wang, "by": world.zhang}
    return Slip.objects.create(**who | said | fields)


def test_today_is_shown_and_another_day_is_asked_for(zhang: Client, world: World) -> None:
    yesterday = clock.now() - timedelta(days=1)
    slip(world, 1, at=yesterday)
    slip(world, 2)
    shows(zhang.get(SLIPS), "已报名第2课", "138****6021", "张晓燕", "签字", "重新打印")
    assert "已报名第1课" not in zhang.get(SLIPS).content.decode()
    day = clock.local(yesterday).date()
    page = zhang.get(f"{SLIPS}?day={day}")
    shows(page, "已报名第1课", f"export/?day={day}")
    assert "已报名第2课" not in page.content.decode()


@pytest.mark.parametrize("day", ["x", "2026-13-01", "%00", "0001-01-01", "9999-12-31"])
def test_a_strange_day_is_no_error(zhang: Client, world: World, day: str) -> None:
    assert zhang.get(f"{SLIPS}?day={day}").status_code == 200
    assert zhang.get(f"{SLIPS}export/?day={day}", follow=True).status_code == 200


def test_a_slip_is_printed_again_as_it_was(zhang: Client, world: World) -> None:
    shows(
        zhang.get(f"{SLIPS}{slip(world).pk}/"), "已报名第1课。", "使用60积分。", "王秀兰", "王*兰", "水泊寺街道文兴社区"
    )


def test_nobody_of_another_community_sees_a_slip(client: Client, world: World) -> None:
    mine = slip(world)
    client.force_login(world.qian)
    assert client.get(f"{SLIPS}{mine.pk}/").status_code == 404
    assert "王秀兰" not in client.get(SLIPS).content.decode()


def test_the_file_is_masked_and_holds_the_day(zhang: Client, world: World) -> None:
    slip(world, 1, at=clock.now() - timedelta(days=1))
    mine = slip(world, 2)
    answer = zhang.get(f"{SLIPS}export/")
    book = openpyxl.load_workbook(BytesIO(answer.getvalue())).active
    assert book is not None
    head, *rows = [[cell.value for cell in row] for row in book.iter_rows()]
    assert (head[0], head[3], len(rows)) == ("单号", "居民", 1)
    assert rows[0][0] == mine.number and rows[0][2:] == [
        "文兴社区", "王*兰", "138****6021", "夜校报名", "已报名第2课。使用60积分。", "签字", "张晓燕"
    ]  # fmt: skip


def test_a_long_day_is_turned_over_and_costs_the_same(zhang: Client, world: World) -> None:
    slip(world)
    one = queries(zhang, SLIPS)
    for number in range(2, 53):
        slip(world, number)
    assert queries(zhang, SLIPS) == one
    assert len(leafed(zhang, SLIPS)) == 2
