"""The first person writes down who came and for how long; nothing is paid yet."""

from datetime import time, timedelta

import pytest

from activities import deadlines, hours, recording
from activities.models import Activity, Participation
from activities.recording import absent, record
from communities.duties import NotYourDuty
from core import clock
from points import statement
from points.models import Rule
from points.pricing import worth
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.books import breaches
from tests.points.deeds import rule
from tests.world import World

pytestmark = pytest.mark.django_db
Kind = Activity.Kind


def test_a_record_freezes_the_points_and_pays_nothing(world: World) -> None:
    mine = recorded(world, minutes=120)
    assert (mine.status, mine.minutes, mine.points, mine.recorded_by) == ("recorded", 120, 20, world.zhang)
    assert statement.available(world.li) == 0
    assert breaches() == []


@pytest.mark.parametrize(
    ("minutes", "rate", "points"),
    [(29, 10, 0), (30, 10, 5), (59, 10, 5), (60, 10, 10), (119, 10, 15), (30, 15, 7), (90, 15, 22), (480, 12, 96)],
)
def test_half_hours_are_rounded_down(minutes: int, rate: int, points: int) -> None:
    assert worth(Rule(basis="hour", points=rate), minutes) == points


@pytest.mark.parametrize(
    ("kind", "points"), [(Kind.ENV, 20), (Kind.CIV, 20), (Kind.PAT, 20), (Kind.ELD, 24), (Kind.PRO, 30)]
)
def test_each_kind_has_its_rate(world: World, kind: Kind, points: int) -> None:
    assert recorded(world, kind=kind).points == points


def test_the_rate_of_the_day_of_service_counts(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=24 * 5)
    mine = signed(activity, world.li, world)
    for days_ago, value in ((9, 8), (2, 30)):
        rule(world, "ENV", starts_on=clock.today() - timedelta(days=days_ago), points=value)
    assert record(participation=mine, minutes=60, by=world.zhang).points == 8


@pytest.mark.parametrize("minutes", [0, -1, 481])
def test_minutes_out_of_range_are_refused(world: World, minutes: int) -> None:
    mine = signed(cast.activity(world.wenxing, ago=3), world.li, world)
    with pytest.raises(recording.BadMinutes):
        record(participation=mine, minutes=minutes, by=world.zhang)
    mine.refresh_from_db()
    assert mine.status == "signed_up"


def test_nothing_is_recorded_before_the_end(world: World) -> None:
    mine = signed(cast.activity(world.wenxing, ago=1), world.li, world)
    for act in (
        lambda: record(participation=mine, minutes=60, by=world.zhang),
        lambda: absent(participation=mine, by=world.zhang),
    ):
        with pytest.raises(recording.NotEndedYet):
            act()


def test_staff_of_another_community_record_nothing(world: World) -> None:
    mine = signed(cast.activity(world.wenxing, ago=3), world.li, world)
    with pytest.raises(NotYourDuty):
        record(participation=mine, minutes=60, by=world.qian)
    with pytest.raises(NotYourDuty):
        absent(participation=mine, by=world.qian)


def test_nobody_records_the_own_service(world: World) -> None:
    me = cast.resident(world.wenxing, "张晓燕", "13700000009")
    me.account = world.zhang
    me.save()
    mine = signed(cast.activity(world.wenxing, ago=3), me, world)
    with pytest.raises(recording.OwnService):
        record(participation=mine, minutes=60, by=world.zhang)
    assert record(participation=mine, minutes=60, by=world.chen).status == "recorded"


def test_a_colleague_is_known_by_phone_when_there_is_no_account(world: World) -> None:
    world.zhang.own_phone = "13700000009"
    world.zhang.save()
    me = cast.resident(world.wenxing, "张晓燕")
    me.phone = "13700000009"
    me.save()
    mine = signed(cast.activity(world.wenxing, ago=3), me, world)
    with pytest.raises(recording.OwnService):
        record(participation=mine, minutes=60, by=world.zhang)
    assert record(participation=mine, minutes=60, by=world.chen).status == "recorded"


def test_an_unconfirmed_record_is_corrected_by_recording_again(world: World) -> None:
    mine = recorded(world, minutes=120)
    again = record(participation=mine, minutes=60, by=world.chen)
    assert (again.minutes, again.points, again.recorded_by) == (60, 10, world.chen)


def test_an_absent_person_gives_the_place_free_and_can_be_recorded_after_all(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3, capacity=1)
    mine = signed(activity, world.li, world)
    gone = absent(participation=mine, by=world.zhang)
    activity.refresh_from_db()
    assert (gone.status, gone.minutes, activity.taken) == ("absent", None, 0)
    assert record(participation=mine, minutes=60, by=world.zhang).status == "recorded"
    activity.refresh_from_db()
    assert activity.taken == 1
    assert breaches() == []


