"""What an appeal against staying away does, and how long one may be filed and waits for its answer."""

from datetime import datetime, time, timedelta

import pytest
import time_machine

from communities import appeals, calendar
from communities.models import Appeal
from core import clock
from nightschool import leaving
from nightschool.attending import absence, completing, consequences
from nightschool.line import waitlist
from nightschool.models import Channel, Completion, Course, Enrolment, PriorityLoss
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool.attending.coming import course, day_after, file, freed, lesson, missed, noticed, upheld
from tests.world import World

pytestmark = pytest.mark.django_db


def test_an_appeal_against_one_absence_excuses_it(world: World, away: tuple[Course, Enrolment]) -> None:
    _, mine = away
    row = mine.attendances.order_by("pk")[0]
    upheld(world, world.zhao, f"attendance:{row.pk}")
    row.refresh_from_db()
    assert (row.excused_by, row.note) == (world.chen, "申诉成立")


def test_an_appeal_against_the_notice_keeps_the_seat(world: World, away: tuple[Course, Enrolment]) -> None:
    _, mine = away
    notice = noticed(mine)
    upheld(world, world.zhao, f"absence_notice:{notice.pk}")
    notice.refresh_from_db()
    assert notice.lifted_at and not mine.attendances.unexcused().exists()


def test_an_appeal_against_a_freed_seat_gives_it_again_while_one_is_free(
    world: World, away: tuple[Course, Enrolment]
) -> None:
    made, mine = away
    freed(world, mine)
    upheld(world, world.zhao, f"seat_freed:{mine.pk}")
    mine.refresh_from_db()
    assert (mine.status, mine.cancelled_at, mine.refund) == ("seated", None, None)
    assert sum(absence.sweep(clock.now()).values()) == 0
    assert Course.objects.get(pk=made.pk).taken == 1 and breaches() == []


def test_an_appeal_against_a_freed_seat_returns_everything_when_none_is_free(
    world: World, away: tuple[Course, Enrolment]
) -> None:
    made, mine = away
    before = statement.available(world.zhao)
    freed(world, mine)
    Course.objects.filter(pk=made.pk).update(capacity=1, closes_at=lesson(made, 8).starts_at)
    cast.seated(Course.objects.get(pk=made.pk), world.wang)
    upheld(world, world.zhao, f"seat_freed:{mine.pk}")
    mine.refresh_from_db()
    assert (mine.status, statement.available(world.zhao)) == ("cancelled", before + 60)
    assert "已全额退回" in Message.objects.get(occasion=f"enrolment:{mine.pk}:returned").body
    assert breaches() == []


def test_an_appeal_against_one_absence_gives_back_the_seat_that_it_cost(
    world: World, away: tuple[Course, Enrolment]
) -> None:
    _, mine = away
    first, second = mine.attendances.order_by("pk")
    freed(world, mine)
    upheld(world, world.zhao, f"attendance:{first.pk}")
    mine.refresh_from_db()
    second.refresh_from_db()
    assert (mine.status, second.excused_at) == ("seated", None)
    assert breaches() == []


def test_the_excuse_of_a_colleague_gives_back_the_seat_or_the_points(
    world: World, away: tuple[Course, Enrolment]
) -> None:
    made, mine = away
    before = statement.available(world.zhao)
    freed(world, mine)
    Course.objects.filter(pk=made.pk).update(capacity=1, closes_at=lesson(made, 8).starts_at)
    cast.seated(Course.objects.get(pk=made.pk), world.wang)
    absence.excuse(row=mine.attendances.order_by("pk")[0], reason="住院", by=world.zhang)
    mine.refresh_from_db()
    assert (mine.status, statement.available(world.zhao)) == ("cancelled", before + 60)
    assert breaches() == []


