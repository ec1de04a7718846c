"""What is written after a class, what follows from staying away, and what takes it back."""

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine

from communities import appeals, settings, todo
from communities.models import Setting, User
from core import clock
from core.refusals import Refused
from nightschool.attending import absence, attendance, calling_roll, consequences
from nightschool.line import waitlist
from nightschool.models import Attendance, Channel, Course, Enrolment, PriorityLoss, Session, Waiting
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.activities.cast import relative
from tests.books import breaches
from tests.nightschool.attending.coming import (
    How,
    Status,
    at_class,
    course,
    day_after,
    file,
    here,
    lesson,
    missed,
    noticed,
    ticked,
)  # fmt: skip
from tests.world import World

pytestmark = pytest.mark.django_db
NOTHING = {"absent": 0, "told": 0, "noticed": 0, "freed": 0, "lost": 0}


# Absences are written


def test_who_was_not_seen_is_written_down_the_day_after(world: World) -> None:
    made, (wang, zhao, li) = course(world, world.wang, world.zhao, world.li)
    attendance.ask_leave(session_id=lesson(made, 1).pk, resident=world.li, by=world.system)
    here(lesson(made, 1), world.wang)
    with at_class(lesson(made, 1), 100):
        assert absence.sweep(clock.now())["absent"] == 0
    with day_after(lesson(made, 1)):
        assert [absence.sweep(clock.now())["absent"] for _ in range(2)] == [1, 0]
    rows = dict(Attendance.objects.values_list("enrolment", "status"))
    assert rows == {wang.pk: "present", zhao.pk: "absent", li.pk: "leave"}
    told = Message.objects.get(occasion__endswith=":absent")
    assert told.resident == world.zhao and "积分没有变动" in told.body and told.link == f"/tickets/{zhao.pk}/classes/"


def test_a_class_of_which_nothing_is_known_is_a_task_for_the_staff(world: World) -> None:
    made, (wang, _) = course(world, world.wang, world.zhao)
    attendance.ask_leave(session_id=lesson(made, 1).pk, resident=world.wang, by=world.system)
    with day_after(lesson(made, 1)):
        assert absence.sweep(clock.now())["absent"] == 0
        (row,) = todo.rows_of([absence.rows], world.zhang)
        assert (row.label, row.count, row.url) == (
            "夜校课次待点名",
            1,
            f"/desk/night-school/classes/{lesson(made, 1).pk}/",
        )
        assert row.deadline == lesson(made, 1).starts_at + timedelta(days=14)
        assert [one.count for one in todo.rows_of([absence.rows], world.qian)] == [0]
        calling_roll.tick(session=lesson(made, 1), seat=wang, status=Status.PRESENT, by=world.zhang, how=How.DESK)
        assert [one.count for one in todo.rows_of([absence.rows], world.zhang)] == [0]


def test_two_scans_say_nothing_of_those_without_a_phone(world: World) -> None:
    made, seats = course(
        world, world.wang, world.zhao, world.li, world.zhou, cast.resident(world.wenxing, "孙伟", "13500000001")
    )
    for one in (world.wang, world.li):
        here(lesson(made, 1), one)
    with day_after(lesson(made, 1)) as morning:
        assert absence.sweep(clock.now()) == NOTHING
        assert [one.count for one in todo.rows_of([absence.rows], world.zhang)] == [1]
        given: dict[str, Any] = {"session": lesson(made, 1), "by": world.zhang, "how": How.DESK}
        calling_roll.tick(seat=seats[1], status=Status.ABSENT, **given)
        assert [one.count for one in todo.rows_of([absence.rows], world.zhang)] == [0]
        with time_machine.travel(morning + timedelta(hours=3), tick=False):
            assert absence.sweep(clock.now()) == NOTHING | {"absent": 2, "told": 1}


