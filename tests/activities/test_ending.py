"""Called off before it is over, finished after it."""

from datetime import datetime, time, timedelta

import pytest

from activities import ending, revising, signup
from activities.ending import call_off, finish
from activities.models import Activity, Participation
from activities.recording import absent, record
from communities.duties import NotYourDuty
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.activities.plans import drafted
from tests.books import breaches
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Participation.Status


def test_calling_off_frees_everybody_and_tells_them_why(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=1)
    people = [
        signed(activity, world.wang, world),
        signup.join_line(activity_id=activity.pk, resident=world.li, by=world.chen),
    ]
    assert call_off(activity=activity, reason="大风降温", by=world.zhang) == 2
    activity.refresh_from_db()
    assert (activity.status, activity.taken, activity.cancelled_by) == ("cancelled", 0, world.zhang)
    assert {Participation.objects.get(pk=one.pk).status for one in people} == {"cancelled"}
    told = Message.objects.filter(occasion=f"activity:{activity.pk}:cancelled").order_by("pk")
    assert [(one.resident, "大风降温" in one.body) for one in told] == [(world.wang, True), (world.li, True)]
    assert [one.body[1:4] for one in told] == ["报名的", "候补的"]
    assert breaches() == []


def moved_up_at_night(world: World) -> tuple[Activity, datetime]:
    """李 comes out of the line at two in the night: the short message waits for the morning."""
    noon = clock.at(clock.today() + timedelta(days=2), time(12))
    activity, night = cast.activity(world.wenxing, capacity=1, starts_at=noon), noon - timedelta(hours=34)
    signup.sign_up(activity_id=activity.pk, resident=world.wang, by=world.chen, at=night)
    signup.join_line(activity_id=activity.pk, resident=world.li, by=world.chen, at=night)
    signup.withdraw(activity_id=activity.pk, resident=world.wang, by=world.chen, at=night)
    assert ringing(activity)
    return activity, night + timedelta(minutes=5)


def ringing(activity: Activity) -> list[str]:
    waiting = Message.objects.filter(channel=Message.Channel.SMS, state=Message.State.WAITING)
    return [one.body for one in waiting if activity.title in one.body]


def test_nobody_hears_in_the_morning_of_a_place_that_was_called_off_at_night(world: World) -> None:
    activity, at = moved_up_at_night(world)
    call_off(activity=activity, reason="大风", by=world.zhang, at=at)
    assert ringing(activity) == []


def test_nobody_hears_in_the_morning_of_an_hour_that_was_changed_at_night(world: World) -> None:
    activity, at = moved_up_at_night(world)
    activity.starts_at += timedelta(hours=2)
    activity.ends_at += timedelta(hours=2)
    revising.change(activity=activity, by=world.zhang, at=at)
    assert ringing(activity) == []


def test_calling_off_goes_on_after_a_break_down(world: World) -> None:
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    off = {"cancelled_at": clock.now(), "cancelled_by": world.zhang, "cancel_reason": "大风"}
    Activity.objects.filter(pk=activity.pk).update(status="cancelled", **off)
    assert call_off(activity=activity, reason="大风", by=world.zhang) == 1
    with pytest.raises(ending.AlreadyOver):
        call_off(activity=activity, reason="大风", by=world.zhang)
    assert Message.objects.filter(occasion__endswith=":cancelled").count() == 1


def test_what_is_over_is_not_called_off_nor_without_reason_nor_by_a_stranger(world: World) -> None:
    with pytest.raises(ending.AlreadyOver):
        call_off(activity=cast.activity(world.wenxing, ago=3), reason="大风", by=world.zhang)
    with pytest.raises(ending.ReasonMissing):
        call_off(activity=cast.activity(world.wenxing), reason=" ", by=world.zhang)
    with pytest.raises(NotYourDuty):
        call_off(activity=cast.activity(world.wenxing), reason="大风", by=world.qian)
    with pytest.raises(ending.NotAnnounced):
        call_off(activity=drafted(world), reason="大风", by=world.zhang)


