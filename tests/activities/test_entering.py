"""What a colleague types about who was there, by keyboard and from the paper."""

from datetime import time, timedelta

import pytest
from django.db import transaction

from activities import entering, recording, signup, standing_by
from activities.entering import Spell, Typed
from activities.models import Activity, Means, Participation
from communities.models import Resident
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.activities.cast import signed
from tests.books import breaches
from tests.races.together import in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(world: World) -> Activity:
    """Two hours, over; number 1 王秀兰, 2 withdrew, 3 赵玉珍, 4 周海涛 of another community."""
    whole = (clock.now() - timedelta(hours=3)).replace(second=0, microsecond=0)  # as people write it
    activity = cast.activity(world.wenxing, starts_at=whole)
    for one in (world.wang, world.li, world.zhao, world.zhou):
        signed(activity, one, world)
    Participation.objects.filter(resident=world.li).update(status="cancelled")
    return activity


def sheet(activity: Activity, text: str, world: World, **usual: object) -> entering.Outcome:
    spell = Spell(activity.starts_at, activity.ends_at, **usual)  # type: ignore[arg-type]
    return entering.sheet(activity, text, usual=spell, by=world.zhang)


def at(activity: Activity, minutes: int) -> str:
    return f"{clock.local(activity.starts_at) + timedelta(minutes=minutes):%H:%M}"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("1-3", Typed(["1", "2", "3"], None, None)),
        ("1 3，5", Typed(["1", "3", "5"], None, None)),
        ("12", Typed(["12"], None, None)),
        ("王秀兰 9:00 10:30", Typed(["王秀兰"], time(9), time(10, 30))),
        ("王秀兰\t9：05", Typed(["王秀兰"], time(9, 5), None)),
        ("王秀兰 6021 9点05分", Typed(["王秀兰6021"], time(9, 5), None)),
        ("12 王秀兰", Typed(["王秀兰"], None, None)),
        ("6021", Typed(["6021"], None, None)),
    ],
)  # fmt: skip
def test_a_line_of_the_sheet_is_read(line: str, meant: Typed) -> None:
    assert entering.read(line) == meant


@pytest.mark.parametrize("line", ["", "9:00 10:00", "1 2 王秀兰", "王秀兰 9:00 10:00 11:00"])
def test_a_line_that_says_nothing_clear_is_refused(line: str) -> None:
    with pytest.raises(entering.LineNotUnderstood):
        entering.read(line)


@pytest.mark.parametrize("typed", ["王秀兰", "6021", "wxl", "wangxiulan", "王6021", "1", " 王秀兰 "])
def test_a_person_of_the_list_is_meant_by_few_keys(over: Activity, world: World, typed: str) -> None:
    assert entering.one(over, world.zhang, typed) == world.wang


def test_who_signed_up_from_another_community_is_known_by_the_list(over: Activity, world: World) -> None:
    assert entering.one(over, world.zhang, "周海涛") == world.zhou
    elsewhere = cast.activity(world.wenxing, ago=30)
    with pytest.raises(entering.NobodyMeant):
        entering.one(elsewhere, world.zhang, "周海涛")


def test_who_is_not_on_the_list_is_found_in_the_files(over: Activity, world: World) -> None:
    assert entering.one(over, world.zhang, "1187") == world.li


def test_two_of_one_name_are_told_apart_by_the_phone(over: Activity, world: World) -> None:
    other = cast.resident(world.wenxing, "王秀兰", "13700005566")
    signed(over, other, world)
    with pytest.raises(entering.SeveralMeant) as info:
        entering.one(over, world.zhang, "王秀兰")
    assert set(info.value.people) == {world.wang, other} and "****5566" in info.value.message
    assert entering.one(over, world.zhang, "王秀兰5566") == other
    assert entering.one(over, world.zhang, "王秀兰", chosen=other.pk) == other


@pytest.mark.parametrize("typed", ["没有这个人", "2", "99", "0000", "12a", "\x00", "%"])
def test_nobody_is_guessed(over: Activity, world: World, typed: str) -> None:
    with pytest.raises(entering.NobodyMeant):
        entering.one(over, world.zhang, typed)


def test_the_numbers_of_the_paper_stay_when_somebody_gives_back(over: Activity) -> None:
    assert sorted(standing_by.numbers(over).values()) == [1, 2, 3, 4]


