"""Working days: the published arrangement, the sub-district's own table above it, and years that nobody knows."""

from datetime import date, time, timedelta

import pytest
import time_machine

from communities import calendar, todo
from communities.calendar import DayIsOver, NotYourCalendar, add_working_days, by_law, erase, unknown_years, write
from communities.models import Holiday
from core import clock
from core.refusals import BadInput
from tests.world import World

pytestmark = pytest.mark.django_db
NOVEMBER, OCTOBER = "2026-11-22 10:00+08:00", "2026-10-09 10:00+08:00"


def own(world: World, day: date, *, is_working: bool = False, street=None) -> Holiday:
    return Holiday.objects.create(
        sub_district=street or world.street, day=day, is_working=is_working, name="防汛", by=world.he
    )


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 10), True),  # a Saturday that is worked instead
        (date(2026, 10, 11), False),
        (date(2026, 10, 12), True),
        (date(2027, 10, 1), True),  # a Friday of a year that is not published: by the week
        (date(2027, 10, 2), False),
        (date(1999, 10, 1), True),
    ],
)
def test_a_day_goes_by_what_was_published_or_by_the_week(day: date, works: bool) -> None:
    assert by_law(day) is works


def test_the_day_itself_does_not_count_and_holidays_are_jumped(world: World) -> None:
    assert add_working_days(date(2026, 9, 28), 1, world.street.pk) == date(2026, 9, 29)
    assert add_working_days(date(2026, 9, 30), 1, world.street.pk) == date(2026, 10, 8)
    assert add_working_days(date(2026, 9, 30), 3, world.street.pk) == date(2026, 10, 10)
    assert add_working_days(date(2026, 12, 31), 2, world.street.pk) == date(2027, 1, 4)


def test_the_table_overrides_in_both_directions_and_only_at_home(world: World) -> None:
    own(world, date(2026, 11, 23))
    own(world, date(2026, 11, 28), is_working=True)
    assert add_working_days(date(2026, 11, 22), 1, world.street.pk) == date(2026, 11, 24)
    assert add_working_days(date(2026, 11, 27), 1, world.street.pk) == date(2026, 11, 28)
    far = world.hualin.sub_district
    assert add_working_days(date(2026, 11, 22), 1, far.pk) == date(2026, 11, 23)


def test_any_number_of_days_is_one_query(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        working = calendar.calendar_of(world.street.pk, date(2026, 11, 1))
        assert [working.add(date(2026, 11, 1), n).day for n in (1, 2, 5)] == [2, 3, 6]


@time_machine.travel(NOVEMBER)
def test_from_november_on_the_coming_year_is_missed_until_somebody_writes_it(world: World) -> None:
    assert unknown_years(world.street.pk) == [2027]
    own(world, date(2027, 1, 1), street=world.hualin.sub_district)
    assert unknown_years(world.street.pk) == [2027]
    own(world, date(2027, 1, 1))
    assert unknown_years(world.street.pk) == []


@time_machine.travel(NOVEMBER)
def test_the_administrator_finds_it_among_what_waits(world: World) -> None:
    (row,) = calendar.rows(world.he)
    assert (row.label, row.url) == ("2027年的节假日待登记", f"/desk/settings/{world.street.pk}/holidays/")
    assert calendar.rows(world.chen) == []
    own(world, date(2027, 1, 1))
    assert calendar.rows(world.he) == []
    assert calendar.rows in todo._providers


def test_a_year_that_cannot_be_published_yet_is_not_missed(world: World) -> None:
    with time_machine.travel(OCTOBER):
        assert unknown_years(world.street.pk) == []
    with time_machine.travel("2027-01-05 10:00+08:00"):
        assert unknown_years(world.street.pk) == [2027]


@time_machine.travel(NOVEMBER)
def test_days_in_a_row_are_written_at_once_and_written_anew(world: World) -> None:
    def put(**change: object) -> list[Holiday]:
        given = {"first": date(2027, 2, 5), "last": date(2027, 2, 11), "is_working": False, "name": "春节"}
        return write(sub_district=world.street, by=world.he, **given | change)

    assert len(put()) == 7
    put(first=date(2027, 2, 11), is_working=True, name="调休")
    rows = list(Holiday.objects.order_by("day"))
    assert [row.name for row in rows] == ["春节"] * 6 + ["调休"]
    assert [row.is_working for row in rows] == [False] * 6 + [True]
    assert rows[0].by == world.he


@time_machine.travel(NOVEMBER)
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"first": date(2026, 11, 21)}, DayIsOver),
        ({"name": ""}, BadInput),
        ({"last": date(2026, 11, 29)}, BadInput),
        ({"last": date(2026, 12, 31)}, BadInput),
        ({"first": date(2029, 1, 1), "last": date(2029, 1, 1)}, BadInput),
    ],
)
def test_what_is_wrong_is_refused(world: World, change, refusal) -> None:
    given = {"first": date(2026, 11, 30), "last": date(2026, 12, 30), "is_working": False, "name": "假"}
    with pytest.raises(refusal):
        write(sub_district=world.street, by=world.he, **given | change)
    assert not Holiday.objects.exists()


@time_machine.travel(NOVEMBER)
def test_today_may_still_be_written(world: World) -> None:
    day = date(2026, 11, 22)
    write(sub_district=world.street, first=day, last=day, is_working=True, name="防汛", by=world.he)
    assert calendar.calendar_of(world.street.pk, day).is_working(day)


def test_only_the_administrator_of_the_sub_district_writes_and_erases(world: World) -> None:
    day = clock.today() + timedelta(days=3)
    row = own(world, day)
    far = own(world, day, street=world.hualin.sub_district)
    for by, mine in ((world.chen, row), (world.he, far)):
        with pytest.raises(NotYourCalendar):
            write(sub_district=mine.sub_district, first=day, last=day, is_working=True, name="假", by=by)
        with pytest.raises(NotYourCalendar):
            erase(holiday=mine, by=by)
    erase(holiday=row, by=world.he)
    assert list(Holiday.objects.values_list("pk", "is_working")) == [(far.pk, False)]


def test_a_day_that_is_over_stays(world: World) -> None:
    row = own(world, clock.today() - timedelta(days=1))
    with pytest.raises(DayIsOver):
        erase(holiday=row, by=world.he)
    assert Holiday.objects.exists()


def test_a_last_day_that_was_told_never_comes_nearer(world: World) -> None:
    """What is written after the decision may move it away: a holiday does, a worked weekend does not take it back."""
    told, friday = clock.at(date(2026, 11, 26), time(9)), date(2026, 11, 27)

    def last_day() -> date:
        return calendar.calendar_of(world.street.pk, friday).told_at(told).add(friday, 1)

    assert last_day() == date(2026, 11, 30)
    with time_machine.travel("2026-11-25 10:00+08:00", tick=False):
        saturday = own(world, date(2026, 11, 28), is_working=True)
        assert last_day() == date(2026, 11, 28)
    saturday.delete()
    with time_machine.travel("2026-11-27 10:00+08:00", tick=False):
        own(world, date(2026, 11, 28), is_working=True)
        assert last_day() == date(2026, 11, 30)
        own(world, date(2026, 11, 30))
        assert last_day() == date(2026, 12, 1)
