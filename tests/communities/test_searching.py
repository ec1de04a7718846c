"""The search of the whole desk finds what its reader may see, by a part of a title or its sounds."""

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies as st

from communities import searching
from communities.models import Duty, User
from core import clock
from tests import world as cast
from tests.communities.steps import shows
from tests.pages import queries
from tests.world import World, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(world: World) -> World:
    """Something of every kind, ours and the neighbour's."""
    cast.course(world.wenxing, title="形体塑形", teacher="李老师")
    cast.course(world.yongan, title="形体舞")
    cast.activity(world.wenxing, title="楼道清理")
    cast.activity(world.yongan, title="楼顶清理")
    cast.partner(world.street, world.wenxing, world.zhang)
    return world


def found(user: User, q: str) -> dict[str, list[str]]:
    return {group.label: [hit.title for hit in group.hits] for group in searching.search(user, q)}


@pytest.mark.parametrize(
    ("q", "finds"),
    [
        ("wxl", {"居民": ["王秀兰"]}),
        ("6021", {"居民": ["王秀兰"]}),
        ("形体", {"夜校课程": ["形体塑形"]}),
        ("塑", {"夜校课程": ["形体塑形"]}),
        ("xtsx", {"夜校课程": ["形体塑形"]}),
        ("suxing", {"夜校课程": ["形体塑形"]}),
        ("李", {"居民": ["李建国"], "夜校课程": ["形体塑形"]}),
        ("ldql", {"志愿活动": ["楼道清理"]}),
        ("清理", {"志愿活动": ["楼道清理"]}),
        ("邻里", {"合伙人与协议": ["博世邻里之家"]}),
        ("bsllzj", {"合伙人与协议": ["博世邻里之家"]}),
        ("nothing", {}), ("%", {}), ("", {}), ("\0", {}),
    ],
)  # fmt: skip
def test_a_worker_finds(q: str, finds: dict[str, list[str]], things: World) -> None:
    assert found(things.zhang, q) == finds


def test_every_community_finds_its_own(things: World) -> None:
    assert found(things.qian, "形体") == {"夜校课程": ["形体舞"]}
    assert found(things.qian, "王秀兰") == found(things.qian, "楼道") == found(things.qian, "博世") == {}
    assert set(found(things.he, "形体")["夜校课程"]) == {"形体塑形", "形体舞"}


@pytest.mark.parametrize("role", [Duty.Role.FINANCE, Duty.Role.SUPERVISOR, Duty.Role.AUDITOR, Duty.Role.SYSTEM_ADMIN])
def test_who_opens_nobodys_file_finds_nobody(role: Duty.Role, things: World) -> None:
    other = staff("other", "别人", role, sub_district=things.street)
    assert all(found(other, q) == {} for q in ("王", "wxl", "6021", "形体", "楼道"))


def test_five_of_a_kind_and_then_more_of_it(things: World) -> None:
    for number in range(6):
        cast.activity(things.wenxing, title=f"扫雪{number}", starts_at=clock.now() + timedelta(days=number + 1))
    (group,) = searching.search(things.zhang, "扫雪")
    assert ([hit.title for hit in group.hits], group.more) == ([f"扫雪{n}" for n in (5, 4, 3, 2, 1)], True)
    (group,) = searching.search(things.zhang, "扫雪", "志愿活动")
    assert (len(group.hits), group.more) == (6, False)
    assert found(things.zhang, "扫雪") == {group.label: [hit.title for hit in group.hits][:5]}


def test_an_activity_that_began_takes_no_more_sign_ups(things: World) -> None:
    cast.activity(things.wenxing, title="扫雪", starts_at=clock.now() + timedelta(hours=1))
    cast.activity(things.wenxing, title="扫叶", starts_at=clock.now() - timedelta(hours=3))
    (group,) = searching.search(things.zhang, "扫")
    assert {hit.title: hit.sub.split("，")[-1] for hit in group.hits} == {"扫雪": "报名中", "扫叶": "报名已结束"}


def test_the_page_leads_on(client: Client, things: World) -> None:
    client.force_login(things.zhang)
    shows(client.get("/desk/search/?q=李"), "李建国", "139****1187", f"/desk/residents/{things.li.pk}/", "形体塑形")
    shows(client.get("/desk/search/?q=没有"), "没有找到")
    shows(client.get("/desk/search/?q=李&only=夜校课程"), "形体塑形")
    assert "李建国" not in client.get("/desk/search/?q=李&only=夜校课程").content.decode()
    shows(client.get("/desk/"), 'action="/desk/search/"')


def test_finance_has_no_such_field(client: Client, things: World) -> None:
    client.force_login(staff("money", "财务", Duty.Role.FINANCE, sub_district=things.street))
    assert "/desk/search/" not in client.get("/desk/").content.decode()
    shows(client.get("/desk/search/?q=王"), "没有找到")


def test_one_and_thirty_cost_the_same(client: Client, things: World) -> None:
    client.force_login(things.zhang)
    one = queries(client, "/desk/search/?q=清")
    for number in range(30):
        cast.activity(things.wenxing, title=f"清理{number}")
        cast.course(things.wenxing, title=f"清唱{number}")
        cast.resident(things.wenxing, f"清小{number}")
    assert queries(client, "/desk/search/?q=清") == one <= 20


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(st.characters(exclude_categories=[]), max_size=40) | st.text("王形体xtsx019 %_\\'/\0", max_size=10))
def test_whatever_is_typed_gives_a_list(q: str, things: World) -> None:
    assert isinstance(searching.search(things.zhang, q), list)
