"""星级限制: one proposes, a head who is no kin decides; it stops what is not granted, ends by time, lifting or appeal."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from activities import barring, starbook, starring
from activities.models import Star, StarBar
from communities import appeals, handover, settings, todo
from communities.kin import OwnPhoneMissing
from communities.models import Community, Setting, User
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities import serving
from tests.activities.cast import relative
from tests.activities.serving import REASON
from tests.books import refuses
from tests.world import World

pytestmark = pytest.mark.django_db


def waits(user: User) -> int:
    return {row.label: row.count for row in todo.rows_of([starbook.rows], user)}["星级限制待您复核"]


def test_a_proposal_alone_keeps_nobody_from_a_star(world: World) -> None:
    serving.proposed(world)
    serving.served(world, world.wang, 100)
    assert starring.sweep(clock.now()) == 1
    assert starbook.bar_of(world.wang) is None


def test_a_decided_bar_keeps_from_new_stars_until_its_day(world: World) -> None:
    with time_machine.travel("2026-11-22 12:00+08:00", tick=False):
        bar = serving.barred(world)
        serving.served(world, world.wang, 100)
        assert bar.until == date(2027, 11, 22)
        assert starring.sweep(clock.now()) == 0
    with time_machine.travel("2027-11-22 12:00+08:00", tick=False):
        assert starring.sweep(clock.now()) == 0
    with time_machine.travel("2027-11-23 12:00+08:00", tick=False):
        assert starring.sweep(clock.now()) == 1


def test_how_long_it_lasts_is_a_setting_of_one_to_three_years(world: World) -> None:
    declared = settings.STAR_BAR_YEARS
    assert (declared.low, declared.high) == (1, 3)
    Setting.objects.create(
        sub_district=world.street, key=declared.key, value=3, starts_on=date(2024, 1, 1), by=world.he
    )
    assert barring.last_day(world.street.pk, date(2024, 2, 29)) == date(2027, 2, 28)


def test_it_stops_what_is_not_granted_and_leaves_what_is(world: World) -> None:
    first = serving.reached(world)
    serving.over(serving.shown(world, first))
    second = serving.reached(world, amount=200)
    serving.barred(world)
    assert [(one.level, one.status, one.stop_reason) for one in Star.objects.order_by("pk")] == [
        (1, "granted", ""),
        (2, "stopped", starring.BARRED),
    ]
    assert second.resident.services.count() == 15
    titles = Message.objects.filter(resident=world.wang).values_list("title", flat=True)
    assert {"星级没有授予", "限制授予星级"} <= set(titles)


def test_a_bar_that_comes_while_a_star_is_shown_keeps_it_from_being_granted(world: World) -> None:
    star = serving.reached(world)
    notice = serving.shown(world, star)
    StarBar.objects.create(
        resident=world.wang, until=clock.today() + timedelta(days=300), reason=REASON, proposed_by=world.zhang,
        decided_by=world.chen, decided_at=clock.now(),
    )  # fmt: skip
    serving.over(notice)
    star.refresh_from_db()
    assert (star.status, star.stop_reason) == ("stopped", starring.BARRED)


def test_lifted_before_its_time_the_star_is_found_by_the_next_sweep(world: World) -> None:
    serving.reached(world)
    bar = barring.lift(bar=serving.barred(world), reason="核实是签到机故障", by=world.he)
    assert (bar.lifted_by, bar.lift_reason) == (world.he, "核实是签到机故障")
    assert starring.sweep(clock.now()) == 1
    with refuses(barring.NotWaiting):
        barring.lift(bar=bar, reason="再解除", by=world.he)


def test_declined_it_holds_for_nobody_and_the_proposer_is_told_why(world: World) -> None:
    bar = barring.decline(bar=serving.proposed(world), reason="证据不足", by=world.chen)
    assert bar.decided_at is None and starbook.bar_of(world.wang) is None
    assert "证据不足" in Message.objects.get(staff=world.zhang).body
    with refuses(barring.NotWaiting):
        barring.approve(bar=bar, by=world.chen)
    assert serving.proposed(world).pk != bar.pk


def test_who_proposed_does_not_decide_even_as_head(world: World) -> None:
    mine = barring.propose(resident=world.wang, reason=REASON, by=world.chen)
    for act in (barring.approve, lambda **given: barring.decline(reason="不对", **given)):
        with refuses(barring.OwnProposal):
            act(bar=mine, by=world.chen)
    assert (waits(world.chen), waits(world.he)) == (0, 1)
    barring.approve(bar=mine, by=world.he)


def test_a_worker_does_not_decide_nor_lift(world: World) -> None:
    other = cast.staff("zhoujie", "周洁", cast.Duty.Role.WORKER, community=world.wenxing)
    mine = serving.proposed(world)
    with refuses(barring.HeadsOnly):
        barring.approve(bar=mine, by=other)
    barring.approve(bar=mine, by=world.chen)
    with refuses(barring.HeadsOnly):
        barring.lift(bar=mine, reason="不对", by=other)


def test_nobody_bars_or_spares_the_own_family(world: World) -> None:
    family = relative(world, world.chen)
    with refuses(barring.OwnFamily):
        barring.propose(resident=family, reason=REASON, by=world.chen)
    mine = serving.proposed(world, family)
    assert waits(world.chen) == 0
    with refuses(barring.OwnFamily):
        barring.approve(bar=mine, by=world.chen)
    with refuses(barring.OwnFamily):
        barring.decline(bar=mine, reason="不对", by=world.chen)
    barring.approve(bar=mine, by=world.he)
    with refuses(barring.OwnFamily):
        barring.lift(bar=mine, reason="不对", by=world.chen)


def test_staff_of_another_community_and_whoever_has_no_own_phone_do_nothing(world: World) -> None:
    with refuses(cast.duties.NotYourDuty):
        barring.propose(resident=world.wang, reason=REASON, by=world.qian)
    User.objects.filter(pk=world.zhang.pk).update(own_phone="")
    world.zhang.refresh_from_db()
    with refuses(OwnPhoneMissing):
        serving.proposed(world)
    assert (waits(world.zhang), waits(world.qian)) == (0, 0)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 101, "有\0字"])
def test_a_reason_is_written(world: World, reason: str) -> None:
    with refuses(barring.BadReason):
        barring.propose(resident=world.wang, reason=reason, by=world.zhang)


def test_one_is_barred_once(world: World) -> None:
    mine = serving.proposed(world)
    with refuses(barring.AlreadyBarred):
        serving.proposed(world)
    barring.approve(bar=mine, by=world.chen)
    with refuses(barring.AlreadyBarred):
        serving.proposed(world)


def test_the_database_itself_wants_two_people_and_a_reason(world: World) -> None:
    mine = serving.proposed(world)
    for change in (
        {"decided_by": world.zhang, "decided_at": clock.now()},
        {"decided_by": world.chen},
        {"lifted_by": world.chen, "lifted_at": clock.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            StarBar.objects.filter(pk=mine.pk).update(**change)


def test_the_person_appeals_against_a_bar_and_upheld_it_is_lifted(world: World) -> None:
    bar = serving.barred(world)
    assert world.wang.account
    assert appeals.find(world.li, bar.about) is None
    mine = appeals.file(resident=world.wang, about=bar.about, text="我到场了", by=world.wang.account)
    assert REASON in mine.subject
    for judge in (world.zhang, world.chen):
        with refuses(appeals.OwnDecision):
            appeals.answer(appeal=mine, upheld=True, text="属实", new_value="解除", by=judge)
    appeals.answer(appeal=mine, upheld=True, text="属实", new_value="解除", by=world.he)
    bar.refresh_from_db()
    assert (bar.lifted_by, bar.lift_reason) == (world.he, "申诉成立")


def test_a_proposal_cannot_be_appealed_yet(world: World) -> None:
    assert appeals.find(world.wang, serving.proposed(world).about) is None


def test_a_stopped_star_is_judged_by_neither_of_the_two_who_barred(world: World) -> None:
    star = serving.reached(world)
    serving.barred(world)
    found = appeals.find(world.wang, star.about)
    assert found and (found.decided_by_id, found.prepared_by_id) == (world.chen.pk, world.zhang.pk)


def test_a_proposal_stays_with_who_leaves(world: World) -> None:
    serving.proposed(world)
    places = Community.objects.filter(pk=world.wenxing.pk)
    assert starbook.held.count(world.zhang, places) == 1
    assert starbook.held.pass_on is None and starbook.held.stays
    assert isinstance(starbook.held, handover.Holder)
