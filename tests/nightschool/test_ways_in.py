"""Who may have a seat and when: held seats, the head start, one each, the line before newcomers, the three modes, the young."""

from datetime import date, timedelta
from typing import Any

import pytest

from communities.models import Resident
from core import clock
from core.refusals import Refused
from nightschool import enrolment
from nightschool.line import waitlist
from nightschool.models import Channel, Course, Enrolment, PriorityLoss, Waiting
from points import statement
from tests import world as cast
from tests.api import client_of
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db
PHONE, CALL, DESK, API = Channel.PHONE, Channel.CALL, Channel.DESK, Channel.API
HOUR = timedelta(hours=1)


def seat(world: World, course: Course, who: Resident, channel: Channel = PHONE, **how: Any) -> Enrolment:
    return enrolment.enrol(course_id=course.pk, resident=who, by=who.account or world.zhang, channel=channel, **how)


def refused(world: World, course: Course, who: Resident, channel: Channel = PHONE, **how: Any) -> Refused:
    """The refusal of the verb, which is the answer of the page and of REST too; nothing was paid, nobody sits."""
    before = statement.available(who)
    with pytest.raises(Refused) as caught:
        seat(world, course, who, channel, **how)
    at = how.get("at", clock.now())
    for facts in (enrolment.look(course.pk, who, at), enrolment.facts_of(course.pk, who, at, False)):
        shown = enrolment.refusal_for(facts, who, at, channel=channel)
        assert shown is not None and shown.code == caught.value.code
    assert statement.available(who) == before and not Enrolment.objects.seated().filter(course=course, resident=who)
    return caught.value


def people(world: World, number: int) -> list[Resident]:
    return [cast.resident(world.wenxing, f"同学{n}", f"139{n:08d}") for n in range(number)]


@pytest.fixture
def held(world: World) -> Course:
    """Four seats that cost nothing, one of them held for a call or the counter; the three others are taken online."""
    course = cast.course(world.wenxing, capacity=4, price=0, held=1, held_until=clock.now() + HOUR)
    for one in people(world, 3):
        seat(world, course, one)
    return course


@pytest.mark.parametrize("channel", [PHONE, API])
def test_what_is_held_for_the_counter_nobody_has_online(world: World, held: Course, channel: Channel) -> None:
    answer = refused(world, held, world.wang, channel)
    assert answer.code == "held_for_counter" and "打电话和到窗口" in answer.message and "没有扣" in answer.message


@pytest.mark.parametrize("channel", [CALL, DESK])
def test_who_calls_or_comes_has_what_is_held(world: World, held: Course, channel: Channel) -> None:
    assert seat(world, held, world.zhao, channel).channel == channel
    held.refresh_from_db()
    assert (held.taken, held.online) == (4, 3) and breaches() == []
    assert refused(world, held, world.wang, channel).code == "course_full"


def test_the_database_keeps_the_held_seats_when_the_look_is_stale(world: World, held: Course) -> None:
    Course.objects.filter(pk=held.pk).update(capacity=5)
    facts = enrolment.facts_of(held.pk, world.wang, clock.now(), False)
    assert enrolment.refusal_for(facts, world.wang, clock.now()) is None
    Course.objects.filter(pk=held.pk).update(capacity=4)
    with pytest.raises(enrolment.HeldForCounter):
        enrolment.seat(held.pk, facts, world.wang, world.wang.account, PHONE, clock.now(), False)
    assert breaches() == []


def test_when_the_held_seats_are_gone_too_the_course_is_full_and_the_line_is_the_way_on(
    world: World, held: Course
) -> None:
    """On a stale look as well: both CHECKs are broken then, and people read the one that is true for them."""
    Course.objects.filter(pk=held.pk).update(capacity=6)
    facts = enrolment.facts_of(held.pk, world.wang, clock.now(), False)
    Course.objects.filter(pk=held.pk).update(capacity=4)
    seat(world, held, world.zhao, DESK)
    with pytest.raises(enrolment.CourseFull, match="可以加入候补"):
        enrolment.seat(held.pk, facts, world.wang, world.wang.account, PHONE, clock.now(), False)
    assert refused(world, held, world.wang).code == "course_full" and lined(world, held, world.wang).status == "waiting"


