"""As many who give seats back as who want them, at random, by several threads: at rest no seat is left while somebody waits.

RACE_SECONDS=60 plays longer (`make race ARGS=tests/races/test_undersell.py`).
"""

import os
import threading
import time
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import connections

from communities.models import Resident
from core import clock
from core.refusals import Refused
from nightschool import enrolment, leaving
from nightschool.line import sweeps as line_sweeps, waitlist
from nightschool.models import Channel, Course, Enrolment, Waiting
from points.models import Entry
from tests import world as cast
from tests.books import breaches
from tests.races.together import crowd
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
LONGER = os.environ.get("RACE_SECONDS")
SECONDS, HANDS, LEAST, PEOPLE, SEATS, HELD = float(LONGER or 5), 8, 40, 40, 8, 2
# What people who meet like this may hear; `busy` is not among them.
POSSIBLE = {
    "course_full", "held_for_counter", "people_wait", "offered_to_you", "already_enrolled", "already_waiting", "seats_left",
    "line_full", "not_waiting", "no_offer", "not_seated",
}  # fmt: skip


class Table:
    """Two courses: one where some seats are held for the counter, one where none are."""

    def __init__(self, world: World) -> None:
        self.world, self.people = world, crowd(world, PEOPLE, points=600)
        until = clock.now() + timedelta(days=2)
        self.courses = [
            cast.course(world.wenxing, title="有预留", capacity=SEATS, price=1, held=HELD, held_until=until),
            cast.course(world.wenxing, title="没有预留", capacity=SEATS, price=1),
        ]
        for course in self.courses:  # full, with people in front of the door
            cast.seated(course, *self.people[:SEATS])
            for one in self.people[SEATS : SEATS + SEATS // 2]:
                waitlist.join(course_id=course.pk, resident=one, by=world.system, channel=Channel.PHONE)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.wrong: list[BaseException] = []

    def hand(self, number: int, until: float) -> None:
        dice = Random(f"undersell:{number}")
        try:
            acts = 0
            while time.monotonic() < until or acts < LEAST:  # a slow machine takes longer
                self.act(dice)
                acts += 1
        except Exception as error:  # the test looks at every one of them
            self.wrong.append(error)
        finally:
            connections.close_all()

    def act(self, dice: Random) -> None:
        name = dice.choices(["want", "back", "answer", "sweep"], [40, 40, 20, 2])[0]
        try:
            if getattr(self, name)(dice.choice(self.courses), dice):
                self.done[name] += 1
        except Refused as refused:
            self.refused[refused.code] += 1

    def want(self, course: Course, dice: Random) -> object:
        """A seat by phone or at the counter, else a place in the line."""
        known = {*course.enrolments.seated().values_list("resident", flat=True)}
        known |= {*course.line.standing().values_list("resident", flat=True)}
        one = dice.choice([one for one in self.people if one.pk not in known])
        channel = dice.choice([Channel.PHONE, Channel.PHONE, Channel.DESK])
        try:
            return enrolment.enrol(course_id=course.pk, resident=one, by=self.world.system, channel=channel)
        except (enrolment.CourseFull, enrolment.HeldForCounter, enrolment.PeopleWait):
            return waitlist.join(course_id=course.pk, resident=one, by=self.world.system, channel=channel)

    def back(self, course: Course, dice: Random) -> object:
        """A seat is given back."""
        seats = list(course.enrolments.seated().select_related("course__community", "resident"))
        return seats and leaving.cancel(enrolment=dice.choice(seats), by=self.world.system, reason="生病")

    def answer(self, course: Course, dice: Random) -> object:
        """Somebody of the line takes the offer, or turns it down, or leaves."""
        line = list(course.line.standing().select_related("resident__community"))
        if not line:
            return None
        one = dice.choice(line)
        if one.status == Waiting.Status.OFFERED and dice.random() < 0.6:
            return waitlist.accept(course_id=course.pk, resident=one.resident, by=self.world.system)
        return waitlist.leave(course_id=course.pk, resident=one.resident, by=self.world.system)

    def sweep(self, course: Course, dice: Random) -> object:
        """Now and then everybody's time to answer is over."""
        return line_sweeps.sweep(clock.now() + timedelta(days=dice.choice([0, 1])))


def play(table: Table) -> None:
    until = time.monotonic() + SECONDS
    hands = [threading.Thread(target=table.hand, args=(n, until)) for n in range(HANDS)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()


def test_at_rest_every_seat_that_somebody_wants_is_taken(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(world)
    play(table)
    if LONGER:
        with capsys.disabled():
            print(f"\n{sum(table.done.values())} acts: {dict(table.done)}; refused: {dict(table.refused)}")
    assert table.wrong == []
    assert set(table.refused) <= POSSIBLE, table.refused
    for course in table.courses:
        at_rest(course)
    charges = Entry.objects.filter(key__startswith="enrolment:", kind="charge", reversed_by=None)
    assert charges.count() == Enrolment.objects.seated().count()
    assert breaches() == []
    # The race was one.
    assert min(table.done[name] for name in ("want", "back", "answer")) >= HANDS
    assert Waiting.objects.filter(status="accepted").exists()


def at_rest(course: Course) -> None:
    """Seats taken = min(capacity, demand), the seats that are still held counted apart; nobody in front of a free seat."""
    course.refresh_from_db()
    seated, line = course.enrolments.seated(), course.line
    online = [Channel.PHONE, Channel.API]
    counts = [rows.filter(channel__in=online).count() for rows in (seated, line.offered(), line.in_line())]
    demand = [rows.count() for rows in (seated, line.offered(), line.in_line())]
    assert course.taken == demand[0] + demand[1]
    assert course.online == counts[0] + counts[1] == min(course.capacity - course.held, sum(counts)) or (
        course.taken == course.capacity
    )
    if demand[2]:
        waits_online_only = counts[2] == demand[2]
        held = course.held and waits_online_only and course.online == course.capacity - course.held
        assert course.taken == course.capacity or held
    people: list[Resident] = [one.resident for one in line.standing().select_related("resident")]
    assert not seated.filter(resident__in=people).exists()
