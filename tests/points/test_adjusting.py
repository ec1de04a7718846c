"""What no rule gives is booked only after a second colleague, who is no kin, approved it; what is taken back may be owed."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from communities.models import Duty, Resident, User
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import ledger, statement
from points.adjusting import approve, propose, propose_take_back, refusal_for, reject
from points.models import Adjustment, Debt, Entry
from tests import world as cast
from tests.activities.cast import relative
from tests.books import breaches
from tests.points.correcting import MISTAKE, REASON, first_award, proposed, take_back
from tests.points.shown import booked
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = clock.today().year


@pytest.fixture(autouse=True)
def _books_are_sound(db: None) -> Iterator[None]:
    yield
    assert breaches() == []


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal; nothing was written to the books."""
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert Entry.objects.count() == before
    return caught.value.code


def spend(world: World, amount: int) -> int:
    return ledger.charge(
        key=f"spent:{amount}",
        resident=world.wang,
        amount=amount,
        provider=world.wenxing,
        by=world.system,
        reason="夜校",
    )


def staff_kin(world: World, user: User) -> Resident:
    """A confirmed resident of 文兴 who lives with `user` and has points."""
    kin = relative(world, user)
    cast.award(kin, 50)
    return kin


# what is approved is booked


def test_what_two_people_give_is_booked_once_and_told(world: World) -> None:
    mine = booked(world, proposed(world))
    entry = Entry.objects.get(key=f"adjustment:{mine.pk}")
    assert (entry.kind, entry.reason, entry.by, entry.pk) == ("adjustment", REASON, world.chen, mine.entry_id)
    assert (mine.status, mine.proposed_by, mine.decided_by) == ("approved", world.zhang, world.chen)
    assert statement.available(world.wang) == 110
    assert refused(lambda: approve(adjustment=mine, by=world.he)) == "adjustment_decided"
    said = Message.objects.get(occasion=f"adjustment:{mine.pk}:approved")
    assert (said.resident, said.link) == (world.wang, "/points/")
    assert "文兴社区增加30积分" in said.body and REASON in said.body


def test_what_two_people_take_is_taken_and_can_be_appealed(world: World) -> None:
    mine = approve(adjustment=proposed(world, -30), by=world.he)
    assert statement.available(world.wang) == 50
    said = Message.objects.get(occasion=f"adjustment:{mine.pk}:approved")
    assert "扣减30积分" in said.body and "可以申诉" in said.body
    assert said.link == f"/appeals/adjustment:{mine.pk}/"


def test_nothing_is_booked_or_told_before_the_second_person(world: World) -> None:
    mine = proposed(world)
    assert (mine.status, mine.entry, mine.decided_by) == ("proposed", None, None)
    assert statement.available(world.wang) == 80
    assert not Message.objects.filter(occasion__startswith="adjustment:").exists()


def test_an_award_that_is_still_there_is_taken_back(world: World) -> None:
    mine = approve(adjustment=take_back(world), by=world.chen)
    entry = Entry.objects.get(pk=mine.entry_id)
    assert (entry.kind, entry.key, entry.reason) == ("reversal", f"adjustment:{mine.pk}", f"收回：{MISTAKE}")
    assert (mine.amount, statement.available(world.wang), Debt.objects.count()) == (-80, 0, 0)


def test_an_award_that_was_spent_stays_owed_and_is_paid_from_what_comes(world: World) -> None:
    spend(world, 60)
    mine = approve(adjustment=take_back(world), by=world.chen)
    assert (statement.available(world.wang), Debt.objects.get().remaining) == (0, 60)
    said = Message.objects.get(occasion=f"adjustment:{mine.pk}:approved").body
    assert "收回80积分，其中60积分待抵扣" in said and "不用交钱" in said and MISTAKE in said and "文兴社区" in said
    cast.award(world.wang, 50)
    assert (statement.available(world.wang), Debt.objects.get().remaining) == (0, 10)
    given = booked(world, proposed(world, 30))
    assert (statement.available(world.wang), Debt.objects.get().remaining) == (20, 0)
    assert "其中10积分用于抵扣" in Message.objects.get(occasion=f"adjustment:{given.pk}:approved").body


def test_what_had_expired_is_not_owed_and_said_so(world: World) -> None:
    late = clock.at(date(YEAR + 2, 2, 1), time(9))
    ledger.expire(by=world.system, limit=100, at=late)
    Duty.objects.update(starts_on=date(2000, 1, 1))
    mine = approve(adjustment=take_back(world), by=world.chen, at=late)
    assert (Debt.objects.get().owed, Debt.objects.get().lapsed) == (0, 80)
    assert "其中80积分此前已过期，不用抵扣" in Message.objects.get(occasion=f"adjustment:{mine.pk}:approved").body


