"""The demo sub-district: what it shows, and that it is looked after."""

from datetime import time
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, Participation
from communities.models import Community, Duty, Resident, SubDistrict, User
from core import clock
from demo import cast, filling
from nightschool.enrolment import look, refusal_for
from nightschool.models import Course, Enrolment, Session
from notifications.models import Message
from partners.models import Agreement
from points import debts, proposals, statement
from points.models import Adjustment
from tests.books import breaches
from tests.demo.story import DAY, NOON, SMALL, at_the_centre, heroine, later, told

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]
Status = Participation.Status


def test_the_places_of_the_reports_are_there() -> None:
    street = SubDistrict.objects.get(name="水泊寺街道")
    assert set(SubDistrict.objects.exclude(pk=street.pk).values_list("name", flat=True)) == {
        "清远街道",
        "新华街道",
        "小南头街道",
    }
    assert list(Community.objects.joinable().values_list("name", flat=True)) == [
        "文兴社区",
        "重熙社区",
        "文源社区",
        "永安社区",
    ]
    pair = Agreement.objects.in_force(DAY).get(partner__name="博世邻里之家")
    assert (pair.community.name, 0 < (pair.ends_on - DAY).days < 60) == ("永安社区", True)
    reminded = Message.objects.filter(occasion=f"agreement:{pair.pk}:60").unread()
    assert set(reminded.values_list("staff__username", flat=True)) == {"qianli", "wangjianping"}


def test_points_were_earned_and_the_books_are_clean() -> None:
    assert breaches() == []
    assert statement.available(heroine()) == 286
    confirmed = Participation.objects.filter(status=Status.CONFIRMED)
    assert confirmed.count() > 200
    assert not confirmed.filter(points__gt=0, award=None).exists()
    assert not confirmed.filter(recorded_by=F("confirmed_by")).exists()


def test_every_statement_grew_in_the_order_of_time() -> None:
    for resident in Resident.objects.exclude(wallet=None):
        moments = [line.at for line in statement.page_of(resident, size=200).lines]
        assert moments == sorted(moments, reverse=True), resident.name


def test_the_heroine_has_a_class_tonight_and_points_that_wait() -> None:
    mine = Enrolment.objects.of(heroine()).coming(NOON).with_next_session(NOON)
    assert [clock.local(one.next_starts_at).isoformat() for one in mine] == ["2026-03-12T19:00:00+08:00"]
    assert Participation.objects.of(heroine()).awaiting_points().count() == 1
    assert Participation.objects.of(heroine()).filter(status=Status.SIGNED_UP).count() == 1
    assert Activity.objects.upcoming(NOON).filter(community__name="文兴社区").count() > 1


def test_there_is_a_course_in_every_state() -> None:
    me = heroine()
    codes = [refused.code if (refused := why_not(course, me)) else "" for course in Course.objects.order_by("opens_at")]
    assert set(codes) == {
        "",
        "already_enrolled",
        "sign_up_closed",
        "course_full",
        "not_open_yet",
        "by_draw",
        "by_approval",
    }
    assert any(course.nearly_full for course in Course.objects.open_now(NOON))
    assert Enrolment.objects.filter(status=Enrolment.Status.CANCELLED).count() >= 2
    over = Course.objects.exclude(sessions__ends_at__gt=NOON)
    assert Enrolment.objects.of(me).filter(course__in=over).exists()


def why_not(course: Course, resident: Resident) -> Any:
    return refusal_for(look(course.pk, resident, NOON), resident, NOON)


def test_the_people_that_tests_and_pictures_speak_of() -> None:
    assert Resident.objects.filter(community__sub_district__name="水泊寺街道").count() == SMALL + 1 + at_the_centre()
    assert Resident.objects.get(name=cast.NO_PHONE.name).account is None
    assert {one.name for one in Resident.objects.filter(account__phone=cast.SON.phone)} == {"李建国", "张淑芳"}
    assert Resident.objects.get(name=cast.PENDING.name).status == Resident.Status.PENDING
    assert Activity.objects.to_record(NOON).exists()
    assert set(Duty.objects.values_list("role", flat=True)) == set(Duty.Role.values)
    hashes = {User.objects.get(username=one.username).password for one in cast.STAFF}
    assert [check_password(cast.PASSWORD, one) for one in hashes] == [True]
    assert User.objects.get(username=cast.SERVICE).kind == User.Kind.SERVICE


def test_what_people_were_told_long_ago_is_not_sent_today() -> None:
    assert not Message.objects.exclude(state=Message.State.SENT).exists()
    assert not Message.objects.filter(sent_at__gt=NOON).exists()


def test_an_adjustment_waits_for_its_second_person_and_somebody_owes() -> None:
    waiting = Adjustment.objects.get(status=Adjustment.Status.PROPOSED)
    assert set(proposals.waiting_for(User.objects.get(username=cast.HEAD.username))) == {waiting}
    taken = Adjustment.objects.get(status=Adjustment.Status.APPROVED, amount__lt=0)
    (line,) = debts.owed(taken.resident, at=NOON).lines
    assert line.reason == taken.reason and line.owed > 0 and line.appeal.may_file
    assert Message.objects.get(occasion=f"adjustment:{taken.pk}:approved").resident == taken.resident


def test_a_start_with_nothing_to_do_asks_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert told(now=later(hours=1)) == []


def test_on_another_day_there_is_a_class_tonight_again() -> None:
    before = Course.objects.count()
    assert told(now=later(days=1))
    tonight = Session.objects.get(
        course__enrolments__resident=heroine(), starts_at=clock.at(DAY.replace(day=13), time(19))
    )
    assert (tonight.course.price, Course.objects.count()) == (0, before + 1)
    assert told(now=later(days=1, hours=1)) == []
    assert breaches() == []


def test_in_the_small_hours_of_the_evening_tonight_is_over() -> None:
    assert told(now=later(days=1, hours=10)) == []  # 22:00


def test_weeks_later_there_are_new_courses_to_sign_up_for() -> None:
    now = later(days=45)
    assert not Course.objects.open_now(now).exists()
    told(now=now)
    assert Course.objects.open_now(now).count() >= 3
    assert Course.objects.shown().filter(opens_at__gt=now).exists()
    assert Activity.objects.upcoming(now).exists()
    assert told(now=later(days=45, hours=1)) == []
    assert breaches() == []


@pytest.mark.parametrize(
    ("hour", "minute", "begins"),
    [(8, 0, (12, 19, 0)), (18, 59, (12, 19, 0)), (19, 0, (12, 19, 30)), (20, 45, (12, 21, 0)), (21, 0, (13, 19, 0))],
)
def test_tonights_class_is_always_still_to_come(hour: int, minute: int, begins: tuple[int, int, int]) -> None:
    begin = clock.local(filling.school.next_evening(clock.at(DAY, time(hour, minute))))
    assert (begin.day, begin.hour, begin.minute) == begins
