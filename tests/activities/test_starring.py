"""星级: reached by hours, shown, granted after the window, kept for ever; stopped by objections, bars and corrections."""

from datetime import date, timedelta

import pytest
import time_machine

from activities import starbook, starring
from activities.ladders import OBJECTED
from activities.models import Star
from activities.tasks import stars as nightly
from communities import appeals, disclosure, notices, objections, publishing, settings, todo
from communities.models import Courier, Notice, NoticeItem, Resident, Setting, User
from communities.notices import AlreadyShown, NotClear
from core import clock
from notifications.models import Message
from points import ledger
from tests import world as cast
from tests.activities import serving
from tests.books import breaches, refuses
from tests.communities import noticing
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Star.Status


def told(resident: Resident) -> list[str]:
    rows = Message.objects.filter(resident=resident, occasion__startswith="star").order_by("pk")
    return list(rows.values_list("title", flat=True))


def levels(resident: Resident) -> list[tuple[str, int, str]]:
    rows = Star.objects.of(resident).order_by("pk")
    return list(rows.values_list("ladder", "level", "status"))


def riding(world: World, resident: Resident) -> Courier:
    return Courier.objects.create(
        resident=resident, platform="美团", status="confirmed", by=world.zhang, decided_at=clock.now(), decided_by=world.chen
    )  # fmt: skip


def test_a_hundred_hours_reach_the_first_star_and_half_an_hour_less_does_not(world: World) -> None:
    serving.served(world, world.wang, 99.5)
    assert starring.sweep(clock.now()) == 0
    serving.served(world, world.wang, 0.5)
    nightly()
    star = Star.objects.get()
    assert (star.level, star.amount, star.community, star.status) == (1, 6000, world.wenxing, Status.REACHED)
    assert (star.label, told(world.wang)) == ("一星志愿者", ["达到新的星级"])


def test_a_second_sweep_writes_nothing(world: World) -> None:
    serving.reached(world)
    assert starring.sweep(clock.now()) == 0
    assert Star.objects.count() == 1


def test_who_comes_with_many_hours_reaches_the_highest_alone(world: World) -> None:
    assert serving.reached(world, amount=310).level == 2
    assert len(levels(world.wang)) == 1


def test_only_hours_that_stand_are_counted(world: World) -> None:
    rows = serving.served(world, world.wang, 100)
    serving.struck(rows[0], world)
    assert starring.sweep(clock.now()) == 0


def test_spending_points_takes_no_hour_from_the_way_to_a_star(world: World) -> None:
    serving.served(world, world.wang, 100)
    ledger.charge(key="x", resident=world.wang, amount=80, provider=world.wenxing, by=world.system, reason="夜校")
    assert starring.sweep(clock.now()) == 1


def test_what_a_star_asks_for_is_a_setting(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key=settings.STARS[0].key, value=2, starts_on=clock.today(), by=world.he
    )
    serving.served(world, world.wang, 2)
    assert starring.sweep(clock.now()) == 1


def test_a_star_is_granted_when_the_window_ends_without_objection(world: World) -> None:
    star = serving.reached(world)
    notice = serving.shown(world, star)
    star.refresh_from_db()
    assert star.status == Status.REACHED
    serving.over(notice)
    star.refresh_from_db()
    assert (star.status, told(world.wang)) == (Status.GRANTED, ["达到新的星级", "授予星级"])


def test_nobody_is_granted_a_star_that_was_not_shown(world: World) -> None:
    star = serving.reached(world)
    with refuses(NotClear):
        starring.settle(star=star, at=clock.now())
    serving.shown(world, star)
    with refuses(NotClear):
        starring.settle(star=star, at=clock.now())
    star.refresh_from_db()
    assert star.status == Status.REACHED


def test_what_was_granted_stays_whatever_is_corrected_or_asked_later(world: World) -> None:
    star = serving.reached(world)
    serving.over(serving.shown(world, star))
    for row in world.wang.services.all():
        serving.struck(row, world)
    starring.sweep(clock.now())
    assert levels(world.wang) == [("volunteer", 1, "granted")]
    assert starbook.way_of(world.wang, Star.Ladder.VOLUNTEER, 0, clock.today()).star == star


def test_hours_corrected_while_it_is_shown_stop_it_and_new_hours_reach_it_again(world: World) -> None:
    star = serving.reached(world)
    notice = serving.shown(world, star)
    serving.struck(world.wang.services.first(), world)
    serving.over(notice)
    star.refresh_from_db()
    assert (star.status, star.stop_reason) == (Status.STOPPED, starring.FELL)
    serving.served(world, world.wang, 20)
    assert starring.sweep(clock.now()) == 1