def test_nobody_who_came_loses_the_hours_to_a_call_off(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=1)
    mine = signed(activity, world.wang, world)
    Participation.objects.filter(pk=mine.pk).update(arrived_at=clock.now(), arrived_how="code")
    with pytest.raises(ending.SomebodyCame):
        call_off(activity=activity, reason="下雨", by=world.zhang)
    mine.refresh_from_db()
    activity.refresh_from_db()
    assert (mine.status, activity.status) == (Status.SIGNED_UP, "open")


@pytest.mark.django_db(transaction=True)
def test_calling_off_while_people_join_leaves_nobody_on_the_list(world: World) -> None:
    activity = cast.activity(world.wenxing)
    people = [cast.resident(world.wenxing, f"居民{n}", f"137{n:08d}") for n in range(12)]
    join = [lambda p=p: signup.sign_up(activity_id=activity.pk, resident=p, by=p.account) for p in people]
    at_once([lambda: call_off(activity=activity, reason="大风", by=world.zhang), *join])
    activity.refresh_from_db()
    assert (activity.status, activity.participations.standing().count(), activity.taken) == ("cancelled", 0, 0)
    assert breaches() == []


def test_an_activity_is_finished_with_what_came_of_it(world: World) -> None:
    mine = recorded(world)
    finish(activity=mine.activity, summary=" 清理三个楼道 ", by=world.chen)
    mine.activity.refresh_from_db()
    done = mine.activity
    assert (done.status, done.summary, done.finished_by) == ("finished", "清理三个楼道", world.chen)
    mine.refresh_from_db()
    assert mine.status == Status.RECORDED
    with pytest.raises(ending.NotOpen):
        finish(activity=done, by=world.chen)
    assert breaches() == []


def test_it_is_not_finished_before_its_end_nor_by_a_stranger_nor_with_a_novel(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=1)
    with pytest.raises(ending.StillRunning):
        finish(activity=activity, by=world.zhang)
    later = clock.now() + timedelta(hours=3)
    with pytest.raises(ending.SummaryTooLong):
        finish(activity=activity, summary="好" * 501, by=world.zhang, at=later)
    with pytest.raises(NotYourDuty):
        finish(activity=activity, by=world.qian, at=later)
    for activity in (drafted(world), cast.activity(world.wenxing, ago=5)):
        shut = {"status": "cancelled", "cancelled_at": later, "cancelled_by": world.chen, "cancel_reason": "雨"}
        if activity.status != "draft":
            Activity.objects.filter(pk=activity.pk).update(**shut)
        with pytest.raises(ending.NotOpen):
            finish(activity=activity, by=world.zhang, at=later + timedelta(days=9))


def test_it_is_not_finished_while_somebody_is_neither_recorded_nor_absent(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=5)
    came, missed = signed(activity, world.wang, world), signed(activity, world.li, world)
    with pytest.raises(ending.PeopleNotSettled, match="还有2位"):
        finish(activity=activity, by=world.zhang)
    record(participation=came, minutes=120, by=world.zhang)
    with pytest.raises(ending.PeopleNotSettled, match="还有1位"):
        finish(activity=activity, by=world.zhang)
    absent(participation=missed, by=world.zhang)
    assert finish(activity=activity, by=world.zhang).status == "finished"


def test_who_still_waits_at_the_end_waits_no_longer(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=5, capacity=1)
    came = signed(activity, world.wang, world)
    before = activity.starts_at - timedelta(days=1)
    mine = signup.join_line(activity_id=activity.pk, resident=world.li, by=world.chen, at=before)
    record(participation=came, minutes=120, by=world.zhang)
    finish(activity=activity, by=world.zhang)
    mine.refresh_from_db()
    assert mine.status == Status.CANCELLED
    assert breaches() == []
