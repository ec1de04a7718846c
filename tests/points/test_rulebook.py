"""What is in force, what is to come, and every version there was; in agreement with what awards are priced by."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Setting
from core import clock
from points import rulebook, rules
from points.pricing import tariffs
from points.rulebook import Chapter, Figures
from tests.points.ruling import asked, changed, tomorrow
from tests.world import World

pytestmark = pytest.mark.django_db


def of(world: World, code: str) -> Chapter:
    found = rulebook.chapter(world.street.pk, code, clock.today())
    assert found
    return found


def states(chapter: Chapter) -> list[tuple[str, int]]:
    return [(one.state, one.figures.points) for one in chapter.history]


def test_the_defaults_are_the_whole_table_of_the_guide(world: World) -> None:
    groups = {group.title: group for group in rulebook.overview(world.street.pk, clock.today())}
    said = {
        chapter.code: (chapter.shown.figures.worth, chapter.shown.figures.limits)
        for group in groups.values() for chapter in group.chapters
    }  # fmt: skip
    assert list(groups) == ["计时服务", "按次项目（不计时）", "据实项目"]
    assert len(said) == 19
    assert said["ENV"] == ("每小时10积分", "每天最多40积分")
    assert said["EMG"] == ("每小时15积分", "每天最多80积分")
    assert said["PHOTO"] == ("每次3积分", "每天最多5次")
    assert said["MEET"] == ("每次5积分", "每月最多2次")
    assert said["HONOR_CITY"] == ("每次80积分", "")
    assert [cap.value for cap in groups["计时服务"].caps] == [80, 400]
    assert [cap.value for cap in groups["按次项目（不计时）"].caps] == [60]
    assert groups["据实项目"].caps == []


def test_a_general_limit_is_that_of_the_day(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key="points.cap_month", value=500, starts_on=tomorrow(), by=world.he, at=clock.now()
    )
    today, later = (rulebook.overview(world.street.pk, day)[0].caps[1].value for day in (clock.today(), tomorrow()))
    assert (today, later) == (400, 500)


def test_the_history_says_of_every_version_what_became_of_it(world: World) -> None:
    changed(world, points=12)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        changed(world, points=14, starts_on=tomorrow())
        changed(world, points=15, starts_on=tomorrow())
        changed(world, points=20, starts_on=tomorrow(40))
        rules.withdraw(sub_district=world.street, code="ENV", starts_on=tomorrow(40), by=world.he)
        chapter = of(world, "ENV")
        assert states(chapter) == [
            ("撤回", 15), ("未执行", 20), ("将执行", 15), ("未执行", 14), ("现行", 12), ("已结束", 10),
        ]  # fmt: skip
        assert [one.figures.points for one in chapter.coming] == [15]
        assert chapter.now and chapter.now.figures.points == 12


def test_the_book_says_what_awards_are_priced_by_on_every_day(world: World) -> None:
    changed(world, points=12)
    changed(world, points=14, starts_on=tomorrow(30))
    changed(world, points=13)
    rules.introduce(**asked(world, "FITNESS", figures=Figures("健身", "untimed", 4), starts_on=tomorrow(5)))
    rules.withdraw(sub_district=world.street, code="ENV", starts_on=tomorrow(30), by=world.he)
    for day in (clock.today(), tomorrow(), tomorrow(5), tomorrow(30), tomorrow(31)):
        groups = rulebook.overview(world.street.pk, day)
        told = {one.code: one.now.rule.pk for group in groups for one in group.chapters if one.now}
        assert told == {code: tariff.rule.pk for code, tariff in tariffs(world.street.pk, on=day).items()}


def test_residents_are_told_what_can_be_earned(world: World) -> None:
    changed(world, "SORT", points=0)
    changed(world, "CIV", points=0, starts_on=tomorrow(5))
    rules.introduce(**asked(world, "FITNESS", figures=Figures("健身", "untimed", 4), starts_on=tomorrow(5)))
    rules.introduce(**asked(world, "GONE", figures=Figures("没了", "untimed", 4), starts_on=tomorrow(5)))
    rules.withdraw(sub_district=world.street, code="GONE", starts_on=tomorrow(5), by=world.he)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        shown = {one.code for group in rulebook.earnable(world.street.pk, clock.today()) for one in group.chapters}
        assert {"ENV", "CIV", "FITNESS"} <= shown
        assert not {"SORT", "GONE", "ADJ"} & shown


def test_rules_of_another_sub_district_are_not_in_the_book(world: World) -> None:
    rules.introduce(**asked(world, "FITNESS", figures=Figures("健身", "untimed", 4)))
    assert rulebook.chapter(world.hualin.sub_district_id, "FITNESS", tomorrow()) is None
    assert "FITNESS" not in str(rulebook.overview(world.hualin.sub_district_id, tomorrow()))
    assert "FITNESS" not in str(rulebook.overview(None, tomorrow()))


def test_thirty_versions_cost_what_one_costs(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            for group in rulebook.overview(world.street.pk, clock.today()):
                assert all(one.history[0].rule.by.name is not None for one in group.chapters)
        return len(queries)

    changed(world, points=11)
    one = cost()
    for points in range(12, 42):
        changed(world, points=points)
    assert cost() == one == 2
