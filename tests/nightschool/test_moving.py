"""A class is moved or called off: the room follows in the same transaction, everybody concerned is told, reminders come anew."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from communities.duties import NotYourDuty
from core import clock
from core.refusals import Refused
from nightschool import courses, moving, reminders
from nightschool.line import waitlist
from nightschool.models import Application, Channel, Course
from notifications.models import Message
from tests import world as cast
from tests.nightschool import plans
from tests.nightschool.plans import AT, lesson, on
from tests.world import World
from venues.claiming import RoomTaken
from venues.models import Booking

pytestmark = pytest.mark.django_db
WEDNESDAY = on(date(2026, 12, 9))


@pytest.fixture
def course(world: World) -> Course:
    """Eight Tuesdays; 王秀兰 and 赵玉珍 (without a phone) have a seat."""
    made = plans.opened(world, capacity=2)
    enrolled = Course.objects.filter(pk=made.pk)
    enrolled.update(held=0, opens_at=clock.now() - timedelta(days=1))
    cast.seated(made, world.wang, world.zhao)
    return made


def move(world: World, course: Course, number: int = 2, **said: Any) -> Any:
    session = lesson(course, number)
    asked = {"hours": WEDNESDAY, "room": session.room, "by": world.zhang, "reason": "老师出差", "at": AT} | said
    return moving.move(session=session, **asked)


def held(course: Course) -> list[date]:
    bookings = Booking.objects.holding().filter(title=course.title).order_by("starts_at")
    return [clock.local(one.starts_at).date() for one in bookings]


def test_a_class_is_moved_with_its_room(world: World, course: Course) -> None:
    told = move(world, course)
    moved = lesson(course, 2)
    assert (moved.status, moved.starts_at, moved.planned_at) == (
        "moved", WEDNESDAY.starts_at, clock.at(date(2026, 12, 8), time(19)),
    )  # fmt: skip
    assert (moved.changed_by, moved.change_reason) == (world.zhang, "老师出差")
    assert date(2026, 12, 9) in held(course) and date(2026, 12, 8) not in held(course) and len(held(course)) == 8
    assert (told.people, told.by_hand) == (2, [world.zhao])


def test_moved_twice_it_keeps_when_it_was_to_be(world: World, course: Course) -> None:
    move(world, course)
    move(world, course, hours=on(date(2026, 12, 10)), at=AT + timedelta(hours=1))
    assert lesson(course, 2).planned_at == clock.at(date(2026, 12, 8), time(19))
    assert len(held(course)) == 8


def test_a_class_may_be_moved_into_its_own_hours(world: World, course: Course) -> None:
    """Half an hour later: the booking that is given up is not in the way."""
    move(world, course, hours=on(date(2026, 12, 8), time(19, 30), 60))
    assert len(held(course)) == 8


def test_only_the_room_is_changed(world: World, course: Course) -> None:
    session, room = lesson(course, 2), plans.other_room(world)
    moving.move(session=session, hours=plans.on(date(2026, 12, 8)), room=room, by=world.zhang, reason="漏水", at=AT)
    moved = lesson(course, 2)
    assert moved.room == room and moved.booking and moved.booking.room == room
    body = Message.objects.get(resident=world.wang, occasion__contains=":changed:", channel="inbox").body
    assert "教室改在活动室1楼书画室" in body and "原定" not in body


def test_everybody_seated_waiting_and_applied_is_told_once(world: World, course: Course) -> None:
    waitlist.join(course_id=course.pk, resident=world.zhou, by=world.zhang, channel=Channel.DESK)
    Application.objects.create(course=course, resident=world.li, number=1, channel="desk", by=world.zhang)
    assert move(world, course).people == 4
    rows = Message.objects.filter(occasion__contains=":changed:")
    assert {row.resident for row in rows} == {world.wang, world.zhao, world.zhou, world.li}
    mine = {row.channel: row for row in rows.filter(resident=world.wang)}
    assert mine["inbox"].body == (
        "《花艺插花》第2课调课：原定12月8日（周二）19:00，改到12月9日（周三）19:00—20:30。原因：老师出差。"
        "不方便来的，可以请假，或请社区办理退课，积分全额退回。"
    )
    assert mine["sms"].body == "【水泊寺街道】《花艺插花》第2课调课，12月9日（周三）19:00，舞蹈厅。"
    assert not rows.filter(resident=world.zhao, channel="sms").exists()  # no phone
    assert "退课" not in rows.get(resident=world.zhou).body


def test_a_phone_does_not_ring_at_night_unless_the_class_is_before_morning(world: World, course: Course) -> None:
    move(world, course, at=clock.at(date(2026, 12, 1), time(22)))
    sms = Message.objects.get(resident=world.wang, channel="sms", occasion__contains=":changed:")
    assert sms.due_at == clock.at(date(2026, 12, 2), time(8, 30))
    at = clock.at(date(2026, 12, 2), time(0, 30))
    move(world, course, number=3, hours=on(date(2026, 12, 2), time(7), 60), at=at)
    assert Message.objects.filter(resident=world.wang, channel="sms", due_at=at).exists()


def test_who_was_reminded_of_the_old_hours_is_reminded_of_the_new_ones(world: World, course: Course) -> None:
    before = clock.at(date(2026, 12, 7), time(20))
    assert reminders.remind(before) == 2
    reminded = Message.objects.filter(channel="inbox", occasion=lesson(course, 2).reminder)
    reminded.update(state=Message.State.SENT, sent_at=before)
    move(world, course, hours=on(date(2026, 12, 10)), at=before + timedelta(hours=1))
    assert not Message.objects.filter(occasion=lesson(course, 2).reminder).exists()
    assert Message.objects.filter(occasion__contains=":reminder:before:").count() == 2  # what was sent is kept
    assert reminders.remind(clock.at(date(2026, 12, 8), time(19))) == 0
    assert reminders.remind(clock.at(date(2026, 12, 9), time(19))) == 2
    assert (
        "12月10日"
        in Message.objects.get(resident=world.wang, occasion=lesson(course, 2).reminder, channel="inbox").body
    )


def test_a_room_that_is_taken_leaves_everything_as_it_was(world: World, course: Course) -> None:
    plans.opened(world, plans.TUESDAYS.__class__(date(2026, 12, 9), frozenset({2}), 1, time(19), 90), title="书法")
    with pytest.raises(RoomTaken, match="书法"):
        move(world, course)
    assert lesson(course, 2).status == "normal" and len(held(course)) == 8
    assert not Message.objects.filter(occasion__contains=":changed:").exists()


BAD: dict[str, tuple[type[Refused], Callable[[World], dict[str, Any]]]] = {
    "新的时间已经过了": (moving.BadHours, lambda _: {"hours": on(date(2026, 11, 22))}),
    "一年以后": (moving.BadHours, lambda _: {"hours": on(date(2027, 12, 9))}),
    "30到240分钟": (moving.BadHours, lambda _: {"hours": on(date(2026, 12, 9), minutes=-90)}),
    "已有第3课": (moving.BadHours, lambda _: {"hours": on(date(2026, 12, 15), time(20))}),
    "没有变化": (moving.NothingNew, lambda _: {"hours": on(date(2026, 12, 8))}),
    "最多容纳1人": (moving.RoomTooSmall, lambda world: {"room": plans.other_room(world, capacity=1)}),
    "教室不在这个社区": (courses.BadCourse, lambda world: {"room": cast.room(world.yongan)}),
    "请写明原因": (courses.NoReason, lambda _: {"reason": "  "}),
    "已经开始": (moving.ClassBegun, lambda _: {"at": clock.at(date(2026, 12, 8), time(19))}),
}


@pytest.mark.parametrize("sentence", BAD)
def test_what_cannot_be_moved_stays(world: World, course: Course, sentence: str) -> None:
    refusal, said = BAD[sentence]
    with pytest.raises(refusal, match=sentence):
        move(world, course, **said(world))
    assert lesson(course, 2).status == "normal" and len(held(course)) == 8


def test_the_neighbour_s_staff_change_nothing(world: World, course: Course) -> None:
    acts: list[Callable[[], Any]] = [
        lambda: move(world, course, by=world.qian),
        lambda: moving.call_off(session=lesson(course, 2), by=world.qian, reason="病", at=AT),
        lambda: moving.change_room(course=course, room=plans.other_room(world), by=world.qian, reason="漏", at=AT),
    ]
    for act in acts:
        with pytest.raises(NotYourDuty):
            act()
    assert len(held(course)) == 8 and not Message.objects.filter(occasion__contains=":changed:").exists()


# Calling one class off


def test_a_class_that_is_called_off_frees_its_room_and_is_told(world: World, course: Course) -> None:
    told = moving.call_off(session=lesson(course, 2), by=world.zhang, reason="老师生病", at=AT)
    assert (lesson(course, 2).status, lesson(course, 2).booking, told.people) == ("cancelled", None, 2)
    assert date(2026, 12, 8) not in held(course) and len(held(course)) == 7
    body = Message.objects.get(resident=world.wang, occasion__contains=":changed:", channel="inbox").body
    assert body.startswith("《花艺插花》第2课（12月8日（周二）19:00）停课。原因：老师生病。")
    assert reminders.remind(clock.at(date(2026, 12, 8), time(9))) == 0


def test_it_may_be_made_up_for(world: World, course: Course) -> None:
    moving.call_off(session=lesson(course, 2), by=world.zhang, reason="停电", instead=WEDNESDAY, at=AT)
    more = lesson(course, 9)
    assert (more.starts_at, more.status, more.topic) == (WEDNESDAY.starts_at, "normal", lesson(course, 2).topic)
    assert course.sessions.held().count() == 8 == len(held(course))
    assert (
        "停课，12月9日（周三）19:00补课"
        in Message.objects.filter(resident=world.wang, channel="inbox").latest("pk").body
    )


def test_a_class_is_called_off_once_and_moved_no_more(world: World, course: Course) -> None:
    moving.call_off(session=lesson(course, 2), by=world.zhang, reason="停电", at=AT)
    with pytest.raises(moving.ClassCalledOff):
        moving.call_off(session=lesson(course, 2), by=world.zhang, reason="停电", at=AT)
    with pytest.raises(moving.ClassCalledOff):
        move(world, course)


def test_the_last_class_that_is_left_is_not_called_off(world: World) -> None:
    only = plans.opened(world, plans.TUESDAYS.__class__(date(2026, 12, 1), frozenset({1}), 1, time(19), 90))
    with pytest.raises(moving.LastClass):
        moving.call_off(session=lesson(only, 1), by=world.zhang, reason="停电", at=AT)
    moving.call_off(session=lesson(only, 1), by=world.zhang, reason="停电", instead=WEDNESDAY, at=AT)
    assert held(only) == [date(2026, 12, 9)]


def test_nothing_changes_in_a_course_that_was_called_off(world: World, course: Course) -> None:
    courses.close_course(course=course, by=world.zhang, reason="停办", at=AT)
    with pytest.raises(courses.CourseNotOpen):
        move(world, course)
    with pytest.raises(courses.CourseNotOpen):
        moving.change_room(course=course, room=plans.other_room(world), by=world.zhang, reason="漏", at=AT)


# Another room for all


def test_all_classes_to_come_go_to_another_room(world: World, course: Course) -> None:
    room = plans.other_room(world)
    at = clock.at(date(2026, 12, 2), time(9))  # the first class is over
    told = moving.change_room(course=course, room=room, by=world.zhang, reason="装修", at=at)
    course.refresh_from_db()
    assert course.room == room and told.people == 2
    where = list(course.sessions.order_by("number").values_list("room__name", flat=True))
    assert where == ["舞蹈厅", *["书画室"] * 7]
    assert Booking.objects.holding().filter(room=room).count() == 7 and len(held(course)) == 8
    body = Message.objects.get(resident=world.wang, occasion__contains=":changed:", channel="inbox").body
    assert "从12月8日（周二）19:00起，教室改在活动室1楼书画室。原因：装修。" in body


def test_one_evening_that_is_taken_keeps_all_where_they_are(world: World, course: Course) -> None:
    room = plans.other_room(world)
    plans.opened(
        world, plans.TUESDAYS.__class__(date(2027, 1, 5), frozenset({1}), 1, time(19), 90), title="书法", room=room
    )
    with pytest.raises(RoomTaken, match="2027年1月5日"):
        moving.change_room(course=course, room=room, by=world.zhang, reason="装修", at=AT)
    course.refresh_from_db()
    assert course.room.name == "舞蹈厅" and len(held(course)) == 8
    with pytest.raises(moving.NothingNew):
        moving.change_room(course=course, room=cast.room(world.wenxing), by=world.zhang, reason="装修", at=AT)
