"""Whoever leaves passes everything to a colleague at once, or nothing."""

from datetime import timedelta

import pytest

from communities import handover
from communities.models import Duty, Grid, Notice, RightsRequest, User
from core import clock
from notifications.models import Message
from tests.communities.staffing import Role, auditor, plain, refused, system_admin
from tests.points.correcting import proposed
from tests.world import World, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(world: World) -> World:
    """张晓燕 keeps a grid and handles a request; a draft and a proposal stand in her name."""
    Grid.objects.create(community=world.wenxing, name="第一网格", keeper=world.zhang)
    request_of(world, world.wang)
    Notice.objects.create(community=world.wenxing, title="六月积分", prepared_by=world.zhang)
    proposed(world)
    return world


def request_of(world: World, resident, handler: User | None = None) -> RightsRequest:
    return RightsRequest.objects.create(
        community=resident.community, resident=resident, kind="correct", text="改名", filed_by=world.zhang,
        answer_by=clock.today(), handler=handler or world.zhang,
    )  # fmt: skip


def labels(person: User, by: User) -> dict[str, str]:
    return {line.label: line.stays for line in handover.overview(person, by)}


def test_the_page_says_what_passes_and_what_stays_and_why(busy: World) -> None:
    assert labels(busy.zhang, busy.he) == {
        "职责：社区工作者，文兴社区": "", "信息申请（承办）": "", "网格（网格员）": "",
        "公示草稿（拟稿）": "拟稿人不变，由拟稿人以外的同事核对、发布，不用交接。",
        "待复核的积分调整（提出）": "提出人不变，由另一位主任或街道管理员复核；提出人没有职责以后不能再入账，请在离岗前请人复核。",
    }  # fmt: skip
    assert labels(busy.zhang, busy.zhang)["职责：社区工作者，文兴社区"] == handover.NOT_GIVEN


def test_nobody_is_offered_who_would_be_refused(busy: World) -> None:
    assert busy.he not in handover.successors(busy.zhang, busy.he)
    assert busy.chen in handover.successors(busy.zhang, busy.he)


def test_one_hands_over_ones_own_things_and_keeps_the_duty(busy: World) -> None:
    handed = handover.hand_over(person=busy.zhang, successor=busy.chen, by=busy.zhang)
    assert Grid.objects.get().keeper == RightsRequest.objects.get().handler == busy.chen
    assert busy.zhang.duties.current().filter(ends_on=None).exists()
    assert {line.label for line in handed.lines if not line.stays} == {"信息申请（承办）", "网格（网格员）"}
    assert Notice.objects.get().prepared_by == busy.zhang
    told = Message.objects.get(staff=busy.chen)
    assert "网格（网格员）1件" in told.body and not Message.objects.filter(staff=busy.zhang).exists()


def test_the_admin_hands_over_the_duty_with_its_term_as_well(busy: World) -> None:
    last = clock.today() + timedelta(days=90)
    busy.zhang.duties.update(ends_on=last)
    newcomer = plain(busy)
    handover.hand_over(person=busy.zhang, successor=newcomer, by=busy.he)
    given = newcomer.duties.get(community=busy.wenxing)
    assert (given.role, given.starts_on, given.ends_on) == ("worker", clock.today(), last)
    assert busy.zhang.duties.get().ends_on == clock.today()
    assert Grid.objects.get().keeper == newcomer
    assert Message.objects.filter(staff=busy.zhang, body__contains="已交接给新同事").exists()


def test_a_head_hands_over_things_of_the_own_community_only(busy: World) -> None:
    Duty.objects.create(user=busy.zhang, role=Role.WORKER, community=busy.yongan)
    there = Grid.objects.create(community=busy.yongan, name="第二网格", keeper=busy.zhang)
    other = staff("w2", "另一位", Role.WORKER, community=busy.wenxing)
    handover.hand_over(person=busy.zhang, successor=other, by=busy.chen)
    there.refresh_from_db()
    assert there.keeper == busy.zhang and Grid.objects.get(name="第一网格").keeper == other
    assert not other.duties.filter(community=busy.yongan).exists()


def test_strangers_and_the_audit_hand_over_nothing(busy: World) -> None:
    for by in (busy.qian, auditor(busy), staff("far", "远", Role.STREET_ADMIN, sub_district=busy.hualin.sub_district)):
        with refused("handover_not_yours"):
            handover.hand_over(person=busy.zhang, successor=busy.chen, by=by)
    assert Grid.objects.get().keeper == busy.zhang


def test_a_successor_must_be_able_to_work_with_it(busy: World) -> None:
    for successor in (busy.qian, system_admin(busy), busy.zhang):
        with refused("no_successor"):
            handover.hand_over(person=busy.zhang, successor=successor, by=busy.zhang)


def test_a_successor_of_one_community_does_not_get_what_lies_in_another(busy: World) -> None:
    Duty.objects.create(user=busy.zhang, role=Role.WORKER, community=busy.yongan)
    Grid.objects.create(community=busy.yongan, name="第二网格", keeper=busy.zhang)
    with refused("no_successor"):
        handover.hand_over(person=busy.zhang, successor=busy.chen, by=busy.zhang)
    handover.hand_over(person=busy.zhang, successor=busy.he, by=busy.zhang)
    assert set(Grid.objects.values_list("keeper", flat=True)) == {busy.he.pk}


def test_all_or_nothing(busy: World) -> None:
    """The auditor may not take a working duty: nothing of it is written, nor the rest."""
    with refused("duties_apart"):
        handover.hand_over(person=busy.zhang, successor=auditor(busy), by=busy.he)
    assert Grid.objects.get().keeper == busy.zhang and busy.zhang.duties.get().ends_on is None


def test_a_request_about_the_successors_family_is_nobodys_again(busy: World) -> None:
    busy.chen.own_phone = busy.wang.phone
    busy.chen.save()
    handover.hand_over(person=busy.zhang, successor=busy.chen, by=busy.zhang)
    assert RightsRequest.objects.get().handler is None


def test_who_holds_the_same_duty_already_takes_it_over(busy: World) -> None:
    other = staff("w2", "另一位", Role.WORKER, community=busy.wenxing)
    handover.hand_over(person=busy.zhang, successor=other, by=busy.he)
    assert other.duties.count() == 1 and busy.zhang.duties.get().ends_on == clock.today()


def test_the_last_admin_may_leave_by_handing_over(busy: World) -> None:
    above, other = system_admin(busy), system_admin(busy, "sysadmin2")
    User.objects.filter(pk=other.pk).update(is_active=True)
    newcomer = staff("sys3", "第三位", Role.SYSTEM_ADMIN, sub_district=busy.street)
    newcomer.duties.update(ends_on=clock.today())
    handover.hand_over(person=above, successor=newcomer, by=other)
    assert above.duties.get().ends_on == clock.today()


def test_the_count_of_queries_does_not_grow_with_the_things(busy: World, django_assert_max_num_queries) -> None:
    for number in range(30):
        Grid.objects.create(community=busy.wenxing, name=f"网格{number}", keeper=busy.zhang)
    with django_assert_max_num_queries(16):
        handover.overview(busy.zhang, busy.he)
