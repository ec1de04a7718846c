"""The line at the counter: joined, answered and left by a colleague for somebody who stands there or rings; each leaves a slip."""

import pytest

from communities import counter, todo
from communities.models import Resident, Slip
from core import clock
from core.refusals import Refused
from nightschool import counter as night_school
from nightschool.line import counter as line_counter, queue as line_queue
from nightschool.models import Enrolment, Waiting
from points import ledger, statement
from tests.books import breaches, refuses
from tests.nightschool.lining import freed, full, join, offered, status
from tests.world import World

pytestmark = pytest.mark.django_db


def perform(world: World, code: str, who: Resident, number: int) -> Slip:
    act = counter.act_of(code)
    assert act
    return counter.perform(act=act, resident=who, number=number, by=world.zhang)


def plan(code: str, who: Resident, number: int) -> tuple[dict[str, str], Refused | None]:
    act = counter.act_of(code)
    assert act and act.plan
    said = act.plan(who, number, clock.now())
    return dict(said.facts), said.refused


def test_an_elder_without_a_phone_joins_is_rung_up_and_takes_the_seat(world: World) -> None:
    course, taken = full(world, price=60)
    (choice,) = night_school.courses(world.zhao, clock.now())
    assert (choice.number, choice.label, choice.code, choice.refused) == (
        course.pk,
        "形体塑形：候补",
        line_counter.IN,
        "",
    )
    assert "已满，候补不扣积分" in choice.sub
    facts, refused = plan("night-school-line", world.zhao, course.pk)
    assert (facts["排在"], facts["积分"], refused) == ("第1位", "候补不扣积分", None)
    slip = perform(world, "night-school-line", world.zhao, course.pk)
    mine = Waiting.objects.get()
    assert (mine.channel, mine.by, slip.about) == ("desk", world.zhang, f"waiting:{mine.pk}")
    assert "排第1位，没有扣积分" in slip.said
    freed(taken[0], world)
    facts, refused = plan("night-school-offer", world.zhao, course.pk)
    assert (facts["使用积分"], facts["可用积分"], refused) == ("60积分", "办理前200，办理后140", None)
    slip = perform(world, "night-school-offer", world.zhao, course.pk)
    seat = Enrolment.objects.get(resident=world.zhao)
    assert slip.about == f"enrolment:{seat.pk}" and seat.spoken_number in slip.said
    assert (seat.channel, statement.available(world.zhao)) == ("desk", 140)
    assert breaches() == []


def test_an_offer_is_given_up_at_the_counter(world: World) -> None:
    course, mine = offered(world)
    keep, give_up = line_counter.standing(world.wang, clock.now())
    assert "前确认" in keep.sub and (keep.code, give_up.code) == ("", line_counter.OUT) and "放弃" in give_up.label
    perform(world, line_counter.OUT, world.wang, course.pk)
    assert status(mine) == ["declined"]
    assert line_counter.standing(world.wang, clock.now()) == []


def test_what_cannot_be_paid_leaves_no_slip(world: World) -> None:
    course, mine = offered(world, price=100)
    assert isinstance(plan("night-school-offer", world.wang, course.pk)[1], ledger.ShortOfPoints)
    with refuses(ledger.ShortOfPoints):
        perform(world, "night-school-offer", world.wang, course.pk)
    assert status(mine) == ["offered"] and not Slip.objects.exists()


def test_whom_nobody_can_tell_by_phone_waits_on_the_to_do_page(world: World) -> None:
    course, taken = full(world)
    join(course, world.wang, world)
    join(course, world.zhao, world)  # no phone
    (row,) = line_queue.rows(world.zhang)
    freed(taken[0], world)
    assert row.found(None).count() == 0  # type: ignore[arg-type]
    freed(taken[1], world)
    assert [one.resident for one in row.found(None)] == [world.zhao]  # type: ignore[arg-type]
    (theirs,) = line_queue.rows(world.qian)
    assert not theirs.found(None).exists()  # type: ignore[arg-type]
    shown = [one for one in todo.rows_for(world.zhang) if "候补已轮到" in one.label]
    assert [(one.count, one.url) for one in shown] == [(1, f"/desk/night-school/{course.pk}/line/")]
