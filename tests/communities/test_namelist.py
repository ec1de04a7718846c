"""A pasted list finds its people, says of each row what is wrong with it, and takes nothing by half."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.namelist import BadList, lines_from
from communities.notices import Line
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db


def test_rows_as_they_are_typed_and_pasted(world: World) -> None:
    typed = "王秀兰 志愿服务120小时\n\n  李建国\t获得 60 积分 \r\n赵玉珍，值守3次\n单位：博世邻里之家 结对共建"
    assert lines_from(world.wenxing, typed) == [
        Line("志愿服务120小时", world.wang), Line("获得 60 积分", world.li), Line("值守3次", world.zhao),
        Line("结对共建", subject="博世邻里之家"),
    ]  # fmt: skip
    assert lines_from(world.wenxing, " \n") == []


def test_namesakes_are_told_apart_by_the_phone(world: World) -> None:
    other = cast.resident(world.wenxing, "王秀兰", "13500001234")
    with pytest.raises(BadList, match=r"第1行有2位“王秀兰”（.*138\*{4}6021.*），请在姓名后写手机号后四位"):
        lines_from(world.wenxing, "王秀兰 服务")
    assert lines_from(world.wenxing, "王秀兰 1234 服务\n王秀兰 13812346021 值守") == [
        Line("服务", other), Line("值守", world.wang),
    ]  # fmt: skip
    with pytest.raises(BadList, match="没有找到"):
        lines_from(world.wenxing, "李建国 2026 获奖")  # four digits are a phone; 2026年 are not


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("王秀兰", "没有写内容"), ("王秀兰 6021", "没有写内容"), ("单位：甲", "没有写内容"), ("无此人 服务", "没有找到"),
        ("王秀兰 0000 服务", "没有找到"), ("周海涛 服务", "没有找到"), ("孙桂芳 服务", "没有找到"),
    ],
)  # fmt: skip
def test_each_row_that_is_wrong_is_named(world: World, row: str, complaint: str) -> None:
    with pytest.raises(BadList, match=f"第2行{complaint}"):
        lines_from(world.wenxing, f"李建国 服务\n{row}")


def test_many_complaints_are_cut_short(world: World) -> None:
    with pytest.raises(BadList, match=r"第5行.*等共30处"):
        lines_from(world.wenxing, "无此人 服务\n" * 30)


def test_thirty_rows_cost_what_one_costs(world: World) -> None:
    def cost(typed: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            lines_from(world.wenxing, typed)
        return len(caught)

    for n in range(30):
        cast.resident(world.wenxing, f"甲乙{n:02d}")
    typed = "\n".join(f"甲乙{n:02d} 服务" for n in range(30))
    assert cost("王秀兰 服务") == cost(typed) == 1
    assert Counter(line.said for line in lines_from(world.wenxing, typed)) == {"服务": 30}
