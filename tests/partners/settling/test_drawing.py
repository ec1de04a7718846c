"""A partner's month is what the ledger moved in it, paid as the agreement of each use's day said."""

from datetime import date, timedelta
from random import Random

import pytest
import time_machine

from communities import duties
from core import clock
from partners.models import Delivery, Promise, Redemption, Statement, Voucher
from partners.settling import correcting, drawing, lines
from points import ledger
from tests.books import breaches, refuses
from tests.partners import shops
from tests.partners.months import agreed, first_of, frozen, moment, moved, offered, rich, undone, use
from tests.partners.promised import on_paper
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def draw(world: World, month: date, partner: object = None) -> Statement:
    one = Redemption.objects.order_by("-pk")[0].partner
    return drawing.draw(partner=one, community=world.wenxing, month=month, by=world.zhang)


def said(statement: Statement) -> list[tuple[str, int, int, int]]:
    return list(statement.lines.order_by("order").values_list("kind", "count", "unit_cents", "amount_cents"))


def test_a_month_with_undone_uses_expiry_new_terms_and_a_correction_is_the_ledgers_sum(world: World) -> None:
    month, before = first_of(1), first_of(2)
    middle = month + 14 * DAY
    given = agreed(world, "gift", 0, ended_on=middle)
    mixed = agreed(world, "mixed", 40, starts_on=middle)
    haircut, wang = offered(given, worth_cents=1510), rich(world)
    late_undone = use(haircut, wang, moment(before + 26 * DAY))
    first = frozen(world, given.partner, before)
    wrong = correcting.propose(statement=first, amount_cents=250, reason="少付一张", by=world.zhang)
    correcting.approve(correction=wrong, by=world.chen)
    correcting.propose(statement=first, amount_cents=9999, reason="没有人批准", by=world.zhang)
    undone(late_undone, moment(month + DAY))  # of last month's use
    for day in (2, 3, 20, 21, 22):
        use(haircut, wang, moment(month + day * DAY))
    undone(use(haircut, wang, moment(month + 23 * DAY)), moment(month + 24 * DAY))  # in the same month
    old = shops.voucher(haircut, wang, moment(before))
    Voucher.objects.filter(pk=old.pk).update(status="expired", settled_at=moment(month + 9 * DAY))
    mine = draw(world, month)
    assert said(mine) == [
        ("used", 2, 0, 0), ("used", 4, 604, 2416), ("undone", -1, 0, 0), ("undone", -1, 604, -604), ("corrected", 0, 0, 250),
    ]  # fmt: skip
    assert {line.agreement for line in mine.lines.filter(unit_cents=604)} == {mixed}
    count, points, cents = moved(mine)
    assert (mine.count, mine.points, mine.payable_cents, mine.net_cents) == (count, points, cents + 250, cents + 250)
    assert (count, points, cents) == (4, 80, 1812)
    assert breaches() == []


@pytest.mark.parametrize("seed", range(3))
def test_a_random_month_is_the_ledgers_sum(world: World, seed: int) -> None:
    dice, month, wang = Random(seed), first_of(2), rich(world)
    middle = month + dice.randrange(5, 25) * DAY
    first = agreed(world, "gift", 0, ended_on=middle)
    agreed(world, "subsidy", 100, starts_on=middle)
    offers = [offered(first, title=f"服务{n}", price=3 + n, worth_cents=dice.randrange(1, 9999)) for n in range(2)]
    days = [moment(month - 5 * DAY + n * DAY, dice.randrange(24), dice.randrange(60)) for n in range(40)]
    for at in days:
        made = use(dice.choice(offers), wang, at)
        if dice.random() < 0.4:
            undone(made, at + dice.randrange(1, 6 * 24) * timedelta(hours=1))
    for back in (2, 1):
        mine = draw(world, first_of(back))
        assert (mine.count, mine.points, mine.payable_cents + _owed(mine)) == moved(mine)
    assert breaches() == []


def _owed(statement: Statement) -> int:
    """What was carried over from the month before, of which the books know nothing."""
    return -sum(line.amount_cents for line in statement.lines.filter(kind="corrected"))


def test_what_is_used_after_midnight_is_the_next_months(world: World) -> None:
    month = first_of(1)
    offer, wang = offered(agreed(world, "subsidy", 100)), rich(world)
    use(offer, wang, moment(month) - timedelta(microseconds=1))
    use(offer, wang, moment(lines.after(month)) - timedelta(microseconds=1))
    with time_machine.travel(moment(lines.after(month), 0, 9), tick=False), refuses(drawing.MonthRunning):
        draw(world, month)
    with time_machine.travel(moment(lines.after(month), 0, 10), tick=False):
        use(offer, wang, clock.now() - timedelta(minutes=10))  # the first moment of the new month
        assert (draw(world, month).count, draw(world, first_of(1)).count) == (1, 1)
    assert said(Statement.objects.get(month=month)) == [("used", 1, 1500, 1500)]