def test_a_plus_adjustment_can_be_taken_back_a_minus_cannot(world: World) -> None:
    given = booked(world, proposed(world, 30))
    assert given.entry_id is not None
    back = propose_take_back(entry=given.entry_id, reason="重复补记", by=world.zhang)
    approve(adjustment=back, by=world.chen)
    assert (back.amount, statement.available(world.wang)) == (-30, 80)
    taken = approve(adjustment=proposed(world, -5), by=world.chen)
    spent = spend(world, 10)
    returned = ledger.reverse(key="returned", entry=spent, by=world.system, reason="退课")
    for entry in (taken.entry_id, back.entry_id, spent, returned):
        assert refused(lambda e=entry: propose_take_back(entry=e, reason="x", by=world.zhang)) == "not_an_award"


def test_an_unknown_entry_is_not_taken_back(world: World) -> None:
    assert refused(lambda: propose_take_back(entry=2**40, reason="x", by=world.zhang)) == "not_an_award"


# who may


def test_the_second_person_is_another_person(world: World) -> None:
    mine = propose(resident=world.wang, amount=5, reason=REASON, by=world.chen)
    assert refused(lambda: approve(adjustment=mine, by=world.chen)) == "own_proposal"
    assert refused(lambda: reject(adjustment=mine, reason="x", by=world.chen)) == "own_proposal"
    looked = refusal_for(mine, world.chen, approving=True)
    assert looked is not None and looked.code == "own_proposal"
    assert approve(adjustment=mine, by=world.he).decided_by == world.he


def test_the_database_itself_wants_two_people(world: World) -> None:
    mine = approve(adjustment=proposed(world), by=world.chen)
    with pytest.raises(IntegrityError, match="adjustment_two_people"), transaction.atomic():
        Adjustment.objects.filter(pk=mine.pk).update(decided_by=world.zhang)


