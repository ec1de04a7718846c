"""The street's administrator writes holidays, and is reminded of the year that nobody has written."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Holiday
from core import clock
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db
MISSING = "2027年的节假日还没有登记"


def page_of(world: World) -> str:
    return f"/desk/settings/{world.street.pk}/holidays/"


@pytest.fixture
def he(client: Client, world: World) -> Client:
    client.force_login(world.he)
    return client


@time_machine.travel("2026-11-22 10:00+08:00", tick=False)
def test_the_coming_year_is_missed_until_it_is_written(world: World) -> None:
    he = Client()
    he.force_login(world.he)
    shows(he.get("/desk/settings/"), MISSING, page_of(world))
    shows(he.get(page_of(world)), MISSING, "2026年国务院公布的放假和调休已内置", "没有另外登记")
    typed = {"name": "春节", "is_working": "no", "first": "2027-02-05", "last": "2027-02-11"}
    written = he.post(page_of(world), typed, follow=True)
    shows(written, "已登记7天：春节", "2027年2月5日（周五）", "放假")
    assert MISSING not in written.content.decode()
    assert Holiday.objects.filter(is_working=False).count() == 7


def test_one_day_needs_no_end_and_can_be_taken_away(he: Client, world: World) -> None:
    day = clock.today() + timedelta(days=2)
    shows(
        he.post(page_of(world), {"name": "防汛", "is_working": "yes", "first": day.isoformat()}, follow=True),
        "防汛",
        "上班",
    )
    row = Holiday.objects.get()
    assert (row.day, row.is_working) == (day, True)
    shows(he.post(f"{page_of(world)}{row.pk}/remove/", follow=True), "已删除", "没有另外登记")
    assert not Holiday.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence", "status"),
    [
        ({"name": ""}, "field__error", 400),
        ({"first": ""}, "field__error", 400),
        ({"first": "昨天"}, "field__error", 400),
        ({"first": "2020-01-01", "last": "2020-01-01"}, "只能登记或删除今天以后的日子", 409),
        ({"last": "2020-01-01"}, "填写的内容有误", 400),
    ],
)
def test_what_is_wrong_is_said_and_writes_nothing(he: Client, world: World, typed, sentence, status) -> None:
    given = {"name": "春节", "is_working": "no", "first": (clock.today() + timedelta(days=1)).isoformat()}
    shows(he.post(page_of(world), given | typed), sentence, status=status)
    assert not Holiday.objects.exists()


def test_nobody_else_finds_the_page(client: Client, he: Client, world: World) -> None:
    row = Holiday.objects.create(sub_district=world.street, day=date(2030, 1, 1), name="元旦", by=world.he)
    far = world.hualin.sub_district
    assert he.get(f"/desk/settings/{far.pk}/holidays/").status_code == 404
    assert he.post(f"/desk/settings/{far.pk}/holidays/{row.pk}/remove/").status_code == 404
    client.force_login(world.chen)
    assert client.get(page_of(world)).status_code == 404
    assert client.post(f"{page_of(world)}{row.pk}/remove/").status_code == 404
    shown = client.get("/desk/settings/").content.decode()
    assert page_of(world) not in shown and "还没有登记" not in shown
    assert Holiday.objects.exists()


def test_a_row_is_removed_in_its_own_sub_district_only(he: Client, world: World) -> None:
    far = Holiday.objects.create(sub_district=world.hualin.sub_district, day=date(2030, 1, 1), name="元旦", by=world.he)
    assert he.post(f"{page_of(world)}{far.pk}/remove/").status_code == 404
    assert Holiday.objects.exists()


def test_thirty_days_cost_what_one_costs(he: Client, world: World) -> None:
    def cost(count: int) -> int:
        Holiday.objects.bulk_create(
            Holiday(sub_district=world.street, day=clock.today() + timedelta(days=count + n), name="假", by=world.he)
            for n in range(count)
        )
        with CaptureQueriesContext(connection) as queries:
            assert he.get(page_of(world)).status_code == 200
        return len(queries)

    cost(1)
    assert cost(2) == cost(30) <= 8