def test_a_program_says_when_somebody_is_on_the_telephone(world: World, held: Course) -> None:
    client = client_of(world.street)
    asked = {"course": held.pk, "resident": world.zhao.pk}
    assert client.post("enrolments/", asked, key="a").json()["code"] == "held_for_counter"
    assert client.post("enrolments/", asked | {"channel": "desk"}, key="b").status_code == 400
    answer = client.post("enrolments/", asked | {"channel": "call"}, key="c")
    assert (answer.status_code, answer.json()["channel"]) == (201, "call")


def test_the_own_community_comes_first_while_it_does(world: World) -> None:
    until = clock.now() + HOUR
    course = cast.course(world.wenxing, head_start_until=until, own_first=True)
    for channel in (PHONE, DESK):
        answer = refused(world, course, world.zhou, channel)
        assert answer.code == "own_community_first" and "没有扣" in answer.message
    assert seat(world, course, world.wang).status == "seated"
    assert seat(world, course, world.zhou, at=until).status == "seated"


def test_without_the_option_the_head_start_keeps_no_neighbour_out(world: World) -> None:
    course = cast.course(world.wenxing, head_start_until=clock.now() + HOUR)
    assert seat(world, course, world.zhou).status == "seated"


def lost(world: World, who: Resident, **fields: Any) -> PriorityLoss:
    today = clock.today()
    period = {"begins": today - timedelta(days=1), "until": today + timedelta(days=89)} | fields
    return PriorityLoss.objects.create(resident=who, term=cast.term(world.wenxing, "上期"), by=world.system, **period)


def test_who_stayed_away_three_times_waits_until_the_head_start_is_over(world: World) -> None:
    until = clock.now() + HOUR
    course = cast.course(world.wenxing, head_start_until=until)
    lost(world, world.wang)
    answer = refused(world, course, world.wang)
    assert answer.code == "head_start_lost" and "申诉" in answer.message and "没有扣" in answer.message
    assert seat(world, course, world.wang, at=until).price == 60


def test_a_loss_that_was_lifted_or_is_over_keeps_nobody_back(world: World) -> None:
    course, today = cast.course(world.wenxing, price=0, head_start_until=clock.now() + HOUR), clock.today()
    lost(world, world.wang, lifted_at=clock.now(), lifted_by=world.chen, lift_reason="医院证明")
    lost(world, world.li, begins=today - timedelta(days=90), until=today - timedelta(days=1))
    assert [seat(world, course, one).status for one in (world.wang, world.li)] == ["seated", "seated"]


def test_one_course_each_while_that_is_the_rule(world: World) -> None:
    until = clock.now() + HOUR
    one, two = (cast.course(world.wenxing, title=name, price=10, one_each_until=until) for name in ("甲", "乙"))
    other_term = cast.course(world.wenxing, title="丙", price=10, one_each_until=until, term="第3期")
    seat(world, one, world.wang)
    answer = refused(world, two, world.wang)
    assert answer.code == "one_each" and "没有扣" in answer.message
    assert seat(world, other_term, world.wang).status == "seated"
    assert seat(world, two, world.wang, at=until).status == "seated"


def test_a_seat_of_a_course_that_was_called_off_is_none(world: World) -> None:
    until = clock.now() + HOUR
    one, two = (cast.course(world.wenxing, title=name, price=0, one_each_until=until) for name in ("甲", "乙"))
    seat(world, one, world.wang)
    Course.objects.filter(pk=one.pk).update(status="cancelled", cancelled_at=clock.now())
    assert seat(world, two, world.wang).status == "seated"


def stale(world: World, course: Course, who: Resident, meanwhile: Any, channel: Channel = PHONE) -> Enrolment:
    """A seat asked for on a look that is older than what happened `meanwhile`."""
    facts = enrolment.facts_of(course.pk, who, clock.now(), False)
    assert enrolment.refusal_for(facts, who, clock.now(), channel=channel) is None
    meanwhile()
    return enrolment.seat(course.pk, facts, who, who.account or world.zhang, channel, clock.now(), False)


