"""A seat costs points, once; giving it back returns them, once."""

from datetime import timedelta

import pytest

from core import clock
from core.refusals import Refused
from nightschool import enrolment, leaving
from nightschool.models import Channel, Course, Enrolment
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.world import World

PHONE = Channel.PHONE
pytestmark = pytest.mark.django_db


def seat(world: World, course: Course, **who: object) -> Enrolment:
    resident = who.get("resident", world.wang)
    return enrolment.enrol(course_id=course.pk, resident=resident, by=world.wang.account, channel=PHONE)


def test_a_resident_redeems_a_seat(world: World) -> None:
    course = cast.course(world.wenxing)
    mine = seat(world, course)
    course.refresh_from_db()
    assert (mine.status, mine.price, course.taken) == ("seated", 60, 1)
    assert statement.available(world.wang) == 20
    assert [line.amount for line in statement.page_of(world.wang).lines] == [-60, 80]
    assert Message.objects.filter(resident=world.wang).count() == 1
    assert breaches() == []


def test_giving_back_returns_the_points_to_the_lot_they_came_from(world: World) -> None:
    course = cast.course(world.wenxing)
    mine = seat(world, course)
    leaving.withdraw(enrolment=mine, by=world.wang.account)
    course.refresh_from_db()
    assert course.taken == 0
    assert statement.available(world.wang) == 80
    assert [line.word for line in statement.page_of(world.wang).lines] == ["退回", "使用", "获得"]
    assert breaches() == []


def test_giving_back_twice_is_refused_and_returns_nothing_more(world: World) -> None:
    mine = seat(world, cast.course(world.wenxing))
    leaving.withdraw(enrolment=mine, by=world.wang.account)
    with pytest.raises(leaving.NotSeated):
        leaving.withdraw(enrolment=mine, by=world.wang.account)
    assert statement.available(world.wang) == 80


def test_after_giving_back_one_may_enrol_again(world: World) -> None:
    course = cast.course(world.wenxing)
    leaving.withdraw(enrolment=seat(world, course), by=world.wang.account)
    assert seat(world, course).status == "seated"
    assert breaches() == []


def test_staff_cancel_with_a_reason_that_the_resident_reads(world: World) -> None:
    mine = seat(world, cast.course(world.wenxing))
    leaving.cancel(enrolment=mine, by=world.zhang, reason="老师生病停课")
    told = Message.objects.get(resident=world.wang, occasion=f"enrolment:{mine.pk}:cancelled")
    assert "老师生病停课" in told.body and "60积分已退回" in told.body
    assert statement.available(world.wang) == 80


def test_a_free_seat_makes_no_entry(world: World) -> None:
    mine = seat(world, cast.course(world.wenxing, price=0), resident=world.li)
    assert mine.entry_id is None
    leaving.withdraw(enrolment=mine, by=world.li.account)
    assert breaches() == []


def refused(world: World, course: Course, resident: object = None) -> str:
    before = statement.available(world.wang)
    with pytest.raises(Refused) as info:
        seat(world, course, resident=resident or world.wang)
    assert statement.available(world.wang) == before
    assert not Enrolment.objects.filter(resident=resident or world.wang, course=course, price=course.price).count() > 1
    return info.value.code


def test_each_reason_has_its_code(world: World) -> None:
    now, hour = clock.now(), timedelta(hours=1)
    open_course = cast.course(world.wenxing)
    assert refused(world, cast.course(world.wenxing, status="cancelled")) == "course_cancelled"
    assert refused(world, cast.course(world.wenxing, status="draft")) == "unknown_course"
    assert refused(world, cast.course(world.wenxing, opens_at=now + hour)) == "not_open_yet"
    assert refused(world, cast.course(world.wenxing, closes_at=now - hour, opens_at=now - 2 * hour)) == "sign_up_closed"
    assert refused(world, cast.course(world.wenxing, max_age=50)) == "wrong_age"
    assert refused(world, cast.course(world.wenxing, price=81)) == "short_of_points"
    assert refused(world, cast.course(world.hualin)) == "other_sub_district"
    assert refused(world, cast.course(world.wenxing, capacity=0)) == "course_full"
    assert refused(world, open_course, world.sun) == "resident_not_confirmed"
    seat(world, open_course)
    assert refused(world, open_course) == "already_enrolled"


def test_the_sentence_says_how_much_is_missing(world: World) -> None:
    with pytest.raises(Refused, match="还差22积分"):
        seat(world, cast.course(world.wenxing, price=102))


def test_after_the_deadline_a_resident_asks_the_community(world: World) -> None:
    course = cast.course(world.wenxing, starts_at=clock.now() + timedelta(hours=25))
    mine = seat(world, course)
    late = clock.now() + timedelta(hours=2)
    with pytest.raises(leaving.TooLateToCancel):
        leaving.withdraw(enrolment=mine, by=world.wang.account, at=late)
    assert leaving.cancel(enrolment=mine, by=world.zhang, reason="生病", at=late).status == "cancelled"