def test_a_sheet_is_written_line_by_line(over: Activity, world: World) -> None:
    text = f"1\n赵玉珍 {at(over, 10)} {at(over, 70)}\n李建国 {at(over, 0)}"
    done = sheet(over, text, world)
    assert done.wrong == []
    rows = {one.resident.name: one for one in Participation.objects.filter(status="recorded")}
    assert {name: one.minutes for name, one in rows.items()} == {"王秀兰": 120, "赵玉珍": 60, "李建国": 120}
    assert {one.left_how for one in rows.values()} == {"sheet"}
    assert {one.recorded_by for one in rows.values()} == {world.zhang}
    assert breaches() == []


def test_times_beyond_the_activity_do_not_count(over: Activity, world: World) -> None:
    sheet(over, f"1 {at(over, -20)} {at(over, 150)}", world)
    assert Participation.objects.get(resident=world.wang).minutes == 120


def test_what_is_wrong_comes_back_and_the_rest_is_written(over: Activity, world: World) -> None:
    done = sheet(over, f"1-4\n没有人\n9:00\n赵玉珍 {at(over, 90)} {at(over, 30)}", world)
    assert {line for line, _ in done.wrong} == {"2", "没有人", "9:00", f"赵玉珍 {at(over, 90)} {at(over, 30)}"}
    assert len(done.done) == 3


def test_the_same_sheet_twice_changes_nothing_and_a_correction_counts(over: Activity, world: World) -> None:
    sheet(over, "1", world)
    sheet(over, "1", world)
    sheet(over, f"1 {at(over, 60)}", world)
    mine = Participation.objects.get(resident=world.wang)
    assert (mine.minutes, mine.served_from) == (60, over.starts_at + timedelta(minutes=60))


def test_who_waited_in_line_and_stands_on_the_paper_has_a_place(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3, capacity=0)
    before = activity.starts_at - timedelta(days=1)
    signup.join_line(activity_id=activity.pk, resident=world.wang, by=world.system, at=before)
    assert [why for _, why in sheet(activity, "王秀兰", world).wrong] == [signup.ActivityFull.message]
    Activity.objects.filter(pk=activity.pk).update(capacity=1)
    assert sheet(activity, "王秀兰", world).wrong == []


@pytest.mark.django_db(transaction=True)
def test_who_leaves_the_line_in_this_moment_is_not_taken_in(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3, capacity=0)
    before = activity.starts_at - timedelta(days=1)
    mine = signup.join_line(activity_id=activity.pk, resident=world.wang, by=world.system, at=before)
    Activity.objects.filter(pk=activity.pk).update(capacity=1)
    with transaction.atomic():
        signup.withdraw(activity_id=activity.pk, resident=world.wang, by=world.system)
        answer = in_background(lambda: sheet(activity, "王秀兰", world))  # still sees the line as it was
        until_somebody_waits_for_us()
    outcome = answer()
    assert isinstance(outcome, entering.Outcome) and outcome.done == []
    assert [why for _, why in outcome.wrong] == [recording.NotTakingPart.message]
    mine.refresh_from_db()
    assert mine.status == "cancelled" and breaches() == []


def test_what_can_be_written_down_depends_on_the_hour(over: Activity) -> None:
    def ways(minutes: int) -> list[str]:
        return list(entering.ways_at(over, over.starts_at + timedelta(minutes=minutes)))

    assert [ways(n) for n in (-31, -30, 100, 115, 120, 151)] == [
        [], ["in", "out"], ["in", "out"], ["out", "in"], ["out", "whole"], ["whole"],
    ]  # fmt: skip


def test_quick_entry_does_what_the_hour_asks_for(world: World) -> None:
    now = cast.activity(world.wenxing, ago=1)

    def act(way: str, who: Resident, spell: Spell | None = None) -> Participation:
        return entering.act(way=way, activity=now, resident=who, spell=spell, by=world.zhang)

    assert entering.stood(act("in", world.zhao)).endswith("签到")
    Participation.objects.update(arrived_at=now.starts_at)
    assert act("out", world.zhao).left_how == Means.DESK
    with pytest.raises(Refused) as info:
        act("whole", world.wang)
    assert info.value.code == "not_ended_yet"
    assert not Participation.objects.filter(resident=world.wang).exists()
