"""The line of a full course: joined, left, taken, passed on; nobody in it is charged, nobody waits in front of a free seat."""

from datetime import date, timedelta

import pytest

from communities import closing
from communities.models import Resident
from core import clock
from core.refusals import Refused
from core.verbs import refusing
from nightschool import enrolment
from nightschool.line import waitlist
from nightschool.models import Course, Waiting
from notifications.models import Message
from points import ledger, statement
from tests import world as cast
from tests.books import breaches, refuses
from tests.nightschool.lining import CALL, DESK, PHONE, freed, full, join, offered, people, status
from tests.world import World

pytestmark = pytest.mark.django_db


def take(course: Course, who: Resident, world: World, **more: object) -> object:
    return waitlist.accept(course_id=course.pk, resident=who, by=who.account or world.zhang, **more)  # type: ignore[arg-type]


def test_who_joins_is_told_the_place_and_pays_nothing(world: World) -> None:
    course, _ = full(world, price=60)
    before = statement.available(world.wang)
    first, second = join(course, world.wang, world), join(course, world.li, world)
    assert (first.place, second.place) == (1, 2)
    assert statement.available(world.wang) == before
    said = Message.objects.get(occasion=f"waiting:{second.pk}:joined")
    assert "排第2位，不扣积分" in said.body and said.link == f"/night-school/{course.pk}/wait/"
    assert breaches() == []


def test_a_seat_given_back_is_offered_to_the_first_who_waits_and_paid_by_accepting(world: World) -> None:
    course, taken = full(world, price=60)
    first, second = join(course, world.wang, world), join(course, world.zhou, world)
    freed(taken[0], world)
    course.refresh_from_db()
    assert (status(first, second), course.taken) == (["offered", "waiting"], 4)
    before = statement.available(world.wang)
    assert before == 80
    seat = take(course, world.wang, world)
    course.refresh_from_db()
    assert (course.taken, course.online) == (4, 1)
    assert statement.available(world.wang) == 20
    first.refresh_from_db()
    assert (first.status, first.enrolment) == ("accepted", seat)
    with refuses(enrolment.NoOffer):
        take(course, world.wang, world)
    with refuses(enrolment.NoOffer):
        take(course, world.zhou, world)
    assert breaches() == []


def test_who_cannot_pay_keeps_the_offer_until_its_time_is_over(world: World) -> None:
    course, mine = offered(world, world.li, price=60)
    with refuses(ledger.ShortOfPoints):
        take(course, world.li, world)
    assert status(mine) == ["offered"]
    cast.award(world.li, 60, by=world.system)
    assert take(course, world.li, world)
    assert breaches() == []


def test_an_offer_that_was_turned_down_goes_to_the_next_at_once(world: World) -> None:
    course, taken = full(world)
    first, second = join(course, world.wang, world), join(course, world.li, world)
    freed(taken[0], world)
    waitlist.leave(course_id=course.pk, resident=world.wang, by=world.zhang)
    assert status(first, second) == ["declined", "offered"]
    assert not Message.objects.filter(occasion=first.occasion, state="waiting").exists()
    with refuses(waitlist.NotWaiting):
        waitlist.leave(course_id=course.pk, resident=world.wang, by=world.zhang)
    assert breaches() == []


def test_who_leaves_the_line_makes_nobody_an_offer(world: World) -> None:
    course, _ = full(world)
    first, second = join(course, world.wang, world), join(course, world.li, world)
    waitlist.leave(course_id=course.pk, resident=world.wang, by=world.zhang)
    assert status(first, second) == ["left", "waiting"]
    assert join(course, world.wang, world).place == 3  # who comes back stands at the end


def test_an_offer_that_lapsed_goes_to_the_next_and_nobody_is_charged(world: World) -> None:
    course, taken = full(world, price=60)
    first, second = join(course, world.wang, world), join(course, world.li, world)
    freed(taken[0], world)
    first.refresh_from_db()
    assert first.offer_until
    just, late = first.offer_until - timedelta(seconds=1), first.offer_until
    assert not waitlist.lapse(offer=first, by=world.system, at=just)
    assert waitlist.lapse(offer=first, by=world.system, at=late)
    assert not waitlist.lapse(offer=first, by=world.system, at=late)
    assert status(first, second) == ["lapsed", "offered"]
    assert Message.objects.filter(resident=world.wang, occasion=f"waiting:{first.pk}:lapsed").count() == 1
    with refuses(enrolment.NoOffer):
        take(course, world.wang, world, at=late)
    assert statement.available(world.wang) == 80
    assert breaches() == []


def test_the_last_second_of_an_offer_counts_and_the_next_does_not(world: World) -> None:
    course, mine = offered(world)
    assert mine.offer_until
    with refuses(enrolment.NoOffer):
        take(course, world.wang, world, at=mine.offer_until)
    assert take(course, world.wang, world, at=mine.offer_until - timedelta(seconds=1))


def test_the_database_itself_takes_no_offer_whose_time_is_over(world: World) -> None:
    course, mine = offered(world)
    assert mine.offer_until
    facts = enrolment.facts_of(course.pk, world.wang, clock.now(), False)
    with refuses(enrolment.NoOffer):
        enrolment.seat(course.pk, facts, world.wang, world.zhang, PHONE, mine.offer_until, False, None, mine)
    assert breaches() == []


