"""What gives points beside the rules is shown to everybody before it is booked; what takes them is not (ADR 0016)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from communities import appeals, closing, notices, objections, publishing, settings
from communities.models import Duty, Notice, Resident
from communities.todo import rows_for
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import adjusting, showing, statement
from points.adjusting import approve, propose
from points.models import Adjustment, Entry
from tests import world as cast
from tests.activities.cast import relative
from tests.books import breaches
from tests.points.correcting import REASON, proposed, take_back
from tests.points.deeds import moved
from tests.points.shown import booked, shown
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_are_sound(db: None) -> Iterator[None]:
    yield
    assert breaches() == []


def waiting(world: World, amount: int = 30, resident: Resident | None = None) -> Adjustment:
    return approve(adjustment=proposed(world, amount, resident), by=world.chen)


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def fresh(mine: Adjustment) -> Adjustment:
    return Adjustment.objects.get(pk=mine.pk)


def test_what_gives_waits_and_the_resident_is_told(world: World) -> None:
    mine = waiting(world)
    assert (mine.status, mine.entry_id, mine.decided_by) == ("notice", None, world.chen)
    assert statement.available(world.wang) == 80 and not Entry.objects.filter(kind="adjustment").exists()
    said = Message.objects.get(occasion=f"adjustment:{mine.pk}:notice")
    assert "增加30积分" in said.body and "期满没有异议就入账" in said.body and REASON in said.body
    assert refused(lambda: approve(adjustment=mine, by=world.he)) == "adjustment_decided"
    assert refused(lambda: adjusting.reject(adjustment=mine, reason="x", by=world.he)) == "adjustment_decided"


@pytest.mark.parametrize("way", ["take", "take back"])
def test_what_takes_is_booked_at_once_and_shown_to_nobody(world: World, way: str) -> None:
    mine = approve(adjustment=take_back(world) if way == "take back" else proposed(world, -30), by=world.chen)
    assert mine.status == "approved" and mine.entry_id
    assert refused(lambda: showing.prepare(adjustments=[mine], title="公示", by=world.zhang)) == "adjustment_decided"
    assert not Notice.objects.exists()


def test_the_end_of_the_notice_books_it_in_the_name_of_who_decided(world: World) -> None:
    mine = booked(world, proposed(world))
    assert mine.status == "approved" and mine.entry and mine.entry.by == world.chen
    assert statement.available(world.wang) == 110
    assert "增加30积分" in Message.objects.get(occasion=f"adjustment:{mine.pk}:approved").body
    assert refused(lambda: showing.settle(adjustment=mine, by=world.zhang)) == "adjustment_decided"


def test_nothing_is_booked_before_the_window_has_ended(world: World) -> None:
    mine = waiting(world)
    assert refused(lambda: showing.settle(adjustment=mine, by=world.zhang)) == "notice_not_clear"
    assert refused(lambda: showing.settle(adjustment=mine)) == "notice_not_clear"  # nor by the sweep
    notice = showing.prepare(adjustments=[mine], title="公示", by=world.zhang)
    assert refused(lambda: showing.settle(adjustment=mine, by=world.zhang)) == "notice_not_clear"
    publishing.publish(notice=notice, by=world.he)
    assert refused(lambda: showing.settle(adjustment=mine, by=world.zhang)) == "notice_not_clear"
    assert not publishing.end(notice=notice) and statement.available(world.wang) == 80
    last = publishing.notices.last_days([Notice.objects.get()])[notice.pk]
    with time_machine.travel(clock.midnight_after(last), tick=False):
        assert publishing.sweep() == 1
        assert statement.available(world.wang) == 110


def test_the_line_says_how_many_points_and_not_why(world: World) -> None:
    notice = showing.prepare(adjustments=[waiting(world)], title="公示", by=world.zhang)
    item = notice.items.get()
    assert (item.said, item.resident) == ("人工调整，增加30积分", world.wang)
    assert REASON not in item.said + notice.text + notice.title


def test_a_very_large_sum_does_not_pass_for_a_phone(world: World) -> None:
    """Whoever may be given so much may be shown so: seven digits in a row would not be."""
    notice = showing.prepare(adjustments=[waiting(world, 10**9)], title="公示", by=world.zhang)
    assert notice.items.get().said == "人工调整，增加1,000,000,000积分"


def test_who_lists_it_does_not_publish_it(world: World) -> None:
    notice = showing.prepare(adjustments=[waiting(world)], title="公示", by=world.chen)
    assert refused(lambda: publishing.publish(notice=notice, by=world.chen)) == "own_notice"


def test_an_objection_that_is_upheld_stops_it_and_it_can_be_appealed(world: World) -> None:
    mine = waiting(world)
    notice = showing.prepare(adjustments=[mine], title="公示", by=world.zhang)
    publishing.publish(notice=notice, by=world.he)
    objection = objections.file(notice=notice, item=notice.items.get(), text="没有这回事", by=world.zhang)
    publisher = cast.staff("head2", "另一主任", Duty.Role.HEAD, community=world.wenxing)
    objections.answer(objection=objection, upheld=True, text="核实没有参加", by=publisher)
    mine = fresh(mine)
    assert (mine.status, mine.decline_reason, mine.entry_id) == ("stopped", "公示期间异议成立", None)
    assert statement.available(world.wang) == 80
    said = Message.objects.get(occasion=f"adjustment:{mine.pk}:stopped")
    assert "没有入账" in said.body and "没有变动" in said.body and "可以申诉" in said.body
    decision = appeals.find(world.wang, f"adjustment:{mine.pk}")
    assert (
        decision and decision.value == "增加30积分没有入账：公示期间异议成立" and decision.decided_at == mine.stopped_at
    )
    appeals.file(
        resident=world.wang, about=f"adjustment:{mine.pk}", text="我去了", by=world.wang.account or world.zhang
    )


def test_a_withdrawn_notice_leaves_it_to_be_shown_anew(world: World) -> None:
    mine = waiting(world)
    notice = showing.prepare(adjustments=[mine], title="公示", by=world.zhang)
    publishing.publish(notice=notice, by=world.he)
    assert not showing.to_show(world.zhang).exists()
    publishing.withdraw(notice=notice, reason="写错了", by=world.he)
    assert list(showing.to_show(world.zhang)) == [mine] and fresh(mine).status == "notice"
    publishing.end(notice=shown([mine], world.zhang, world.he))
    assert fresh(mine).status == "approved"


def test_it_stands_on_one_notice_only(world: World) -> None:
    mine = waiting(world)
    showing.prepare(adjustments=[mine], title="公示", by=world.zhang)
    assert refused(lambda: showing.prepare(adjustments=[mine], title="公示二", by=world.zhang)) == "already_shown"


def test_what_cannot_be_listed_says_so(world: World) -> None:
    assert refused(lambda: showing.prepare(adjustments=[], title="公示", by=world.zhang)) == "no_adjustments_picked"
    theirs = approve(adjustment=propose(resident=world.zhou, amount=5, reason="x", by=world.qian), by=world.he)
    both = [waiting(world), theirs]
    assert refused(lambda: showing.prepare(adjustments=both, title="公示", by=world.he)) == "adjustments_of_two_places"
    assert refused(lambda: showing.prepare(adjustments=[theirs], title="公示", by=world.zhang)) == "not_your_duty"
    assert (
        refused(lambda: showing.prepare(adjustments=[proposed(world, 7)], title="公示", by=world.zhang))
        == "adjustment_decided"
    )


def test_what_the_books_refuse_at_the_end_waits_for_a_colleague(world: World) -> None:
    """Of two on one notice the other is booked all the same."""
    first, second = waiting(world), waiting(world, 5, world.li)
    notice = shown([first, second], world.zhang, world.he)
    # A reason that no entry takes: written by nobody's verb.
    Adjustment.objects.filter(pk=first.pk).update(reason=" ")
    assert publishing.end(notice=notice)
    assert (fresh(first).status, fresh(second).status) == ("notice", "approved")
    Adjustment.objects.filter(pk=first.pk).update(reason=REASON)
    (row,) = [row for row in rows_for(world.zhang) if row.label == "积分调整公示期满待入账"]
    assert (row.count, row.url) == (1, "/desk/adjustments/?status=notice")
    assert refused(lambda: showing.settle(adjustment=first, by=world.qian)) == "not_your_duty"
    showing.settle(adjustment=first, by=world.zhang)
    assert fresh(first).status == "approved" and statement.available(world.wang) == 110


def test_nobody_books_it_for_the_family(world: World) -> None:
    kin = relative(world, world.zhang)
    mine = approve(adjustment=propose(resident=kin, amount=5, reason="x", by=world.chen), by=world.he)
    notices_before = shown([mine], world.chen, world.he)
    assert refused(lambda: showing.settle(adjustment=mine, by=world.zhang)) == "own_adjustment"
    assert publishing.end(notice=notices_before) and fresh(mine).status == "approved"


def test_the_desk_says_what_is_to_be_listed(world: World) -> None:
    mine = waiting(world)
    (row,) = [row for row in rows_for(world.zhang) if row.label == "积分调整待列入公示"]
    assert row.count == 1
    showing.prepare(adjustments=[mine], title="公示", by=world.zhang)
    assert not [row for row in rows_for(world.zhang) if row.section == "adjustments"]
    assert not [row for row in rows_for(world.qian) if row.section == "adjustments"]


def test_the_file_is_not_closed_meanwhile(world: World) -> None:
    waiting(world, 5, world.li)
    assert any("公示期满" in said for said in closing.obstacles_of(world.li))


def test_whoever_moves_meanwhile_is_given_the_points_where_they_live(world: World) -> None:
    mine = waiting(world)
    notice = shown([mine], world.zhang, world.he)
    moved(world.wang, world.yongan)
    assert publishing.end(notice=notice)
    assert fresh(mine).entry.community == world.yongan and statement.available(world.wang) == 110  # type: ignore[union-attr]


def test_the_same_is_not_proposed_again_while_it_is_shown(world: World) -> None:
    waiting(world)
    assert refused(lambda: proposed(world)) == "already_proposed"


def test_a_longer_window_holds_for_it(world: World) -> None:
    settings.change(
        key="notice.working_days", value=10, starts_on=clock.today() + timedelta(days=1), sub_district=world.street, by=world.he
    )  # fmt: skip
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        mine = waiting(world)
        notice = showing.prepare(adjustments=[mine], title="公示", by=world.zhang)
        done = publishing.publish(notice=notice, by=world.he)
        assert isinstance(done.closes_on, date) and notices.standing(f"adjustment:{mine.pk}").until == done.closes_on
        assert (done.closes_on - clock.today()).days >= 12
