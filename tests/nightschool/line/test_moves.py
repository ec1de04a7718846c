"""What staff change by hand in a line is written down, told to everybody whom it touches, and asked of two rules: duty and family."""

from datetime import timedelta

import pytest

from communities import duties
from communities.models import Resident
from core import clock
from core.refusals import Refused
from nightschool.line import mine as my_line, moves as line_moves, waitlist
from nightschool.models import Course, LineMove, Waiting
from notifications.models import Message
from points import ledger, statement
from tests import world as cast
from tests.books import breaches, refuses
from tests.nightschool.lining import freed, full, join, people, status
from tests.world import World

pytestmark = pytest.mark.django_db


def line_of(world: World, many: int = 3, **fields: object) -> tuple[Course, list[Waiting]]:
    course, _ = full(world, seats=2 * many, **fields)
    return course, [join(course, one, world) for one in people(world, many)]


def order(course: Course) -> list[int]:
    return list(course.line.in_line().values_list("pk", flat=True))


def move(world: World, one: Waiting, to: int, reason: str = "登记有误") -> LineMove:
    return line_moves.move(waiting=one, to=to, reason=reason, by=world.zhang)


def tonight(world: World, many: int = 3, **fields: object) -> tuple[Course, list[Waiting]]:
    """A class of the course is to come today, or at least not yet over."""
    course, waiting = line_of(world, many, **fields)
    at = clock.now()
    course.sessions.filter(number=1).update(starts_at=at - timedelta(minutes=1), ends_at=at + timedelta(minutes=1))
    return course, waiting


@pytest.mark.parametrize(("which", "to", "after"), [(2, 1, [2, 0, 1]), (0, 3, [1, 2, 0]), (1, 3, [0, 2, 1])])
def test_somebody_is_moved_and_the_others_keep_their_order(world: World, which: int, to: int, after: list[int]) -> None:
    course, waiting = line_of(world)
    made = move(world, waiting[which], to)
    assert order(course) == [waiting[n].pk for n in after]
    assert (made.before, made.after, made.by, made.reason) == (which + 1, to, world.zhang, "登记有误")
    freed(course.enrolments.first(), world)  # type: ignore[arg-type]
    assert status(waiting[after[0]]) == ["offered"]


def test_everybody_whose_place_changes_is_told_why_and_nobody_else(world: World) -> None:
    _course, (first, second, third) = line_of(world)
    made = move(world, second, 1)
    told = {one.resident_id: one.body for one in Message.objects.filter(occasion=f"line-move:{made.pk}")}
    assert set(told) == {first.resident_id, second.resident_id}
    assert "您从第1位变为第2位。原因：登记有误。" in told[first.resident_id]
    assert my_line.moves(first)[0].endswith("工作人员把一位居民从第2位调到第1位。原因：登记有误")
    assert "把您从第2位" in my_line.moves(second)[0]
    assert my_line.moves(third)[0].endswith("原因：登记有误")


def test_who_joins_afterwards_stands_at_the_end_and_sees_no_old_move(world: World) -> None:
    course, (first, second) = line_of(world, 2)
    Course.objects.filter(pk=course.pk).update(capacity=12, held=12, held_until=clock.now() + timedelta(hours=9))
    move(world, second, 1)
    mine = join(course, world.wang, world, at=clock.now() + timedelta(seconds=1))
    assert order(course) == [second.pk, first.pk, mine.pk]
    assert my_line.moves(mine) == []


@pytest.mark.parametrize(
    ("to", "reason", "code"),
    [
        (0, "原因", "no_such_place"),
        (4, "原因", "no_such_place"),
        (1, "原因", "no_such_place"),
        (2, " ", "no_move_reason"),
    ],
)
def test_what_makes_no_sense_changes_nothing(world: World, to: int, reason: str, code: str) -> None:
    course, waiting = line_of(world)
    with refuses(Refused) as refused:
        move(world, waiting[0], to, reason)
    assert refused.value.code == code
    assert order(course) == [one.pk for one in waiting] and not LineMove.objects.exists()


def test_who_has_an_offer_already_is_not_moved(world: World) -> None:
    course, waiting = line_of(world)
    freed(course.enrolments.first(), world)  # type: ignore[arg-type]
    with refuses(waitlist.NotWaiting):
        move(world, waiting[0], 2)


