"""A day and two hours before, once each; nobody who withdrew or came."""

from datetime import time, timedelta

import pytest

from activities import presence, reminding, signup
from activities.models import Activity
from communities.models import Resident, Setting
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def noon(world: World) -> Activity:
    """At 14:00 in three days; 王秀兰 and 赵玉珍, who has no phone, are on the list."""
    day = clock.today() + timedelta(days=3)
    activity = cast.activity(world.wenxing, starts_at=clock.at(day, time(14)), place="天和城东门")
    for one in (world.wang, world.zhao):
        signup.sign_up(activity_id=activity.pk, resident=one, by=world.system)
    return activity


def told(who: Resident) -> list[tuple[str, str]]:
    rows = Message.objects.filter(resident=who, occasion__contains=":remind-").order_by("pk")
    return [(row.occasion.rpartition("-")[2], row.channel) for row in rows]


def remind(activity: Activity, before: timedelta) -> int:
    return reminding.remind(activity.starts_at - before)


def test_a_day_before_by_short_message_too_and_two_hours_before_in_the_inbox(noon: Activity, world: World) -> None:
    assert remind(noon, 25 * HOUR) == 0
    assert remind(noon, 24 * HOUR) == 2
    assert remind(noon, 23 * HOUR) == 0
    assert (told(world.wang), told(world.zhao)) == ([("first", "inbox"), ("first", "sms")], [("first", "inbox")])
    assert remind(noon, 3 * HOUR) == 0
    assert remind(noon, 2 * HOUR) == 2
    assert told(world.zhao) == [("first", "inbox"), ("last", "inbox")]
    assert remind(noon, 1 * HOUR) == 0


def test_it_says_when_where_and_how_one_checks_in(noon: Activity, world: World) -> None:
    remind(noon, 24 * HOUR)
    inbox, sms = Message.objects.filter(resident=world.wang, occasion__contains="remind").order_by("channel")
    for part in ("14:00—16:00", "天和城东门", "扫现场的码签到", "没有手机的找工作人员"):
        assert part in inbox.body
    assert len(sms.body) <= 70 and world.wang.name not in inbox.body + sms.body
    assert (inbox.link, sms.until) == (f"/activities/{noon.pk}/", noon.starts_at)


def test_nobody_is_reminded_who_signed_up_after_the_hour(noon: Activity, world: World) -> None:
    late = noon.starts_at - 5 * HOUR
    signup.sign_up(activity_id=noon.pk, resident=world.li, by=world.system, at=late)
    assert remind(noon, 4 * HOUR) == 2
    assert told(world.li) == []
    remind(noon, 2 * HOUR)
    assert told(world.li) == [("last", "inbox")]


def test_whoever_withdraws_is_not_reminded_nor_rung_any_more(noon: Activity, world: World) -> None:
    remind(noon, 24 * HOUR)
    signup.withdraw(activity_id=noon.pk, resident=world.wang, by=world.system)
    assert told(world.wang) == []
    remind(noon, 2 * HOUR)
    assert told(world.wang) == []


def test_whoever_has_come_or_waits_is_not_reminded(noon: Activity, world: World) -> None:
    presence.arrive(activity_id=noon.pk, resident=world.zhao, by=world.system, seen_at=noon.starts_at)
    Activity.objects.filter(pk=noon.pk).update(capacity=2)
    signup.join_line(activity_id=noon.pk, resident=world.li, by=world.system)
    assert remind(noon, 2 * HOUR) == 1
    assert (told(world.zhao), told(world.li)) == ([], [])


def test_a_short_message_at_night_waits_for_the_morning(world: World) -> None:
    day = clock.today() + timedelta(days=3)
    early = cast.activity(world.wenxing, starts_at=clock.at(day, time(22)))
    signup.sign_up(activity_id=early.pk, resident=world.wang, by=world.system)
    remind(early, 24 * HOUR)
    assert {clock.local(row.due_at).time() for row in Message.objects.filter(occasion__contains="remind")} == {
        time(8, 30)
    }


def test_what_begins_before_the_morning_rings_nobody(world: World) -> None:
    day = clock.today() + timedelta(days=3)
    dawn = cast.activity(world.wenxing, starts_at=clock.at(day, time(6)))
    signup.sign_up(activity_id=dawn.pk, resident=world.wang, by=world.system)
    remind(dawn, 2 * HOUR)
    assert told(world.wang) == [("last", "inbox")]


def test_the_hours_are_settings(noon: Activity, world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key="volunteer.remind_first_h", value=48, starts_on=clock.today(), by=world.he
    )
    assert remind(noon, 48 * HOUR) == 2


def test_a_draft_or_what_was_called_off_reminds_nobody(noon: Activity, world: World) -> None:
    Activity.objects.filter(pk=noon.pk).update(status="draft")
    assert remind(noon, 24 * HOUR) == 0


def test_a_long_name_stays_within_one_short_message(world: World) -> None:
    made = Activity(
        community=world.wenxing, title="一" * 40, place="很" * 80, starts_at=clock.now(), ends_at=clock.now()
    )
    assert len(reminding.sms_of(made).body) <= 70
