"""One click and you are somebody else, in the demo and nowhere else."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from communities.models import Resident, User
from demo import people, places, riders
from demo.asked import Asked
from demo.cast import Known, Merchant, Relative
from demo.roles import ROLES, Role
from tests.demo.story import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(db: None) -> Iterator[Client]:
    """A browser at the demo; its people are there, nothing has happened yet."""
    for write in (places.write, people.write_staff, people.write_residents, riders.write):
        write(Asked(NOON, residents=len(ROLES)))
    with override_settings(ROOT_URLCONF="tests.demo.urls", DEMO=True):
        yield Client()


# Whom a relative helps, who keeps a shop and who is of the childcare centre is written later in the story:
# tests/demo/told/test_affairs.py.
AT_ONCE = [one for one in ROLES if not isinstance(one.person, Relative | Merchant) and not one.code.startswith("care-")]


@pytest.mark.parametrize("role", AT_ONCE, ids=lambda role: role.code)
def test_one_click_signs_in_and_shows_the_first_page(demo: Client, role: Role) -> None:
    answer = demo.post(f"/demo/{role.code}/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/" if role.is_staff else "/")
    assert demo.cookies["size"].value == role.size
    assert signed_in(demo).name == role.person.name
    if isinstance(role.person, Known):
        acting = Resident.objects.get(pk=demo.session["acting"])
        assert (acting.name, acting.phone) == (role.person.name, role.person.phone)
    assert demo.get(answer["Location"]).status_code == 200


def signed_in(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_changing_the_role_leaves_nothing_of_the_one_before(demo: Client) -> None:
    demo.post("/demo/resident/")
    demo.post("/demo/yongan/")
    assert "acting" not in demo.session
    assert signed_in(demo).username == "qianli"


def test_the_page_offers_every_role_and_goes_back_to_the_page_that_was_wanted(demo: Client) -> None:
    shown = demo.get("/demo/?next=/points/").content.decode()
    assert all(f'action="/demo/{role.code}/"' in shown for role in ROLES)
    assert shown.count('name="next" value="/points/"') == len(ROLES)
    assert demo.post("/demo/resident/", {"next": "/points/"})["Location"] == "/points/"
    assert demo.post("/demo/resident/", {"next": "https://evil.example/"})["Location"] == "/"


def test_the_sign_in_page_leads_to_the_buttons(demo: Client) -> None:
    assert 'href="/demo/' in demo.get("/sign-in/").content.decode()


def test_looking_signs_nobody_in(demo: Client) -> None:
    assert demo.get("/demo/resident/").status_code == 405
    assert demo.post("/demo/nobody/").status_code == 404
    assert "_auth_user_id" not in demo.session


def test_without_the_demo_there_is_no_such_page(client: Client) -> None:
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/resident/").status_code == 404
    assert "/demo/" not in client.get("/sign-in/").content.decode()
