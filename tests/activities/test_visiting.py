"""Visits: written down, followed up, forgotten with the file."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from activities import visiting, visits_keeping
from activities.models import Activity, FollowUp, Visit
from activities.visiting import note, settle
from communities import closing, copying, todo
from communities.duties import NotYourDuty
from communities.handover import Holder
from communities.models import Estate, Grid
from core import clock
from tests import world as cast
from tests.races.together import in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db


def visit(world: World, **fields: Any) -> Visit:
    return Visit(
        **{"community": world.wenxing, "resident": world.zhao, "text": "独居，精神好", "on": clock.today()} | fields
    )


def noted(world: World, **fields: Any) -> Visit:
    return note(visit=visit(world, **fields), by=world.zhang)


def test_a_visit_to_a_resident_or_a_place_is_written_down(world: World) -> None:
    grid = Grid.objects.create(community=world.wenxing, name="第一网格")
    noted(world, by=world.chen)
    noted(world, resident=None, grid=grid, estate=Estate.objects.get(community=world.wenxing), follow_up="路灯坏了")
    assert {one.by for one in Visit.objects.all()} == {world.zhang}


WRONG: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "nothing said": ({"text": "  "}, visiting.NothingFound),
    "tomorrow": ({"on": clock.today() + timedelta(days=1)}, visiting.BadDay),
    "long ago": ({"on": clock.today() - timedelta(days=400)}, visiting.BadDay),
}


@pytest.mark.parametrize(("fields", "refusal"), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_is_refused(world: World, fields: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        noted(world, **fields)
    assert not Visit.objects.exists()


def test_people_and_places_of_another_community_are_refused_and_so_are_strangers(world: World) -> None:
    there = Estate.objects.get(community=world.yongan)
    for other in (
        {"resident": world.zhou},
        {"estate": there},
        {"grid": Grid.objects.create(community=world.yongan, name="x")},
    ):
        with pytest.raises(visiting.Elsewhere):
            noted(world, **other)
    with pytest.raises(NotYourDuty):
        note(visit=visit(world), by=world.qian)
    assert not Visit.objects.exists()


def test_a_follow_up_is_settled_once_and_by_anybody_of_the_community(world: World) -> None:
    mine, other = noted(world, follow_up="换灯泡"), noted(world)
    with pytest.raises(NotYourDuty):
        settle(visit=mine, by=world.qian)
    settle(visit=mine, by=world.chen)
    mine.refresh_from_db()
    assert mine.settled_by == world.chen and mine.settled_at
    for done in (mine, other):
        with pytest.raises(visiting.NothingToSettle):
            settle(visit=done, by=world.chen)


def test_what_is_open_is_a_to_do_of_the_community_alone(world: World) -> None:
    settle(visit=noted(world, follow_up="换灯泡"), by=world.zhang)
    noted(world, follow_up="修扶手"), noted(world)

    def waits(user: Any) -> dict[str, int]:
        return {row.label: row.count for row in todo.rows_for(user) if row.section == "visits"}

    assert waits(world.chen) == {"走访中发现的事待跟进": 1}
    assert not any(waits(world.qian).values())


def test_who_leaves_passes_nothing_on_because_the_community_sees_it(world: World) -> None:
    noted(world, follow_up="修扶手")
    held: Holder = visits_keeping.held
    here = type(world.wenxing).objects.filter(pk=world.wenxing.pk)
    assert (held.count(world.zhang, here), held.count(world.chen, here), held.pass_on) == (1, 0, None)


def test_the_list_narrows_and_turns_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = noted(world, follow_up="一"), noted(world, follow_up="二"), noted(world)
    settle(visit=second, by=world.chen)
    Visit.objects.filter(pk=third.pk).update(by=world.chen)
    foreign = note(visit=visit(world, community=world.yongan, resident=world.zhou), by=world.qian)

    def seen(user: Any, **asked: Any) -> list[int]:
        return [one.pk for one in visiting.page_of(user, asked, None)]

    assert seen(world.zhang) == [third.pk, second.pk, first.pk]
    assert (seen(world.zhang, state="open"), seen(world.zhang, state="settled")) == ([first.pk], [second.pk])
    assert (seen(world.zhang, state="none"), seen(world.zhang, mine=True)) == ([third.pk], [second.pk, first.pk])
    assert seen(world.he, community=world.yongan) == [foreign.pk]
    assert seen(world.qian) == [foreign.pk]
    monkeypatch.setattr(visiting, "PAGE", 1)
    assert [one.pk for one in visiting.page_of(world.zhang, {}, third.pk)] == [second.pk, first.pk]


def test_the_resident_reads_what_was_written_about_them(world: World) -> None:
    noted(world, follow_up="换灯泡"), noted(world, resident=world.wang, text="别人的")
    (table,) = (one for one in copying.tables(world.zhao) if one.key == "visits")
    assert [line[1:3] for line in table.lines] == [["独居，精神好", "换灯泡"]]


def test_closing_the_file_empties_what_names_the_resident(world: World) -> None:
    own = noted(world, text="赵玉珍腿脚不便", follow_up="赵玉珍要扶手")
    bare, other = noted(world), noted(world, resident=world.wang, text="邻居赵玉珍常来", follow_up="问赵玉珍")
    activity = cast.activity(world.wenxing, ago=30, leader="赵玉珍", summary="赵玉珍带队", kind="SALON")
    came = FollowUp.objects.create(activity=activity, kind="job", text="赵玉珍就业", on=clock.today(), by=world.zhang)
    closing.close(resident=world.zhao, by=world.zhang, reason="本人持证到场")
    for row in (own, bare, other, came, activity):
        row.refresh_from_db()
    assert (own.text, own.follow_up, bare.text, bare.follow_up) == (
        closing.EMPTIED,
        closing.EMPTIED,
        closing.EMPTIED,
        "",
    )
    said = [other.text, other.follow_up, came.text, activity.leader, activity.summary]
    assert not any("赵玉珍" in one for one in said) and "常来" in other.text


def test_a_namesake_keeps_the_name(world: World) -> None:
    cast.resident(world.wenxing, "赵玉珍", "13700001234")
    other = noted(world, resident=world.wang, text="邻居赵玉珍常来")
    closing.close(resident=world.zhao, by=world.zhang, reason="本人持证到场")
    other.refresh_from_db()
    assert other.text == "邻居赵玉珍常来"


def test_who_leads_an_activity_is_replaced_before_the_file_is_closed(world: World) -> None:
    activity = cast.activity(world.wenxing, organiser=world.zhao)
    assert "现场组织人" in "".join(closing.obstacles_of(world.zhao))
    Activity.objects.filter(pk=activity.pk).update(organiser=None)
    assert closing.obstacles_of(world.zhao) == []


@pytest.mark.django_db(transaction=True)
def test_a_visit_written_while_the_file_is_being_closed_is_refused(world: World) -> None:
    with transaction.atomic():
        closing.close(resident=world.zhao, by=world.chen, reason="本人持证到场")
        answer = in_background(lambda: noted(world, text="赵玉珍在家"))
        until_somebody_waits_for_us()
    assert isinstance(answer(), closing.AlreadyClosed)
    assert not Visit.objects.exists()
