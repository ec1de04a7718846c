"""The line of a course when many hands pull at it: an offer is taken, lapses, is given up or called off, and each only once."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from communities import closing
from communities.models import Resident
from core import clock
from nightschool import enrolment, leaving
from nightschool.line import moves as line_moves, sweeps as line_sweeps, waitlist
from nightschool.models import Channel, Course, Enrolment, Waiting
from points.models import Entry
from tests import world as cast
from tests.books import breaches
from tests.races.together import at_once, crowd, in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = Channel.PHONE, Channel.DESK


def full(world: World, seats: int, **fields: object) -> tuple[Course, list[Enrolment]]:
    course = cast.course(world.wenxing, capacity=seats, price=10, **fields)
    return course, cast.seated(course, *crowd(world, seats))


def waiters(world: World, many: int) -> list[Resident]:
    people = [cast.resident(world.wenxing, f"候补{n}", f"135{n:08d}") for n in range(many)]
    for one in people:
        cast.award(one, 60, by=world.system)
    return people


def join(course: Course, one: Resident) -> Callable[[], Waiting]:
    return lambda: waitlist.join(course_id=course.pk, resident=one, by=one.account, channel=PHONE)  # type: ignore[arg-type]


def accept(course: Course, one: Resident) -> Callable[[], Enrolment]:
    return lambda: waitlist.accept(course_id=course.pk, resident=one, by=one.account)  # type: ignore[arg-type]


def leave(course: Course, one: Resident) -> Callable[[], Waiting]:
    return lambda: waitlist.leave(course_id=course.pk, resident=one, by=one.account)  # type: ignore[arg-type]


def cancel(seat: Enrolment, world: World) -> Callable[[], Enrolment]:
    return lambda: leaving.cancel(enrolment=seat, by=world.zhang, reason="生病")


def counted(answers: list[object]) -> Counter[str]:
    return Counter(str(getattr(one, "code", getattr(one, "status", repr(one)))) for one in answers)


def sound(course: Course) -> None:
    course.refresh_from_db()
    kept = course.line.offered().count()
    assert course.taken == course.enrolments.seated().count() + kept <= course.capacity
    charges = Entry.objects.filter(key__startswith="enrolment:", kind="charge", reversed_by=None)
    assert charges.count() == Enrolment.objects.seated().count()
    assert breaches() == []


def an_offer(world: World, many: int = 2, seats: int = 4) -> tuple[Course, list[Resident]]:
    """The first of `many` who wait has an offer."""
    course, taken = full(world, seats)
    people = waiters(world, many)
    for one in people:
        join(course, one)()
    cancel(taken[0], world)()
    return course, people


def test_an_offer_taken_twenty_times_is_one_seat_and_one_charge(world: World) -> None:
    course, (first, _) = an_offer(world)
    answers = counted(at_once([accept(course, first)] * 12))
    assert answers["seated"] == 1 and set(answers) <= {"seated", "no_offer"}
    sound(course)


def test_taking_and_giving_up_at_once_is_one_of_the_two(world: World) -> None:
    course, (first, second) = an_offer(world)
    answers = at_once([accept(course, first), leave(course, first)] * 4)
    done = counted(answers)
    assert done["seated"] + done["declined"] == 1
    assert set(done) <= {"seated", "declined", "no_offer", "not_waiting"}
    waits = Waiting.objects.get(resident=second).status
    assert waits == ("offered" if done["declined"] else "waiting")
    sound(course)


def test_an_offer_taken_in_its_last_moment_and_swept_goes_to_one(world: World) -> None:
    course, (first, second) = an_offer(world)
    offer = Waiting.objects.get(resident=first)
    assert offer.offer_until
    last, after = offer.offer_until - timedelta(seconds=1), offer.offer_until
    take = lambda: waitlist.accept(course_id=course.pk, resident=first, by=world.system, at=last)  # noqa: E731
    sweep = lambda: waitlist.lapse(offer=offer, by=world.system, at=after)  # noqa: E731
    answers = at_once([take, sweep, sweep, take, sweep])
    assert sum(isinstance(one, Enrolment) for one in answers) + answers.count(True) == 1
    assert Waiting.objects.get(resident=second).status == ("offered" if True in answers else "waiting")
    sound(course)


def test_two_sweeps_at_once_offer_a_lapsed_seat_to_one(world: World) -> None:
    course, people = an_offer(world, many=5, seats=10)
    late = Waiting.objects.offered().get().offer_until
    assert late
    assert sum(at_once([lambda: line_sweeps.sweep(late)] * 6)) == 1  # type: ignore[arg-type]
    assert Waiting.objects.offered().count() == 1 and Waiting.objects.in_line().count() == 3
    assert Waiting.objects.get(resident=people[1]).status == "offered"
    sound(course)


def test_seats_given_back_at_once_are_offered_in_order(world: World) -> None:
    course, taken = full(world, 10)
    people = waiters(world, 5)
    for one in people:
        join(course, one)()
    answers = at_once([cancel(one, world) for one in taken[:3]] + [accept(course, one) for one in people[3:]])
    assert counted(answers) == {"cancelled": 3, "no_offer": 2}
    assert set(Waiting.objects.offered().values_list("resident", flat=True)) == {one.pk for one in people[:3]}
    sound(course)


def test_who_joins_while_a_seat_is_given_back_has_it(world: World) -> None:
    course, taken = full(world, 4)
    (one,) = waiters(world, 1)
    with transaction.atomic():
        cancel(taken[0], world)()
        answer = in_background(join(course, one))  # the seat is not seen to be free yet
        until_somebody_waits_for_us()
    assert counted([answer()]) == {"seats_left": 1}
    sound(course)


def test_who_gives_a_seat_back_sees_whoever_joins_in_this_moment(world: World) -> None:
    course, taken = full(world, 4)
    (one,) = waiters(world, 1)
    with transaction.atomic():
        join(course, one)()
        answer = in_background(cancel(taken[0], world))
        until_somebody_waits_for_us()
    assert counted([answer()]) == {"cancelled": 1}
    assert Waiting.objects.get(resident=one).status == "offered"
    sound(course)


def test_twenty_who_join_at_once_have_different_places_and_the_line_ends(world: World) -> None:
    course, _ = full(world, 10)
    answers = counted(at_once([join(course, one) for one in waiters(world, 20)]))
    assert answers == {"waiting": 5, "line_full": 15}
    assert sorted(course.line.values_list("place", flat=True)) == [1, 2, 3, 4, 5]


def test_one_person_joining_by_every_way_at_once_stands_there_once(world: World) -> None:
    course, _ = full(world, 10)
    (one,) = waiters(world, 1)
    assert counted(at_once([join(course, one)] * 8)) == {"waiting": 1, "already_waiting": 7}


def test_a_seat_at_the_counter_and_joining_the_line_at_once_is_not_both(world: World) -> None:
    until = clock.now() + timedelta(hours=2)
    for n in range(4):
        course = cast.course(world.wenxing, title=f"课{n}", capacity=4, price=0, held=2, held_until=until)
        (one,) = [cast.resident(world.wenxing, f"居民{n}", f"134{n:08d}")]
        for m in range(2):
            other = cast.resident(world.wenxing, f"同学{n}{m}", f"133{n:04d}{m:04d}")
            enrolment.enrol(course_id=course.pk, resident=other, by=world.system, channel=PHONE)

        def seat(course: Course = course, one: Resident = one) -> Enrolment:
            return enrolment.enrol(course_id=course.pk, resident=one, by=world.zhang, channel=DESK)

        at_once([join(course, one), seat, join(course, one), seat])
        assert course.enrolments.seated().filter(resident=one).count() == 1
        assert not course.line.standing().filter(resident=one).exists()
    assert breaches() == []


def test_a_newcomer_never_takes_the_seat_of_who_waits(world: World) -> None:
    course, taken = full(world, 4)
    first, *late = waiters(world, 8)
    join(course, first)()
    enrols = [lambda p=p: enrolment.enrol(course_id=course.pk, resident=p, by=p.account, channel=PHONE) for p in late]
    answers = at_once([cancel(taken[0], world), *enrols])
    assert set(counted(answers[1:])) <= {"people_wait", "course_full"}
    assert Waiting.objects.get(resident=first).status == "offered"
    sound(course)


def test_a_course_called_off_while_offers_are_taken_keeps_nobody_waiting(world: World) -> None:
    course, (first, second) = an_offer(world)

    def close() -> int:
        return Course.objects.filter(pk=course.pk).update(status="cancelled", cancelled_at=clock.now())

    answers = counted(at_once([close, accept(course, first), leave(course, second)]))
    assert set(answers) <= {"1", "seated", "course_cancelled", "left"}
    line_sweeps.sweep(clock.now())
    assert not Waiting.objects.standing().exists()
    assert breaches() == []


def test_who_closes_the_file_and_takes_the_offer_at_once_does_one_of_them(world: World) -> None:
    course, (first, second) = an_offer(world)
    shut = lambda: closing.close(  # noqa: E731
        resident=Resident.objects.get(pk=first.pk), by=world.zhang, reason="核对了身份证原件"
    )
    answers = at_once([shut, accept(course, first)])
    taken = isinstance(answers[1], Enrolment)
    assert (Resident.objects.get(pk=first.pk).status == "closed") != taken
    assert Waiting.objects.get(resident=second).status == ("waiting" if taken else "offered")
    assert breaches() == []


def test_one_seat_at_the_door_goes_to_one_of_those_who_stand_there(world: World) -> None:
    course, people = an_offer(world, many=4, seats=8)
    at = clock.now()
    course.sessions.filter(number=1).update(starts_at=at - timedelta(minutes=5), ends_at=at + timedelta(minutes=5))
    offer = Waiting.objects.offered().get()
    rows = [course.line.get(resident=one) for one in people[1:]]
    acts = [lambda one=one: line_moves.promote(waiting=one, by=world.zhang, instead_of=offer) for one in rows]
    answers = counted(at_once([*acts, accept(course, people[0])]))
    assert answers["seated"] == 1 and set(answers) <= {"seated", "not_waiting", "no_offer"}
    sound(course)