@pytest.fixture
def other(world: World) -> User:
    """A colleague of 文兴 who takes no part otherwise."""
    return cast.staff("zhoujie", "周洁", cast.Duty.Role.WORKER, community=world.wenxing)


def stopped(world: World, other: User) -> Star:
    star = serving.reached(world)
    notice = serving.shown(world, star)
    filed = objections.file(notice=notice, item=notice.items.get(), text="那天没有来", by=other)
    objections.answer(objection=filed, upheld=True, text="核实没有到场", by=world.he)
    star.refresh_from_db()
    return star


def test_an_upheld_objection_stops_the_star_and_the_sweep_does_not_bring_it_back(world: World, other: User) -> None:
    star = stopped(world, other)
    assert (star.status, star.stop_reason) == (Status.STOPPED, OBJECTED)
    assert told(world.wang)[-1] == "星级没有授予"
    assert starring.sweep(clock.now()) == 0
    serving.served(world, world.wang, 0.5)
    assert starring.sweep(clock.now()) == 1  # more service than was objected to


def test_a_notice_that_is_only_withdrawn_leaves_the_star_to_be_shown_anew(world: World) -> None:
    star = serving.reached(world)
    publishing.withdraw(notice=serving.shown(world, star), reason="漏列一人", by=world.chen)
    star.refresh_from_db()
    assert star.status == Status.REACHED
    serving.over(serving.shown(world, star))
    star.refresh_from_db()
    assert star.status == Status.GRANTED


def test_the_person_appeals_and_another_than_who_decided_brings_the_star_back(world: World, other: User) -> None:
    star = stopped(world, other)
    assert world.wang.account
    decision = appeals.find(world.wang, star.about)
    assert decision and decision.decided_by_id == world.he.pk
    assert appeals.find(world.li, star.about) is None
    mine = appeals.file(resident=world.wang, about=star.about, text="我确实到场了", by=world.wang.account)
    with refuses(appeals.OwnDecision):
        appeals.answer(appeal=mine, upheld=True, text="属实", new_value="重新公示", by=world.he)
    appeals.answer(appeal=mine, upheld=True, text="属实", new_value="重新公示", by=world.chen)
    assert levels(world.wang) == [("volunteer", 1, "stopped"), ("volunteer", 1, "reached")]


def test_an_appeal_that_is_rejected_changes_nothing(world: World, other: User) -> None:
    star = stopped(world, other)
    assert world.wang.account
    mine = appeals.file(resident=world.wang, about=star.about, text="我确实到场了", by=world.wang.account)
    appeals.answer(appeal=mine, upheld=False, text="签到表上没有", by=world.chen)
    assert levels(world.wang) == [("volunteer", 1, "stopped")]


def test_a_star_that_is_not_stopped_cannot_be_appealed(world: World) -> None:
    assert appeals.find(world.wang, serving.reached(world).about) is None


def test_nobody_below_fourteen_is_named_and_no_figure_of_hours_stands_on_the_list(world: World) -> None:
    people = noticing.crowd(world, 11)
    child = cast.resident(world.wenxing, "金小鸟", born=clock.today() - timedelta(days=13 * 365))
    noticing.agree(child)
    stars = [serving.reached(world, one) for one in (*people, child)]
    board = disclosure.board_of(serving.shown(world, *stars))
    assert len(board.lines) == 11 and board.others == 1
    assert "金*鸟" not in [line.who for line in board.lines]
    assert {line.said for line in board.lines} == {"达到一星志愿者标准"}


def test_a_list_says_what_the_stars_ask_for(world: World) -> None:
    notice = starring.show(stars=[serving.reached(world)], by=world.zhang)
    assert "一星100、二星300、三星600、四星1000、五星1500" in notice.text
    assert notice.title.endswith("星级公示")


def test_what_cannot_be_put_on_a_list(world: World) -> None:
    star, theirs = serving.reached(world), serving.reached(world, world.zhou)
    with refuses(starring.NothingPicked):
        starring.show(stars=[], by=world.zhang)
    with refuses(starring.TwoCommunities):
        starring.show(stars=[star, theirs], by=world.he)
    with refuses(cast.duties.NotYourDuty):
        starring.show(stars=[star], by=world.qian)
    notice = serving.shown(world, star)
    with refuses(AlreadyShown):
        starring.show(stars=[star], by=world.zhang)
    serving.over(notice)
    with refuses(starring.NotToBeShown):
        starring.show(stars=[star], by=world.zhang)


