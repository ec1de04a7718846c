"""再次确认: asked two days before, released a day before, never unasked; what nobody came to, excused and appealed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from communities import appeals
from communities.duties import NotYourDuty
from communities.kin import OwnInterest
from communities.models import Duty, Setting
from communities.todo import rows_for
from core import clock
from notifications.models import Message
from tests.activities.cast import relative
from tests.venues.letting import booked, held, hours, missed, shared, wish
from tests.world import World
from venues import booking as bookings, no_shows, reconfirming
from venues.models import Booking, Room, RoomCheck, Use

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 7, 4, tzinfo=UTC)  # a Monday


@pytest.fixture
def room(world: World) -> Room:
    Duty.objects.update(starts_on=date(2020, 1, 1))  # the days of these tests are fixed
    return shared(world.wenxing)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def set_(key: str, value: int, world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key=key, value=value, starts_on=clock.today(), by=world.zhang, at=clock.now()
    )


def test_asked_once_and_released_when_nobody_answers(room: Room, world: World) -> None:
    with at(NOON):
        mine = booked(room, world.wang, world, wish(days=5))
        assert reconfirming.sweep(clock.now()) == (0, 0)
    with at(mine.starts_at - timedelta(hours=47)):
        assert reconfirming.sweep(clock.now()) == (1, 0)
        assert reconfirming.sweep(clock.now()) == (0, 0)
        said = Message.objects.filter(occasion=f"booking:{mine.pk}:reconfirm")
        assert {one.channel for one in said} == {"inbox", "sms"}
        assert all(len(one.body) <= 70 for one in said if one.channel == "sms")
        assert next(iter(said)).due_at == clock.now() or clock.local(next(iter(said)).due_at).hour == 8
    with at(mine.starts_at - timedelta(hours=23, minutes=50)):
        assert reconfirming.sweep(clock.now()) == (0, 1)
        assert reconfirming.sweep(clock.now()) == (0, 0)
        mine.refresh_from_db()
        assert (mine.status, mine.ended_by) == ("released", world.system)
        assert Message.objects.filter(occasion=f"booking:{mine.pk}:released").count() == 1
        assert no_shows.marked(world.wang) == []


def test_whoever_confirms_keeps_the_room(room: Room, world: World) -> None:
    with at(NOON):
        mine = booked(room, world.wang, world, wish(days=5))
        with pytest.raises(reconfirming.TooEarly):
            reconfirming.confirm(booking=mine, by=world.wang.account or world.system)
    with at(mine.starts_at - timedelta(hours=40)):
        reconfirming.sweep(clock.now())
        reconfirming.confirm(booking=mine, by=world.wang.account or world.system)
        with pytest.raises(reconfirming.AlreadyConfirmed):
            reconfirming.confirm(booking=mine, by=world.wang.account or world.system)
    with at(mine.starts_at - timedelta(hours=2)):
        assert reconfirming.sweep(clock.now()) == (0, 0)
    assert Booking.objects.holding().get().reconfirmed_at


def test_nobody_loses_a_room_unasked(room: Room, world: World) -> None:
    """The sweep stood still until two hours before: the first one asks, and only some hours later another would release."""
    with at(NOON):
        mine = booked(room, world.wang, world, wish(days=5))
    with at(mine.starts_at - timedelta(hours=20)):
        assert reconfirming.sweep(clock.now()) == (1, 0)
    with at(mine.starts_at - timedelta(hours=19)):
        assert reconfirming.sweep(clock.now()) == (0, 0)
    with at(mine.starts_at - timedelta(hours=1)):
        assert reconfirming.sweep(clock.now()) == (0, 1)


def test_booked_for_tomorrow_is_confirmed_and_a_team_without_a_name_is_not_asked(room: Room, world: World) -> None:
    with at(NOON):
        near = booked(room, world.wang, world, wish(days=1))
        assert near.reconfirmed_at == clock.now()
        held(room, world, hours(1, "14:00", 60))
        assert reconfirming.sweep(clock.now() + timedelta(hours=20)) == (0, 0)


def test_staff_see_whom_to_call_and_confirm_for_them(room: Room, world: World) -> None:
    with at(NOON):
        mine = booked(room, world.zhao, world, wish(days=5))
    with at(mine.starts_at - timedelta(hours=30)):
        assert "活动室预订待确认（可打电话问）" in [row.label for row in rows_for(world.zhang)]
        assert "活动室预订待确认（可打电话问）" not in [row.label for row in rows_for(world.qian)]
        assert reconfirming.sweep(clock.now()) == (1, 0)  # in the inbox alone: there is no phone
        assert {one.channel for one in Message.objects.filter(occasion=f"booking:{mine.pk}:reconfirm")} == {"inbox"}
        with pytest.raises(NotYourDuty):
            reconfirming.confirm_for(booking=mine, by=world.qian)
        reconfirming.confirm_for(booking=mine, by=world.zhang)
        assert "活动室预订待确认（可打电话问）" not in [row.label for row in rows_for(world.zhang)]


def test_whom_to_call_follows_the_setting_of_the_street_and_says_until_when(room: Room, world: World) -> None:
    with at(NOON):
        mine = booked(room, world.zhao, world, wish(days=5))
        assert not reconfirming.to_call(world.zhang).exists()
        set_("room.reconfirm_h", 120, world)
        assert reconfirming.to_call(world.zhang).get() == mine
        (row,) = [row for row in rows_for(world.zhang) if row.section == "rooms"]
        assert row.deadline == mine.starts_at - timedelta(hours=24)


def test_a_room_that_was_only_looked_at_beforehand_may_still_be_one_nobody_came_to(room: Room, world: World) -> None:
    mine = booked(room, world.wang, world, wish(days=5))
    RoomCheck.objects.create(booking=mine, began_at=mine.starts_at, began_by=world.zhang, began_well=True)
    with at(mine.starts_at + timedelta(hours=1)):
        assert no_shows.mark(booking=mine, by=world.zhang).status == "no_show"


def test_cancelling_takes_back_what_was_not_sent(room: Room, world: World) -> None:
    with at(NOON):
        mine = booked(room, world.wang, world, wish(days=5, at="09:00"))
    with at(mine.starts_at - timedelta(hours=40)):
        reconfirming.sweep(clock.now())
        bookings.cancel(booking=mine, by=world.wang.account or world.system)
        assert not Message.objects.filter(occasion=f"booking:{mine.pk}:reconfirm").exists()


def test_not_come_is_marked_half_an_hour_late_and_told(room: Room, world: World) -> None:
    mine = booked(room, world.wang, world, wish(days=5))
    with at(mine.starts_at + timedelta(minutes=20)), pytest.raises(no_shows.NotYetLate):
        no_shows.mark(booking=mine, by=world.zhang)
    with at(mine.starts_at + timedelta(minutes=30)):
        with pytest.raises(NotYourDuty):
            no_shows.mark(booking=mine, by=world.qian)
        no_shows.mark(booking=mine, by=world.zhang)
        with pytest.raises(no_shows.NotANoShow):
            no_shows.mark(booking=mine, by=world.zhang)
    assert "申诉" in Message.objects.get(occasion=f"booking:{mine.pk}:no-show").body


def test_the_third_time_says_until_when(room: Room, world: World) -> None:
    now = clock.now()
    for days in (50, 30):
        missed(room, world.wang, world, now - timedelta(days=days))
    mine = booked(room, world.wang, world, wish(days=5))
    with at(mine.starts_at + timedelta(hours=1)):
        no_shows.mark(booking=mine, by=world.zhang)
    assert "不能再预订" in Message.objects.get(occasion=f"booking:{mine.pk}:no-show").body


def test_what_was_used_or_is_long_ago_or_has_no_name_is_not_marked(room: Room, world: World) -> None:
    mine = booked(room, world.wang, world, wish(days=5))
    later = mine.starts_at + timedelta(hours=1)
    RoomCheck.objects.create(
        booking=mine, finished_at=later, finished_by=world.zhang, water_off=True, power_off=True, locked=True
    )
    with at(later), pytest.raises(no_shows.SomebodyCame):
        no_shows.mark(booking=mine, by=world.zhang)
    with at(mine.ends_at + timedelta(days=15)), pytest.raises(no_shows.TooLongAgo):
        no_shows.mark(booking=mine, by=world.zhang)
    team = held(room, world, hours(6), Use.TEAM)
    with at(team.starts_at + timedelta(hours=1)), pytest.raises(no_shows.NobodyNamed):
        no_shows.mark(booking=team, by=world.zhang)


def test_nobody_marks_or_excuses_the_own_family(room: Room, world: World) -> None:
    home = relative(world, world.chen)
    mine = booked(room, home, world, wish(days=5))
    with at(mine.starts_at + timedelta(hours=1)):
        with pytest.raises(OwnInterest):
            no_shows.mark(booking=mine, by=world.chen)
        no_shows.mark(booking=mine, by=world.zhang)
        with pytest.raises(OwnInterest):
            no_shows.excuse(booking=mine, reason="家里有事", by=world.chen)


def test_an_excuse_ends_the_bar_at_once(room: Room, world: World) -> None:
    now = clock.now()
    made = [missed(room, world.wang, world, now - timedelta(days=days)) for days in (50, 30, 5)]
    assert no_shows.barred_until(world.wang, now)
    with pytest.raises(no_shows.NoExcuse):
        no_shows.excuse(booking=made[0], reason=" ", by=world.zhang)
    no_shows.excuse(booking=made[0], reason="住院", by=world.zhang)
    assert no_shows.barred_until(world.wang, now) is None
    with pytest.raises(no_shows.NotANoShow):
        no_shows.excuse(booking=made[0], reason="住院", by=world.zhang)
    assert booked(room, world.wang, world)


def test_an_appeal_that_is_upheld_takes_the_mark_away(room: Room, world: World) -> None:
    mine = missed(room, world.wang, world, clock.now() - timedelta(days=1))
    about = f"{no_shows.PREFIX}:{mine.pk}"
    assert appeals.find(world.li, about) is None
    filed = appeals.file(
        resident=world.wang, about=about, text="那天停电，门打不开", by=world.wang.account or world.system
    )
    with pytest.raises(appeals.OwnDecision):
        appeals.answer(appeal=filed, upheld=True, text="属实", new_value="不计未到", by=world.zhang)
    appeals.answer(appeal=filed, upheld=True, text="属实", new_value="不计未到", by=world.chen)
    mine.refresh_from_db()
    assert (mine.excuse, mine.excused_by) == ("申诉成立", world.chen)


def test_an_appeal_that_is_turned_down_leaves_it(room: Room, world: World) -> None:
    mine = missed(room, world.wang, world, clock.now() - timedelta(days=1))
    filed = appeals.file(
        resident=world.wang, about=f"{no_shows.PREFIX}:{mine.pk}", text="有事", by=world.wang.account or world.system
    )
    appeals.answer(appeal=filed, upheld=False, text="没有提前说", by=world.chen)
    mine.refresh_from_db()
    assert mine.excused_at is None
