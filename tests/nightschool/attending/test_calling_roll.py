"""The list of a class: the teacher's on the day, the staff's for some days more, and nobody for the own family."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.refusals import Refused
from nightschool.attending import calling_roll
from nightschool.attending.calling_roll import call, tick
from nightschool.models import Attendance, Course, Enrolment, Session
from tests import world as cast
from tests.activities.cast import relative
from tests.nightschool.attending.coming import How, Status, at_class, course, day_after, lesson
from tests.pages import enter, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def taught(world: World) -> tuple[Course, list[Enrolment]]:
    """王秀兰 and 赵玉珍 are taught by 李建国."""
    return course(world, world.wang, world.zhao, taught_by=world.li)


def code(session: Session, seat: Enrolment, **given: Any) -> str:
    with pytest.raises(Refused) as caught:
        tick(**{"session": session, "seat": seat, "status": Status.PRESENT, "how": How.LIST, **given})
    return caught.value.code


def test_the_teacher_ticks_on_the_evening(world: World, taught: tuple[Course, list[Enrolment]]) -> None:
    made, (wang, zhao) = taught
    assert world.li.account
    with at_class(lesson(made, 1)):
        marks = [(wang, Status.PRESENT), (zhao, Status.LATE)]
        outcome = call(session=lesson(made, 1), marks=marks, by=world.li.account, how=How.LIST)
    assert [(row.status, row.how, row.by) for row in outcome.done] == [
        ("present", "list", world.li.account), ("late", "list", world.li.account),
    ]  # fmt: skip


def test_the_teacher_has_only_the_day_and_the_hours(world: World, taught: tuple[Course, list[Enrolment]]) -> None:
    made, (wang, _) = taught
    by = world.li.account
    assert by
    with day_after(lesson(made, 1), 0):
        assert code(lesson(made, 1), wang, by=by) == "roll_not_open"
    with day_after(lesson(made, 1), 1):
        assert code(lesson(made, 1), wang, by=by) == "not_the_day"
    with at_class(lesson(made, 1), 60 * 4):
        tick(session=lesson(made, 1), seat=wang, status=Status.PRESENT, by=by, how=How.LIST)


def test_nobody_else_keeps_the_teachers_list(world: World, taught: tuple[Course, list[Enrolment]]) -> None:
    made, (wang, _) = taught
    with at_class(lesson(made, 1)):
        assert code(lesson(made, 1), wang, by=world.zhou.account) == "not_the_teacher"
        assert code(lesson(made, 1), wang, by=world.zhang) == "not_the_teacher"
        assert code(lesson(made, 1), wang, by=world.qian, how=How.DESK) == "not_your_duty"
        assert code(lesson(made, 1), wang, by=world.wang.account, how=How.DESK) == "not_your_duty"


def test_nobody_ticks_the_own_family(world: World) -> None:
    family = relative(world, world.chen)
    made, (mine, hers) = course(world, family, world.wang)
    with at_class(lesson(made, 1)):
        assert code(lesson(made, 1), mine, by=world.chen, how=How.DESK) == "own_family_here"
        outcome = call(
            session=lesson(made, 1), marks=[(mine, Status.PRESENT), (hers, Status.PRESENT)], by=world.chen, how=How.DESK
        )
    assert ([one.enrolment for one in outcome.done], [seat for seat, _ in outcome.refused]) == ([hers], [mine])


def test_the_staff_write_from_paper_for_two_weeks(world: World, taught: tuple[Course, list[Enrolment]]) -> None:
    made, (wang, zhao) = taught
    given: dict[str, Any] = {"by": world.zhang, "how": How.DESK}
    with at_class(lesson(made, 1), -31):
        assert code(lesson(made, 1), wang, **given) == "roll_not_open"
    with day_after(lesson(made, 1), 14):
        assert tick(session=lesson(made, 1), seat=wang, status=Status.PRESENT, **given).how == "desk"
    with day_after(lesson(made, 1), 15):
        assert code(lesson(made, 1), zhao, **given) == "roll_closed"


def test_who_is_on_leave_and_called_absent_stays_on_leave(world: World, taught: tuple[Course, list[Enrolment]]) -> None:
    made, (wang, _) = taught
    Attendance.objects.create(session=lesson(made, 1), enrolment=wang, status="leave", how="self", by=world.system)
    with at_class(lesson(made, 1)):
        given: dict[str, Any] = {"session": lesson(made, 1), "seat": wang, "by": world.zhang, "how": How.DESK}
        assert tick(**given, status=Status.ABSENT).status == "leave"
        assert tick(**given, status=Status.LATE).status == "late"


def test_a_seat_of_another_course_or_given_back_is_not_ticked(
    world: World, taught: tuple[Course, list[Enrolment]]
) -> None:
    made, (wang, _) = taught
    _, (other,) = course(world, world.zhou, title="花艺插花")
    Enrolment.objects.filter(pk=wang.pk).update(status="cancelled", cancelled_at=wang.at)
    with at_class(lesson(made, 1)):
        for seat in (wang, other):
            assert code(lesson(made, 1), seat, by=world.zhang, how=How.DESK) == "no_seat_here"
        assert code(lesson(made, 1), wang, by=world.zhang, how=How.DESK, status=Status.LEAVE) == "no_seat_here"


def test_the_list_asks_as_much_for_thirty_as_for_one(
    world: World, taught: tuple[Course, list[Enrolment]], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made, _ = taught
    cast.seated(made, *[cast.resident(world.wenxing, f"邻居{n}", f"1370000{n:04d}") for n in range(26)])
    with django_assert_max_num_queries(4):
        lines = calling_roll.lines(lesson(made, 1), world.zhang)
        assert len([one.seat.resident.name for one in lines]) == 28


# On the teacher's phone


def test_the_teachers_phone_shows_names_and_masked_phones_alone(
    world: World, client: Client, taught: tuple[Course, list[Enrolment]]
) -> None:
    made, _ = taught
    path = f"/teach/{lesson(made, 1).pk}/"
    with at_class(lesson(made, 1)):
        enter(client, world.li)
        assert "我教的课" in text(client, "/tickets/") and "今天的课" in text(client, "/teach/")
        html = client.get(path).content.decode()
    assert "王秀兰" in html and "138****6021" in html and "没有手机" in html
    for hidden in (world.wang.phone, "天和城", "积分", "1968"):
        assert hidden not in html


def test_ticks_on_the_phone_write_and_say_how_many(
    world: World, client: Client, taught: tuple[Course, list[Enrolment]]
) -> None:
    made, (wang, zhao) = taught
    path = f"/teach/{lesson(made, 1).pk}/"
    with at_class(lesson(made, 1)):
        enter(client, world.li)
        said = words(client.post(path, {"picked": [wang.pk, zhao.pk], "act": "late"}, follow=True).content.decode())
        assert "已登记2人迟到" in said
        assert client.post(path, {"act": "present"}).status_code == 400
        assert client.post(path, {"picked": [999999], "act": "present"}).status_code == 400
        assert client.post(path, {"picked": [wang.pk], "act": "leave"}).status_code == 400
    assert list(Attendance.objects.values_list("status", "how").distinct()) == [("late", "list")]


def test_the_names_are_shut_on_other_days_and_to_others(
    world: World, client: Client, taught: tuple[Course, list[Enrolment]]
) -> None:
    made, _ = taught
    path = f"/teach/{lesson(made, 1).pk}/"
    enter(client, world.li)
    shut = client.get(path)
    assert shut.status_code == 409 and "王秀兰" not in shut.content.decode()
    with at_class(lesson(made, 1)):
        enter(client, world.wang)
        assert client.get(path).status_code == client.get(f"{path}code/").status_code == 404
        assert "我教的课" not in text(client, "/tickets/")


def test_the_teachers_own_relative_has_no_box(world: World, client: Client) -> None:
    world.wang.household = world.li.household
    world.wang.save()
    made, (mine,) = course(world, world.wang, taught_by=world.li)
    with at_class(lesson(made, 1)):
        enter(client, world.li)
        html = client.get(f"/teach/{lesson(made, 1).pk}/").content.decode()
        assert f'value="{mine.pk}"' not in html and "本人或家人" in html
        answer = client.post(f"/teach/{lesson(made, 1).pk}/", {"picked": [mine.pk], "act": "present"}, follow=True)
    assert "不能给自己或家人点名" in words(answer.content.decode()) and not Attendance.objects.exists()


# At the desk


def test_the_desk_keeps_the_whole_list_at_once(
    world: World, client: Client, taught: tuple[Course, list[Enrolment]]
) -> None:
    made, (wang, zhao) = taught
    path = f"/desk/night-school/classes/{lesson(made, 1).pk}/"
    with at_class(lesson(made, 1)):
        client.force_login(world.zhang)
        said = client.post(path, {f"seat-{wang.pk}": "present", f"seat-{zhao.pk}": ""}, follow=True).content.decode()
        assert "已登记1人" in words(said)
        again = client.post(path, {f"seat-{wang.pk}": "present", f"seat-{zhao.pk}": "absent"}, follow=True)
        assert "已登记1人" in words(again.content.decode())
        assert client.post(path, {f"seat-{wang.pk}": "leave"}).status_code == 400
    assert dict(Attendance.objects.values_list("enrolment", "status")) == {wang.pk: "present", zhao.pk: "absent"}


@pytest.mark.parametrize("rest", ["present", "absent"])
def test_whoever_is_left_over_may_be_called_at_once(
    world: World, client: Client, taught: tuple[Course, list[Enrolment]], rest: str
) -> None:
    made, (wang, zhao) = taught
    cast.seated(made, world.zhou)
    Attendance.objects.create(session=lesson(made, 1), enrolment=zhao, status="leave", how="self", by=world.system)
    with at_class(lesson(made, 1)):
        client.force_login(world.zhang)
        client.post(f"/desk/night-school/classes/{lesson(made, 1).pk}/", {f"seat-{wang.pk}": "late", "rest": rest})
    assert sorted(Attendance.objects.values_list("status", flat=True)) == sorted(["late", "leave", rest])


def test_who_had_no_seat_yet_is_not_called(world: World, taught: tuple[Course, list[Enrolment]]) -> None:
    made, _ = taught
    later = cast.seated(made, world.zhou)[0]
    Enrolment.objects.filter(pk=later.pk).update(at=lesson(made, 1).ends_at)
    assert later.pk not in {one.seat.pk for one in calling_roll.lines(lesson(made, 1), world.zhang)}
    assert later.pk in {one.seat.pk for one in calling_roll.lines(lesson(made, 2), world.zhang)}
    with day_after(lesson(made, 1)), pytest.raises(calling_roll.SeatedLater):
        calling_roll.tick(session=lesson(made, 1), seat=later, status=Status.ABSENT, by=world.zhang, how=How.DESK)


def test_the_desk_of_another_community_finds_no_class(
    world: World, client: Client, taught: tuple[Course, list[Enrolment]]
) -> None:
    made, _ = taught
    client.force_login(world.qian)
    assert client.get(f"/desk/night-school/classes/{lesson(made, 1).pk}/").status_code == 404
    assert "形体塑形" not in client.get("/desk/night-school/classes/?state=ahead").content.decode()


def test_before_the_hour_the_desk_reads_and_does_not_tick(
    world: World, client: Client, taught: tuple[Course, list[Enrolment]]
) -> None:
    made, _ = taught
    client.force_login(world.zhang)
    html = client.get(f"/desk/night-school/classes/{lesson(made, 1).pk}/").content.decode()
    assert "王秀兰" in html and "还没有到签到时间" in html and "保存点名" not in html