def test_two_courses_tapped_at_once_are_still_one_each(world: World) -> None:
    until = clock.now() + HOUR
    one, two = (cast.course(world.wenxing, title=name, price=0, one_each_until=until) for name in ("甲", "乙"))
    with pytest.raises(enrolment.OneEach):
        stale(world, two, world.wang, lambda: seat(world, one, world.wang))
    assert Enrolment.objects.seated().count() == 1


def lined(world: World, course: Course, who: Resident, channel: Channel = PHONE) -> Waiting:
    return waitlist.join(course_id=course.pk, resident=who, by=world.zhang, channel=channel)


def full(world: World, **fields: Any) -> Course:
    """Four seats that cost nothing and are taken, so that two may wait."""
    course = cast.course(world.wenxing, capacity=4, price=0, **fields)
    cast.seated(course, *people(world, 4))
    return course


def test_a_line_that_formed_since_the_look_comes_first(world: World) -> None:
    course = full(world)
    Course.objects.filter(pk=course.pk).update(capacity=5)

    def meanwhile() -> None:  # whatever makes a seat free without offering it
        Course.objects.filter(pk=course.pk).update(capacity=4)
        lined(world, course, world.li)
        Course.objects.filter(pk=course.pk).update(capacity=5)

    with pytest.raises(enrolment.PeopleWait, match="没有扣"):
        stale(world, course, world.wang, meanwhile)
    assert refused(world, course, world.wang).code == "people_wait"
    assert not Enrolment.objects.seated().filter(resident=world.wang)


def test_who_waits_and_is_seated_at_the_counter_waits_no_more(world: World, held: Course) -> None:
    mine = lined(world, held, world.wang)
    assert seat(world, held, world.wang, DESK).status == "seated"
    mine.refresh_from_db()
    assert mine.status == "left" and mine.ended_at and breaches() == []


def test_for_whom_a_seat_is_kept_there_is_no_second(world: World) -> None:
    course = full(world)
    mine = lined(world, course, world.wang)
    Course.objects.filter(pk=course.pk).update(capacity=6)
    waitlist.offer_next(course.pk, at=clock.now())
    mine.refresh_from_db()
    assert mine.status == "offered"
    answer = refused(world, course, world.wang, DESK)
    assert answer.code == "offered_to_you" and "还没有扣" in answer.message


def test_an_offer_made_since_the_look_is_the_way(world: World) -> None:
    course = full(world)
    Course.objects.filter(pk=course.pk).update(capacity=6)

    def meanwhile() -> None:
        Course.objects.filter(pk=course.pk).update(capacity=4)
        lined(world, course, world.wang)
        Course.objects.filter(pk=course.pk).update(capacity=6)
        waitlist.offer_next(course.pk, at=clock.now())

    with pytest.raises(enrolment.OfferedToYou):
        stale(world, course, world.wang, meanwhile)
    assert breaches() == []


@pytest.mark.parametrize(("mode", "code"), [("draw", "by_draw"), ("approval", "by_approval")])
def test_what_is_drawn_or_approved_nobody_takes_by_being_fast(world: World, mode: str, code: str) -> None:
    course = cast.course(world.wenxing, mode=mode)
    for channel in Channel:
        answer = refused(world, course, world.wang, channel)
        assert answer.code == code and "没有扣" in answer.message and "申请" in answer.message


@pytest.mark.parametrize(("years", "code"), [(13, "wrong_age"), (14, "guardian_needed"), (17, "guardian_needed")])
def test_under_age_nobody_sits_by_oneself(world: World, years: int, code: str) -> None:
    today = clock.today()
    Resident.objects.filter(pk=world.wang.pk).update(birth_date=date(today.year - years, 1, 1))
    world.wang.refresh_from_db()
    answer = refused(world, cast.course(world.wenxing, min_age=8), world.wang)
    assert answer.code == code and "没有扣" in answer.message
    assert refused(world, cast.course(world.wenxing, min_age=18), world.wang).code == "wrong_age"


def test_whose_age_nobody_knows_was_confirmed_as_an_adult(world: World) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(birth_date=None)
    world.wang.refresh_from_db()
    assert seat(world, cast.course(world.wenxing), world.wang).guardian is None
