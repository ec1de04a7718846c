"""Which reduction counts on a day; and who reads which kind it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities import hardship
from communities.access import NoPurpose
from communities.duties import NotYourDuty
from communities.hardship import Category, opening
from communities.hardship.deciding import SameRecorder
from communities.hardship.opening import Gone, NotYours
from communities.models import Guardian, Look, Setting
from communities.photos import redraw
from communities.settings import CARE_REDUCTIONS
from core import clock
from tests import world as cast
from tests.activities import pictures
from tests.books import refuses
from tests.communities.hardship.conftest import Family
from tests.communities.relieving import recorded, said, verified
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("category", "percent"), [
    (Category.DESTITUTE, 100), (Category.SUBSISTENCE, 80), (Category.DISABLED_SEVERE, 60), (Category.DISABLED, 40),
    (Category.LEFT_BEHIND, 50), (Category.NEAR_POOR, 40), (Category.VETERAN, 0), (Category.COURIER, 0),
])  # fmt: skip
def test_every_category_reduces_as_the_street_says(
    world: World, family: Family, category: Category, percent: int
) -> None:
    hardship.verify(evidence=recorded(family.child, world.zhang, said(category)), by=world.chen)
    best = hardship.best_on(family.child, clock.today())
    assert best and (best.percent, best.is_hardship) == (percent, percent > 0)


def test_the_best_one_counts_and_they_do_not_add_up(world: World, family: Family) -> None:
    for category in (Category.LEFT_BEHIND, Category.SUBSISTENCE, Category.DISABLED):
        hardship.verify(evidence=recorded(family.child, world.zhang, said(category)), by=world.chen)
    best = hardship.best_on(family.child, clock.today())
    assert best and best.percent == 80


def test_the_setting_of_the_day_counts(world: World, family: Family) -> None:
    hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    tomorrow = clock.today() + timedelta(days=1)
    Setting.objects.create(
        sub_district=world.street, key=CARE_REDUCTIONS["subsistence"].key, value=90, starts_on=tomorrow, by=world.he
    )
    assert [hardship.best_on(family.child, day).percent for day in (clock.today(), tomorrow)] == [80, 90]  # type: ignore[union-attr]


def test_it_counts_from_its_first_day_to_its_last(world: World, family: Family) -> None:
    made = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    days = (made.starts_on - timedelta(days=1), made.starts_on, made.ends_on, made.ends_on + timedelta(days=1))
    assert [hardship.best_on(family.child, day) is not None for day in days] == [False, True, True, False]


def test_what_waits_counts_for_nothing(world: World, family: Family) -> None:
    recorded(family.child, world.zhang)
    assert hardship.best_on(family.child, clock.today()) is None


def test_thirty_children_cost_as_many_queries_as_one(world: World, family: Family) -> None:
    children = [family.child]
    hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert len(hardship.best_of_many(children, clock.today())) == len(children)
        costs.append(len(caught))
        for number in range(29):
            child = cast.resident(world.wenxing, f"孩{number}", "", family.child.birth_date)
            Guardian.objects.create(
                child=child, guardian=family.father, relation="父亲", basis="household_book", by=world.zhang
            )
            verified(child, family.father, by=world.zhang, reviewer=world.chen)
            children.append(child)
    assert costs == [2, 2]


def test_the_reviewer_reads_it_and_the_look_is_written_down_first(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang)
    with refuses(NoPurpose):
        hardship.read(evidence=made, by=world.chen, purpose=" ")
    assert hardship.read(evidence=made, by=world.chen, purpose="复核").category == Category.SUBSISTENCE
    look = Look.objects.get(resident=family.child)
    assert (look.by_id, look.what, look.purpose) == (world.chen.pk, "优待依据", "复核")


def test_nobody_else_reads_it_not_even_who_recorded_it(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang)
    hardship.verify(evidence=made, by=world.he)
    mine = recorded(family.child, world.chen, said(Category.VETERAN))
    for evidence, user, why in (
        (made, world.zhang, NotYourDuty), (made, world.qian, NotYourDuty), (mine, world.chen, SameRecorder),
        (made, world.li.account, NotYours),
    ):  # fmt: skip
        assert user
        with refuses(why):
            hardship.read(evidence=evidence, by=user, purpose="看看")
    assert not Look.objects.exists()


def test_the_guardians_read_it_and_leave_no_look(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang)
    for guardian in (family.mother, family.father):
        assert guardian.account
        assert hardship.read(evidence=made, by=guardian.account).category == Category.SUBSISTENCE
    assert not Look.objects.exists()


def test_the_picture_is_the_reviewers_until_it_is_decided(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang, said(image=redraw(pictures.from_a_phone())))
    for user in (world.zhang, world.qian, family.mother.account):
        assert user
        with refuses(NotYourDuty):
            opening.picture(evidence=made, by=user, purpose="复核")
    assert opening.picture(evidence=made, by=world.chen, purpose="复核").startswith(b"\xff\xd8\xff")
    assert Look.objects.get().what == "优待依据图片"
    hardship.verify(evidence=made, by=world.chen)
    with refuses(Gone):
        opening.picture(evidence=made, by=world.chen, purpose="复核")