def test_a_worker_of_the_place_may_propose_but_not_decide(world: World) -> None:
    mine = proposed(world)
    other = cast.staff("other", "同事", Duty.Role.WORKER, community=world.wenxing)
    finance = cast.staff("money", "财务", Duty.Role.FINANCE, community=world.wenxing)
    head = cast.staff("head", "永安主任", Duty.Role.HEAD, community=world.yongan)
    far = cast.staff("far", "远街道", Duty.Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    for stranger in (other, finance, world.qian, head, far, world.wang.account):
        assert refused(lambda u=stranger: approve(adjustment=mine, by=u)) == "not_your_duty"
        assert refused(lambda u=stranger: reject(adjustment=mine, reason="x", by=u)) == "not_your_duty"
    for stranger in (finance, world.qian, head, far, world.wang.account):
        assert refused(lambda u=stranger: proposed_by(world, u)) == "not_your_duty"
        assert refused(lambda u=stranger: taken_by(world, u)) == "not_your_duty"
    assert proposed_by(world, other).proposed_by == other


def proposed_by(world: World, user: Any, resident: Resident | None = None) -> Adjustment:
    return propose(resident=resident or world.wang, amount=5, reason=REASON, by=user)


def taken_by(world: World, user: Any, resident: Resident | None = None) -> Adjustment:
    return propose_take_back(entry=first_award(resident or world.wang), reason=MISTAKE, by=user)


def test_a_duty_that_ended_decides_nothing(world: World) -> None:
    mine = proposed(world)
    Duty.objects.filter(user=world.chen).update(ends_on=clock.today() - timedelta(days=1))
    assert refused(lambda: approve(adjustment=mine, by=world.chen)) == "not_your_duty"


@pytest.mark.parametrize("amount", [30, -30])
def test_nobody_decides_for_themselves_or_their_family(world: World, amount: int) -> None:
    kin = staff_kin(world, world.chen)
    myself = Resident.objects.get(name="陈志强本人")
    cast.award(myself, 50)
    for one in (kin, myself):
        mine = proposed(world, amount, one)
        assert refused(lambda m=mine: approve(adjustment=m, by=world.chen)) == "own_adjustment"
        assert refused(lambda m=mine: reject(adjustment=m, reason="x", by=world.chen)) == "own_adjustment"
        approve(adjustment=mine, by=world.he)


def test_nobody_proposes_for_themselves_or_their_family(world: World) -> None:
    kin = staff_kin(world, world.zhang)
    assert refused(lambda: proposed(world, 30, kin)) == "own_adjustment"
    assert refused(lambda: taken_by(world, world.zhang, kin)) == "own_adjustment"
    world.zhang.own_phone = world.zhao.phone = "13700000009"
    world.zhang.save()
    world.zhao.save()
    assert refused(lambda: proposed(world, 30, world.zhao)) == "own_adjustment"  # known by phone alone


def test_who_became_family_after_proposing_stops_the_booking(world: World) -> None:
    mine = proposed(world)
    world.zhang.own_phone = world.wang.phone
    world.zhang.save()
    assert refused(lambda: approve(adjustment=mine, by=world.chen)) == "proposer_is_family"
    assert reject(adjustment=mine, reason="提出人是家人", by=world.chen).status == "rejected"


def test_whose_own_file_is_unknown_neither_proposes_nor_decides(world: World) -> None:
    waiting = proposed(world)
    for user in (world.chen, world.zhang):
        user.own_phone = ""
        user.save(update_fields=["own_phone"])
    with pytest.raises(Refused, match="请街道管理员登记"):
        approve(adjustment=waiting, by=world.chen)
    assert refused(lambda: reject(adjustment=waiting, reason="x", by=world.chen)) == "own_phone_missing"
    assert refused(lambda: proposed(world, 5)) == "own_phone_missing"
    assert refused(lambda: take_back(world)) == "own_phone_missing"
    assert approve(adjustment=waiting, by=world.he).status == "notice"


@pytest.mark.parametrize("change", [{"is_active": False}, {}])
def test_a_proposer_who_has_left_stops_the_booking(world: World, change: dict[str, bool]) -> None:
    mine = proposed(world)
    if change:
        User.objects.filter(pk=world.zhang.pk).update(**change)
    else:
        Duty.objects.filter(user=world.zhang).update(ends_on=clock.today() - timedelta(days=1))
    assert refused(lambda: approve(adjustment=mine, by=world.chen)) == "proposer_has_left"
    assert reject(adjustment=mine, reason="提出人已离职", by=world.chen).status == "rejected"


# what may be


@pytest.mark.parametrize("amount", [0, 10**9 + 1, -(10**9) - 1, True, 1.5, "5", None])
def test_amounts_are_whole_points(world: World, amount: Any) -> None:
    assert refused(lambda: proposed(world, amount)) == "bad_amount"


@pytest.mark.parametrize("reason", ["", " \n", "长" * 151, "一\0二"])
def test_a_reason_is_needed_each_time(world: World, reason: str) -> None:
    mine = proposed(world)
    assert refused(lambda: proposed(world, 5, reason=reason)) == "adjustment_reason"
    assert refused(lambda: propose_take_back(entry=first_award(world.wang), reason=reason, by=world.zhang)) == (
        "adjustment_reason"
    )
    assert refused(lambda: reject(adjustment=mine, reason=reason, by=world.chen)) == "adjustment_reason"


@pytest.mark.parametrize("reason", ["信访", "更正记录", "更正记录：", "更正记录： ", "占用公共车位：三次", "：什么"])
def test_points_are_taken_on_three_grounds_only(world: World, reason: str) -> None:
    ask = lambda text: propose(resident=world.wang, amount=-5, reason=text, by=world.zhang)  # noqa: E731
    assert refused(lambda: ask(reason)) == "adjustment_ground"
    for ground in ("更正记录", "缺席后果", "弄虚作假"):
        assert ask(f"{ground}：9月1日").amount == -5
    assert propose(resident=world.wang, amount=5, reason=reason, by=world.zhang).reason == reason.strip()


def test_the_longest_reason_is_told_in_full(world: World) -> None:
    spend(world, 70)
    longest = propose_take_back(entry=first_award(world.wang), reason="长" * 150, by=world.zhang)
    approve(adjustment=longest, by=world.chen)
    assert "长" * 150 in Message.objects.get(occasion=f"adjustment:{longest.pk}:approved").body


def test_a_resident_whom_nobody_confirmed_gets_nothing(world: World) -> None:
    assert refused(lambda: proposed(world, 5, world.sun)) == "resident_not_confirmed"


def test_the_same_proposal_twice_is_one(world: World) -> None:
    mine = proposed(world)
    assert refused(lambda: proposed(world)) == "already_proposed"
    assert proposed(world, 29).pk and proposed(world, reason="另一件事").pk
    reject(adjustment=mine, reason="不对", by=world.chen)
    assert proposed(world).pk


def test_one_award_is_taken_back_once(world: World) -> None:
    mine = take_back(world)
    assert refused(lambda: take_back(world)) == "already_proposed"
    reject(adjustment=mine, reason="签到表上有", by=world.chen)
    approve(adjustment=take_back(world), by=world.chen)
    assert refused(lambda: take_back(world)) == "taken_back_before"


def test_the_unique_constraint_says_the_same(world: World) -> None:
    take_back(world)
    with pytest.raises(IntegrityError, match="take_back_once"), transaction.atomic():
        Adjustment.objects.create(
            resident=world.wang, amount=-80, reverses_id=first_award(world.wang), reason="x", proposed_by=world.zhang,
            proposed_at=clock.now(),
        )  # fmt: skip


def test_what_was_reversed_meanwhile_is_not_taken_again(world: World) -> None:
    mine = take_back(world)
    ledger.reverse(key="elsewhere", entry=first_award(world.wang), by=world.system, reason="更正")
    assert refused(lambda: approve(adjustment=mine, by=world.chen)) == "taken_back_before"
    assert reject(adjustment=mine, reason="已更正", by=world.chen).status == "rejected"


def test_more_than_there_is_cannot_be_taken(world: World) -> None:
    mine = proposed(world, -100)
    with pytest.raises(Refused, match=r"还差20分.*记为待抵扣") as caught:
        approve(adjustment=mine, by=world.chen)
    assert caught.value.code == "too_little_left"
    assert statement.available(world.wang) == 80
    cast.award(world.wang, 20)
    approve(adjustment=mine, by=world.chen)
    assert statement.available(world.wang) == 0


def test_what_is_past_its_day_cannot_be_taken_either(world: World) -> None:
    late = clock.at(date(YEAR + 2, 2, 1), time(9))
    refusal = refusal_for(proposed(world, -10), world.chen, approving=True, at=late)
    assert refusal is not None and refusal.code == "too_little_left"


# what is not approved


def test_who_proposed_is_told_why_it_was_not_approved(world: World) -> None:
    mine = reject(adjustment=proposed(world), reason=" 已由夜校补记 ", by=world.chen)
    assert (mine.status, mine.decline_reason, mine.entry) == ("rejected", "已由夜校补记", None)
    assert statement.available(world.wang) == 80
    said = Message.objects.get(occasion=f"adjustment:{mine.pk}:rejected")
    assert (said.staff, said.resident, said.link) == (world.zhang, None, f"/desk/adjustments/{mine.pk}/")
    assert "已由夜校补记" in said.body and "没有入账" in said.body
    assert refused(lambda: approve(adjustment=mine, by=world.chen)) == "adjustment_decided"
    assert refused(lambda: reject(adjustment=mine, reason="x", by=world.chen)) == "adjustment_decided"


# what the view sees

SEEN = {
    "approved adjustment has its entry with its amount and resident": (
        "UPDATE points_adjustment SET amount = -79 WHERE reverses_id IS NOT NULL",
        "UPDATE points_adjustment SET amount = 31 WHERE reverses_id IS NULL",
        "UPDATE points_adjustment SET resident_id = (SELECT max(id) FROM communities_resident)",
        "UPDATE points_adjustment SET decided_by_id = (SELECT id FROM communities_user WHERE username = 'hejiedao')",
        "UPDATE points_adjustment SET reverses_id = NULL WHERE reverses_id IS NOT NULL",
        "UPDATE points_adjustment SET reverses_id = (SELECT max(id) FROM points_entry WHERE kind = 'award') WHERE amount < 0",
    ),
    "adjustment entry belongs to an approved adjustment": (
        "UPDATE points_adjustment SET status = 'proposed', entry_id = NULL, decided_at = NULL, decided_by_id = NULL",
        "DELETE FROM points_adjustment WHERE reverses_id IS NULL",
        "DELETE FROM points_adjustment WHERE reverses_id IS NOT NULL",
    ),
    "adjustment that gives was shown before it was booked": (
        "UPDATE communities_noticeitem SET live = false",
        "UPDATE communities_noticeitem SET about = 'notice:1'",
        "UPDATE communities_noticeitem SET resident_id = (SELECT max(id) FROM communities_resident)",
        "UPDATE communities_notice SET closes_on = '2099-12-31'",
    ),
}


@pytest.mark.parametrize(("promise", "statement"), [(name, one) for name, each in SEEN.items() for one in each])
def test_the_view_sees_each_way_to_go_wrong(world: World, promise: str, statement: str) -> None:
    """All of them could be written by the application: adjustments are no book table."""
    booked(world, proposed(world, 30))
    approve(adjustment=take_back(world), by=world.chen)
    cast.award(world.wang, 80)  # as much as was taken back
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert promise in {found for _view, found, _row in breaches()}
        transaction.set_rollback(True)


def test_a_charge_does_not_pass_for_an_adjustment(world: World) -> None:
    mine, now = proposed(world, -10), clock.now()
    with transaction.atomic():
        entry = ledger.charge(
            key=f"adjustment:{mine.pk}",
            resident=world.wang,
            amount=10,
            provider=world.wenxing,
            by=world.chen,
            reason="x",
        )
        Adjustment.objects.update(status="approved", entry=entry, decided_by=world.chen, decided_at=now)
        assert [row for _view, _promise, row in breaches()] == [mine.pk]
        transaction.set_rollback(True)


def test_an_adjustment_that_nobody_approved_is_seen(world: World) -> None:
    with transaction.atomic():
        ledger.adjust(key="behind their backs", resident=world.wang, amount=5, by=world.zhang, reason="x")
        assert [promise for _view, promise, _row in breaches()] == [
            "adjustment entry belongs to an approved adjustment"
        ]
        transaction.set_rollback(True)