def test_whom_a_list_called_absent_is_told_once_the_day_is_over(world: World) -> None:
    made, (mine, _) = course(world, world.zhao, world.wang)
    row = ticked(world, lesson(made, 1), mine, Status.ABSENT)
    told = Message.objects.filter(occasion=f"attendance:{row.pk}:absent", resident=world.zhao)
    with at_class(lesson(made, 1), 200):
        assert absence.sweep(clock.now())["told"] == 0 and not told.exists()
    with day_after(lesson(made, 1)):
        assert [absence.sweep(clock.now())["told"] for _ in range(2)] == [1, 0]
        assert "申诉" in told.get().body


def test_whom_a_list_called_absent_by_mistake_hears_nothing(world: World) -> None:
    made, (mine, _) = course(world, world.zhao, world.wang)
    ticked(world, lesson(made, 1), mine, Status.ABSENT)
    ticked(world, lesson(made, 1), mine, Status.LATE)
    with day_after(lesson(made, 1)):
        assert absence.sweep(clock.now())["told"] == 0


def test_a_list_that_is_being_typed_is_left_alone(world: World) -> None:
    made, (wang, _) = course(world, world.wang, world.zhao)
    with day_after(lesson(made, 1)) as morning:
        calling_roll.tick(session=lesson(made, 1), seat=wang, status=Status.PRESENT, by=world.zhang, how=How.DESK)
        assert absence.sweep(clock.now())["absent"] == 0
        with time_machine.travel(morning + timedelta(hours=2, minutes=1), tick=False):
            assert absence.sweep(clock.now())["absent"] == 1


def test_who_joined_later_or_has_left_is_not_absent(world: World) -> None:
    made, (_, gone) = course(world, world.wang, world.zhao)
    here(lesson(made, 1), world.wang)
    Enrolment.objects.filter(pk=gone.pk).update(status="freed", cancelled_at=gone.at)
    with at_class(lesson(made, 1), 60):
        Course.objects.filter(pk=made.pk).update(closes_at=clock.now() + timedelta(days=1))
        cast.seated(made, world.li)
    with day_after(lesson(made, 1)):
        assert absence.sweep(clock.now())["absent"] == 0


def test_a_class_that_was_called_off_counts_for_nobody(world: World) -> None:
    made, (mine, _) = course(world, world.zhao, world.wang)
    here(lesson(made, 1), world.wang)
    missed(world, made, mine, 2)
    Session.objects.filter(course=made).update(status="cancelled", changed_at=clock.now(), changed_by=world.zhang)
    with day_after(lesson(made, 2)):
        assert absence.sweep(clock.now()) == NOTHING
        assert consequences.missed_in_term(world.zhao, made.term_id, clock.now()) == 0


# The notice, and the seat


def test_two_of_the_first_three_bring_a_notice_with_a_day_to_explain(
    world: World, away: tuple[Course, Enrolment]
) -> None:
    made, mine = away
    notice = noticed(mine)
    assert notice.until == lesson(made, 3).starts_at - timedelta(days=1)
    told = Message.objects.get(occasion=f"absence_notice:{notice.pk}", channel="inbox")
    assert "开头3课里您有2课缺课没有说明" in told.body and "申诉" in told.body and "也不另扣分" in told.body
    assert absence.sweep(clock.now())["noticed"] == 0
    assert Enrolment.objects.get(pk=mine.pk).status == "seated"


@pytest.mark.parametrize("numbers", [(1,), (1, 4), (4, 5)])
def test_one_of_the_first_three_or_later_ones_bring_none(world: World, numbers: tuple[int, ...]) -> None:
    made, (mine,) = course(world, world.zhao, lessons=8)
    missed(world, made, mine, *numbers)
    with day_after(lesson(made, 5)):
        assert absence.sweep(clock.now())["noticed"] == 0


