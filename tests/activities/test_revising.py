"""What may still change after the announcement, and who is told."""

from datetime import timedelta
from typing import Any

import pytest

from activities import planning, revising, signup
from activities.models import Activity, Participation
from activities.revising import change
from communities.duties import NotYourDuty
from core import clock
from core.refusals import Refused
from notifications.models import Message
from notifications.outbox import Words, tell
from tests import world as cast
from tests.activities.cast import signed
from tests.activities.plans import drafted
from tests.books import breaches
from tests.venues.letting import held
from tests.world import World
from venues.claiming import Hours, RoomTaken
from venues.models import Booking, Room

pytestmark = pytest.mark.django_db


def changed(activity: Activity, **fields: Any) -> Activity:
    """As a form leaves it: the row with other values, not saved."""
    typed = Activity.objects.select_related("community").get(pk=activity.pk)
    for name, value in fields.items():
        setattr(typed, name, value)
    return typed


def told(activity: Activity) -> list[str]:
    said = Message.objects.filter(occasion__startswith=f"activity:{activity.pk}:changed").order_by("pk")
    return [one.body for one in said]


def test_place_leader_and_content_change_and_those_who_come_are_told_of_the_place(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=1)
    signed(activity, world.wang, world)
    signup.join_line(activity_id=activity.pk, resident=world.li, by=world.chen)
    many = change(activity=changed(activity, place="西门", leader="陈志强", equipment="手套"), by=world.zhang)
    activity.refresh_from_db()
    assert (activity.place, activity.leader, activity.equipment) == ("西门", "陈志强", "手套")
    assert (many, len(told(activity))) == (2, 2)
    assert all("集合地点改为西门" in body and "取消报名" in body for body in told(activity))


def test_nobody_is_told_of_what_does_not_matter_on_the_way(world: World) -> None:
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    assert change(activity=changed(activity, leader="陈志强", content="清理楼道和绿地"), by=world.zhang) == 0
    assert told(activity) == []


def test_another_time_or_risk_is_told_each_time(world: World) -> None:
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    later = activity.starts_at + timedelta(days=1)
    change(activity=changed(activity, starts_at=later, ends_at=later + timedelta(hours=1)), by=world.zhang)
    change(activity=changed(activity, risk="路滑"), by=world.zhang)
    first, second = told(activity)
    assert "时间改为" in first and "风险说明有更新" in second
    assert max(len(first), len(second)) <= 300


def test_reminders_that_wait_with_the_former_time_are_taken_back(world: World) -> None:
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    (occasion, *_) = signup.occasions(activity.pk)
    due = clock.now() + timedelta(days=1)
    tell(occasion=occasion, words=Words("提醒", "旧时间"), resident=world.wang, due_at=due)
    change(activity=changed(activity, leader="李"), by=world.zhang)
    assert Message.objects.filter(occasion=occasion).exists()
    change(activity=changed(activity, place="西门"), by=world.zhang)
    assert not Message.objects.filter(occasion=occasion).exists()


def test_what_people_signed_up_for_does_not_change(world: World) -> None:
    activity = cast.activity(world.wenxing, min_age=18)
    frozen = {
        "kind": "MEET",
        "title": "别的",
        "min_age": 14,
        "max_age": 60,
        "skills": "急救",
        "community": world.yongan,
    }
    change(activity=changed(activity, **frozen), by=world.zhang)
    activity.refresh_from_db()
    assert (activity.kind, activity.title, activity.min_age, activity.max_age) == ("ENV", "楼道清理", 18, None)
    assert (activity.skills, activity.community) == ("", world.wenxing)


def test_fewer_places_than_are_taken_are_refused_and_more_go_to_those_who_wait(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=2)
    signed(activity, world.wang, world), signed(activity, world.li, world)
    waits = signup.join_line(activity_id=activity.pk, resident=world.zhao, by=world.chen)
    with pytest.raises(revising.FewerThanTaken):
        change(activity=changed(activity, capacity=1), by=world.zhang)
    change(activity=changed(activity, capacity=3), by=world.zhang)
    waits.refresh_from_db()
    activity.refresh_from_db()
    assert (waits.status, activity.taken, activity.capacity) == (Participation.Status.SIGNED_UP, 3, 3)
    assert breaches() == []


WRONG: dict[str, tuple[dict[str, Any], type[Refused]]] = {
    "no risk": ({"risk": " "}, planning.RiskMissing),
    "too many": ({"capacity": 501}, planning.NoPlaces),
    "in the past": ({"starts_at": clock.now() - timedelta(days=1)}, planning.BadTimes),
}


@pytest.mark.parametrize(("fields", "refusal"), WRONG.values(), ids=WRONG)
def test_a_change_keeps_to_what_publishing_asks_for(
    world: World, fields: dict[str, Any], refusal: type[Refused]
) -> None:
    activity = cast.activity(world.wenxing)
    if "starts_at" in fields:
        fields = fields | {"ends_at": fields["starts_at"] + timedelta(hours=1)}
    with pytest.raises(refusal):
        change(activity=changed(activity, **fields), by=world.zhang)
    assert Activity.objects.get().risk == activity.risk


def test_another_room_must_hold_them_and_be_free(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=10)
    small = Room.objects.create(community=world.wenxing, name="小间", place="1楼", capacity=9)
    with pytest.raises(planning.RoomTooSmall):
        change(activity=changed(activity, room=small), by=world.zhang)
    room = cast.room(world.wenxing)
    held(room, world, Hours(activity.starts_at, activity.ends_at), title="议事会")
    with pytest.raises(RoomTaken, match="议事会"):
        change(activity=changed(activity, room=room), by=world.zhang)


def test_the_room_goes_along_with_the_activity(world: World) -> None:
    activity, room = cast.activity(world.wenxing), cast.room(world.wenxing)
    other = Room.objects.create(community=world.wenxing, name="书画室", place="2楼", capacity=40)
    change(activity=changed(activity, room=room), by=world.zhang)
    activity.refresh_from_db()
    first = activity.booking
    change(activity=changed(activity, risk="地滑"), by=world.zhang)
    activity.refresh_from_db()
    assert activity.booking == first  # nothing about the room changed
    later = {"starts_at": activity.starts_at + timedelta(hours=1), "ends_at": activity.ends_at + timedelta(hours=1)}
    change(activity=changed(activity, **later), by=world.zhang)  # over its own former hours
    change(activity=changed(activity, room=other), by=world.zhang)
    activity.refresh_from_db()
    assert activity.booking is not None
    assert (activity.booking.room, activity.booking.starts_at) == (other, later["starts_at"])
    assert Booking.objects.holding().count() == 1
    change(activity=changed(activity, room=None), by=world.zhang)
    activity.refresh_from_db()
    assert activity.booking is None and not Booking.objects.holding().exists()


def test_nothing_changes_once_it_began_or_was_called_off_nor_by_a_stranger(world: World) -> None:
    off = {"cancelled_at": clock.now(), "cancelled_by": world.zhang, "cancel_reason": "大风", "status": "cancelled"}
    for activity in (cast.activity(world.wenxing, ago=1), cast.activity(world.wenxing, **off), drafted(world)):
        with pytest.raises(revising.CannotChange):
            change(activity=changed(activity, place="西门"), by=world.zhang)
    with pytest.raises(NotYourDuty):
        change(activity=changed(cast.activity(world.wenxing), place="西门"), by=world.qian)
    assert not Activity.objects.filter(place="西门").exists()
