"""活动档案: assembled from the rows, complete, the same number of queries for any number of people."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.folder import folder_of
from activities.models import Activity, Correction, FollowUp
from activities.recording import record
from activities.reviewing import confirm
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.activities.cast import signed
from tests.pages import text
from tests.world import World

pytestmark = pytest.mark.django_db


def held(world: World, *people: Resident, **fields: object) -> Activity:
    """An activity that is over, at which `people` were for two hours and were confirmed."""
    made = cast.activity(world.wenxing, **{"ago": 3, "made_by": world.zhang, **fields})
    for person in people:
        mine = record(participation=signed(made, person, world), minutes=120, by=world.zhang)
        confirm(participation=mine, minutes=120, by=world.chen)
    return made


def page(client: Client, activity: Activity) -> str:
    return text(client, f"/desk/activities/{activity.pk}/folder/")


def test_the_folder_says_what_was_planned_who_came_and_what_came_of_it(client: Client, world: World) -> None:
    made = held(world, world.li, insurance="PA-2026-7", dangerous=True, equipment="手套", summary="清了三个楼道")
    signed(made, world.wang, world)
    mine = made.participations.get(resident=world.li)
    Correction.objects.create(
        participation=mine, old_minutes=150, new_minutes=120, old_points=25, new_points=20, reason="提前离开",
        status="approved", proposed_by=world.zhang, decided_by=world.chen, decided_at=clock.now(),
    )  # fmt: skip
    FollowUp.objects.create(activity=made, kind="job", text="两人应聘保洁", on=clock.today(), by=world.zhang)
    client.force_login(world.zhang)
    found = page(client, made)
    said = (
        "清理楼道杂物", "搬重物注意腰背", "保险单号PA-2026-7", "手套", "清了三个楼道", "提前离开", "两人应聘保洁",
        "拟定张晓燕", "李建国", "139****1187", "工作人员录入", "到场1人", "共120分钟", "共20积分", "王秀兰", "已报名",
    )  # fmt: skip
    assert [one for one in said if one not in found.replace(" ", "")] == []
    assert world.li.phone not in found


def test_nothing_that_was_not_kept_stands_on_it(world: World) -> None:
    plan = dict(folder_of(held(world, world.li)).plan)
    assert "装备" not in plan and "保险单号" not in plan["人身危险"]
    meeting = folder_of(cast.activity(world.wenxing, kind="MEET", volunteering=False))
    assert "不计服务时长" in dict(meeting.plan)["类别"] and (meeting.came, meeting.minutes) == ([], 0)


def test_any_number_of_people_costs_the_same_queries(world: World) -> None:
    few = held(world, world.li)
    crowd = [cast.resident(world.wenxing, f"志愿者{n}") for n in range(30)]
    many = held(world, *crowd, capacity=40, starts_at=clock.now() - timedelta(days=2))

    def cost(activity: Activity) -> int:
        fresh = Activity.objects.select_related("community__sub_district").get(pk=activity.pk)
        with CaptureQueriesContext(connection) as seen:
            folder_of(fresh)
        return len(seen)

    assert cost(many) == cost(few) <= 6


def test_another_communitys_folder_is_not_there(client: Client, world: World) -> None:
    client.force_login(world.qian)
    assert client.get(f"/desk/activities/{held(world, world.li).pk}/folder/").status_code == 404
