"""The roll on screen, in Excel and on paper is one list; what is whole leaves by the head's word, and is written down."""

from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
import time_machine

from communities import roll
from communities.files import Facts, open_file
from communities.identity import clean
from communities.models import Grid, Look, Resident
from communities.roll import Asked
from core.refusals import Refused
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db
PURPOSE = "区民政局老年人摸底"
NUMBER = "11010519491231002X"


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def lines(file: object) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))  # type: ignore[arg-type,union-attr]


def names(world: World, **asked: object) -> list[str]:
    return [one.name for one in roll.ordered(world.zhang, Asked(**asked))]  # type: ignore[arg-type]


def test_filters_leave_what_they_say(world: World) -> None:
    grid = Grid.objects.create(community=world.wenxing, name="第一网格")
    Resident.objects.filter(pk=world.li.pk).update(grid=grid)
    assert names(world) == ["王秀兰", "李建国", "赵玉珍", "孙桂芳"]
    assert names(world, status="pending") == ["孙桂芳"]
    assert names(world, grid=grid) == ["李建国"]
    assert names(world, q="wxl") == names(world, q="6021") == names(world, q="秀兰") == ["王秀兰"]
    assert names(world, sort="newest")[0] == "孙桂芳"
    assert names(world, sort="pinyin") == ["李建国", "孙桂芳", "王秀兰", "赵玉珍"]
    assert names(world, community=world.yongan) == []  # not one's own
    Resident.objects.filter(pk=world.sun.pk).update(
        status="declined", decline_reason="x", decided_at=world.wang.decided_at
    )
    assert names(world, status="declined", q="桂") == ["孙桂芳"] and names(world, status="declined", q="玉") == []
    assert roll.counted(world.zhang) == {"confirmed": 3, "declined": 1}


@time_machine.travel("2026-11-22 09:00+08:00", tick=False)
def test_the_file_for_everybody_shows_no_whole_number(world: World) -> None:
    facts = Facts("吴玉兰", None, number=clean(NUMBER))
    open_file(community=world.wenxing, facts=facts, by=world.chen, signed=True, phone="13800001111")
    heading, *rows = lines(roll.masked(world.zhang, Asked(status="confirmed")))
    assert heading[:4] == ("姓名", "手机号", "年龄", "社区")
    assert rows[0][:3] == ("王秀兰", "138****6021", 58)
    shown = str(rows)
    for secret in ("13812346021", "13800001111", NUMBER, "002X", "1968", "1949"):
        assert secret not in shown
    assert not Look.objects.exists()


@time_machine.travel("2026-11-22 09:00+08:00", tick=False)
def test_the_head_takes_the_whole_roll_with_a_purpose_and_it_is_written_down(world: World) -> None:
    facts = Facts("吴玉兰", None, number=clean(NUMBER))
    open_file(community=world.wenxing, facts=facts, by=world.zhang, signed=True, phone="13800001111")
    mark, heading, *rows = lines(roll.whole(world.chen, Asked(status="confirmed"), purpose=PURPOSE))
    assert PURPOSE in str(mark[0]) and "陈志强" in str(mark[0]) and "2026-11-22 09:00" in str(mark[0])
    assert heading[-1] == "出生日期" and rows[0][1] == "13812346021" and "1968-05-02" in str(rows[0][-1])
    assert NUMBER not in str(rows)
    look = Look.objects.get()
    assert (look.by, look.community, look.purpose) == (world.chen, world.wenxing, PURPOSE)
    assert "4人" in look.what and "证件号" not in look.what
    *_, last = lines(roll.whole(world.chen, Asked(status="confirmed"), purpose=PURPOSE, numbers=True))
    assert last[-2:] == ("居民身份证", NUMBER)
    assert "证件号" in Look.objects.latest("id").what


def test_nobody_else_takes_it_and_nobody_without_a_purpose(world: World) -> None:
    assert code(lambda: roll.whole(world.zhang, Asked(), purpose=PURPOSE)) == "not_your_duty"
    assert code(lambda: roll.whole(world.qian, Asked(community=world.wenxing), purpose=PURPOSE)) == "not_your_duty"
    assert code(lambda: roll.whole(world.chen, Asked(), purpose=" ")) == "no_purpose"
    assert code(lambda: roll.whole(world.chen, Asked(status="closed"), purpose=PURPOSE)) == "bad_input"
    assert code(lambda: roll.whole(world.chen, Asked(), purpose=PURPOSE, most=2)) == "export_too_long"
    assert not Look.objects.exists()


def test_a_head_who_works_elsewhere_too_is_no_head_there(world: World) -> None:
    cast.Duty.objects.create(user=world.chen, role=cast.Duty.Role.WORKER, community=world.yongan)
    assert not roll.may_see_all(world.chen, Asked())
    assert roll.may_see_all(world.chen, Asked(community=world.wenxing))
    assert roll.heads(world.chen) and not roll.heads(world.zhang)


def test_each_community_of_a_street_is_looked_at(world: World) -> None:
    roll.whole(world.he, Asked(status="confirmed"), purpose=PURPOSE)
    assert {look.community for look in Look.objects.all()} == {world.wenxing, world.yongan}


def test_a_paper_has_its_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(roll.on_paper(world.zhang, Asked())) == 4
    monkeypatch.setattr(roll, "ON_PAPER", 3)
    assert code(lambda: roll.on_paper(world.zhang, Asked())) == "roll_too_long"


def test_a_formula_in_a_name_stays_text(world: World) -> None:
    Resident.objects.filter(pk=world.zhao.pk).update(name="=1+1", birth_date=date(1944, 3, 3))
    assert "=1+1" in [row[0] for row in lines(roll.masked(world.zhang, Asked()))]
    cells = openpyxl.load_workbook(roll.masked(world.zhang, Asked())).active
    assert cells is not None and {one.data_type for one in cells["A"]} == {"s"}


def test_the_filter_is_said_in_words(world: World) -> None:
    assert Asked().said == "全部"
    assert Asked(status="confirmed", community=world.wenxing, q="王").said == "已确认，文兴社区，查找“王”"