def test_a_record_by_mistake_becomes_absent(world: World) -> None:
    mine = absent(participation=recorded(world), by=world.chen)
    assert (mine.status, mine.minutes, mine.points, mine.recorded_by) == ("absent", None, None, None)


def test_who_withdrew_is_not_recorded(world: World) -> None:
    mine = signed(cast.activity(world.wenxing, ago=3), world.li, world)
    Participation.objects.filter(pk=mine.pk).update(status="cancelled")
    with pytest.raises(recording.NotTakingPart):
        record(participation=mine, minutes=60, by=world.zhang)


@pytest.mark.parametrize(
    ("minutes", "planned", "asks"), [(239, 300, False), (240, 300, True), (61, 60, True), (60, 60, False)]
)
def test_four_hours_or_more_than_planned_ask_for_a_second_look(
    world: World, minutes: int, planned: int, asks: bool
) -> None:
    assert recording.unusual(minutes, planned, recording.warned_from(world.street.pk)) is asks


def test_two_records_of_one_person_at_one_time_are_refused_and_name_the_other(world: World) -> None:
    first = cast.activity(world.wenxing, ago=5, title="晨扫")
    second = cast.activity(world.wenxing, starts_at=first.starts_at + timedelta(hours=1), title="巡楼")
    record(participation=part(first, world), minutes=120, by=world.zhang)
    mine = part(second, world)
    with pytest.raises(hours.Overlapping, match="《晨扫》"):
        record(participation=mine, minutes=60, by=world.zhang)
    later = record(participation=mine, minutes=60, by=world.zhang, began=first.ends_at)
    assert (later.served_from, later.served_to) == (first.ends_at, second.ends_at)
    assert breaches() == []


def part(activity: Activity, world: World) -> Participation:
    return Participation.objects.create(activity=activity, resident=world.li, by=world.zhang)


def test_more_than_eight_hours_a_day_need_a_reason_and_meetings_do_not_count(world: World) -> None:
    noon = clock.at(clock.today() - timedelta(days=2), time(6))
    for number, (kind, begins, minutes) in enumerate([("ENV", 0, 300), ("MEET", 5, 120), ("PAT", 8, 180)]):
        activity = cast.activity(
            world.wenxing, kind=kind, volunteering=kind != "MEET", starts_at=noon + timedelta(hours=begins),
            lasts=minutes, title=f"第{number}个",
        )  # fmt: skip
        assert (
            record(participation=part(activity, world), minutes=minutes, by=world.zhang, over_reason="x").over_reason
            == ""
        )
    last = cast.activity(world.wenxing, starts_at=noon + timedelta(hours=12), lasts=60)
    mine = part(last, world)
    with pytest.raises(hours.TooMuchADay):
        record(participation=mine, minutes=1, by=world.zhang)
    over = record(participation=mine, minutes=60, by=world.zhang, over_reason="抗洪")
    assert over.over_reason == "抗洪"
    assert record(participation=mine, minutes=60, by=world.chen, over_reason="抗洪").recorded_by == world.chen


def test_what_is_recorded_late_says_why(world: World) -> None:
    mine = part(cast.activity(world.wenxing, ago=24 * 40), world)
    with pytest.raises(recording.LateReasonMissing, match="补录"):
        record(participation=mine, minutes=60, by=world.zhang, late_reason="  ")
    assert (
        record(participation=mine, minutes=60, by=world.zhang, late_reason="签到表遗失后找到").late_reason
        == "签到表遗失后找到"
    )
    soon = part(cast.activity(world.wenxing, ago=3), world)
    assert record(participation=soon, minutes=60, by=world.zhang, late_reason="没有必要").late_reason == ""


def test_the_last_day_is_in_time_and_the_next_is_late(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=24 * 30)
    last = clock.at(deadlines.last_day(activity), time(23, 59))
    assert not recording.is_late(activity, last)
    assert recording.is_late(activity, last + timedelta(minutes=1))


def test_a_meeting_is_never_late(world: World) -> None:
    mine = part(cast.activity(world.wenxing, ago=24 * 40, kind="MEET", volunteering=False), world)
    assert record(participation=mine, minutes=60, by=world.zhang).late_reason == ""


@pytest.mark.parametrize("began", [-1, 120])
def test_service_begins_within_the_activity(world: World, began: int) -> None:
    activity = cast.activity(world.wenxing, ago=3)
    with pytest.raises(recording.NotThen):
        record(
            participation=part(activity, world), minutes=10, by=world.zhang,
            began=activity.starts_at + timedelta(minutes=began),
        )  # fmt: skip


def test_what_the_code_saw_stays_beside_what_is_written_down(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=3)
    came = activity.starts_at + timedelta(minutes=20)
    mine = part(activity, world)
    Participation.objects.filter(pk=mine.pk).update(arrived_at=came, arrived_how="code")
    seen = record(participation=mine, minutes=90, by=world.zhang)
    assert (seen.arrived_at, seen.arrived_how, seen.left_how, seen.served_from) == (came, "code", "desk", came)
    assert not seen.by_code
