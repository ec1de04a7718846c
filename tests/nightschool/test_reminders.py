"""Everybody seated is told once before a class; who gave the seat back is not; nobody's phone rings at night."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.models import Resident, Setting
from communities.settings import CANCEL_HOURS, REMIND_FIRST_HOURS, REMIND_HOURS, Value
from core import clock
from nightschool import courses, leaving, reminders
from nightschool.attending import attendance
from nightschool.models import Course, Enrolment
from notifications import outbox
from notifications.models import Message
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db
NOON = clock.at(clock.today() + timedelta(days=20), time(12))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def evening(world: World, *, first: datetime, **fields: Any) -> Course:
    """A course whose classes are weekly, the first one at `first`."""
    return cast.course(world.wenxing, starts_at=first, closes_at=first, **fields)


def told(resident: Resident, channel: str = "inbox") -> list[Message]:
    rows = Message.objects.filter(resident=resident, channel=channel, occasion__endswith=":reminder")
    return list(rows.order_by("pk"))


def change(world: World, value: Value, hours: int) -> None:
    Setting.objects.create(
        sub_district=world.street, key=value.key, value=hours, starts_on=date(2020, 1, 1), by=world.he
    )


def clock_of(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M}"


# When


def test_the_first_class_is_told_48_hours_before_and_not_earlier(world: World) -> None:
    cast.seated(evening(world, first=NOON + 48 * HOUR), world.wang)
    assert reminders.remind(NOON - timedelta(minutes=1)) == 0
    assert reminders.remind(NOON) == 1
    assert len(told(world.wang)) == 1


def test_a_later_class_is_told_24_hours_before_and_not_earlier(world: World) -> None:
    course = evening(world, first=NOON + 24 * HOUR - 7 * DAY)
    cast.seated(course, world.wang)
    second = course.sessions.get(number=2)
    assert second.starts_at == NOON + 24 * HOUR
    assert reminders.remind(NOON - timedelta(minutes=1)) == 0
    assert reminders.remind(NOON) == 1
    assert told(world.wang)[0].occasion == second.reminder


def test_the_hours_are_settings_of_the_sub_district(world: World) -> None:
    change(world, REMIND_FIRST_HOURS, 72)
    change(world, REMIND_HOURS, 3)
    later = evening(world, first=NOON + 4 * HOUR - 7 * DAY, title="花艺插花")
    cast.seated(evening(world, first=NOON + 72 * HOUR), world.wang)
    cast.seated(later, world.zhao)
    reminders.remind(NOON)
    assert (len(told(world.wang)), len(told(world.zhao))) == (1, 0)
    reminders.remind(NOON + HOUR)
    assert len(told(world.zhao)) == 1


def test_a_class_that_has_begun_is_not_told(world: World) -> None:
    cast.seated(evening(world, first=NOON), world.wang)
    assert reminders.remind(NOON) == 0


# To whom


def test_everybody_is_told_once_however_often_the_sweep_runs(world: World) -> None:
    cast.seated(evening(world, first=NOON + 24 * HOUR), world.wang, world.zhao)
    assert [reminders.remind(NOON + n * HOUR) for n in range(3)] == [2, 0, 0]
    assert len(told(world.wang)) == len(told(world.wang, "sms")) == len(told(world.zhao)) == 1


def test_who_comes_later_is_told_by_a_later_sweep(world: World) -> None:
    course = evening(world, first=NOON + 24 * HOUR)
    cast.seated(course, world.wang)
    reminders.remind(NOON)
    cast.seated(course, world.zhao)
    assert reminders.remind(NOON + HOUR) == 1
    assert len(told(world.zhao)) == 1


def test_somebody_without_a_phone_gets_no_short_message(world: World) -> None:
    cast.seated(evening(world, first=NOON + 24 * HOUR), world.zhao)
    reminders.remind(NOON)
    assert (len(told(world.zhao)), told(world.zhao, "sms")) == (1, [])


def test_who_gave_the_seat_back_is_not_told(world: World) -> None:
    (seat,) = cast.seated(evening(world, first=NOON + 24 * HOUR), world.wang)
    leaving.cancel(enrolment=seat, by=world.zhang, reason="搬家")
    assert reminders.remind(NOON) == 0


def test_who_asked_for_leave_is_not_told_of_that_class(world: World) -> None:
    course = evening(world, first=NOON + 24 * HOUR)
    cast.seated(course, world.wang, world.zhao)
    first, second = course.sessions.order_by("number")[:2]
    with time_machine.travel(NOON - HOUR, tick=False):
        attendance.ask_leave(session_id=first.pk, resident=world.wang, by=world.system)
        attendance.ask_leave(session_id=second.pk, resident=world.zhao, by=world.system)
    assert reminders.remind(NOON) == 1
    assert (len(told(world.wang)), len(told(world.zhao))) == (0, 1)
    attendance.take_leave_back(session_id=first.pk, resident=world.wang, by=world.system, at=NOON)
    assert reminders.remind(NOON) == 1 and len(told(world.wang)) == 1


def test_nobody_of_a_course_that_was_called_off_is_told(world: World) -> None:
    course = evening(world, first=NOON + 24 * HOUR)
    cast.seated(course, world.wang)
    Course.objects.filter(pk=course.pk).update(status="cancelled", cancelled_at=NOON)
    assert reminders.remind(NOON) == 0


def test_two_classes_of_one_day_are_two_reminders(world: World) -> None:
    cast.award(world.wang, 200)
    cast.seated(evening(world, first=NOON + 24 * HOUR), world.wang)
    cast.seated(evening(world, first=NOON + 26 * HOUR, title="花艺插花"), world.wang)
    assert reminders.remind(NOON) == 2
    assert len(told(world.wang)) == 2


# What is taken back


def test_a_reminder_that_was_not_sent_yet_is_taken_back_with_the_seat(world: World) -> None:
    course = evening(world, first=NOON + 24 * HOUR)
    (seat, _) = cast.seated(course, world.wang, world.zhao)
    reminders.remind(NOON)
    leaving.cancel(enrolment=seat, by=world.zhang, reason="搬家")
    assert told(world.wang) == told(world.wang, "sms") == []
    assert len(told(world.zhao)) == 1


def test_the_seat_given_back_by_the_resident_takes_the_reminder_back_too(world: World) -> None:
    first = clock.now() + 40 * HOUR
    (seat,) = cast.seated(evening(world, first=first), world.wang)
    reminders.remind(clock.now())
    assert told(world.wang)
    leaving.withdraw(enrolment=seat, by=world.wang.account)
    assert told(world.wang) == []


def test_who_comes_back_is_told_again(world: World) -> None:
    course = evening(world, first=NOON + 24 * HOUR)
    (seat,) = cast.seated(course, world.wang)
    reminders.remind(NOON)
    leaving.cancel(enrolment=seat, by=world.zhang, reason="搬家")
    cast.seated(course, world.wang)
    assert reminders.remind(NOON) == 1
    assert len(told(world.wang)) == 1


def test_what_was_sent_already_stays(world: World) -> None:
    (seat,) = cast.seated(evening(world, first=NOON + 24 * HOUR), world.wang)
    reminders.remind(NOON)
    Message.objects.filter(channel="inbox").update(state="sent", sent_at=NOON)
    leaving.cancel(enrolment=seat, by=world.zhang, reason="搬家")
    assert (len(told(world.wang)), told(world.wang, "sms")) == (1, [])


def test_calling_off_takes_all_reminders_back(world: World) -> None:
    course = evening(world, first=NOON + 24 * HOUR)
    cast.seated(course, world.wang, world.zhao)
    reminders.remind(NOON)
    courses.close_course(course=course, by=world.zhang, reason="教室漏水")
    assert not Message.objects.filter(occasion__endswith=":reminder").exists()


# At night


@pytest.mark.parametrize(
    ("swept", "due"),
    [
        ("08:29", "08:30"),
        ("08:30", "08:30"),
        ("12:00", "12:00"),
        ("20:29", "20:29"),
        ("20:30", "08:30"),
        ("23:59", "08:30"),
    ],
)
def test_no_phone_rings_between_half_past_eight_and_half_past_eight(world: World, swept: str, due: str) -> None:
    day = clock.local(NOON).date()
    at = clock.at(day, time.fromisoformat(swept))
    cast.seated(evening(world, first=clock.at(day + DAY, time(19))), world.wang)
    reminders.remind(at)
    for row in (told(world.wang)[0], told(world.wang, "sms")[0]):
        assert clock_of(row.due_at) == due
        assert at <= row.due_at < at + timedelta(hours=12, minutes=1)


def test_before_an_early_class_only_the_inbox_is_told_at_night(world: World) -> None:
    at = clock.at(clock.local(NOON).date(), time(22))
    cast.seated(evening(world, first=at + 10 * HOUR), world.wang)
    reminders.remind(at)
    assert [row.due_at for row in told(world.wang)] == [at]
    assert told(world.wang, "sms") == []


# What it says


def test_the_first_reminder_names_the_last_hour_to_give_the_seat_back(world: World) -> None:
    first = NOON + 31 * HOUR
    (seat,) = cast.seated(evening(world, first=first), world.wang)
    reminders.remind(NOON)
    inbox, sms = told(world.wang)[0], told(world.wang, "sms")[0]
    assert inbox.link == f"/tickets/{seat.pk}/"
    assert f"{clock.local(first - 24 * HOUR):%H:%M}前退课，60积分全额退回。" in inbox.body
    assert "第1课" in inbox.body and "活动室2楼舞蹈厅" in inbox.body
    assert sms.body.startswith("【水泊寺街道】") and "前可退课。" in sms.body
    assert sms.link == "" and "/" not in sms.body and "王" not in sms.body


def test_when_the_last_hour_is_past_nothing_is_said_of_giving_back(world: World) -> None:
    cast.seated(evening(world, first=NOON + 23 * HOUR), world.wang)
    reminders.remind(NOON)
    assert "退课" not in told(world.wang)[0].body + told(world.wang, "sms")[0].body


def test_the_last_hour_counts_from_when_the_message_arrives(world: World) -> None:
    night = clock.at(clock.local(NOON).date(), time(22))
    cast.seated(evening(world, first=night + 25 * HOUR), world.wang)
    reminders.remind(night)
    row = told(world.wang)[0]
    assert row.due_at > night + HOUR
    assert "退课" not in row.body


def test_a_later_class_says_nothing_of_giving_back(world: World) -> None:
    change(world, CANCEL_HOURS, 1)
    cast.seated(evening(world, first=NOON + 20 * HOUR - 7 * DAY), world.wang)
    reminders.remind(NOON)
    assert "第2课" in told(world.wang)[0].body
    assert "退课" not in told(world.wang)[0].body


def test_a_free_seat_speaks_of_neighbours_not_of_points(world: World) -> None:
    cast.seated(evening(world, first=NOON + 31 * HOUR, price=0), world.wang)
    reminders.remind(NOON)
    assert "把名额让给邻居" in told(world.wang)[0].body and "积分" not in told(world.wang)[0].body


def test_dates_are_absolute_because_messages_are_read_later(world: World) -> None:
    cast.seated(evening(world, first=NOON + 7 * HOUR), world.wang)
    reminders.remind(NOON)
    for row in (told(world.wang)[0], told(world.wang, "sms")[0]):
        assert f"{clock.local(NOON).day}日" in row.body
        assert not any(word in row.body for word in ("今天", "今晚", "明天"))


LONG = "一门名字特别特别长的课程它的名字有四十个汉字那么长几乎没有人能把它一口气念完还要接着念"[:40]


@pytest.mark.parametrize("title", ["书法", "形体塑形", LONG])
@pytest.mark.parametrize("place", ["活动室2楼", "文兴社区党群服务中心东侧综合楼三层走廊尽头右手边第二间"])
@pytest.mark.parametrize("street", ["水泊寺街道", "一个名字很长很长很长的街道办事处"])
@pytest.mark.parametrize("hours", [23, 31])
def test_a_short_message_is_one_message(world: World, title: str, place: str, street: str, hours: int) -> None:
    world.street.name = street
    world.street.save()
    room = cast.room(world.wenxing)
    room.place = place
    room.save()
    first = NOON + hours * HOUR
    cast.seated(evening(world, first=first, title=title, room=room, bring="围裙、剪刀、花瓶" * 10), world.wang)
    reminders.remind(NOON)
    body = told(world.wang, "sms")[0].body
    assert len(body) <= 70
    assert body.startswith(f"【{street}】《{title[:6]}")
    assert f"{clock_of(first)}上课" in body
    assert len(told(world.wang)[0].body) <= 300


# How much it asks


def test_the_sweep_asks_as_much_for_thirty_people_as_for_one(world: World) -> None:
    change(world, REMIND_HOURS, 24)

    def queries(people: int) -> int:
        course = evening(world, first=NOON + 24 * HOUR, title=f"给{people}人的课", price=0)
        cast.seated(course, *[cast.resident(world.wenxing, f"邻居{people}-{n}") for n in range(people)])
        with CaptureQueriesContext(connection) as seen:
            assert reminders.remind(NOON) == people
        return len(seen)

    assert queries(1) == queries(30)


def test_a_sweep_with_nothing_to_do_asks_once(world: World, django_assert_num_queries: Any) -> None:
    cast.seated(evening(world, first=NOON + 24 * HOUR), world.wang)
    reminders.remind(NOON)
    with django_assert_num_queries(1):
        assert reminders.remind(NOON) == 0


def test_many_people_are_told_in_batches_of_one_statement(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "PEOPLE", 2)
    course = evening(world, first=NOON + 24 * HOUR, price=0)
    cast.seated(course, *[cast.resident(world.wenxing, f"邻居{n}") for n in range(5)])
    with CaptureQueriesContext(connection) as seen:
        assert reminders.remind(NOON) == 5
    assert sum(query["sql"].startswith("INSERT") for query in seen) == 3
    assert Message.objects.filter(occasion__endswith=":reminder").count() == 5


def test_a_batch_fits_one_statement() -> None:
    assert reminders.PEOPLE * 2 <= outbox.BATCH


# At the same moment


def at_once(*acts: Callable[[], object]) -> None:
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_each_message_once(world: World) -> None:
    course = evening(world, first=NOON + 24 * HOUR, price=0, capacity=40)
    people = [cast.resident(world.wenxing, f"邻居{n}", f"1370000{n:04d}") for n in range(40)]
    cast.seated(course, *people)
    at_once(*[lambda: reminders.remind(NOON)] * 4)
    rows = Message.objects.filter(occasion__endswith=":reminder").values_list("resident", "channel")
    assert len(rows) == len(set(rows)) == 80


@pytest.mark.django_db(transaction=True)
def test_a_seat_given_back_during_the_sweep_leaves_no_reminder(world: World) -> None:
    """Whichever of the two comes first: either the sweep passes the seat by, or the reminder is taken back."""
    course = evening(world, first=NOON + 24 * HOUR, price=0, capacity=40)
    seats = cast.seated(course, *[cast.resident(world.wenxing, f"邻居{n}") for n in range(40)])

    def give_back() -> None:
        for seat in Enrolment.objects.filter(pk__in=[seat.pk for seat in seats]).select_related("course"):
            leaving.cancel(enrolment=seat, by=world.zhang, reason="停课")

    def sweep() -> None:
        for _ in range(30):
            reminders.remind(NOON)

    at_once(give_back, sweep)
    assert not Message.objects.filter(occasion__endswith=":reminder").exists()


@pytest.mark.django_db(transaction=True)
def test_the_sweep_does_not_wait_for_a_seat_that_is_being_given_back(world: World) -> None:
    seats = cast.seated(evening(world, first=NOON + 24 * HOUR), world.wang, world.zhao)
    with transaction.atomic():
        leaving.cancel(enrolment=seats[0], by=world.zhang, reason="搬家")
        found: list[int] = []
        sweep = Thread(target=lambda: (found.append(reminders.remind(NOON)), connection.close()))
        sweep.start()
        sweep.join(timeout=2)
        assert found == [1]
    assert told(world.wang) == []
    assert len(told(world.zhao)) == 1
