"""Two who decide the same adjustment at once: it is booked once or not at all, and nobody waits for ever."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction

from communities import publishing
from notifications.models import Message
from points import ledger, showing, statement
from points.adjusting import approve, propose, propose_take_back, reject
from points.models import Adjustment, Debt, Entry
from tests import world as cast
from tests.books import breaches
from tests.points.correcting import MISTAKE, REASON, first_award, proposed, take_back
from tests.points.shown import shown
from tests.races.together import at_once, in_background, let_in_together, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(answers: list[object]) -> Counter[str]:
    return Counter(getattr(one, "code", repr(one) if isinstance(one, Exception) else "done") for one in answers)


def booked(mine: Adjustment) -> int:
    assert breaches() == []
    return Entry.objects.filter(key=f"adjustment:{mine.pk}").count()


def approving(mine: Adjustment, world: World) -> list[Callable[[], object]]:
    return [lambda by=by: approve(adjustment=mine, by=by) for by in (world.chen, world.he)]


def rejecting(mine: Adjustment, world: World) -> list[Callable[[], object]]:
    return [lambda by=by: reject(adjustment=mine, reason="不对", by=by) for by in (world.chen, world.he)]


def test_two_who_approve_at_once_book_once(world: World) -> None:
    mine = proposed(world, -30)
    assert outcomes(at_once(approving(mine, world) * 4)) == {"done": 1, "adjustment_decided": 7}
    assert (booked(mine), statement.available(world.wang)) == (1, 50)


def test_two_who_approve_what_gives_at_once_let_it_wait_once(world: World) -> None:
    mine = proposed(world)
    assert outcomes(at_once(approving(mine, world) * 4)) == {"done": 1, "adjustment_decided": 7}
    assert (booked(mine), statement.available(world.wang)) == (0, 80)
    assert Message.objects.filter(occasion=f"adjustment:{mine.pk}:notice").count() == 1


def test_the_end_of_the_notice_and_a_colleague_book_it_once(world: World) -> None:
    mine = approve(adjustment=proposed(world), by=world.chen)
    notice = shown([mine], world.zhang, world.he)
    asks = [lambda: showing.settle(adjustment=mine, by=world.zhang), lambda: publishing.end(notice=notice)]
    answers = outcomes(at_once(asks * 3))
    assert answers["done"] >= 1 and set(answers) <= {"done", "adjustment_decided"}
    assert (booked(mine), statement.available(world.wang)) == (1, 110)
    assert Adjustment.objects.get(pk=mine.pk).status == "approved"


def test_stopping_and_booking_at_once_make_one_end(world: World) -> None:
    mine = approve(adjustment=proposed(world), by=world.chen)
    shown([mine], world.zhang, world.he)
    at_once(
        [
            lambda: showing.settle(adjustment=mine, by=world.zhang),
            lambda: showing.stop(adjustment=mine, reason="异议成立"),
        ]
    )
    mine.refresh_from_db()
    given = mine.status == "approved"
    assert mine.status in {"approved", "stopped"}
    assert (booked(mine), statement.available(world.wang)) == (given, 80 + 30 * given)


def test_two_approvers_who_meet_at_the_books_book_once(world: World) -> None:
    """Both have looked and found nothing against it; only then the books let them in."""
    mine = proposed(world, -30)
    assert outcomes(let_in_together(approving(mine, world), "points_entry")) == {"done": 1, "adjustment_decided": 1}
    assert (booked(mine), statement.available(world.wang)) == (1, 50)


@pytest.mark.parametrize("amount", [30, -30])
def test_approving_and_rejecting_at_once_make_one_decision(world: World, amount: int) -> None:
    mine = proposed(world, amount)
    answers = at_once(approving(mine, world) + rejecting(mine, world))
    assert outcomes(answers) == {"done": 1, "adjustment_decided": 3}
    mine.refresh_from_db()
    approved = mine.status == "approved"
    assert mine.status in {"approved", "rejected"} or (amount > 0 and mine.status == "notice")
    assert booked(mine) == approved
    assert statement.available(world.wang) == 80 + amount * approved


def test_an_approver_who_comes_to_a_rejected_row_takes_the_booking_back(world: World) -> None:
    """The rejection is committed after the approver looked and before the row is locked."""
    mine = proposed(world)
    with transaction.atomic():
        Adjustment.objects.select_for_update(no_key=True).get(pk=mine.pk)
        late = in_background(approving(mine, world)[0])
        until_somebody_waits_for_us()
        reject(adjustment=mine, reason="不对", by=world.he)
    assert outcomes([late()]) == {"adjustment_decided": 1}
    assert (booked(mine), statement.available(world.wang)) == (0, 80)


def test_what_is_spent_between_the_look_and_the_booking_is_said_plainly(world: World) -> None:
    """The approver saw 80 points; the charge that holds the wallet leaves 10."""
    mine = proposed(world, -30)
    with transaction.atomic():
        ledger.charge(
            key="first", resident=world.wang, amount=70, provider=world.wenxing, by=world.system, reason="夜校"
        )
        late = in_background(approving(mine, world)[0])
        until_somebody_waits_for_us()
    assert outcomes([late()]) == {"too_little_left": 1}
    assert (booked(mine), statement.available(world.wang)) == (0, 10)


def test_two_who_propose_to_take_back_the_same_award_make_one_proposal(world: World) -> None:
    entry = first_award(world.wang)
    acts = [lambda by=by: propose_take_back(entry=entry, reason=MISTAKE, by=by) for by in (world.zhang, world.chen)]
    assert outcomes(at_once(acts * 4)) == {"done": 1, "already_proposed": 7}


def test_a_second_press_waits_for_the_first(world: World) -> None:
    act = lambda: propose(resident=world.wang, amount=5, reason=REASON, by=world.zhang)  # noqa: E731
    with transaction.atomic():
        act()
        second = in_background(act)
        until_somebody_waits_for_us()
    assert outcomes([second()]) == {"already_proposed": 1}


def test_a_button_pressed_eight_times_proposes_once(world: World) -> None:
    act = lambda: propose(resident=world.wang, amount=5, reason=REASON, by=world.zhang)  # noqa: E731
    assert outcomes(at_once([act] * 8)) == {"done": 1, "already_proposed": 7}


def test_taking_back_while_the_award_is_spent_and_earned_anew_never_goes_below_zero(world: World) -> None:
    mine = take_back(world)
    spend = lambda n: ledger.charge(  # noqa: E731
        key=f"s{n}", resident=world.wang, amount=20, provider=world.wenxing, by=world.system, reason="夜校"
    )
    acts = [
        *approving(mine, world),
        *(lambda n=n: spend(n) for n in range(4)),
        *(lambda: cast.award(world.wang, 10) for _ in range(3)),
    ]
    answers = outcomes(at_once(acts))
    assert answers["adjustment_decided"] == 1 and set(answers) <= {"done", "adjustment_decided", "short_of_points"}
    assert booked(mine) == 1
    spent = 20 * Entry.objects.filter(kind="charge").count()
    owed = sum(Debt.objects.values_list("remaining", flat=True))
    assert statement.available(world.wang) - owed == 80 + 30 - 80 - spent


def test_two_corrections_of_one_award_take_it_once(world: World) -> None:
    """An approval here, a correction of the record elsewhere."""
    mine = take_back(world)
    entry = first_award(world.wang)
    elsewhere = lambda: ledger.reverse(key="elsewhere", entry=entry, by=world.system, reason="更正")  # noqa: E731
    answers = outcomes(let_in_together([approving(mine, world)[0], elsewhere], "points_entry"))
    assert answers["done"] == 1 and sum(answers.values()) == 2
    assert set(answers) <= {"done", "already_reversed", "taken_back_before"}
    assert Entry.objects.filter(reverses=entry).count() == 1
    assert breaches() == []