def test_neither_staff_of_another_community_nor_family_change_a_line(world: World) -> None:
    course, waiting = line_of(world)
    with refuses(duties.NotYourDuty):
        line_moves.move(waiting=waiting[1], to=1, reason="原因", by=world.qian)
    Resident.objects.filter(pk=waiting[1].resident_id).update(phone=world.zhang.own_phone)
    waiting[1].resident.refresh_from_db()
    with refuses(line_moves.OwnLine):
        move(world, waiting[1], 1)
    with refuses(line_moves.OwnLine):
        line_moves.promote(waiting=waiting[1], by=world.zhang)
    assert order(course) == [one.pk for one in waiting]


def test_who_stands_at_the_door_has_a_seat_that_is_held(world: World) -> None:
    course, (first, second, third) = tonight(world, price=60)
    Course.objects.filter(pk=course.pk).update(capacity=8, held=8, held_until=clock.now() + timedelta(hours=1))
    cast.award(third.resident, 60, by=world.system)
    seat = line_moves.promote(waiting=third, by=world.zhang)
    assert (seat.channel, seat.price, seat.by) == ("desk", 60, world.zhang)
    assert status(first, second, third) == ["waiting", "waiting", "accepted"]
    assert statement.available(third.resident) == 0
    moved = LineMove.objects.get()
    assert (moved.before, moved.after, moved.reason) == (3, 1, "当天到场补位")
    assert set(Message.objects.filter(occasion=f"line-move:{moved.pk}").values_list("resident", flat=True)) == {
        first.resident_id,
        second.resident_id,
    }
    said = Message.objects.get(occasion=f"line-move:{moved.pk}", resident=second.resident)
    assert "您仍排第2位" in said.body and list(Waiting.objects.in_line()) == [first, second]
    assert "排第3位的一位居民当天到场" in my_line.moves(first)[0]
    assert breaches() == []


def test_an_offer_given_up_by_word_of_mouth_goes_to_who_is_there(world: World) -> None:
    course, (first, second, third) = tonight(world)
    freed(course.enrolments.first(), world)  # type: ignore[arg-type]
    assert status(first) == ["offered"]
    line_moves.promote(waiting=third, by=world.zhang, instead_of=first)
    assert status(first, second, third) == ["declined", "waiting", "accepted"]
    said = Message.objects.get(resident=first.resident, occasion=f"waiting:{first.pk}:given-up")
    assert "让给到场的居民" in said.body
    course.refresh_from_db()
    assert course.taken == course.capacity
    with refuses(waitlist.NotWaiting):
        line_moves.promote(waiting=second, by=world.zhang, instead_of=first)
    assert breaches() == []


def test_who_was_offered_a_seat_takes_it_at_the_door(world: World) -> None:
    course, (first, *_) = tonight(world)
    freed(course.enrolments.first(), world)  # type: ignore[arg-type]
    seat = line_moves.promote(waiting=first, by=world.zhang)
    assert status(first) == ["accepted"] and seat.resident == first.resident and not LineMove.objects.exists()


def test_nobody_elses_offer_is_given_up_for_who_has_one_or_stands_elsewhere(world: World) -> None:
    course, (first, second, third) = tonight(world)
    for seat in course.enrolments.all()[:2]:
        freed(seat, world)
    other, (elsewhere, *_) = tonight(world, title="花艺插花")
    freed(other.enrolments.first(), world)  # type: ignore[arg-type]
    with refuses(waitlist.NotWaiting):
        line_moves.promote(waiting=third, by=world.zhang, instead_of=elsewhere)
    line_moves.promote(waiting=first, by=world.zhang, instead_of=second)
    assert status(first, second, third, elsewhere) == ["accepted", "offered", "waiting", "offered"]
    late = Message.objects.filter(occasion=first.occasion)
    assert not late.filter(state=Message.State.WAITING).exists()


def test_a_full_course_has_no_seat_at_the_door(world: World) -> None:
    _course, waiting = tonight(world)
    with refuses(line_moves.NoFreeSeat):
        line_moves.promote(waiting=waiting[0], by=world.zhang)
    assert status(*waiting) == ["waiting"] * 3


def test_who_cannot_pay_stays_in_the_line(world: World) -> None:
    course, (first, second, _) = tonight(world, price=60)
    freed(course.enrolments.first(), world)  # type: ignore[arg-type]
    with refuses(ledger.ShortOfPoints):
        line_moves.promote(waiting=second, by=world.zhang, instead_of=first)
    assert status(first, second) == ["offered", "waiting"]
    assert breaches() == []


def test_nobody_is_let_in_on_a_day_without_a_class(world: World) -> None:
    _course, waiting = line_of(world)
    with refuses(line_moves.NoClassToday):
        line_moves.promote(waiting=waiting[0], by=world.zhang)
