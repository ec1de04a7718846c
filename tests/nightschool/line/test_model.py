"""Two hundred join, sixty give back, and the clock runs through five nights: against what anybody would work out on paper."""

from collections import deque
from datetime import date, datetime, timedelta
from random import Random

import pytest

from communities.models import Resident, Setting
from communities.settings import LINE_PERCENT
from core import clock
from nightschool import leaving
from nightschool.line import sweeps as line_sweeps, waitlist
from nightschool.models import Channel, Enrolment, Waiting
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool.lining import people
from tests.world import World

pytestmark = pytest.mark.django_db
SEATS, JOINS, CANCELS, NIGHTS, SEED = 60, 200, 60, 5, 20261122


class Paper:
    """The line as somebody would keep it with a pencil: who waits, in order, and who was offered a seat, one after the other."""

    def __init__(self) -> None:
        self.waits: deque[int] = deque()
        self.offered: list[int] = []
        self.free = 0

    def freed(self) -> None:
        self.free += 1
        self.serve()

    def serve(self) -> None:
        while self.free and self.waits:
            self.offered.append(self.waits.popleft())
            self.free -= 1


class Days:
    """A quarter of an hour at a time."""

    def __init__(self, world: World) -> None:
        self.world, self.dice, self.paper = world, Random(SEED), Paper()
        self.at = clock.at(clock.today() + timedelta(days=1), datetime.min.time()) + timedelta(hours=7)
        self.course = cast.course(world.wenxing, capacity=SEATS, price=0, starts_at=self.at + timedelta(days=20))
        self.seats = cast.seated(self.course, *people(world, SEATS, "同学"))
        self.crowd = deque(people(world, JOINS))
        self.left = CANCELS
        self.answers: dict[int, tuple[datetime, str]] = {}

    def step(self) -> None:
        self.at += timedelta(minutes=15)
        steps = NIGHTS * 96
        for _ in range(self.dice.choice([0, 1, 1]) if self.crowd else 0):
            self.join(self.crowd.popleft())
        if self.left and self.dice.random() < 1.4 * CANCELS / steps:
            self.give_back()
        due = Message.objects.filter(state="waiting", due_at__lte=self.at)
        due.update(state="sent", sent_at=self.at)
        for waiting in Waiting.objects.offered().select_related("resident").order_by("pk"):
            self.answer(waiting)
        lapsed = set(Waiting.objects.lapsed(self.at).values_list("pk", flat=True))
        line_sweeps.sweep(self.at)
        for _ in lapsed:
            self.paper.freed()

    def join(self, one: Resident) -> None:
        waitlist.join(course_id=self.course.pk, resident=one, by=self.world.system, channel=Channel.PHONE, at=self.at)
        self.paper.waits.append(one.pk)
        self.paper.serve()

    def give_back(self) -> None:
        seats = Enrolment.objects.seated().filter(course=self.course).select_related("course__community", "resident")
        leaving.cancel(
            enrolment=self.dice.choice(list(seats.order_by("pk"))), by=self.world.zhang, reason="生病", at=self.at
        )
        self.left -= 1
        self.paper.freed()

    def answer(self, waiting: Waiting) -> None:
        """Half of them say yes after a while, a fifth say no, the others say nothing."""
        assert waiting.offered_at and waiting.offer_until
        said = self.dice.choices(["yes", "no", ""], [5, 2, 3])[0]
        later = waiting.offered_at + timedelta(hours=self.dice.randint(1, 30))
        when, what = self.answers.setdefault(waiting.pk, (later, said))
        if self.at < when or self.at >= waiting.offer_until:
            return
        if what == "yes":
            waitlist.accept(course_id=self.course.pk, resident=waiting.resident, by=self.world.system, at=self.at)
        elif what == "no":
            waitlist.leave(course_id=self.course.pk, resident=waiting.resident, by=self.world.system, at=self.at)
            self.paper.freed()


def by_day(at: datetime) -> bool:
    return (8, 30) <= (clock.local(at).hour, clock.local(at).minute) <= (20, 30)


def daylight(since: datetime, until: datetime) -> timedelta:
    """How much of the span lies between 08:00 and 21:00, five minutes at a time."""
    moment, sum_of = since, timedelta()
    while moment < until:
        step = min(timedelta(minutes=5), until - moment)
        sum_of += step if 8 <= clock.local(moment).hour < 21 else timedelta()
        moment += step
    return sum_of


@pytest.mark.heavy
def test_through_five_nights_nobody_is_overtaken_rung_up_or_offered_twice(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key=LINE_PERCENT.key, value=500, starts_on=date(2020, 1, 1), by=world.he
    )
    days = Days(world)
    until = days.at + timedelta(days=NIGHTS)
    while days.left or days.crowd or days.at < until:
        days.step()
    offers = Waiting.objects.filter(offered_at__isnull=False).order_by("offered_at", "place")
    # Each freed seat was offered, in the order of the paper: nobody was overtaken, nobody left out.
    assert [one.resident_id for one in offers] == days.paper.offered
    assert len(offers) >= CANCELS and days.paper.free == 0
    ended = Waiting.objects.filter(status__in=["declined", "lapsed"]).count()
    assert len(offers) == CANCELS + ended
    assert {one.status for one in offers} >= {"accepted", "declined", "lapsed"}
    assert [one.place for one in offers] == sorted(one.place for one in offers)
    first_who_waits = Waiting.objects.in_line().first()
    assert first_who_waits and first_who_waits.place > max(one.place for one in offers)
    # Nobody was offered one place twice, or rung up at night; and everybody had a day of daylight.
    for one in offers:
        messages = Message.objects.filter(occasion=one.occasion)
        assert messages.filter(channel="sms").count() <= 1 and messages.filter(channel="inbox").count() <= 1
    told = Message.objects.filter(occasion__startswith="waiting:", occasion__endswith=":offer")
    assert told.exists() and all(by_day(one.due_at) for one in told)
    rings = {one.occasion: one.due_at for one in told.filter(channel="inbox")}
    asked = [one for one in offers if one.occasion in rings and one.offer_until]
    assert all(daylight(rings[one.occasion], one.offer_until) == timedelta(hours=24) for one in asked)  # type: ignore[arg-type]
    assert any(not by_day(one.offered_at) for one in offers if one.offered_at)  # some seats came free at night
    assert statement.available(world.wang) == 80
    assert breaches() == []
