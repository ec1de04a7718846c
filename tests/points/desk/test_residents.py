"""At the counter: the passbook, the file and the purse of residents of one's own communities, and of nobody else."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from communities.models import Resident
from points import purse
from points.models import Share
from tests.pages import links, words
from tests.world import World

pytestmark = pytest.mark.django_db
PAGES = ("passbook", "points-export", "purse")


@pytest.fixture
def home(world: World) -> World:
    Resident.objects.filter(pk=world.zhao.pk).update(household=world.wang.household)
    world.zhao.refresh_from_db()
    return world


def path(name: str, resident: Resident) -> str:
    return reverse(f"desk:{name}", args=[resident.pk])


def shown(client: Client, name: str, resident: Resident) -> str:
    return words(client.get(path(name, resident)).content.decode())


def test_staff_print_the_passbook_of_an_elder_without_a_phone(world: World, client: Client) -> None:
    client.force_login(world.zhang)
    page = shown(client, "passbook", world.zhao)
    assert "积分存折" in page and "赵玉珍" in page and "志愿服务获得200200" in page and "0352-0000001" in page


def test_staff_download_somebodys_statement(world: World, client: Client) -> None:
    client.force_login(world.zhang)
    answer = client.get(path("points-export", world.zhao))
    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[2]][1:5] == ["获得", "志愿服务", 200, 200]
    assert "attachment" in answer["Content-Disposition"]
    wrong = client.get(f"{path('points-export', world.zhao)}?since=x")
    assert wrong.status_code == 302 and wrong["Location"] == path("points-export", world.zhao)


@pytest.mark.parametrize("name", PAGES)
def test_another_communitys_resident_does_not_exist(world: World, client: Client, name: str) -> None:
    client.force_login(world.qian)
    assert client.get(path(name, world.zhao)).status_code == 404
    assert client.get(path(name, world.zhou)).status_code == 200


@pytest.mark.parametrize("name", ["purse-join", "purse-leave"])
def test_another_communitys_purse_is_not_touched(home: World, client: Client, name: str) -> None:
    purse.join(resident=home.wang, by=home.wang.account)
    client.force_login(home.qian)
    assert client.post(path(name, home.wang), {"agreed": "on"}).status_code == 404
    assert Share.objects.filter(left_at=None).count() == 1


def test_with_the_persons_consent_staff_join_and_leave(home: World, client: Client) -> None:
    client.force_login(home.zhang)
    assert "没有加入" in shown(client, "purse", home.zhao)
    assert client.post(path("purse-join", home.zhao), {"agreed": "on"})["Location"] == path("purse", home.zhao)
    page = shown(client, "purse", home.zhao)
    assert "赵玉珍已加入家庭积分" in page and "家庭可用200积分" in page
    assert "赵玉珍（没有手机，用了积分由社区告知）" in page
    purse.join(resident=home.wang, by=home.wang.account)
    assert "王秀兰（" not in shown(client, "purse", home.zhao)
    purse.leave(resident=home.wang, by=home.wang.account)
    client.post(path("purse-leave", home.zhao))
    assert "赵玉珍已退出家庭积分" in shown(client, "purse", home.zhao)
    assert not Share.objects.filter(left_at=None).exists()


def test_without_consent_nothing_happens(home: World, client: Client) -> None:
    client.force_login(home.zhang)
    answer = client.post(path("purse-join", home.zhao))
    assert answer.status_code == 400 and "须本人同意" in answer.content.decode() and not Share.objects.exists()


def test_a_refusal_is_shown_on_the_same_page(home: World, client: Client) -> None:
    home.zhang.own_phone = home.wang.phone
    home.zhang.save(update_fields=["own_phone"])
    client.force_login(home.zhang)
    answer = client.post(path("purse-join", home.zhao), {"agreed": "on"})
    assert answer.status_code == 409 and "请由另一位同事办理" in answer.content.decode() and not Share.objects.exists()


def test_what_must_be_registered_first_is_said_before(home: World, client: Client) -> None:
    Resident.objects.filter(pk=home.zhao.pk).update(birth_date=None)
    client.force_login(home.zhang)
    page = shown(client, "purse", home.zhao)
    assert "现在还不能加入" in page and "出生日期" in page and "办理加入" not in page
    Resident.objects.filter(pk=home.zhao.pk).update(birth_date=date(1944, 3, 3))
    assert "办理加入" in shown(client, "purse", home.zhao)


def test_the_way_leads_from_somebodys_points(world: World, client: Client) -> None:
    client.force_login(world.zhang)
    assert {path(name, world.zhao) for name in PAGES} <= set(links(client, path("resident-points", world.zhao)))
