"""占用情况: who has a room when, and what is free between."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.pages import queries
from tests.venues.keeping import coming, moment, room
from tests.venues.letting import held, neighbour
from tests.world import World
from venues import occupancy
from venues.claiming import Hours
from venues.models import Booking, Room, Use

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 2)  # a Wednesday


@pytest.fixture(autouse=True)
def morning() -> object:
    with time_machine.travel(moment("2026-12-02 08:00"), tick=False):
        yield


def booked(mine: Room, world: World, begin: str, end: str, **more: object) -> Booking:
    when = Hours(moment(f"2026-12-02 {begin}"), moment(f"2026-12-02 {end}"))
    return held(mine, world, when, **more)  # type: ignore[arg-type]


def free(day: occupancy.Day) -> list[str]:
    shown = [(one.starts_at + timedelta(hours=8), one.ends_at + timedelta(hours=8)) for one in day.free]
    return [f"{begin:%H:%M}—{end:%H:%M}" for begin, end in shown]


def test_a_day_shows_who_has_what_and_leaves_time_to_tidy_up(world: World) -> None:
    mine = room(world.wenxing)
    booked(mine, world, "10:00", "12:00", use=Use.RESIDENT, resident=world.wang, title="排练")
    booked(mine, world, "19:00", "20:30", use=Use.SCHOOL, title="形体塑形")
    (day,) = occupancy.day_of(world.wenxing, DAY)
    assert [one.title for one in day.held] == ["排练", "形体塑形"]
    assert free(day) == ["08:30—09:45", "12:15—18:45", "20:45—21:00"]


def test_what_was_given_back_is_free_again(world: World) -> None:
    mine = room(world.wenxing)
    one = booked(mine, world, "10:00", "12:00")
    Booking.objects.filter(pk=one.pk).update(
        status="cancelled", ended_at=one.at, ended_by=world.zhang, end_reason="改期"
    )
    (day,) = occupancy.day_of(world.wenxing, DAY)
    assert (list(day.held), free(day)) == ([], ["08:30—21:00"])


def test_a_room_without_hours_of_its_own_follows_the_sub_district(world: World) -> None:
    mine = Room.objects.create(community=world.wenxing, name="大厅", place="1楼", capacity=50)
    (day,) = occupancy.day_of(world.wenxing, DAY)
    assert day.room == mine and free(day) == ["08:30—21:00"]


def test_a_weekday_without_hours_is_shut(world: World) -> None:
    mine = room(world.wenxing)
    mine.hours.filter(weekday=2).delete()
    (day,) = occupancy.day_of(world.wenxing, DAY)
    assert not day.open and not day.free


def test_a_closed_room_is_shown_while_something_holds_it(world: World) -> None:
    mine = room(world.wenxing)
    booked(mine, world, "10:00", "12:00")
    Room.objects.filter(pk=mine.pk).update(standing="closed")
    (day,) = occupancy.day_of(world.wenxing, DAY)
    assert day.held and not day.free
    assert occupancy.day_of(world.wenxing, DAY + timedelta(days=1)) == []


def test_other_communities_and_other_days_stay_out(world: World) -> None:
    mine, theirs = room(world.wenxing), room(world.yongan)
    coming(mine, world, days=3)
    coming(theirs, world, days=0)
    (day,) = occupancy.day_of(world.wenxing, DAY)
    assert day.room == mine and not day.held


def test_a_week_has_seven_days_from_monday_on_over_the_year_end(world: World) -> None:
    days = occupancy.week_of(room(world.wenxing), date(2027, 1, 1))
    assert [day.on for day in days] == [date(2026, 12, 28) + timedelta(days=n) for n in range(7)]


@pytest.mark.parametrize(
    ("month", "weeks", "first", "last"),
    [
        (date(2028, 2, 29), 5, date(2028, 1, 31), date(2028, 3, 5)),  # a leap year
        (date(2027, 2, 10), 4, date(2027, 2, 1), date(2027, 2, 28)),  # four weeks and nothing over
        (date(2026, 12, 31), 5, date(2026, 11, 30), date(2027, 1, 3)),
    ],
)
def test_a_month_is_whole_weeks(world: World, month: date, weeks: int, first: date, last: date) -> None:
    shown = occupancy.month_of(room(world.wenxing), month)
    assert (len(shown), shown[0][0].on, shown[-1][-1].on) == (weeks, first, last)
    assert all(len(week) == 7 for week in shown)


def test_a_holiday_is_named(world: World) -> None:
    days = occupancy.week_of(room(world.wenxing), date(2026, 10, 1))
    assert [day.holiday for day in days][3] == "国庆节"


def test_a_use_over_midnight_stands_on_both_days(world: World) -> None:
    mine = room(world.wenxing)
    held(mine, world, Hours(moment("2026-12-02 22:00"), moment("2026-12-03 01:00")), Use.CLOSED, "检修")
    days = occupancy.week_of(mine, DAY)
    assert [len(day.held) for day in days] == [0, 0, 1, 1, 0, 0, 0]


def test_a_day_costs_as_much_with_one_room_as_with_thirty(world: World, client: object) -> None:
    client.force_login(world.zhang)  # type: ignore[attr-defined]
    page = "/desk/rooms/day/?on=2026-12-02"
    booked(room(world.wenxing), world, "10:00", "12:00", use=Use.RESIDENT, resident=world.wang, title="排练")
    before = queries(client, page)  # type: ignore[arg-type]
    for number in range(30):
        mine, guest = room(world.wenxing, f"房间{number}"), neighbour(world, number)
        booked(mine, world, "10:00", "12:00", use=Use.RESIDENT, resident=guest, title="排练")
    assert queries(client, page) == before  # type: ignore[arg-type]
