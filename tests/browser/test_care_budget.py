"""What the pages of 托管 may weigh and how they read: as tests/browser/test_budget.py, whose rules these are."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from communities.models import User
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.nursery import CARE_DESK, CARE_PHONE, CARE_TEACHER, Nursery, lay_nursery
from tests.browser.test_budget import CONTRAST, LATER, axe, faults, open_at, past_the_edge
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture
def nursery(world: World) -> Nursery:
    return lay_nursery(world)


def read(opened: Open, user: User, me: int, size: str = "standard", **options: object) -> Page:
    """A phone that has said for whom it acts."""
    page = opened(user, size, **options)
    if me:
        page.goto("/choose/")
        page.locator(f"button[name=resident][value='{me}']").click()
    return page


def visits(opened: Open, nursery: Nursery, size: str = "standard", **options: object) -> list[tuple[Page, str]]:
    parent = read(opened, nursery.mother, nursery.me, size, viewport=PHONE, **options)
    teacher = read(opened, nursery.teacher, 0, size, viewport=PHONE, **options)
    told = [(parent, one) for one in CARE_PHONE] + [(teacher, one) for one in CARE_TEACHER]
    return [(page, one.format(**nursery.numbers)) for page, one in told]


def test_the_phones_pages_are_light_readable_and_within_the_screen(opened: Open, nursery: Nursery) -> None:
    found = {}
    for page, address in visits(opened, nursery):
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        found[address] = faults(page, address, phone=True)
    assert not {where: what for where, what in found.items() if what}


@LATER
def test_the_desk_s_pages_are_light_and_readable(opened: Open, nursery: Nursery, world: World) -> None:
    page = opened(world.chen, viewport=DESKTOP)
    found = {one: faults(page, one.format(**nursery.numbers), phone=False) for one in CARE_DESK}
    assert not {where: what for where, what in found.items() if what}


@LATER
def test_they_are_readable_in_large_letters(opened: Open, nursery: Nursery) -> None:
    found = {}
    for page, address in visits(opened, nursery, "elder"):
        open_at(page, address)
        found[address] = axe(page) + past_the_edge(page)
    assert not {where: what for where, what in found.items() if what}


@LATER
def test_they_are_readable_by_night(opened: Open, nursery: Nursery) -> None:
    found = {}
    for page, address in visits(opened, nursery, color_scheme="dark"):
        open_at(page, address)
        found[address] = axe(page, CONTRAST)
    assert not {where: what for where, what in found.items() if what}
