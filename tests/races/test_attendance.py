"""Two sweeps at once, and signing in against a sweep: one row for each, one notice, one freed seat, one completion."""

from datetime import timedelta

import pytest
import time_machine

from core import clock
from nightschool.attending import absence, attendance, completing, consequences
from nightschool.models import AbsenceNotice, Attendance, Completion, Enrolment
from notifications.models import Message
from tests.books import breaches
from tests.nightschool.attending.coming import Status, course, day_after, here, lesson, ticked
from tests.races.together import at_once, crowd
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_sweeps_at_once_write_each_absence_once(world: World) -> None:
    people = crowd(world, 6, points=1)
    made, (_, away, *_) = course(world, world.wang, *people)
    here(lesson(made, 1), world.wang)
    ticked(world, lesson(made, 1), away, Status.ABSENT)
    with day_after(lesson(made, 1)) as at:
        found = at_once([lambda: absence.sweep(at)["absent"]] * 4)
    assert all(isinstance(many, int) for many in found), found
    assert sum(many for many in found if isinstance(many, int)) == 5
    assert Attendance.objects.filter(status="absent").count() == 6
    assert Message.objects.filter(occasion__endswith=":absent").count() == 6


def test_signing_in_against_the_sweep_leaves_one_row_that_says_present(world: World) -> None:
    people = crowd(world, 4, points=1)
    made, seats = course(world, *people)
    first = lesson(made, 1)
    with time_machine.travel(first.starts_at, tick=False):
        acts = [
            act
            for seat in seats
            for act in (
                lambda seat=seat: attendance.sign_in(session_id=first.pk, resident=seat.resident, by=world.system),
                lambda seat=seat: absence.stay_away(session=first, seat=seat, by=world.system, at=clock.now()),
            )
        ]
        found = at_once(acts)
    assert not [one for one in found if isinstance(one, Exception)]
    assert sorted(Attendance.objects.values_list("enrolment", "status")) == sorted(
        (seat.pk, "present") for seat in seats
    )


def test_two_sweeps_at_once_notify_and_free_once(world: World) -> None:
    made, (mine,) = course(world, world.zhao, lessons=8, price=60)
    for number in (1, 2):
        session = lesson(made, number)
        Attendance.objects.create(
            session=session, enrolment=mine, status="absent", how="sweep", by=world.system, at=session.ends_at
        )
    with day_after(lesson(made, 2)) as at:
        found = at_once([lambda: absence.sweep(at)["noticed"]] * 4)
        assert sorted(found, key=str) == [0, 0, 0, 1]
        notice = AbsenceNotice.objects.get()
    with time_machine.travel(notice.until + timedelta(minutes=1), tick=False):
        found = at_once([lambda: consequences.free_all(world.system, clock.now())] * 4)
    assert sorted(found, key=str) == [0, 0, 0, 1]
    assert Enrolment.objects.get(pk=mine.pk).status == "freed" and breaches() == []


def test_two_sweeps_at_once_write_one_completion(world: World) -> None:
    made, (mine,) = course(world, world.wang)
    for number in (1, 2, 3):
        here(lesson(made, number), world.wang)
    with day_after(lesson(made, 3)) as at:
        assert sorted(at_once([lambda: completing.sweep(at)] * 4), key=str) == [0, 0, 0, 1]
    assert Completion.objects.get().enrolment == mine
