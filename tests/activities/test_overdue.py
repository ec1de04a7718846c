"""Ten working days after an activity its record is complete; the recorder hears of it before, the head then."""

from datetime import date, datetime, time

import pytest
import time_machine

from activities import overdue, tasks
from activities.models import Activity
from activities.overdue import remind
from communities.models import Duty, Holiday
from communities.todo import rows_for
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities.cast import signed
from tests.activities.serving_hours import attend
from tests.world import World

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)  # an ordinary month: no holiday until January


def morning(day: int, month: int = 11) -> datetime:
    return clock.at(date(2026, month, day), time(9))


def held(world: World, **fields: object) -> Activity:
    """On Monday the 2nd of November, nine to eleven; 李建国 came and nobody wrote it down."""
    made = cast.activity(world.wenxing, starts_at=clock.at(MONDAY, time(9)), made_by=world.zhang, **fields)
    with time_machine.travel(morning(1), tick=False):
        signed(made, world.li, world)
    return made


def told(user: object) -> list[str]:
    return list(Message.objects.filter(staff=user).order_by("pk").values_list("title", flat=True))


@time_machine.travel(morning(20), tick=False)
def test_the_recorder_at_seven_the_head_at_ten_working_days_each_once(world: World) -> None:
    held(world)
    assert remind(morning(10)) == 0 and told(world.zhang) == []  # the sixth working day
    assert remind(morning(11)) == 1
    assert (told(world.zhang), told(world.chen)) == (["服务记录快到期限"], [])
    body = Message.objects.get(staff=world.zhang).body
    assert body == "11月2日（周一）的《楼道清理》还有1人没有记录或确认，11月16日（周一）前要完成。"
    remind(morning(13))
    remind(morning(16))
    remind(morning(17))
    assert (told(world.zhang), told(world.chen), told(world.he)) == (
        ["服务记录快到期限"], ["服务记录到期未完成"], [],
    )  # fmt: skip


@time_machine.travel(morning(20), tick=False)
def test_holidays_count_and_nobody_is_told_on_a_day_off(world: World) -> None:
    held(world)
    for day in (3, 4):
        Holiday.objects.create(sub_district=world.street, day=date(2026, 11, day), name="停工", by=world.he)
    assert remind(morning(11)) == 0  # two days were off: only the fifth working day
    assert remind(morning(14)) == 0 == remind(morning(15))  # a weekend, though two days past the seventh
    assert remind(morning(13)) == 1


@time_machine.travel(morning(20), tick=False)
def test_who_announced_it_and_left_is_replaced_by_everybody_who_works_there(world: World) -> None:
    made = held(world)
    assert overdue.recorders(made) == [world.zhang]
    Duty.objects.filter(user=world.zhang).update(ends_on=date(2026, 11, 3), starts_on=date(2026, 10, 1))
    helper = cast.staff("helper", "新同事", Duty.Role.WORKER, community=world.wenxing)
    assert overdue.recorders(made) == sorted([world.chen, helper], key=lambda one: one.pk)


@time_machine.travel(morning(20), tick=False)
def test_what_is_wholly_on_record_called_off_or_a_draft_reminds_nobody(world: World) -> None:
    done = cast.activity(world.wenxing, starts_at=clock.at(MONDAY, time(14)))
    with time_machine.travel(morning(3), tick=False):
        attend(world, done, world.wang, 60)
    cast.activity(world.wenxing, starts_at=clock.at(MONDAY, time(16)))  # nobody signed up
    off = held(world)
    Activity.objects.filter(pk=off.pk).update(
        status="cancelled", cancelled_at=morning(3), cancelled_by=world.chen, cancel_reason="大风"
    )
    assert remind(morning(18)) == 0


@time_machine.travel(morning(20), tick=False)
def test_the_head_sees_what_is_over_its_last_day_on_the_first_page(world: World) -> None:
    held(world)
    label = "活动记录已过期限"
    mine = {
        user: [row for row in rows_for(user) if row.label == label]
        for user in (world.chen, world.he, world.zhang, world.qian)
    }
    assert [len(rows) for rows in mine.values()] == [1, 1, 0, 0]
    assert (mine[world.chen][0].count, mine[world.chen][0].deadline) == (1, clock.at(date(2026, 11, 16), time(23, 59)))


@time_machine.travel(morning(16), tick=False)
def test_on_the_last_day_itself_nothing_is_over_yet(world: World) -> None:
    held(world)
    assert "活动记录已过期限" not in [row.label for row in rows_for(world.chen)]


@time_machine.travel(morning(17), tick=False)
def test_beat_asks(world: World) -> None:
    held(world)
    tasks.record_deadlines()
    assert told(world.zhang) == ["服务记录快到期限"]