def test_nobody_stands_in_a_line_twice_nor_with_a_seat(world: World) -> None:
    course, taken = full(world)
    mine = join(course, world.wang, world)
    with refuses(waitlist.AlreadyWaiting):
        join(course, world.wang, world)
    with refuses(enrolment.AlreadyEnrolled):
        join(course, taken[0].resident, world)
    with refuses(waitlist.AlreadyWaiting), refusing(waitlist.REFUSALS):
        Waiting.objects.create(course=course, resident=world.wang, channel=PHONE, place=9, by=world.zhang)
    assert status(mine) == ["waiting"]


def test_a_free_seat_is_taken_and_not_waited_for(world: World) -> None:
    course = cast.course(world.wenxing, price=0)
    with refuses(waitlist.SeatsLeft):
        join(course, world.wang, world)
    dear = cast.course(world.wenxing, price=500)
    with refuses(ledger.ShortOfPoints):
        join(dear, world.wang, world)


def test_a_line_is_half_as_long_as_the_course_and_says_so(world: World) -> None:
    course, _ = full(world)
    join(course, world.wang, world)
    join(course, world.li, world)
    with refuses(waitlist.LineFull):
        join(course, world.zhao, world, DESK)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"opens_at": timedelta(hours=1)}, enrolment.NotOpenYet),
        ({"closes_at": timedelta(hours=-1)}, enrolment.SignUpClosed),
        ({"mode": "draw"}, enrolment.ByDraw),
        ({"min_age": 60}, enrolment.WrongAge),
    ],
)
def test_what_stands_against_a_seat_stands_against_waiting(
    world: World, fields: dict[str, object], refusal: type[Refused]
) -> None:
    now = clock.now()
    fields = {name: now + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    course = cast.course(world.wenxing, capacity=0, **fields)
    with refuses(refusal):
        join(course, world.wang, world)


def test_who_is_seated_at_the_counter_waits_no_longer(world: World) -> None:
    held = {"held": 2, "held_until": clock.now() + timedelta(hours=5)}
    course = cast.course(world.wenxing, capacity=4, price=0, **held)
    for one in people(world, 2):
        enrolment.enrol(course_id=course.pk, resident=one, by=world.zhang, channel=PHONE)
    mine = join(course, world.wang, world)
    enrolment.enrol(course_id=course.pk, resident=world.wang, by=world.zhang, channel=DESK)
    assert status(mine) == ["left"]
    assert breaches() == []


def test_who_has_an_offer_takes_that_and_no_other_seat(world: World) -> None:
    course, _mine = offered(world)
    for channel in (PHONE, DESK):
        with refuses(enrolment.OfferedToYou):
            enrolment.enrol(course_id=course.pk, resident=world.wang, by=world.zhang, channel=channel)


def test_one_each_is_asked_when_the_offer_is_taken(world: World) -> None:
    soon = clock.now() + timedelta(hours=20)
    course, _mine = offered(world, one_each_until=soon)
    other = cast.course(world.wenxing, price=0)
    (seat,) = cast.seated(other, world.wang)
    with refuses(enrolment.OneEach) as refused:
        take(course, world.wang, world)
    assert "先退那一门" in refused.value.message
    freed(seat, world)
    assert take(course, world.wang, world)


def test_an_offer_taken_in_the_moment_of_another_tap_is_still_one_each(world: World) -> None:
    course, mine = offered(world, one_each_until=clock.now() + timedelta(hours=20))
    facts = enrolment.facts_of(course.pk, world.wang, clock.now(), False)
    cast.seated(cast.course(world.wenxing, price=0), world.wang)
    with refuses(enrolment.OneEach):
        enrolment.seat(course.pk, facts, world.wang, world.wang.account, PHONE, clock.now(), False, offer=mine)
    assert status(mine) == ["offered"]


def test_a_course_called_off_keeps_no_offer(world: World) -> None:
    course, _mine = offered(world)
    Course.objects.filter(pk=course.pk).update(status="cancelled", cancelled_at=clock.now())
    with refuses(enrolment.CourseCancelled):
        take(course, world.wang, world)


def test_whose_file_is_closed_leaves_every_line_and_the_offer_goes_on(world: World) -> None:
    course, taken = full(world)
    other, _ = full(world, title="另一门")
    mine, next_one = join(course, world.li, world), join(course, world.wang, world)
    elsewhere = join(other, world.li, world)
    freed(taken[0], world)
    closing.close(resident=world.li, by=world.zhang, reason="核对了身份证原件")
    assert status(mine, next_one, elsewhere) == ["declined", "offered", "left"]
    assert breaches() == []


def test_who_came_by_call_keeps_the_channel(world: World) -> None:
    course, taken = full(world)
    join(course, world.zhao, world, CALL)
    freed(taken[0], world)
    take(course, world.zhao, world)
    course.refresh_from_db()
    assert (course.taken, course.online) == (4, 0)
    assert course.enrolments.get(resident=world.zhao).channel == "call"


def test_a_child_stands_in_the_line_with_a_guardian_or_not_at_all(world: World) -> None:
    course, _ = full(world, min_age=14)
    today = clock.today()
    child = cast.resident(world.wenxing, "小王", "13611112222", date(today.year - 15, 1, 1))
    with refuses(enrolment.NeedsGuardian):
        join(course, child, world)
