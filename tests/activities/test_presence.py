"""Coming and going as it is seen on the spot: by the code, the organiser's list, a colleague; and who forgets to check out."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from activities import ages, forgotten, hours, presence, recording, reviewing, signup
from activities.models import Activity, Means, Participation
from communities.models import Resident, Setting, User
from communities.todo import rows_of
from core import clock
from core.refusals import Refused
from points import statement
from tests import world as cast
from tests.activities.cast import signed
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def today(world: World) -> Activity:
    """Two hours, begun three hours ago; 王秀兰 signed up, 李建国 leads it."""
    activity = cast.activity(world.wenxing, ago=3, organiser=world.li)
    signed(activity, world.wang, world)
    return activity


def account(resident: Resident) -> User:
    assert resident.account
    return resident.account


def arrive(activity: Activity, who: Resident, seen: datetime | None = None, **how: Any) -> Participation:
    by = how.pop("by", None) or account(who)
    return presence.arrive(activity_id=activity.pk, resident=who, by=by, seen_at=seen, at=seen, **how)


def leave(activity: Activity, who: Resident, seen: datetime | None = None, **how: Any) -> Participation:
    by = how.pop("by", None) or account(who)
    return presence.leave(activity_id=activity.pk, resident=who, by=by, seen_at=seen, at=seen, **how)


def refused(act: object, *given: object, **how: Any) -> str:
    before = list(Participation.objects.order_by("pk").values())
    with pytest.raises(Refused) as info:
        act(*given, **how)  # type: ignore[operator]
    assert list(Participation.objects.order_by("pk").values()) == before
    return info.value.code


def test_coming_and_going_by_code_is_a_record_that_one_colleague_confirms(today: Activity, world: World) -> None:
    start, end = today.starts_at, today.ends_at
    here = arrive(today, world.wang, start - 10 * MINUTE)
    assert (here.status, here.arrived_how, here.minutes) == ("signed_up", "code", None)
    gone = leave(today, world.wang, end + 5 * MINUTE)
    assert (gone.status, gone.minutes, gone.points, gone.by_code) == ("recorded", 120, 20, True)
    assert (gone.served_from, gone.served_to, gone.left_at) == (start, end, end + 5 * MINUTE)
    assert gone.recorded_by == world.wang.account
    assert reviewing.confirm(participation=gone, minutes=120, by=world.zhang, at=end + 9 * MINUTE).status == "confirmed"
    assert statement.available(world.wang) == 100
    assert breaches() == []


@pytest.mark.parametrize(("came", "went", "minutes"), [(0, 59, 59), (7, 100, 93), (-20, 121, 120), (30, 31, 1)])
def test_only_presence_within_the_activity_counts(
    today: Activity, world: World, came: int, went: int, minutes: int
) -> None:
    arrive(today, world.wang, today.starts_at + came * MINUTE)
    assert leave(today, world.wang, today.starts_at + went * MINUTE).minutes == minutes


def test_each_reason_not_to_come_has_its_code(today: Activity, world: World) -> None:
    start, end = today.starts_at, today.ends_at
    assert refused(arrive, today, world.wang, start - 31 * MINUTE) == "too_early_to_check_in"
    assert refused(arrive, today, world.wang, end) == "too_late_to_check_in"
    assert refused(arrive, today, world.sun, start) == "resident_not_confirmed"
    arrive(today, world.wang, start)
    assert refused(arrive, today, world.wang, start) == "already_checked_in"
    leave(today, world.wang, end)
    assert refused(arrive, today, world.wang, end - 2 * MINUTE) == "already_checked_out"
    off = {"cancelled_at": clock.now(), "cancelled_by": world.chen, "cancel_reason": "大风"}
    called_off = cast.activity(world.wenxing, ago=1, status="cancelled", **off)
    assert refused(arrive, called_off, world.zhou, called_off.starts_at) == "activity_cancelled"
    assert refused(arrive, cast.activity(world.wenxing, ago=1, status="draft"), world.zhou) == "unknown_activity"


def test_each_reason_not_to_go_has_its_code(today: Activity, world: World) -> None:
    start, end = today.starts_at, today.ends_at
    assert refused(leave, today, world.wang, end) == "not_checked_in"
    assert refused(leave, today, world.zhou, end) == "not_checked_in"
    arrive(today, world.wang, start - 20 * MINUTE)
    assert refused(leave, today, world.wang, start - 10 * MINUTE) == "not_begun"
    assert refused(leave, today, world.wang, start + timedelta(seconds=59)) == "presence_too_short"
    assert refused(leave, today, world.wang, end + 31 * MINUTE) == "too_late_to_check_out"
    leave(today, world.wang, end + 30 * MINUTE)
    assert refused(leave, today, world.wang, end + 30 * MINUTE) == "already_checked_out"


def test_who_is_there_and_not_on_the_list_joins_by_coming(today: Activity, world: World) -> None:
    mine = arrive(today, world.zhou, today.starts_at)
    today.refresh_from_db()
    assert (mine.status, mine.by, today.taken) == ("signed_up", world.zhou.account, 2)


def test_a_full_activity_takes_in_nobody_who_did_not_sign_up(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=1, capacity=0)
    assert refused(arrive, activity, world.wang) == "activity_full"


def test_who_waits_in_line_and_is_there_has_a_free_place(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=0, starts_at=clock.now() + timedelta(hours=1))
    signup.join_line(activity_id=activity.pk, resident=world.wang, by=account(world.wang))
    soon = activity.starts_at - MINUTE
    assert refused(arrive, activity, world.wang, soon) == "activity_full"
    Activity.objects.filter(pk=activity.pk).update(capacity=1)
    assert arrive(activity, world.wang, soon).status == "signed_up"
    activity.refresh_from_db()
    assert activity.taken == 1
    assert breaches() == []


def test_nobody_is_in_two_places(today: Activity, world: World) -> None:
    other = cast.activity(world.wenxing, starts_at=today.starts_at, title="另一个")
    arrive(today, world.wang, today.starts_at)
    assert refused(arrive, other, world.wang, today.starts_at + 5 * MINUTE) == "busy_then"
    leave(today, world.wang, today.starts_at + 30 * MINUTE)
    later = arrive(other, world.wang, today.starts_at + 31 * MINUTE)
    assert leave(other, world.wang, today.ends_at).minutes == 89
    assert later.pk and breaches() == []


def test_a_record_that_would_overlap_names_the_other_activity(today: Activity, world: World) -> None:
    arrive(today, world.wang, today.starts_at)
    other = cast.activity(world.wenxing, ago=6, title="晨扫", lasts=220)
    mine = Participation.objects.create(activity=other, resident=world.wang, by=world.zhang)
    recording.record(participation=mine, minutes=220, by=world.zhang)
    with pytest.raises(hours.Overlapping, match="晨扫"):
        leave(today, world.wang, today.starts_at + 50 * MINUTE)


def test_a_helper_who_scans_for_an_elder_is_the_recorder(today: Activity, world: World) -> None:
    helper = account(world.zhou)
    arrive(today, world.zhao, today.starts_at, by=helper)
    assert leave(today, world.zhao, today.ends_at, by=helper).recorded_by == helper


def test_the_organiser_ticks_others_and_neither_oneself_nor_family(today: Activity, world: World) -> None:
    by, how = account(world.li), Means.LIST
    arrive(today, world.wang, today.starts_at, by=by, how=how)
    gone = leave(today, world.wang, today.ends_at, by=by, how=how)
    assert (gone.arrived_how, gone.left_how, gone.recorded_by, gone.by_code) == ("list", "list", by, False)
    son = cast.resident(world.wenxing, "李小宝", "13700000021")
    Resident.objects.filter(pk=son.pk).update(household=world.li.household)
    son.refresh_from_db()
    for one in (world.li, son):
        assert refused(arrive, today, one, today.starts_at, by=by, how=how) == "own_family"
    assert refused(arrive, today, world.zhou, today.starts_at, by=account(world.zhou), how=how) == "not_the_organiser"


def test_a_colleague_of_the_community_writes_down_others(today: Activity, world: World) -> None:
    assert arrive(today, world.zhao, today.starts_at, by=world.zhang, how=Means.DESK).arrived_how == "desk"
    assert refused(arrive, today, world.zhou, today.starts_at, by=world.qian, how=Means.DESK) == "not_your_duty"
    me = cast.resident(world.wenxing, "张晓燕", "13700000009")
    Resident.objects.filter(pk=me.pk).update(account=world.zhang)
    me.refresh_from_db()
    assert refused(arrive, today, me, today.starts_at, by=world.zhang, how=Means.DESK) == "own_service"


def test_a_wrong_tick_is_taken_back_by_the_same_list(today: Activity, world: World) -> None:
    by = account(world.li)
    arrive(today, world.wang, today.starts_at, by=by, how=Means.LIST)
    back = presence.take_back(activity_id=today.pk, resident=world.wang, by=by, how=Means.LIST)
    assert (back.arrived_at, back.arrived_how) == (None, "")
    arrive(today, world.wang, today.starts_at)
    with pytest.raises(presence.NotIn):  # what the code saw stays
        presence.take_back(activity_id=today.pk, resident=world.wang, by=by, how=Means.LIST)


def test_a_forgotten_check_out_is_closed_at_the_end_and_confirmed_by_nobody_as_it_is(
    today: Activity, world: World
) -> None:
    arrive(today, world.wang, today.starts_at + 15 * MINUTE)
    late = today.ends_at + 31 * MINUTE
    assert presence.close_forgotten(today.ends_at + 29 * MINUTE) == 0
    assert presence.close_forgotten(late) == 1
    assert presence.close_forgotten(late) == 0
    mine = Participation.objects.get(resident=world.wang)
    assert (mine.status, mine.minutes, mine.left_how, mine.recorded_by) == ("recorded", 105, "forgotten", world.system)
    assert (mine.served_to, mine.left_at) == (today.ends_at, today.ends_at)
    (row,) = rows_of([forgotten.rows], world.chen)
    assert (row.count, row.url) == (1, f"/desk/activities/{today.pk}/")
    assert [row.count for row in rows_of([forgotten.rows], world.qian)] == [0]
    with pytest.raises(reviewing.ForgottenCheckOut):
        reviewing.confirm(participation=mine, minutes=105, by=world.chen, at=late)
    true = recording.record(participation=mine, minutes=60, by=world.zhang, at=late)
    assert (true.minutes, true.left_how, true.arrived_how) == (60, "desk", "code")
    assert (true.served_from, true.recorded_by) == (today.starts_at + 15 * MINUTE, world.zhang)
    assert reviewing.confirm(participation=true, minutes=60, by=world.chen, at=late).status == "confirmed"


def test_who_never_came_or_left_already_is_not_closed(today: Activity, world: World) -> None:
    arrive(today, world.zhou, today.starts_at)
    leave(today, world.zhou, today.ends_at)
    assert presence.close_forgotten(today.ends_at + 40 * MINUTE) == 0
    assert Participation.objects.get(resident=world.wang).status == "signed_up"


def test_one_who_cannot_be_closed_holds_up_nobody(today: Activity, world: World) -> None:
    arrive(today, world.wang, today.starts_at)
    arrive(today, world.zhou, today.starts_at)
    other = cast.activity(world.wenxing, ago=6, lasts=230, title="晨扫")
    there = Participation.objects.create(activity=other, resident=world.wang, by=world.zhang)
    recording.record(participation=there, minutes=230, by=world.zhang)
    assert presence.close_forgotten(today.ends_at + 40 * MINUTE) == 1
    assert Participation.objects.get(resident=world.wang, activity=today).status == "signed_up"
    assert breaches() == []


def test_a_lecture_gives_points_by_the_time_and_no_hours(world: World) -> None:
    talk = cast.activity(world.wenxing, ago=1, kind="LECT", volunteering=False)
    arrive(talk, world.wang, talk.starts_at)
    gone = leave(talk, world.wang, talk.starts_at + 20 * MINUTE)
    assert (gone.minutes, gone.points) == (20, 3)


def test_how_early_and_how_late_is_a_setting(today: Activity, world: World) -> None:
    setting(world, "volunteer.check_in_early_min", 90)
    setting(world, "volunteer.check_out_grace_min", 60)
    arrive(today, world.wang, today.starts_at - 80 * MINUTE)
    assert leave(today, world.wang, today.ends_at + 59 * MINUTE).minutes == 120


def setting(world: World, key: str, value: int) -> None:
    Setting.objects.create(sub_district=world.street, key=key, value=value, starts_on=clock.today(), by=world.he)


def test_the_guardian_of_a_child_has_to_be_there(today: Activity, world: World) -> None:
    mine = Participation.objects.get(resident=world.wang)
    mine.guardian, mine.arrived_at, mine.arrived_how = world.zhou, today.starts_at, Means.LIST
    mine.save()
    with pytest.raises(ages.GuardianNotThere):
        leave(today, world.wang, today.ends_at)
