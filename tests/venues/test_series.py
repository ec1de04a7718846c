"""工作人员预订: every day looked at beforehand, what is left out and why, and what gives way to a meeting."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.duties import NotYourDuty
from communities.models import Duty, Holiday
from core import clock
from notifications.models import Message
from tests.venues.letting import booked, held, hours, shared, wish
from tests.world import World
from venues import booking as bookings, displacing, series
from venues.claiming import Hours, Purpose, RoomClosed, RoomTaken
from venues.models import Booking, BookingSeries, Room, Use
from venues.series import DaysTaken, Pattern

pytestmark = pytest.mark.django_db
CHOIR = Purpose(Use.TEAM, "合唱团排练", unit="文兴合唱团", people=18)
MEETING = Purpose(Use.MEETING, "居民代表会议", people=20)
EVENING = time(19)


@pytest.fixture
def room(world: World) -> Room:
    Duty.objects.update(starts_on=date(2020, 1, 1))  # the days of these tests are fixed
    return shared(world.wenxing)


def weekly(first: date, weeks: int = 4, starts: time = EVENING, minutes: int = 90) -> Pattern:
    return Pattern(first, first + timedelta(weeks=weeks - 1), starts, minutes, (first.weekday(),))


def days_of(made: list[Booking]) -> list[str]:
    return [f"{clock.local(one.starts_at):%m-%d %H:%M}" for one in made]


@time_machine.travel(datetime(2026, 9, 10, 2, tzinfo=UTC), tick=False)
def test_holidays_and_taken_evenings_are_left_out_and_said(room: Room, world: World) -> None:
    held(
        room, world, Hours(clock.at(date(2026, 9, 24), time(18)), clock.at(date(2026, 9, 24), time(20))), title="议事会"
    )
    Holiday.objects.create(
        sub_district=world.street, day=date(2026, 10, 15), name="水泊寺庙会", is_working=False, by=world.he
    )
    pattern = weekly(date(2026, 9, 17), 6)
    seen = {one.day: one for one in series.look(room, pattern, Use.TEAM, clock.now())}
    assert seen[date(2026, 9, 24)].taken and not seen[date(2026, 9, 24)].is_free
    assert seen[date(2026, 10, 1)].holiday == "国庆节" and seen[date(2026, 10, 1)].is_free
    made = series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.zhang)
    assert days_of(made) == ["09-17 19:00", "10-08 19:00", "10-22 19:00"]
    kept = BookingSeries.objects.get()
    assert kept.skipped == [
        ["2026-09-24", "已有“议事会”"], ["2026-10-01", "国庆节"], ["2026-10-15", "水泊寺庙会"],
    ]  # fmt: skip
    assert {one.series for one in made} == {kept} and {one.unit for one in made} == {"文兴合唱团"}


@time_machine.travel(datetime(2026, 9, 10, 2, tzinfo=UTC), tick=False)
def test_a_holiday_that_is_ticked_is_booked_and_a_day_that_is_not_is_left_out(room: Room, world: World) -> None:
    pattern = weekly(date(2026, 9, 24), 3)
    chosen = {date(2026, 10, 1), date(2026, 10, 8)}
    made = series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.zhang, days=chosen)
    assert days_of(made) == ["10-01 19:00", "10-08 19:00"]
    assert BookingSeries.objects.get().skipped == [["2026-09-24", "没有选"]]


def test_a_clash_with_a_ticked_day_refuses_all_or_skips_it(room: Room, world: World) -> None:
    first = clock.today() + timedelta(days=7)
    pattern = weekly(first, 3)
    days = set(pattern.days())
    held(room, world, pattern.hours_on(first + timedelta(days=7)))
    with pytest.raises(DaysTaken) as caught:
        series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.zhang, days=days)
    assert "什么都没有改动" in caught.value.message and BookingSeries.objects.count() == 0
    made = series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.zhang, days=days, skip_taken=True)
    assert len(made) == 2 and len(BookingSeries.objects.get().skipped) == 1


def test_one_day_makes_no_series_and_says_by_what_it_is_taken(room: Room, world: World) -> None:
    day = clock.today() + timedelta(days=3)
    pattern = Pattern(day, day, EVENING, 60)
    (made,) = series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.zhang, days={day})
    assert made.series is None
    with pytest.raises(RoomTaken, match="合唱团排练"):
        series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.zhang, days={day})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"last": timedelta(days=-1)}, "早于开始"),
        ({"last": timedelta(days=400)}, "一年以后"),
        ({"minutes": 10}, "时长"),
        ({"minutes": 901}, "时长"),
        ({"weekdays": (7,)}, "星期"),
        ({"weekdays": (), "last": timedelta(days=200)}, "最多预订120天"),
        ({"first": timedelta(days=-8)}, "已经过去"),
    ],
)
def test_what_makes_no_sense_is_refused(room: Room, world: World, change: dict[str, object], said: str) -> None:
    pattern = weekly(clock.today() + timedelta(days=2))
    fields = {name: pattern.first + value if isinstance(value, timedelta) else value for name, value in change.items()}
    with pytest.raises(series.BadSeries, match=said):
        series.book(room=room, pattern=replace(pattern, **fields), purpose=CHOIR, by=world.zhang)  # type: ignore[arg-type]


def test_a_closed_room_a_stranger_and_a_class_by_hand_are_refused(room: Room, world: World) -> None:
    pattern = weekly(clock.today() + timedelta(days=2))
    with pytest.raises(NotYourDuty):
        series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.qian)
    with pytest.raises(series.BadSeries, match="课程和活动"):
        series.book(room=room, pattern=pattern, purpose=Purpose(Use.SCHOOL, "课"), by=world.zhang)
    room.shared, room.standing = False, Room.Standing.CLOSED
    room.save()
    with pytest.raises(RoomClosed):
        series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.zhang)


@time_machine.travel(datetime(2027, 12, 20, 2, tzinfo=UTC), tick=False)
def test_over_the_turn_of_the_year_and_the_leap_day(room: Room, world: World) -> None:
    pattern = Pattern(date(2027, 12, 28), date(2028, 3, 7), EVENING, 90, (1,))
    made = series.book(room=room, pattern=pattern, purpose=CHOIR, by=world.zhang, days=set(pattern.days()))
    assert len(made) == 11 and "02-29 19:00" in days_of(made) and "01-04 19:00" in days_of(made)
    assert {(b.starts_at - a.starts_at) for a, b in itertools.pairwise(made)} == {timedelta(days=7)}
    assert {one.starts_at.hour for one in made} == {11}  # in UTC, the whole winter


def test_a_meeting_takes_the_room_and_whoever_had_it_hears_of_another(room: Room, world: World) -> None:
    other = shared(world.wenxing, "另一间")
    mine = booked(room, world.wang, world, wish(days=5, at="19:00", minutes=60))
    day = clock.local(mine.starts_at).date()
    pattern = Pattern(day, day, EVENING, 60)
    (seen,) = series.look(room, pattern, Use.MEETING, clock.now())
    assert seen.yields and not seen.is_offered  # said beforehand, and only by a tick of its own
    (made,) = series.book(room=room, pattern=pattern, purpose=MEETING, by=world.zhang, days={day})
    mine.refresh_from_db()
    assert (mine.status, mine.displaced_by, mine.end_reason) == ("displaced", made, "让给社区会议")
    inbox = Message.objects.get(occasion=f"booking:{mine.pk}:displaced", channel=Message.Channel.INBOX)
    assert "另一间" in inbox.body and "积分没有变动" in inbox.body
    assert Message.objects.filter(occasion=f"booking:{mine.pk}:displaced", channel=Message.Channel.SMS).exists()
    assert booked(other, world.wang, world, wish(days=5, at="19:00", minutes=60))


def test_a_meeting_gives_a_day_of_notice(room: Room, world: World) -> None:
    mine = booked(room, world.wang, world, wish(days=2, at="19:00", minutes=60))
    day = clock.local(mine.starts_at).date()
    pattern = Pattern(day, day, EVENING, 60)
    with time_machine.travel(mine.starts_at - timedelta(hours=23), tick=False), pytest.raises(RoomTaken):
        series.book(room=room, pattern=pattern, purpose=MEETING, by=world.zhang, days={day})
    with time_machine.travel(mine.starts_at - timedelta(hours=24), tick=False):
        assert series.book(room=room, pattern=pattern, purpose=MEETING, by=world.zhang, days={day})


@pytest.mark.parametrize("use", [Use.SCHOOL, Use.ACTIVITY, Use.CARE, Use.CLOSED, Use.MEETING])
def test_classes_activities_childcare_repairs_and_meetings_stay(room: Room, world: World, use: Use) -> None:
    there = held(room, world, hours(5, "19:00", 60), use, "原有安排")
    day = clock.local(there.starts_at).date()
    with pytest.raises(RoomTaken, match="原有安排"):
        series.book(room=room, pattern=Pattern(day, day, EVENING, 60), purpose=MEETING, by=world.zhang, days={day})


@pytest.mark.parametrize("use", [Use.TEAM, Use.PARTNER, Use.CARE, Use.CLOSED])
def test_nothing_but_a_meeting_takes_a_room_from_a_neighbour(room: Room, world: World, use: Use) -> None:
    mine = booked(room, world.wang, world, wish(days=5, at="19:00", minutes=60))
    day = clock.local(mine.starts_at).date()
    with pytest.raises(RoomTaken):
        series.book(
            room=room, pattern=Pattern(day, day, EVENING, 60), purpose=Purpose(use, "别的"), by=world.zhang, days={day}
        )


def test_a_colleague_hears_for_a_team_and_another_day_is_named(room: Room, world: World) -> None:
    there = held(room, world, hours(5, "19:00", 60))
    day = clock.local(there.starts_at).date()
    series.book(room=room, pattern=Pattern(day, day, EVENING, 60), purpose=MEETING, by=world.chen, days={day})
    said = Message.objects.get(staff=world.zhang, occasion=f"booking:{there.pk}:displaced")
    there.refresh_from_db()
    found = displacing.alternative(there)
    assert found and found[0] == room and clock.local(found[1].starts_at).date() == day + timedelta(days=1)
    assert "可改用活动室1楼共享活动室" in said.body


def test_the_rest_of_a_series_is_called_off_at_once(room: Room, world: World) -> None:
    made = series.book(room=room, pattern=weekly(clock.today() + timedelta(days=2), 4), purpose=CHOIR, by=world.zhang)
    own = BookingSeries.objects.select_related("room__community").get()
    with time_machine.travel(made[1].starts_at + timedelta(minutes=1), tick=False):
        with pytest.raises(bookings.NoReason):
            series.end(series=own, reason="", by=world.zhang)
        assert series.end(series=own, reason="团队解散", by=world.zhang) == len(made) - 2
    assert Booking.objects.holding().count() == 2


def test_a_look_costs_the_same_for_a_day_and_for_a_month(room: Room) -> None:
    counts = []
    for last in (4, 34):
        fresh = Room.objects.select_related("community__sub_district").get(pk=room.pk)
        pattern = Pattern(clock.today() + timedelta(days=4), clock.today() + timedelta(days=last), time(9), 60)
        with CaptureQueriesContext(connection) as asked:
            series.look(fresh, pattern, Use.TEAM, clock.now())
        counts.append(len(asked))
    assert counts[0] == counts[1]
