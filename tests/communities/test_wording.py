"""What may not be said on a notice, however it is written; and what people really write is let through."""

import pytest

from communities.models import Estate
from communities.notices import Line, add_lines
from tests import world as cast
from tests.communities.noticing import drafted, refused
from tests.world import World

pytestmark = pytest.mark.django_db
PHONES = ["电话13812346021", "138 1234 6021", "138-1234-6021", "１３８１２３４６０２１", "一三八一二三四六〇二一", "0352-5551234",
          "座机5551234", "1,3,8,1,2,3,4,6,0,2,1", "138.1234.6021"]  # fmt: skip
PAPERS = ["11010519491231002X", "440524 188001 010014", "身份证440524188001010014"]
DOORS = ["3号楼2单元", "三单元401室", "B座", "12栋", "5 号 楼", "文兴路12号", "十二楼", "４０１室", "2号院", "7幢"]
HARD = ["低保户", "残疾人", "特困人员", "生活困难", "优待减免", "低 保", "孤儿", "社区矫正对象"]
FINE = ["志愿服务120小时", "2026年9月18日至11月22日", "2026-09-18", "20260918起", "参加楼道清理3次", "讲座3场，获得60积分", "第12期",
        "活动室值守", "9月18号参加活动", "家电检修2次", "获得60，楼道清理", "满1000000分"]  # fmt: skip


def said(world: World, text: str) -> str:
    drafted(world, [Line(text, subject="项目")])
    return "shown"


@pytest.mark.parametrize("text", [*PHONES, *PAPERS, *DOORS, *HARD])
def test_what_leads_to_a_person_is_refused_wherever_it_stands(world: World, text: str) -> None:
    assert refused(lambda: said(world, text)) == "not_to_be_shown"
    for fields in ({"title": text}, {"text": text}):
        assert refused(lambda given=fields: drafted(world, **given)) == "not_to_be_shown"
    assert refused(lambda: drafted(world, [Line("内容", subject=text)])) == "not_to_be_shown"


@pytest.mark.parametrize("text", FINE[:-1])
def test_what_people_really_write_is_let_through(world: World, text: str) -> None:
    assert said(world, text) == "shown"


def test_a_long_figure_is_taken_for_a_number(world: World) -> None:
    assert refused(lambda: said(world, FINE[-1])) == "not_to_be_shown"


@pytest.mark.parametrize("text", ["天和城门口值守", "天 和 城", "某小区巡逻", "家属院清洁"])
def test_a_line_does_not_say_where_its_person_lives(world: World, text: str) -> None:
    assert refused(lambda: said(world, text)) == "not_to_be_shown"
    assert drafted(world, title=f"{text[:20]}楼长推选").pk  # the whole list may be of one estate
    Estate.objects.create(community=world.yongan, name="翠微")
    assert said(world, "翠微花卉养护") == "shown"  # a name of somewhere else


def test_no_name_of_the_list_stands_anywhere(world: World) -> None:
    short = cast.resident(world.wenxing, "周平")
    lines = [Line("与周平一起值守", resident=world.wang), Line("内容", resident=short)]
    assert refused(lambda: drafted(world, lines)) == "not_to_be_shown"
    assert refused(lambda: drafted(world, lines[1:], title="表扬周 平")) == "not_to_be_shown"
    assert drafted(world, lines[:1]).pk  # two characters may be a word; who is not on the list is looked for by three
    assert refused(lambda: drafted(world, text="感谢赵玉珍")) == "not_to_be_shown"
    assert refused(lambda: drafted(world, [Line("赵·玉-珍", subject="甲")])) == "not_to_be_shown"


def test_a_name_with_a_dot_is_found(world: World) -> None:
    cast.resident(world.wenxing, "阿依古丽·江")
    for text in ("感谢阿依古丽·江", "感谢阿依古丽江"):
        assert refused(lambda one=text: said(world, one)) == "not_to_be_shown"


def test_a_name_that_came_later_is_looked_for_in_what_stood_there(world: World) -> None:
    short = cast.resident(world.wenxing, "周平")
    made = drafted(world, text="周平推荐")
    assert refused(lambda: add_lines(notice=made, lines=[Line("内容", resident=short)], by=world.zhang)) == (
        "not_to_be_shown"
    )


def test_nobody_is_shown_in_full_as_if_no_person(world: World) -> None:
    two = cast.resident(world.yongan, "周平")
    for name in (world.wang.name, two.name, "周 平"):
        assert refused(lambda one=name: drafted(world, [Line("内容", subject=one)])) == "not_to_be_shown"
    assert said(world, "周平") == "shown"
