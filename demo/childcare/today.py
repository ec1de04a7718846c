"""今天 goes on while the demo stands open: children come, are on leave and go home, as `days` told of the days before.

Without it nobody would come after the hour in which the demo was filled, and by evening a hundred children would be looked for. What a
visitor wrote with the own hands stays; nobody is told of what is written here. One or two a day come late, or their parents say leave
late, and are called for.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import DatabaseError, transaction

from childcare.models import Attendance, Centre, Group, LeaveNote, Place, Turn
from childcare.places.groups import days_between
from core import clock
from demo.asked import Asked
from demo.childcare import centre, days
from demo.childcare.classes import CENTRE
from demo.childcare.rolling import Absence, Told, note, told

LATE = timedelta(minutes=25)
COMING = timedelta(days=13)  # days for which turns are planned


def go_on(asked: Asked) -> None:
    """Everything up to now; who was still there when the demo was stopped yesterday, went home. A second run writes nothing."""
    if not Centre.objects.filter(name=CENTRE).exists():
        return
    _plan(asked.day)
    for day in (asked.day - timedelta(days=1), asked.day):
        people = days.People(day)
        for group in Group.objects.running_on(day).filter(centre=centre.centre()).order_by("pk"):
            if people.staff and day in days_between(group, day, day):
                _class(asked, group, day, people)


def _plan(day: date) -> None:
    planned = set(Turn.objects.filter(day__gte=day).values_list("day", flat=True))
    missing = [one for one in days.running(day, day + COMING) if one not in planned]
    if missing:
        centre.plan(missing)


def _class(asked: Asked, group: Group, day: date, people: days.People) -> None:
    due = Place.objects.held_on(day).filter(group=group, plan__contains=[day.weekday()]).order_by("pk")
    story = [told(one, day, asked.dice(f"care today {day} {one.pk}")) for one in due.select_related("group", "payer")]
    if day == asked.day:
        _come(story, group, day, asked.now, people)
    there = Attendance.objects.filter(place__group=group, day=day, arrived_at__isnull=False, left_at=None)
    since = dict(there.values_list("place", "arrived_at"))
    for one in story:
        came = since.get(one.place.pk)
        if came and one.left_at and came <= one.left_at <= asked.now:
            # A visitor may have revoked or barred somebody meanwhile: then that child waits for the visitor.
            with suppress(DatabaseError), transaction.atomic():
                days.left(one, group, day, people, asked.dice(f"care home {day} {one.place.pk}")).save()


@transaction.atomic
def _come(story: list[Told], group: Group, day: date, now: datetime, people: days.People) -> None:
    """Leave first, then who has come by now; whose parents forgot, they say so after the house has called."""
    known = set(Attendance.objects.filter(place__group=group, day=day).values_list("place", flat=True))
    known |= set(LeaveNote.objects.filter(place__group=group, day=day).values_list("place", flat=True))
    new, by, starts = (
        [one for one in story if one.place.pk not in known],
        people.staff[0].account_id or 0,
        clock.at(day, group.starts),
    )
    LeaveNote.objects.bulk_create(note(one, day, days.hand(one), starts - days.EVENING) for one in new if one.leave)
    if now >= starts + LATE:
        LeaveNote.objects.bulk_create(
            note(one, day, days.hand(one), now) for one in new if one.absence == Absence.UNEXCUSED
        )
    Attendance.objects.bulk_create([
        *(days.came(one, day, by) for one in new if one.arrived_at and one.arrived_at <= now),
        *(days.absent(one, day, by, starts) for one in new if one.absence == Absence.SICK and starts <= now),
    ])  # fmt: skip