def test_leave_and_what_was_excused_do_not_count(world: World) -> None:
    made, (mine,) = course(world, world.zhao, lessons=8)
    first, second, third = missed(world, made, mine, 1, 2, 3)
    Attendance.objects.filter(pk=first.pk).update(status="leave")
    Attendance.objects.filter(pk=third.pk).update(excused_at=third.at, excused_by=world.zhang)
    with day_after(lesson(made, 3)):
        assert absence.sweep(clock.now())["noticed"] == 0
    Attendance.objects.filter(pk=first.pk).update(status="absent")
    with day_after(lesson(made, 3)):
        assert absence.sweep(clock.now())["noticed"] == 1 and second.pk


def test_the_seat_is_freed_after_the_day_nothing_returns_and_the_line_moves_up(
    world: World, away: tuple[Course, Enrolment]
) -> None:
    made, mine = away
    Course.objects.filter(pk=made.pk).update(capacity=1, closes_at=lesson(made, 8).starts_at)
    notice = noticed(mine)
    line = waitlist.join(course_id=made.pk, resident=world.wang, by=world.system, channel=Channel.DESK)
    before = statement.available(world.zhao)
    with time_machine.travel(notice.until - timedelta(minutes=1), tick=False):
        assert absence.sweep(clock.now())["freed"] == 0
    with time_machine.travel(notice.until, tick=False):
        assert [absence.sweep(clock.now())["freed"] for _ in range(2)] == [1, 0]
    gone = Enrolment.objects.get(pk=mine.pk)
    assert (gone.status, gone.refund, statement.available(world.zhao)) == ("freed", None, before)
    assert Waiting.objects.get(pk=line.pk).status == "offered"
    told = Message.objects.get(occasion=f"enrolment:{mine.pk}:freed", channel="inbox")
    assert "60积分不退回" in told.body and "申诉" in told.body
    assert breaches() == []


def test_an_open_appeal_holds_the_seat(world: World, away: tuple[Course, Enrolment]) -> None:
    _, mine = away
    notice = noticed(mine)
    mine_appeal = file(world, world.zhao, f"absence_notice:{notice.pk}")
    with time_machine.travel(notice.until, tick=False):
        assert absence.sweep(clock.now())["freed"] == 0
        appeals.answer(appeal=mine_appeal, upheld=False, text="没有说明原因", by=world.chen)
        assert absence.sweep(clock.now())["freed"] == 1


def test_an_open_appeal_against_an_absence_holds_the_seat_too(world: World, away: tuple[Course, Enrolment]) -> None:
    _, mine = away
    notice, row = noticed(mine), mine.attendances.order_by("pk")[1]
    mine_appeal = file(world, world.zhao, f"attendance:{row.pk}")
    with time_machine.travel(notice.until, tick=False):
        assert absence.sweep(clock.now())["freed"] == 0
        appeals.answer(appeal=mine_appeal, upheld=False, text="没有说明原因", by=world.chen)
        assert absence.sweep(clock.now())["freed"] == 1


@pytest.mark.parametrize("hour", [0, 22])
def test_no_day_to_explain_ends_at_night(world: World, away: tuple[Course, Enrolment], hour: int) -> None:
    made, mine = away
    coming = clock.at(clock.today() + timedelta(days=2), time(19))
    Session.objects.filter(pk=lesson(made, 3).pk).update(starts_at=coming, ends_at=coming + timedelta(hours=1))
    with time_machine.travel(clock.at(clock.today() + timedelta(days=1), time(hour, 10)), tick=False):
        until = clock.local(noticed(mine).until)
    assert time(8) <= until.time() <= time(21) and until <= coming


def test_an_excuse_lifts_the_notice_and_says_so(world: World, away: tuple[Course, Enrolment]) -> None:
    _, mine = away
    notice = noticed(mine)
    row = absence.excuse(row=mine.attendances.order_by("pk")[0], reason="因病", by=world.zhang)
    assert (row.status, row.excused_by, row.note) == ("absent", world.zhang, "因病")
    notice.refresh_from_db()
    assert (notice.lifted_by, notice.lift_reason) == (world.zhang, "缺课已说明")
    assert "名额为您保留" in Message.objects.get(occasion=f"absence_notice:{notice.pk}:lifted").body
    with time_machine.travel(notice.until, tick=False):
        assert absence.sweep(clock.now())["freed"] == 0


