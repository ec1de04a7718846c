"""Who is found by what is typed, and that nobody else's people ever are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings, strategies as st

from communities import cards, finding
from communities.models import Card, Duty, Resident, User
from core import clock
from tests.world import World, resident, staff

pytestmark = pytest.mark.django_db


def names(user: User, q: str) -> list[str]:
    return [one.name for one in finding.residents(user, q)]


@pytest.mark.parametrize(
    "q", ["王秀兰", "王", "秀", "秀兰", "wxl", "WXL", "wx", "w", "wangxiulan", "wang xiu", "Wang Xiu Lan", "wangx", "ｗｘｌ",
          "王xl", "王xiulan", "6021", "６０２１", "13812346021", "138 1234 6021", "+86 13812346021", "王6021", "6021王", "王秀兰 6021",
          "wxl6021", " 王秀兰 ", "王%秀_兰\0", "王秀兰😀"],
)  # fmt: skip
def test_wang_xiulan_is_found_by(q: str, world: World) -> None:
    assert names(world.zhang, q)[0] == "王秀兰"


@pytest.mark.parametrize(
    "q", ["", " ", "%", "_", "%%", "\0", "😀", "602", "1", "6022", "李6021", "xl", "lan", "王秀兰兰", "wxlx"]
)
def test_nobody_is_found_by(q: str, world: World) -> None:
    assert names(world.zhang, q) == []


def test_what_was_typed_whole_comes_before_what_it_begins(world: World) -> None:
    for name in ("王秀", "李王秀", "王秀珍", "吴小林"):
        resident(world.wenxing, name)
    assert names(world.zhang, "王秀") == ["王秀", "王秀兰", "王秀珍", "李王秀"]
    assert names(world.zhang, "wx")[0] == "王秀"
    assert names(world.zhang, "wxl") == ["王秀兰", "吴小林"]


def test_a_name_with_a_dot_and_one_in_letters(world: World) -> None:
    resident(world.wenxing, "阿依古丽·江")
    resident(world.wenxing, "吕布")
    assert names(world.zhang, "ayiguli") == names(world.zhang, "丽·江") == ["阿依古丽·江"]
    assert names(world.zhang, "lü") == names(world.zhang, "lvbu") == ["吕布"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [("曾小明", "zxm"), ("曾小明", "zengxiao"), ("单晓红", "sxh"), ("尉迟恭", "ycg"), ("尉迟恭", "yuchi"), ("翟志刚", "zhai"), ("阿依古丽·江", "ayglj")],
)  # fmt: skip
def test_a_surname_is_found_as_it_is_said(name: str, typed: str, world: World) -> None:
    resident(world.wenxing, name)
    assert names(world.zhang, typed) == [name]


def test_a_card_is_found_by_its_number_and_by_what_a_scanner_reads(world: World) -> None:
    card = cards.issue(resident=world.zhao, by=world.zhang)
    for typed in (card.number, card.token, f"https://example.org/c/{card.token}/", f"/c/{card.token}"):
        assert names(world.zhang, typed) == ["赵玉珍"], typed
        assert names(world.qian, typed) == [], typed
    Card.objects.filter(pk=card.pk).update(ended_at=clock.now(), ended_by=world.zhang)
    assert names(world.zhang, card.number) == names(world.zhang, card.token) == []


EVERYTHING = ["周", "周海涛", "zht", "zhouhaitao", "0936", "18712340936"]


@pytest.mark.parametrize("q", EVERYTHING)
def test_people_of_another_community_are_never_found(q: str, world: World) -> None:
    assert names(world.qian, q) == names(world.he, q) == ["周海涛"]
    assert names(world.zhang, q) == []


@pytest.mark.parametrize("role", [Duty.Role.FINANCE, Duty.Role.SUPERVISOR, Duty.Role.AUDITOR, Duty.Role.SYSTEM_ADMIN])
def test_who_opens_nobodys_file_finds_nobody(role: Duty.Role, world: World) -> None:
    assert names(staff("other", "别人", role, sub_district=world.street), "王") == []


def test_a_duty_that_is_over_finds_nobody(world: World) -> None:
    world.zhang.duties.update(ends_on=clock.today() - timedelta(days=1))
    assert names(world.zhang, "王") == []


def test_files_out_of_use_are_not_found(world: World) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(
        status="declined", decline_reason="不住这里", decided_at=clock.now()
    )
    assert names(world.zhang, "王秀兰") == []
    assert names(world.zhang, "孙") == ["孙桂芳"]


def test_twenty_are_shown_and_it_is_said_that_there_are_more(world: World) -> None:
    for number in range(19):
        resident(world.wenxing, f"王小{number}")
    assert (len(finding.people(world.zhang, "王").people), finding.people(world.zhang, "王").more) == (20, False)
    resident(world.wenxing, "王小二")
    assert (len(finding.people(world.zhang, "王").people), finding.people(world.zhang, "王").more) == (20, True)


def test_two_queries_for_one_and_for_twenty(world: World) -> None:
    def cost(q: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            [(one.community.name, one.estate and one.estate.name) for one in finding.people(world.zhang, q).people]
        return len(caught)

    for number in range(30):
        resident(world.wenxing, f"吴小{number}")
    assert cost("王") == cost("吴") == 2
    assert cost("") == 0


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    q=st.text(st.characters(exclude_categories=[]), max_size=60) | st.text("王秀兰wxl0123456789 %_\\'·/\0", max_size=20)
)
def test_whatever_is_typed_gives_a_list_of_ones_own(q: str, world: World) -> None:
    found = finding.people(world.zhang, q)
    assert {one.community_id for one in found.people} <= {world.wenxing.pk}
    assert len(finding.clean(q)) <= finding.LONGEST