def test_a_star_of_somebody_barred_is_not_put_on_a_list(world: World) -> None:
    star = serving.reached(world)
    bar = serving.barred(world)
    Star.objects.filter(pk=star.pk).update(status=Status.REACHED, settled_at=None, stop_reason="")
    with refuses(starring.StillBarred) as refused:
        starring.show(stars=[star], by=world.zhang)
    assert "王秀兰" in refused.value.message and bar.decided_at


def test_nobody_who_is_not_confirmed_or_has_left_is_written_down(world: World) -> None:
    serving.served(world, world.wang, 100)
    Resident.objects.filter(pk=world.wang.pk).update(status="pending", decided_at=None)
    assert starring.sweep(clock.now()) == 0


def test_couriers_have_a_ladder_of_the_year_by_points_earned(world: World) -> None:
    riding(world, world.li)
    cast.award(world.li, 49)
    assert starring.sweep(clock.now()) == 0
    cast.award(world.li, 101)
    assert starring.sweep(clock.now()) == 1
    star = Star.objects.get()
    assert (star.ladder, star.level, star.amount, star.year) == ("courier", 2, 150, clock.today().year)
    assert star.label == f"{clock.today().year}年度二星小哥"
    assert breaches() == []


def test_spent_points_count_and_reversed_points_do_not(world: World) -> None:
    riding(world, world.li)
    given = cast.award(world.li, 60)
    ledger.charge(key="x", resident=world.li, amount=60, provider=world.wenxing, by=world.system, reason="夜校")
    assert starring.sweep(clock.now()) == 1
    Star.objects.all().delete()
    ledger.reverse(key="back", entry=given, by=world.system, reason="记错")
    assert starring.sweep(clock.now()) == 0


def test_the_couriers_ladder_is_for_couriers_of_today(world: World) -> None:
    cast.award(world.li, 200)
    assert starring.sweep(clock.now()) == 0
    mine = riding(world, world.li)
    Courier.objects.filter(pk=mine.pk).update(status="ended", ended_at=clock.now(), end_reason="换工作")
    assert starring.sweep(clock.now()) == 0


def test_a_year_begins_anew_and_its_last_days_are_still_seen_in_january(world: World) -> None:
    year = clock.today().year
    riding(world, world.li)
    cast.award(world.li, 60)
    with time_machine.travel(clock.at(date(year + 1, 1, 5), clock.local(clock.now()).time()), tick=False):
        assert starring.sweep(clock.now()) == 1
        assert list(Star.objects.values_list("year", flat=True)) == [year]
        cast.award(world.li, 55)
        assert starring.sweep(clock.now()) == 1
    with time_machine.travel(clock.at(date(year + 1, 3, 5), clock.local(clock.now()).time()), tick=False):
        assert starring.sweep(clock.now()) == 0
    assert set(Star.objects.values_list("year", "level")) == {(year, 1), (year + 1, 1)}


def test_what_the_reader_sees_of_the_way(world: World) -> None:
    serving.served(world, world.wang, 86)
    (way,) = starbook.ways_of(world.wang, clock.now())
    assert (way.hours, way.hours_left, way.level, way.star) == ("86", "14", "一星", None)
    riding(world, world.wang)
    assert [one.ladder for one in starbook.ways_of(world.wang, clock.now())] == ["volunteer", "courier"]


def test_at_the_top_there_is_no_next_star(world: World) -> None:
    serving.reached(world, amount=1500)
    (way,) = starbook.ways_of(world.wang, clock.now())
    assert (way.need, way.level, way.waiting and way.waiting.level) == (None, "", 5)


def test_the_trend_is_ones_own_by_month(world: World) -> None:
    serving.served(world, world.li, 20)
    with time_machine.travel("2026-11-22 12:00+08:00", tick=False):
        serving.served(world, world.wang, 2)
        serving.served(world, world.wang, 3, ago=40)
        months = starbook.trend_of(world.wang, clock.now())
    assert [one.name for one in months] == ["6月", "7月", "8月", "9月", "10月", "11月"]
    assert [one.hours for one in months] == ["0", "0", "0", "0", "3", "2"]


def test_staff_are_told_what_waits_until_it_stands_on_a_list(world: World) -> None:
    star = serving.reached(world)

    def waits(user: User) -> int:
        return {row.label: row.count for row in todo.rows_of([starbook.rows], user)}["星级待列入公示"]

    assert (waits(world.zhang), waits(world.qian)) == (1, 0)
    starring.show(stars=[star], by=world.zhang)
    assert waits(world.zhang) == 0
    notice = Notice.objects.get()
    publishing.withdraw(notice=notice, reason="漏列", by=world.zhang)
    assert NoticeItem.objects.count() == 1 and waits(world.zhang) == 1
    assert notices.standing(star.about).state == notices.State.NONE
