"""The family at the counter: a household founded, relatives found and added, each with a yes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Consent, Resident
from tests.communities.steps import shows
from tests.world import World, resident

pytestmark = pytest.mark.django_db
YES = {"way": "signature", "agreed": "on"}


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    Resident.objects.update(household=None)
    return client


def test_found_a_household_find_the_relative_and_add_them(zhang: Client, world: World) -> None:
    page = f"/desk/residents/{world.wang.pk}/household/"
    shows(zhang.get(page), "立户")
    shows(zhang.post(page, {"way": "signature"}), "本人同意后勾选", status=400)
    shows(zhang.post(page, YES, follow=True), "已为王秀兰立户", "登记家人")
    shows(zhang.get(f"{page}?q=ljg"), "李建国（天和城，手机尾号1187）", "登记到这一户")
    shows(zhang.post(f"{page}?q=ljg", YES | {"resident": world.li.pk}, follow=True), "李建国已登记到王秀兰这一户")
    shows(zhang.get(f"/desk/residents/{world.wang.pk}/"), "李建国")
    assert Consent.objects.filter(purpose="household", by=world.zhang).count() == 2


def test_only_whom_the_search_showed_is_added(zhang: Client, world: World) -> None:
    page = f"/desk/residents/{world.wang.pk}/household/"
    zhang.post(page, YES)
    shows(zhang.get(f"{page}?q=周海涛"), "没有找到可以登记的居民")
    for stranger in (world.zhou.pk, world.li.pk, "x", ""):
        assert zhang.post(f"{page}?q=周海涛", YES | {"resident": stranger}).status_code == 400
    assert Resident.objects.exclude(household=None).get() == world.wang


def test_leaving_is_one_button(zhang: Client, world: World) -> None:
    page = f"/desk/residents/{world.wang.pk}/household/"
    zhang.post(page, YES)
    shows(zhang.post(f"{page}leave/", follow=True), "已离开这一户", "立户")
    assert zhang.get(f"{page}leave/").status_code == 405


def test_ones_own_family_is_for_a_colleague(zhang: Client, world: World) -> None:
    page = f"/desk/residents/{world.wang.pk}/household/"
    zhang.post(page, YES)
    world.zhang.own_phone = world.wang.phone
    world.zhang.save()
    shown = zhang.get(page)
    shows(shown, "由另一位同事办理")
    assert "离开这一户" not in shown.content.decode() and "登记家人" not in shown.content.decode()
    zhang.post(f"{page}leave/")
    world.wang.refresh_from_db()
    assert world.wang.household is not None


def test_a_neighbours_household_is_not_there(client: Client, world: World) -> None:
    client.force_login(world.qian)
    page = f"/desk/residents/{world.wang.pk}/household/"
    assert (
        client.get(page).status_code
        == client.post(page, YES).status_code
        == client.post(f"{page}leave/").status_code
        == 404
    )


def test_many_found_cost_no_more_than_one(zhang: Client, world: World) -> None:
    page = f"/desk/residents/{world.wang.pk}/household/"
    zhang.post(page, YES)
    resident(world.wenxing, "邻居一")
    zhang.get(f"{page}?q=邻居")
    with CaptureQueriesContext(connection) as one:
        zhang.get(f"{page}?q=邻居")
    for number in range(18):
        resident(world.wenxing, f"邻居{number}")
    with CaptureQueriesContext(connection) as many:
        zhang.get(f"{page}?q=邻居")
    assert len(one) == len(many)
