"""工作日: the State Council's calendar as the library knows it, and above it what the sub-district's own table says.

The arrangement of a year is published in the November before it (国务院办公厅《关于部分节假日安排的通知》). A year that neither the
library nor the table knows goes by the week: Monday to Friday.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from chinese_calendar import Holiday as Festival, get_holiday_detail, is_workday
from django.urls import reverse

from communities import duties, todo
from communities.models import Holiday, SubDistrict, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

PUBLISHED = 11  # the month in which the next year's arrangement is to be expected
LONGEST = 31  # days written at once; the longest holidays have nine
AHEAD = 2  # years; what is further away is a slip of the finger
SATURDAY = 5


class NotYourCalendar(Refused):
    code = "not_your_calendar"
    message = "节假日由街道管理员登记，这次没有改动。"
    status = 403


class DayIsOver(Refused):
    code = "day_is_over"
    message = "只能登记或删除今天以后的日子，这次没有改动。请改选日期。"


@dataclass(frozen=True)
class Calendar:
    """What differs from the library, day by day: whether people work. Asked as often as one likes without a query."""

    table: Mapping[date, bool]
    written: Mapping[date, datetime] = field(default_factory=dict)

    def told_at(self, moment: datetime) -> "Calendar":
        """For a last day that was told at `moment`: what was written since may move it away, never nearer."""
        return Calendar({day: works and self.written[day] <= moment for day, works in self.table.items()})

    def is_working(self, day: date) -> bool:
        own = self.table.get(day)
        return by_law(day) if own is None else own

    def add(self, day: date, n: int) -> date:
        """The n-th working day (n ≥ 1) after `day`, which does not count itself."""
        while n:
            day += timedelta(days=1)
            n -= self.is_working(day)
        return day


def calendar_of(sub_district_id: int, since: date) -> Calendar:
    """The sub-district's calendar from `since` on, in one query."""
    rows = Holiday.objects.filter(sub_district=sub_district_id, day__gte=since).values_list("day", "is_working", "at")
    found = list(rows)
    return Calendar({day: works for day, works, _ in found}, {day: at for day, _, at in found})


def add_working_days(day: date, n: int, sub_district_id: int) -> date:
    """The n-th working day (n ≥ 1) after `day` in the sub-district."""
    return calendar_of(sub_district_id, day).add(day, n)


@lru_cache(maxsize=4096)
def by_law(day: date) -> bool:
    """Whether people work on `day` by the published arrangement; by the week in a year that the library does not know."""
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def holiday(day: date) -> str:
    """What `day` is called by the published arrangement; empty on a working day, a plain weekend, and in an unknown year."""
    try:
        off, name = get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return str(Festival(name).chinese) if off and name else ""


def names_of(sub_district_id: int, days: Iterable[date]) -> dict[date, str]:
    """Which of `days` are holidays, and which: plain weekends are none, half of what is planned falls on Saturdays."""
    asked = list(days)
    own = {one.day: one for one in Holiday.objects.filter(sub_district=sub_district_id, day__in=asked)}
    law = {day: holiday(day) for day in asked if day not in own}
    written = {day: one.name for day, one in own.items() if not one.is_working}
    return written | {day: name for day, name in law.items() if name}


def unmarked(sub_district_id: int, days: Iterable[date]) -> list[int]:
    """The years of `days` whose holidays nobody has published or written down: nothing is named in them."""
    years = {day.year for day in days if not built_in(day.year)}
    written = Holiday.objects.filter(sub_district=sub_district_id, day__year__in=years)
    known = {day.year for day in written.values_list("day", flat=True)} if years else set()
    return sorted(years - known)


def built_in(year: int) -> bool:
    """Whether the library knows the arrangement of `year`."""
    try:
        is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def working(n: int) -> todo.Until:
    """For a to-do: the end of the n-th working day after the day of what waits."""
    return lambda first, street: clock.at(add_working_days(clock.local(first).date(), n, street), time(23, 59))


def unknown_years(sub_district_id: int) -> list[int]:
    """This year, and from November on the next, if neither the library nor the table has anything of it."""
    today = clock.today()
    wanted = [today.year] + [today.year + 1] * (today.month >= PUBLISHED)
    missing = [year for year in wanted if not built_in(year)]
    rows = Holiday.objects.filter(sub_district=sub_district_id, day__year__in=missing)
    written = {day.year for day in rows.values_list("day", flat=True)} if missing else set()
    return [year for year in missing if year not in written]


def rows(user: User) -> list[todo.Row]:
    """To-do of a sub-district's administrator: the years that nobody has written."""
    return [
        todo.Row("settings", f"{year}年的节假日待登记", 1, reverse("desk:holidays", args=[street.pk]))
        for street in duties.administered_by(user)
        for year in unknown_years(street.pk)
    ]


@verb()
def write(
    *, sub_district: SubDistrict, first: date, last: date, is_working: bool, name: str, by: User
) -> list[Holiday]:  # fmt: skip
    """Each day from `first` to `last` is a holiday, or worked on; a day that is written already is written anew.

    Refuses `NotYourCalendar`, `DayIsOver` and, as `BadInput`, no name, days the wrong way round, too many or too far away.
    """
    _require(by, sub_district)
    today, length = clock.today(), (last - first).days + 1
    if first < today:
        raise DayIsOver
    if not name or not 1 <= length <= LONGEST or last.year > today.year + AHEAD:
        raise BadInput
    now = clock.now()
    rows = [
        Holiday(
            sub_district=sub_district, day=first + timedelta(days=n), is_working=is_working, name=name, by=by, at=now
        )
        for n in range(length)
    ]
    return Holiday.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["sub_district", "day"],
        update_fields=["is_working", "name", "by", "at"],
    )  # fmt: skip


@verb()
def erase(*, holiday: Holiday, by: User) -> None:
    """The day goes by the published arrangement, or by the week, again. Refuses `NotYourCalendar` and `DayIsOver`."""
    _require(by, holiday.sub_district)
    if holiday.day < clock.today():
        raise DayIsOver
    holiday.delete()


def _require(by: User, sub_district: SubDistrict) -> None:
    if sub_district not in duties.administered_by(by):
        raise NotYourCalendar
