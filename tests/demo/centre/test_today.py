"""The demo stands open through an afternoon: children come and go, and few are looked for."""

from datetime import time, timedelta

import time_machine

from childcare.days import absence, arriving, calls
from childcare.models import Alarm, Attendance, Handover, LeaveNote, Place, Turn
from communities.models import User
from core import clock
from demo import cast
from demo.asked import Asked
from demo.childcare import today
from notifications.models import Message
from tests.books import breaches
from tests.demo.story import DAY


def told_until(hour: int, minute: int = 0, *, days: int = 0) -> tuple[int, int]:
    """As the demo's task does it; how many have come by then, and how many are being looked for."""
    at = clock.at(DAY + timedelta(days=days), time(hour, minute))
    with time_machine.travel(at, tick=False):
        today.go_on(Asked(at))
        calls.sweep(at)
    day = clock.local(at).date()
    return Attendance.objects.filter(day=day, arrived_at__isnull=False).count(), Alarm.objects.open().count()


def test_an_afternoon_is_told_as_it_comes_and_few_are_looked_for() -> None:
    due = (
        Place.objects.held_on(DAY)
        .filter(plan__contains=[DAY.weekday()], group__weekdays__contains=[DAY.weekday()])
        .count()
    )
    assert due > 70 and not Attendance.objects.filter(day=DAY).exists()
    words = Message.objects.count()
    assert told_until(13) == (0, 0)
    came, missed = told_until(17, 5)
    assert came > due * 0.8 and missed <= 4
    before = Attendance.objects.count(), Handover.objects.count(), LeaveNote.objects.count(), Turn.objects.count()
    assert told_until(17, 5) == (came, missed)
    assert (
        Attendance.objects.count(),
        Handover.objects.count(),
        LeaveNote.objects.count(),
        Turn.objects.count(),
    ) == before
    assert told_until(20)[1] <= 4
    assert not Attendance.objects.filter(day=DAY, arrived_at__isnull=False, left_at=None).exists()
    assert Message.objects.count() - words <= 40 and breaches() == []


def test_what_a_visitor_does_stays_and_a_stopped_demo_wakes_up_in_order() -> None:
    """Stopped in the afternoon, started the next day: who was there went home; and weeks later somebody is on duty still."""
    teacher = User.objects.get(username=cast.TEACHER.username)
    mine = (
        Place.objects.held_on(DAY).filter(plan__contains=[DAY.weekday()], group__name="一二年级放学班").order_by("pk")
    )
    with time_machine.travel(clock.at(DAY, time(15, 45)), tick=False):
        for act in (
            lambda: absence.mark(place=mine[0], day=DAY, absence="school", by=teacher),
            lambda: arriving.arrive(place=mine[1], by=teacher),
        ):
            act()
    told_until(17, 5)
    assert Attendance.objects.get(place=mine[0], day=DAY).absence == "school"
    assert Attendance.objects.get(place=mine[1], day=DAY).arrived_at == clock.at(DAY, time(15, 45))
    assert told_until(9, days=1)[1] <= 8  # also of the day before
    there = Attendance.objects.filter(day=DAY, arrived_at__isnull=False, left_at=None)
    assert there.count() <= 1
    assert told_until(17, 5, days=21)[1] <= 8