def test_a_corrected_list_lifts_the_notice(world: World, away: tuple[Course, Enrolment]) -> None:
    made, mine = away
    notice = noticed(mine)
    given: dict[str, Any] = {"session": lesson(made, 2), "seat": mine, "by": world.zhang, "how": How.DESK}
    calling_roll.tick(**given, status=Status.PRESENT)
    notice.refresh_from_db()
    assert notice.lift_reason == "缺课已更正"


def test_who_may_excuse_and_what(world: World, away: tuple[Course, Enrolment]) -> None:
    _, mine = away
    row = mine.attendances.order_by("pk")[0]

    def code(reason: str = "因病", by: User | None = world.zhang) -> str:
        with pytest.raises(Refused) as caught:
            assert by
            absence.excuse(row=row, reason=reason, by=by)
        return caught.value.code

    assert code(by=world.qian) == code(by=world.wang.account) == "not_your_duty"
    assert code(" ") == code("长" * 61) == code("a\0") == "no_excuse"
    absence.excuse(row=row, reason="因病", by=world.zhang)
    assert code() == "not_absent"


def test_nobody_excuses_the_own_family(world: World) -> None:
    family = relative(world, world.chen)
    made, (mine,) = course(world, family)
    (row,) = missed(world, made, mine, 1)
    with pytest.raises(absence.OwnAbsence):
        absence.excuse(row=row, reason="因病", by=world.chen)
    assert absence.excuse(row=row, reason="因病", by=world.zhang).excused_at


# Priority


def test_three_in_a_term_cost_priority_and_no_points(world: World) -> None:
    made, (mine,) = course(world, world.zhao, lessons=8, price=60)
    other, (second,) = course(world, world.zhao, title="花艺插花", lessons=8)
    missed(world, made, mine, 4, 5)
    before = statement.available(world.zhao)
    with day_after(lesson(made, 5)):
        assert absence.sweep(clock.now())["lost"] == 0
        missed(world, other, second, 4)
        assert [absence.sweep(clock.now())["lost"] for _ in range(2)] == [1, 0]
        loss = PriorityLoss.objects.get()
        assert (loss.begins, loss.until) == (clock.today(), clock.today() + timedelta(days=90))
        assert loss.stands_on(clock.today()) and statement.available(world.zhao) == before
        assert "积分没有变动" in Message.objects.get(occasion=f"priority_loss:{loss.pk}").body


def test_one_is_too_many_where_the_setting_says_so(world: World) -> None:
    made, (mine,) = course(world, world.zhao, lessons=8)
    missed(world, made, mine, 4)
    with day_after(lesson(made, 4)):
        Setting.objects.create(
            sub_district=world.street, key=settings.TERM_ABSENCES.key, value=1, starts_on="2020-01-01", by=world.he
        )
        assert absence.sweep(clock.now())["lost"] == 1


def test_an_excuse_gives_priority_back(world: World) -> None:
    made, (mine,) = course(world, world.zhao, lessons=8)
    rows = missed(world, made, mine, 4, 5, 6)
    with day_after(lesson(made, 6)):
        assert absence.sweep(clock.now())["lost"] == 1
        absence.excuse(row=rows[0], reason="住院", by=world.zhang)
        assert not PriorityLoss.objects.get().stands_on(clock.today())
        assert absence.sweep(clock.now())["lost"] == 0
        assert Message.objects.filter(title="恢复优先报名").count() == 1


def test_absences_of_a_seat_that_was_given_back_do_not_count(world: World) -> None:
    made, (mine,) = course(world, world.zhao, lessons=8)
    missed(world, made, mine, 4, 5, 6)
    Enrolment.objects.filter(pk=mine.pk).update(status="cancelled", cancelled_at=mine.at)
    with day_after(lesson(made, 6)):
        assert absence.sweep(clock.now())["lost"] == 0
