"""The draw: promised before, frozen, opened, computed; seats from the front; nobody past somebody drawn earlier."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from communities.duties import NotYourDuty
from communities.sealing import unseal
from communities.todo import rows_for
from core import clock
from nightschool import courses, enrolment, leaving
from nightschool.applications import applying, drawing_lots
from nightschool.applications.drawing_lots import Entry, NotByDraw, TooEarlyToDraw, order_of
from nightschool.models import Application, Channel, Course, Draw, Enrolment, Waiting
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.database import as_owner
from tests.nightschool.applicants import after, applied, by_approval, by_draw, neighbours
from tests.nightschool.test_courses import AT, opened
from tests.world import World

pytestmark = pytest.mark.django_db
SALT = "0f" * 32


def drawn(world: World, course: Course) -> dict[int, Application]:
    """By rank, once the sweep has been."""
    drawing_lots.sweep(after(course))
    return {one.rank: one for one in course.applications.filter(rank__isnull=False).select_related("resident")}


# The promise


def test_opening_a_course_by_draw_promises_a_salt_that_only_the_keys_open(world: World) -> None:
    draw = opened(world, mode="draw", closes_at=AT + timedelta(days=3)).draw
    assert (len(draw.commitment), draw.salt, draw.drawn_at) == (64, "", None)
    salt = unseal(bytes(draw.sealed))
    assert len(salt) == 64 and salt.encode() not in bytes(draw.sealed)
    assert sha256(salt.encode()).hexdigest() == draw.commitment
    assert not Draw.objects.filter(course=opened(world, mode="first", room=_another_room(world))).exists()
    assert breaches() == []


def _another_room(world: World) -> object:
    return type(cast.room(world.wenxing)).objects.create(
        community=world.wenxing, name="书画室", place="2楼", capacity=40
    )


def test_a_course_that_closes_on_its_first_evening_is_not_opened_for_a_draw(world: World) -> None:
    with pytest.raises(courses.BadCourse, match="至少一天前截止"):
        opened(world, mode="draw")


# The order


def test_the_order_follows_from_salt_and_list_alone() -> None:
    entries = [Entry(3, 1), Entry(1, 2), Entry(2, 1)]
    expected = sorted(
        (min(sha256(f"{SALT}:{n}:{k}".encode()).hexdigest() for k in range(1, lots + 1)), n) for n, lots in entries
    )
    assert order_of(SALT, entries) == [n for _, n in expected]
    assert order_of(SALT, reversed(entries)) == order_of(SALT, entries)
    assert order_of("ff" * 32, [Entry(n, 1) for n in range(1, 40)]) != order_of(
        SALT, [Entry(n, 1) for n in range(1, 40)]
    )
    assert drawing_lots.read(drawing_lots.written(entries)) == entries and order_of(SALT, []) == []


def test_over_ten_thousand_draws_a_newcomer_stands_before_a_regular_in_two_of_three() -> None:
    """Fixed salts, so the figure is always the same. Two of three as the page says, half where the lots are equal; a standard
    error of a single pair is under 0.005, so four of them are 0.02."""
    entries = [Entry(n, 2 if n % 2 else 1) for n in range(1, 11)]  # odd numbers are newcomers
    draws, first, even, front = 10_000, 0, 0, 0
    for n in range(draws):
        place = {
            number: rank
            for rank, number in enumerate(order_of(sha256(f"seed 20261122:{n}".encode()).hexdigest(), entries))
        }
        first += place[1] < place[2]
        even += place[1] < place[3]
        front += sum(place[a] < place[b] for a in (1, 3, 5, 7, 9) for b in (2, 4, 6, 8, 10))
    assert abs(first / draws - 2 / 3) < 4 * (2 / 9 / draws) ** 0.5
    assert abs(even / draws - 1 / 2) < 4 * (1 / 4 / draws) ** 0.5
    assert abs(front / draws / 25 - 2 / 3) < 0.005


def test_who_never_had_a_seat_has_two_lots(world: World) -> None:
    new, sits, early, late, freed = neighbours(world, 5)
    past = cast.course(world.wenxing, price=0, starts_at=clock.now() + timedelta(days=3))
    _, *seats = cast.seated(past, world.wang, sits, early, late, freed)
    leaving.cancel(enrolment=seats[1], by=world.zhang, reason="生病")
    leaving.cancel(enrolment=seats[2], by=world.zhang, reason="搬家", at=clock.now() + timedelta(days=4))
    Enrolment.objects.filter(pk=seats[3].pk).update(status="freed", cancelled_at=clock.now(), cancelled_by=world.zhang)
    course = by_draw(world)
    asked = applied(course, new, sits, early, late, freed)
    lots = drawing_lots.lots_of(asked)
    assert [lots[one.pk] for one in asked] == [2, 1, 2, 1, 1]


# The seats


def test_seats_go_from_the_front_and_the_others_wait_in_drawn_order(world: World) -> None:
    course = by_draw(world, capacity=3)
    people = neighbours(world, 7)
    applied(course, *people)
    ranked = drawn(world, course)
    assert [ranked[n].status for n in range(1, 8)] == ["seated"] * 3 + ["waiting"] * 4
    line = Waiting.objects.filter(course=course).order_by("place")
    assert [one.resident_id for one in line] == [ranked[n].resident_id for n in range(4, 8)]
    assert [statement.available(ranked[n].resident) for n in range(1, 8)] == [0] * 3 + [60] * 4
    course.refresh_from_db()
    draw = course.draw
    assert (course.taken, draw.settled_at, draw.drawn_by) == (3, after(course), world.system)
    assert [ranked[n].number for n in range(1, 8)] == order_of(draw.salt, drawing_lots.read(draw.entries))
    said = {one.resident_id: one for one in Message.objects.filter(occasion__endswith=":result", channel="inbox")}
    assert {ranked[n].resident_id for n in range(1, 8)} == set(said)
    assert "抽中了" in said[ranked[1].resident_id].body and "转入候补" in said[ranked[7].resident_id].body
    assert breaches() == []


def test_a_seat_that_comes_free_afterwards_is_offered_in_drawn_order(world: World) -> None:
    course = by_draw(world, capacity=1)
    applied(course, *neighbours(world, 3))
    ranked = drawn(world, course)
    seat = ranked[1].enrolment
    assert seat is not None
    leaving.cancel(enrolment=seat, by=world.zhang, reason="生病")
    assert Waiting.objects.get(status="offered").resident_id == ranked[2].resident_id
    assert breaches() == []


def test_who_is_short_is_passed_over_and_told_what_was_missing(world: World) -> None:
    course = by_draw(world, capacity=2)
    rich, poor = neighbours(world, 3), cast.resident(world.wenxing, "钱不够", "13655550000")
    cast.award(poor, 45)
    applied(course, poor, *rich)
    drawn(world, course)
    mine = Application.objects.get(resident=poor)
    if mine.rank and mine.rank <= 2:
        assert (mine.status, mine.reason) == ("passed", "积分不够，还差15积分")
        assert "还差15积分" in Message.objects.get(resident=poor, occasion__endswith=":result", channel="inbox").body
    else:
        assert mine.status == "waiting"
    assert statement.available(poor) == 45
    assert course.applications.filter(status="seated").count() == 2
    assert breaches() == []


def test_alone_and_short_leaves_the_seat_free(world: World) -> None:
    course = by_draw(world, price=81)
    applied(course, world.wang)
    ranked = drawn(world, course)
    assert (ranked[1].status, ranked[1].reason) == ("passed", "积分不够，还差1积分")
    sms = Message.objects.get(resident=world.wang, channel="sms")
    assert "还差1积分" in sms.body and len(sms.body) <= 70


def test_who_may_not_have_a_seat_any_more_is_void_with_the_reason(world: World) -> None:
    course = by_draw(world, capacity=2, max_age=70)
    sits, old, fine = neighbours(world, 3)
    applied(course, sits, old, fine)
    enrolment.seat(
        course.pk, enrolment.facts_of(course.pk, sits, clock.now(), False), sits, world.zhang, Channel.DESK,
        clock.now(), False,
    )  # fmt: skip
    type(old).objects.filter(pk=old.pk).update(birth_date=date(1930, 1, 1))
    drawn(world, course)
    found = {one.resident_id: one for one in course.applications.all()}
    assert [found[one.pk].status for one in (sits, old, fine)] == ["void", "void", "seated"]
    assert "已经报过" in found[sits.pk].reason and "年龄要求" in found[old.pk].reason


def test_cut_off_half_way_the_same_call_goes_on_and_nobody_is_settled_twice(world: World) -> None:
    course = by_draw(world, capacity=2)
    applied(course, *neighbours(world, 4))
    first = drawing_lots.run(course_id=course.pk, by=world.system, seconds=0, at=after(course))
    assert (first.settled, first.total, first.done) == (1, 4, False)
    again = drawing_lots.run(course_id=course.pk, by=world.system, at=after(course))
    assert (again.settled, again.total, again.done) == (4, 4, True)
    assert drawing_lots.sweep(after(course)) == 0
    assert drawing_lots.run(course_id=course.pk, by=world.system, at=after(course)) == again
    assert course.enrolments.seated().count() == 2 and breaches() == []


def test_who_withdraws_after_the_list_was_frozen_stays_on_it_and_is_not_seated(world: World) -> None:
    course = by_draw(world, capacity=2)
    people = neighbours(world, 2)
    asked = applied(course, *people)
    drawing_lots.freeze(course_id=course.pk, by=world.system, at=after(course))
    applying.withdraw(application=asked[0], by=people[0].account)
    drawn(world, course)
    assert [one.status for one in course.applications.order_by("number")] == ["withdrawn", "seated"]
    assert statement.available(people[0]) == 60 and breaches() == []


def test_nobody_applied_and_the_draw_is_done_all_the_same(world: World) -> None:
    course = by_draw(world)
    assert drawn(world, course) == {}
    course.draw.refresh_from_db()
    assert course.draw.settled_at is not None and breaches() == []


def test_before_the_window_closes_nothing_is_drawn(world: World) -> None:
    course = by_draw(world)
    applied(course, world.wang)
    with pytest.raises(TooEarlyToDraw):
        drawing_lots.draw_now(course=course, by=world.zhang)
    assert drawing_lots.sweep(clock.now()) == 0
    assert Draw.objects.get(course=course).salt == ""


def test_only_staff_of_the_community_press_the_button(world: World) -> None:
    course = by_draw(world)
    with pytest.raises(NotYourDuty):
        drawing_lots.draw_now(course=course, by=world.qian, at=after(course))
    assert drawing_lots.draw_now(course=course, by=world.zhang, at=after(course)).done


def test_a_course_without_a_draw_is_not_drawn(world: World) -> None:
    with pytest.raises(NotByDraw):
        drawing_lots.draw_now(course=by_approval(world), by=world.zhang, at=clock.now() + timedelta(days=5))


def test_a_course_that_was_called_off_is_not_drawn_and_everybody_is_told(world: World) -> None:
    course = by_draw(world)
    (mine,) = applied(course, world.wang)
    courses.close_course(course=course, by=world.zhang, reason="老师生病")
    with pytest.raises(enrolment.CourseCancelled):
        drawing_lots.freeze(course_id=course.pk, by=world.system, at=after(course))
    drawing_lots.sweep(clock.now())
    mine.refresh_from_db()
    assert (mine.status, mine.reason) == ("void", "课程停办，老师生病")
    assert "没有扣" in Message.objects.get(resident=world.wang, occasion=f"application:{mine.pk}:result").body


def test_a_draw_that_is_late_waits_on_the_first_page_of_the_desk(world: World) -> None:
    course = by_draw(world, opens_at=clock.now() - timedelta(days=3), closes_at=clock.now() - timedelta(hours=1))
    label = "抽签还没有办完"
    assert [row.url for row in rows_for(world.zhang) if row.label == label] == [
        f"/desk/night-school/{course.pk}/applications/"
    ]
    assert [row for row in rows_for(world.qian) if row.label == label] == []
    drawing_lots.sweep(clock.now())
    assert [row for row in rows_for(world.zhang) if row.label == label] == []


# What the database keeps


CHANGES = (
    "UPDATE nightschool_draw SET salt = repeat('a', 64)",
    "UPDATE nightschool_draw SET entries = entries || '9 2' || chr(10)",
    "UPDATE nightschool_draw SET drawn_at = drawn_at + interval '1 day'",
    "UPDATE nightschool_draw SET commitment = repeat('a', 64)",
    "UPDATE nightschool_draw SET sealed = 'x'",
    "DELETE FROM nightschool_draw",
    "TRUNCATE nightschool_draw",
    "UPDATE nightschool_application SET rank = 3 - rank",
    "UPDATE nightschool_application SET rank = NULL, lots = NULL",
    "UPDATE nightschool_application SET lots = 3 - lots",
    "UPDATE nightschool_application SET number = number + 10",
)


@pytest.mark.django_db(transaction=True)
def test_what_was_drawn_is_changed_by_nobody_the_owner_included(world: World) -> None:
    course = by_draw(world, capacity=1)
    applied(course, world.wang, world.zhao)
    drawn(world, course)
    with as_owner(), connection.cursor() as cursor:
        for change in CHANGES:
            with pytest.raises(DatabaseError, match=r"stays|on record|promised"), transaction.atomic():
                cursor.execute(change)
    assert breaches() == []


def test_only_the_salt_that_was_promised_opens_a_draw(world: World) -> None:
    draw = Draw.objects.get(course=by_draw(world))
    with pytest.raises(IntegrityError, match="not the one that was promised"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(salt="a" * 64, drawn_at=clock.now(), drawn_by=world.system)


def test_points_spent_in_the_meantime_pass_somebody_over(world: World) -> None:
    course = by_draw(world)
    applied(course, world.wang)
    cast.seated(cast.course(world.wenxing, title="别的课"), world.wang)
    ranked = drawn(world, course)
    assert (ranked[1].status, ranked[1].reason) == ("passed", "积分不够，还差40积分")
    assert breaches() == []