def test_who_waits_again_meanwhile_has_the_points_and_keeps_the_place(
    world: World, away: tuple[Course, Enrolment]
) -> None:
    made, mine = away
    freed(world, mine)
    Course.objects.filter(pk=made.pk).update(capacity=1, held=0, closes_at=lesson(made, 8).starts_at)
    taken = cast.seated(Course.objects.get(pk=made.pk), world.wang)[0]
    waitlist.join(course_id=made.pk, resident=world.zhao, by=world.zhang, channel=Channel.DESK)
    leaving.cancel(enrolment=taken, by=world.zhang, reason="因病")
    Course.objects.filter(pk=made.pk).update(capacity=2)
    upheld(world, world.zhao, f"seat_freed:{mine.pk}")
    mine.refresh_from_db()
    assert (mine.status, made.line.get().status) == ("cancelled", "offered")
    assert breaches() == []


def test_an_appeal_that_is_not_upheld_changes_nothing(world: World, away: tuple[Course, Enrolment]) -> None:
    _, mine = away
    freed(world, mine)
    appeals.answer(
        appeal=file(world, world.zhao, f"seat_freed:{mine.pk}"), upheld=False, text="没有说明", by=world.chen
    )
    assert Enrolment.objects.get(pk=mine.pk).status == "freed"


def test_an_appeal_against_lost_priority_lifts_it(world: World) -> None:
    made, (mine,) = course(world, world.zhao, lessons=8)
    missed(world, made, mine, 4, 5, 6)
    with day_after(lesson(made, 6)):
        absence.sweep(clock.now())
        upheld(world, world.zhao, f"priority_loss:{PriorityLoss.objects.get().pk}")
        assert PriorityLoss.objects.get().lifted_by == world.chen
        assert absence.sweep(clock.now())["lost"] == 0


def test_nobody_appeals_what_is_somebody_elses(world: World, away: tuple[Course, Enrolment]) -> None:
    _, mine = away
    row, notice = mine.attendances.order_by("pk")[0], noticed(mine)
    for about in (f"attendance:{row.pk}", f"absence_notice:{notice.pk}", f"seat_freed:{mine.pk}", "priority_loss:1"):
        with pytest.raises(appeals.NothingToAppeal):
            file(world, world.wang, about)


def decided(world: World, what: str, made: Course, mine: Enrolment) -> tuple[str, datetime]:
    """One decision of each kind that stands against 赵玉珍, and when it was made."""
    if what == "attendance":
        return f"attendance:{(row := mine.attendances.order_by('pk')[0]).pk}", row.at
    if what == "absence_notice":
        return f"absence_notice:{(notice := noticed(mine)).pk}", notice.at
    if what == "seat_freed":
        freed(world, mine)
        mine.refresh_from_db()
        assert mine.cancelled_at
        return f"seat_freed:{mine.pk}", mine.cancelled_at
    if what == "priority_loss":
        missed(world, made, mine, 3)
        assert consequences.lose(resident=world.zhao, term_id=made.term_id, street=world.street.pk, by=world.system, at=clock.now())  # fmt: skip
        return f"priority_loss:{PriorityLoss.objects.get().pk}", clock.now()
    one = Completion.objects.create(enrolment=mine, number="JY1", attended=3, lessons=4, issued_by=world.system)
    completing.revoke(completion=one, reason="登记有误", by=world.chen)
    return f"completion:{one.pk}", clock.now()


@pytest.mark.parametrize("what", ["attendance", "absence_notice", "seat_freed", "priority_loss", "completion"])
def test_everything_that_is_decided_may_be_appealed_for_ten_working_days(
    world: World, away: tuple[Course, Enrolment], what: str
) -> None:
    """It names what stood before, waits five working days for its answer, and the answer names what stands now."""
    about, at = decided(world, what, *away)
    last = calendar.add_working_days(clock.local(at).date(), 10, world.street.pk)
    too_late = clock.at(last + timedelta(days=1), time(9))
    with time_machine.travel(too_late, tick=False), pytest.raises(appeals.TooLate):
        file(world, world.zhao, about)
    with time_machine.travel(clock.at(last, time(20)), tick=False):
        mine = file(world, world.zhao, about)
        assert mine.old_value and mine.answer_by == calendar.add_working_days(last, 5, world.street.pk)
        judge = world.he if what == "completion" else world.chen
        done = appeals.answer(appeal=mine, upheld=True, new_value="更正", text="已核实", by=judge)
    assert (done.status, done.new_value) == (Appeal.Status.UPHELD, "更正")
