"""The pages of moving: numbers in no address, masked names before, the whole file afterwards."""

import pytest
from django.test import Client

from communities.models import Estate, Resident
from points.models import Share
from tests.points.deeds import at_home
from tests.world import World

FIND, TAKE = "/desk/residents/move-in/", "/desk/residents/move-in/take/"


@pytest.fixture
def counter(client: Client, world: World) -> Client:
    """钱丽 of 永安."""
    client.force_login(world.qian)
    return client


def found(counter: Client, world: World, **changes: object) -> str:
    said = {"community": world.yongan.pk, "name": "王秀兰", "phone": "138 1234 6021"} | changes
    return counter.post(FIND, said).content.decode()


def token(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def test_before_the_move_the_page_shows_a_masked_name_and_nothing_else(counter: Client, world: World) -> None:
    at_home(world.wang, world.zhao)
    page = found(counter, world)
    assert "王*兰" in page and "文兴社区" in page and "赵*珍（成年）" in page
    for secret in ("王秀兰", "赵玉珍", "6021", "1968", "280", "200"):
        assert secret not in page.replace(token(page), "").split("<main")[1], secret


def test_nobody_found_keeps_what_was_typed(counter: Client, world: World) -> None:
    answer = counter.post(FIND, {"community": world.yongan.pk, "name": "王秀", "phone": "13812346021"})
    assert answer.status_code == 404
    assert "没有姓名和号码都对得上的居民" in answer.content.decode()
    assert 'value="王秀"' in answer.content.decode()


@pytest.mark.parametrize("typed", [{"phone": "", "document": ""}, {"phone": "1381234"}, {"name": ""}])
def test_a_number_is_whole_or_none(counter: Client, world: World, typed: dict[str, str]) -> None:
    said = {"community": world.yongan.pk, "name": "王秀兰", "phone": "13812346021"} | typed
    assert counter.post(FIND, said).status_code == 400


def test_taken_in_the_file_opens_here_and_no_more_there(counter: Client, world: World) -> None:
    home = Estate.objects.create(community=world.yongan, name="永安里")
    seen = token(found(counter, world))
    answer = counter.post(TAKE, {"token": seen, "estate": home.pk, "seen": "on"}, follow=True)
    assert "已迁入永安社区，80积分随人转入" in answer.content.decode()
    assert answer.redirect_chain == [(f"/desk/residents/{world.wang.pk}/", 302)]
    counter.force_login(world.zhang)
    assert counter.get(f"/desk/residents/{world.wang.pk}/").status_code == 404


def test_somebody_must_have_looked(counter: Client, world: World) -> None:
    answer = counter.post(TAKE, {"token": token(found(counter, world))})
    assert answer.status_code == 400
    assert Resident.objects.get(pk=world.wang.pk).community == world.wenxing


def test_those_who_were_ticked_come_along(counter: Client, world: World) -> None:
    at_home(world.wang, world.zhao)
    seen = token(found(counter, world))
    counter.post(TAKE, {"token": seen, "family": [world.zhao.pk], "seen": "on"})
    assert Resident.objects.filter(community=world.yongan, household=world.wang.household).count() == 2
    assert Share.objects.filter(left_at=None).count() == 2


def test_a_number_of_somebody_else_is_not_of_the_family(counter: Client, world: World) -> None:
    at_home(world.wang, world.zhao)
    seen = token(found(counter, world))
    answer = counter.post(TAKE, {"token": seen, "family": [world.li.pk], "seen": "on"})
    assert answer.status_code == 400
    assert Resident.objects.filter(community=world.yongan).count() == 1


def test_a_refusal_is_shown_with_the_sheet(counter: Client, world: World) -> None:
    seen = token(found(counter, world))
    assert counter.post(TAKE, {"token": seen, "seen": "on"}).status_code == 302
    answer = counter.post(TAKE, {"token": seen, "seen": "on"})
    assert answer.status_code == 409
    assert "已经是本社区的居民" in answer.content.decode()


def test_a_street_admin_chooses_the_community(client: Client, world: World) -> None:
    client.force_login(world.he)
    assert "永安社区" in client.get(FIND).content.decode()
    assert "王*兰" in found(client, world)
