"""使用率: hours that somebody had a room, of the hours that it was open."""

from datetime import date, time
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from communities.models import Duty, Setting
from communities.workbook import Cell
from tests import world as cast
from tests.pages import queries, text
from tests.venues.keeping import moment, room
from tests.venues.letting import held
from tests.world import World
from venues import register, use_rate
from venues.claiming import Hours
from venues.models import Room, Use
from venues.register import Opening
from venues.use_rate import Rate

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
LONG = [Opening(weekday, time(8), time(21)) for weekday in range(7)]
OPEN = 30 * 750  # minutes of a month of thirty days, 08:30 to 21:00


@pytest.fixture(autouse=True)
def later() -> object:
    with time_machine.travel(moment("2026-12-10 12:00"), tick=False):
        yield


def use(mine: Room, world: World, begin: str, end: str, **more: object) -> None:
    held(mine, world, Hours(moment(begin), moment(end)), **more)  # type: ignore[arg-type]


def rate(world: World, month: date = NOVEMBER) -> Rate:
    (found,) = use_rate.rates(world.zhang, [month])
    return found


def test_hours_held_of_hours_open(world: World) -> None:
    mine = room(world.wenxing)
    use(mine, world, "2026-11-03 19:00", "2026-11-03 20:30")
    use(mine, world, "2026-11-05 09:00", "2026-11-05 12:00")
    found = rate(world)
    assert (found.open, found.used, found.uses, found.percent) == (OPEN, 270, 2, 1)
    assert (str(found.used_hours), str(found.open_hours), found.idle) == ("4.5", "375.0", False)


def test_what_lies_outside_the_opening_hours_does_not_count(world: World) -> None:
    use(room(world.wenxing), world, "2026-11-03 20:00", "2026-11-03 23:00")
    assert (rate(world).used, rate(world).uses) == (60, 1)


def test_hours_that_change_change_nothing_of_days_gone_by(world: World) -> None:
    """Eight hours until the 9th, thirteen from the 10th on; a second change of the same day does not hide the first."""
    Duty.objects.update(starts_on=date(2020, 1, 1))  # the days of this test are fixed
    mine = room(world.wenxing)
    short = [Opening(weekday, time(9), time(17)) for weekday in range(7)]
    for day, hours in (("2026-11-01", short), ("2026-11-10", []), ("2026-11-10", LONG)):
        with time_machine.travel(moment(f"{day} 10:00"), tick=False):
            register.change(room=mine, hours=hours, by=world.zhang)
    with time_machine.travel(moment("2026-12-15 10:00"), tick=False):
        assert rate(world).open == 60 * (9 * 8 + 21 * 13)
        register.change(room=mine, hours=LONG, by=world.zhang)  # nothing new: nothing to remember
    assert [one.until for one in mine.earlier_hours.order_by("until")] == [date(2026, 11, 1), date(2026, 11, 10)]


def test_the_hours_of_the_street_are_those_of_the_day(world: World) -> None:
    cast.room(world.wenxing)
    Setting.objects.create(
        sub_district=world.street, key="room.opens_min", value=9 * 60, starts_on=date(2026, 11, 16), by=world.he
    )
    assert rate(world).open == 15 * 750 + 15 * 720


def test_repairs_are_neither_open_nor_used(world: World) -> None:
    use(room(world.wenxing), world, "2026-11-03 00:00", "2026-11-04 00:00", use=Use.CLOSED)
    found = rate(world)
    assert (found.open, found.used, found.uses, found.idle) == (OPEN - 750, 0, 0, True)


def test_a_use_over_the_end_of_a_month_is_shared_out(world: World) -> None:
    mine = room(world.wenxing)
    use(mine, world, "2026-10-31 20:00", "2026-11-01 09:30", use=Use.MEETING)
    october, november = use_rate.rates(world.zhang, [date(2026, 10, 1), NOVEMBER])
    assert (october.used, october.uses, november.used, november.uses) == (60, 1, 60, 0)


def test_this_month_is_counted_up_to_today(world: World) -> None:
    mine = room(world.wenxing)
    use(mine, world, "2026-12-20 10:00", "2026-12-20 12:00")
    found = rate(world, date(2026, 12, 1))
    assert (found.open, found.used) == (10 * 750, 0)


def test_a_room_that_is_never_open_has_no_rate(world: World) -> None:
    mine = room(world.wenxing)
    mine.hours.exclude(weekday=6).delete()
    mine.hours.update(weekday=6)
    with time_machine.travel(moment("2026-12-02 12:00"), tick=False):
        found = rate(world, date(2026, 12, 1))
    assert (found.open, found.percent, found.idle) == (0, None, False)


def test_a_closed_room_is_listed_only_where_it_was_used(world: World) -> None:
    mine = room(world.wenxing)
    use(mine, world, "2026-11-03 19:00", "2026-11-03 20:30")
    Room.objects.filter(pk=mine.pk).update(standing="closed")
    months = [date(2026, 10, 1), NOVEMBER]
    assert [one.month for one in use_rate.rates(world.zhang, months)] == [NOVEMBER]


def test_idle_rooms_are_named(world: World, client: Client) -> None:
    use(room(world.wenxing), world, "2026-11-03 19:00", "2026-11-03 20:30")
    room(world.wenxing, "空房间")
    room(world.yongan, "永安房间")
    client.force_login(world.zhang)
    shown = text(client, "/desk/rooms/rate/?month=2026-11")
    assert "2026年11月没有人用过：空房间（文兴社区）" in shown and "永安房间" not in shown


def sheet(client: Client, address: str) -> list[tuple[Cell, ...]]:
    book = load_workbook(BytesIO(b"".join(client.get(address))))  # type: ignore[arg-type]
    return list(book.active.iter_rows(min_row=3, values_only=True))


def test_the_file_has_a_line_for_each_room_and_month_of_the_year(world: World, client: Client) -> None:
    mine = room(world.wenxing)
    use(mine, world, "2026-11-03 19:00", "2026-11-03 20:30")
    client.force_login(world.zhang)
    lines = sheet(client, "/desk/rooms/rate/export/?month=2026-11")
    assert [line[3] for line in lines] == [f"2026-{month:02}" for month in range(1, 12)]
    assert lines[-1][4:] == (375, 1.5, 0, 1)


def test_a_month_to_come_is_this_month_and_no_month_is_none(world: World, client: Client) -> None:
    room(world.wenxing)
    client.force_login(world.zhang)
    for asked in ("2027-05", "2026-13", "x", "", "2026-12"):
        assert "2026年12月" in text(client, f"/desk/rooms/rate/?month={asked}")


def test_rates_cost_as_much_for_one_room_as_for_thirty(world: World, client: Client) -> None:
    client.force_login(world.zhang)
    use(room(world.wenxing), world, "2026-12-03 19:00", "2026-12-03 20:30")
    before = queries(client, "/desk/rooms/rate/")
    for number in range(30):
        use(room(world.wenxing, f"房间{number}"), world, "2026-12-03 19:00", "2026-12-03 20:30")
    assert queries(client, "/desk/rooms/rate/") == before
