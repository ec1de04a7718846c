"""Doors, tried with the pages of this app; what each page does is tested beside the page."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from communities.models import Resident
from core import clock
from tests.world import World

pytestmark = pytest.mark.django_db


def test_signed_out_one_signs_in_and_comes_back(client: Client) -> None:
    assert client.get("/me/?a=1").headers["Location"] == f"/sign-in/?next={quote('/me/?a=1', safe='')}"
    assert client.get("/desk/residents/").headers["Location"] == "/desk/sign-in/?next=%2Fdesk%2Fresidents%2F"


def test_a_post_comes_back_to_the_page_it_was_sent_from(client: Client) -> None:
    back = client.post("/choose/", headers={"referer": "http://testserver/me/"})
    assert back.headers["Location"].endswith("next=http%3A%2F%2Ftestserver%2Fme%2F")


def test_staff_pages_are_closed_to_residents_and_residents_pages_to_staff(client: Client, world: World) -> None:
    client.force_login(world.wang.account)
    answer = client.get("/desk/")
    assert answer.status_code == 403 and "只供社区工作人员" in answer.content.decode()
    client.force_login(world.zhang)
    answer = client.get("/me/")
    assert answer.status_code == 403 and "供居民使用" in answer.content.decode()


def test_nobody_to_act_for_joins_several_choose(client: Client, world: World) -> None:
    Resident.objects.filter(pk=world.sun.pk).update(account=world.wang.account)
    client.force_login(world.wang.account)
    assert client.get("/me/").headers["Location"] == "/choose/?next=%2Fme%2F"
    Resident.objects.filter(account=world.wang.account).update(account=None)
    assert client.get("/me/").headers["Location"] == "/join/?next=%2Fme%2F"


def test_a_password_that_somebody_else_gave_is_replaced_first(client: Client, world: World) -> None:
    world.zhang.must_change_password = True
    world.zhang.save()
    client.force_login(world.zhang)
    assert client.get("/desk/residents/").headers["Location"] == "/desk/password/?next=%2Fdesk%2Fresidents%2F"
    assert client.get("/desk/password/").status_code == 200


@pytest.mark.parametrize(
    ("who", "page", "door", "idle"),
    [
        ("zhang", "/desk/password/", "/desk/sign-in/", timedelta(minutes=30)),
        ("wang", "/me/phone/", "/sign-in/", timedelta(days=7)),
    ],
)
def test_idle_people_are_signed_out_and_busy_ones_stay(
    client: Client, world: World, time_machine, who, page, door, idle
) -> None:
    start = clock.now()
    time_machine.move_to(start, tick=False)
    client.force_login(getattr(getattr(world, who), "account", getattr(world, who)))
    for turn in range(1, 4):
        time_machine.move_to(start + turn * idle * 0.9, tick=False)
        assert client.get(page).status_code == 200
    time_machine.move_to(start + 2.7 * idle + idle * 1.01, tick=False)
    assert client.get(page).headers["Location"].startswith(door)


def test_pages_of_a_person_are_not_kept_by_the_browser(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    assert client.get("/desk/")["Cache-Control"] == "no-store"
    client.force_login(world.wang.account)
    assert client.get("/points/")["Cache-Control"] == "no-store"