def test_a_missed_promise_is_deducted_for_whole_months_and_never_more_than_is_payable(world: World) -> None:
    month = first_of(1)
    agreement = agreed(world, "subsidy", 100, status="draft", signed_on=None)
    offer = offered(agreement)
    for order, (times, fen) in enumerate(((2, 400), (3, 600)), 1):
        Promise.objects.create(agreement=agreement, order=order, item=f"义诊{order}", times=times, deduct_cents=fen)
    on_paper(agreement, first_of(10), world.chen)
    held = Promise.objects.get(order=1)
    for status, by in (("confirmed", world.chen), ("reported", None)):
        settled = clock.now() if by else None
        Delivery.objects.create(
            promise=held, on=month + 3 * DAY, people=5, minutes=60, note="", by=world.zhang, status=status,
            settled_by=by, settled_at=settled,
        )  # fmt: skip
    use(offer, rich(world), moment(month + DAY))
    mine = draw(world, month)
    assert said(mine)[1:] == [("deducted", 1, 400, -400), ("deducted", 3, 600, -1100)]
    assert (mine.payable_cents, mine.deduct_cents, mine.net_cents) == (1500, 1500, 0)
    assert mine.lines.get(order=3).words == "义诊2：每月3次，完成0次（抵减以应付为限）"
    assert drawing.due(first_of(10)) == {(agreement.partner_id, world.wenxing.pk)}  # in force from its first day on
    assert not drawing.due(first_of(11))


def test_what_the_partner_owes_is_carried_until_it_is_used_up(world: World) -> None:
    offer, wang = offered(agreed(world, "subsidy", 100)), rich(world)
    used = [use(offer, wang, moment(lines.after(first_of(3)) - n * DAY)) for n in (1, 2)]
    frozen(world, offer.partner, first_of(3))
    for one in used:
        undone(one, moment(first_of(2) + DAY))
    owing = frozen(world, offer.partner, first_of(2))
    use(offer, wang, moment(first_of(1) + DAY))
    after = frozen(world, offer.partner, first_of(1))
    assert (owing.net_cents, after.payable_cents, after.net_cents) == (-3000, -1500, -1500)
    assert list(Statement.objects.to_pay().values_list("month", flat=True)) == [first_of(3)]
    assert breaches() == []


def test_the_sweep_draws_last_month_once_for_everybody_and_goes_on_after_a_break(world: World) -> None:
    offer, wang = offered(agreed(world, "gift", 0)), rich(world)
    use(offer, wang, moment(first_of(1) + DAY))
    use(offer, wang, moment(first_of(2) + DAY))
    assert [drawing.sweep(clock.now()) for _ in range(2)] == [1, 0]
    made = Statement.objects.get()
    assert (made.month, made.count, made.net_cents, made.drawn_by) == (first_of(1), 1, 0, world.system)


def test_drawn_again_as_long_as_it_is_open_and_a_statement_that_does_not_tie_is_not_drawn(world: World) -> None:
    offer, wang = offered(agreed(world, "subsidy", 100)), rich(world)
    use(offer, wang, moment(first_of(1) + DAY))
    first = draw(world, first_of(1))
    use(offer, wang, moment(first_of(1) + 2 * DAY))
    assert (draw(world, first_of(1)).pk, Statement.objects.get().count) == (first.pk, 2)
    with refuses(drawing.NothingToSettle):
        draw(world, first_of(4))
    ledger.redeem(
        key="planted", community=world.wenxing, party=offer.partner_id, amount=20, by=world.zhang, reason="没有券",
        at=moment(first_of(1) + 3 * DAY),
    )  # fmt: skip
    with refuses(drawing.DoesNotTie):
        draw(world, first_of(1))


def test_months_are_for_staff_of_the_community(world: World) -> None:
    offer = offered(agreed(world, "gift", 0))
    with refuses(duties.NotYourDuty):
        drawing.draw(partner=offer.partner, community=world.wenxing, month=first_of(1), by=world.qian)


def test_the_sweep_draws_anew_what_changed_and_leaves_what_did_not(world: World) -> None:
    offer, wang = offered(agreed(world, "subsidy", 100)), rich(world)
    use(offer, wang, moment(first_of(1) + DAY))
    mine = draw(world, first_of(1))
    assert drawing.sweep(clock.now()) == 0 and Statement.objects.get().drawn_at == mine.drawn_at
    use(offer, wang, moment(first_of(1) + 2 * DAY))
    assert drawing.sweep(clock.now()) == 1 and Statement.objects.get().count == 2
