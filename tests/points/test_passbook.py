"""The passbook: the lines of a period with what stood before them, what ends when, and whom to call."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from points import passbook
from tests import world as cast
from tests.pages import enter, queries, words
from tests.points.deeds import charged, day, taken_back
from tests.world import World

pytestmark = pytest.mark.django_db
PATH = "/points/passbook/"


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    with time_machine.travel(day(2026, 11, 20), tick=False):
        yield


def shown(client: Client, path: str = PATH) -> str:
    return words(client.get(path).content.decode())


def test_lines_read_from_the_oldest_on_and_begin_with_what_stood_before(world: World, client: Client) -> None:
    cast.award(world.li, 40, at=day(2025, 3, 1))
    cast.award(world.li, 30, at=day(2026, 3, 1))
    charged(world, world.li, 20)
    book = passbook.passbook(world.li, date(2026, 1, 1), date(2026, 11, 20))
    assert (book.opening, [line.amount for line in book.lines]) == (40, [30, -20])
    page = shown(enter(client, world.li))
    order = [
        "积分存折", "水泊寺街道文兴社区", "李建国", "2026年1月1日至2026年11月20日", "现在可用50积分",
        "20积分，2026年12月31日前用", "30积分，2027年12月31日前用", "2026年11月20日打印，社区电话0352-0000001",
        "这段时间之前的余额40", "2026.3.1志愿服务获得3070", "2026.11.20夜校使用2050",
    ]  # fmt: skip
    places = [page.index(part) for part in order]
    assert places == sorted(places)


def test_another_period_can_be_chosen_and_may_be_empty(world: World, client: Client) -> None:
    page = shown(enter(client, world.wang), f"{PATH}?since=2024-01-01&until=2024-12-31")
    assert "2024年1月1日至2024年12月31日" in page and "这段时间没有收支。" in page and "现在可用80积分" in page


def test_days_that_make_no_sense_are_explained(world: World, client: Client) -> None:
    page = shown(enter(client, world.wang), f"{PATH}?since=2026-02-01&until=2026-01-01")
    assert "结束日期不能早于开始日期" in page and "现在可用" not in page


def test_what_is_owed_stands_on_the_paper(world: World, client: Client) -> None:
    entry = cast.award(world.li, 40)
    charged(world, world.li, 30)
    taken_back(world, entry)
    assert "待抵扣30积分" in shown(enter(client, world.li))


def test_more_than_a_book_holds_is_refused_with_a_way_out(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passbook, "MOST", 2)
    span = date(2026, 1, 1), date(2026, 12, 31)
    cast.award(world.wang, 1)
    assert len(passbook.passbook(world.wang, *span).lines) == 2
    cast.award(world.wang, 1)
    with pytest.raises(passbook.TooMuchPaper):
        passbook.passbook(world.wang, *span)
    assert "请缩短日期再打印" in shown(enter(client, world.wang))


def test_it_costs_the_same_for_one_line_and_for_thirty(world: World, client: Client) -> None:
    enter(client, world.wang)
    one = queries(client, PATH)
    for _ in range(30):
        cast.award(world.wang, 1)
    assert queries(client, PATH) == one


def test_a_phone_loads_no_script_for_it_and_hears_where_else_it_is_printed(world: World, client: Client) -> None:
    page = enter(client, world.wang).get(PATH).content.decode()
    assert "<script" not in page and "data-print" not in page and "社区窗口" in page
    client.force_login(world.zhang)
    assert "data-print" in client.get(f"/desk/residents/{world.wang.pk}{PATH.removeprefix('/points')}").content.decode()
