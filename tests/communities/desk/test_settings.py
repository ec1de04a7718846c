from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Duty, Setting, SubDistrict
from communities.settings import CANCEL_HOURS, value_of
from core import clock
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db


def page_of(world: World, key: str = CANCEL_HOURS.key) -> str:
    return f"/desk/settings/{world.street.pk}/{key}/"


def tomorrow() -> str:
    return (clock.today() + timedelta(days=1)).isoformat()


@pytest.fixture
def he(client: Client, world: World) -> Client:
    client.force_login(world.he)
    return client


def test_the_administrator_changes_a_value_from_a_day_to_come(he: Client, world: World) -> None:
    shows(he.get("/desk/settings/"), CANCEL_HOURS.label, "24小时", page_of(world))
    shows(he.get(page_of(world)), "现在是24小时", "可填0到168")
    answer = he.post(page_of(world), {"value": 48, "starts_on": tomorrow()}, follow=True)
    shows(answer, "已保存", "起48小时")
    assert value_of(CANCEL_HOURS, world.street.pk) == 24
    assert value_of(CANCEL_HOURS, world.street.pk, on=clock.today() + timedelta(days=1)) == 48
    assert Setting.objects.get().by == world.he


@pytest.mark.parametrize(
    ("typed", "sentence", "status"),
    [
        ({"value": "169"}, "field__error", 400),
        ({"value": "x"}, "field__error", 400),
        ({"starts_on": ""}, "field__error", 400),
        ({"starts_on": "today"}, "只能从明天或以后生效", 409),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(he: Client, world: World, typed, sentence, status) -> None:
    if typed.get("starts_on") == "today":
        typed = {"starts_on": clock.today().isoformat()}
    shows(he.post(page_of(world), {"value": 48, "starts_on": tomorrow()} | typed), sentence, status=status)
    assert not Setting.objects.exists()


def test_other_staff_read_and_do_not_change(client: Client, world: World) -> None:
    client.force_login(world.chen)
    page = client.get("/desk/settings/")
    shows(page, "这里只能查看", "24小时")
    assert page_of(world) not in page.content.decode()
    assert client.get(page_of(world)).status_code == 404
    assert client.post(page_of(world), {"value": 48, "starts_on": tomorrow()}).status_code == 404
    assert not Setting.objects.exists()


def test_another_sub_district_and_an_unknown_key_are_not_found(he: Client, world: World) -> None:
    far = world.hualin.sub_district
    assert he.get(f"/desk/settings/{far.pk}/{CANCEL_HOURS.key}/").status_code == 404
    assert he.get(page_of(world, "points.unknown")).status_code == 404
    assert "清远街道" not in he.get("/desk/settings/").content.decode()


def test_a_duty_that_has_ended_changes_nothing(he: Client, world: World) -> None:
    world.he.duties.update(ends_on=clock.today() - timedelta(days=1))
    assert he.get(page_of(world)).status_code == 404
    assert "小时" not in he.get("/desk/settings/").content.decode()


def test_thirty_versions_cost_no_more_than_one(he: Client, world: World) -> None:
    def write(first: int, last: int) -> None:
        for number in range(first, last):
            day = clock.today() - timedelta(days=number)
            Setting.objects.create(
                sub_district=world.street, key=CANCEL_HOURS.key, value=number, starts_on=day, by=world.he
            )

    write(1, 2)
    with CaptureQueriesContext(connection) as one:
        he.get("/desk/settings/")
    write(2, 32)
    with CaptureQueriesContext(connection) as thirty:
        he.get("/desk/settings/")
    assert len(one) == len(thirty) <= 8


def test_an_administrator_of_two_sub_districts_sees_both(he: Client, world: World) -> None:
    far = SubDistrict.objects.get(name="清远街道")
    Duty.objects.create(user=world.he, role=Duty.Role.STREET_ADMIN, sub_district=far)
    shows(he.get("/desk/settings/"), "水泊寺街道", "清远街道")
