"""核销 in the books: income moves on to a partner's own account, and back when the use is undone."""

from typing import Any

import pytest
from openpyxl import load_workbook

from core import clock
from points import ledger, reconciliation, reconciliation_export
from points.models import Account, Entry, Posting
from tests.books import breaches, refuses
from tests.world import World

pytestmark = pytest.mark.django_db
UNUSED = {"redemption in the books belongs to one use"}  # of partners; here the books are alone


def redeem(world: World, key: str = "redeem:1", **fields: Any) -> int:
    asked = {"community": world.wenxing, "party": 7, "amount": 20, "by": world.system, "reason": "核销"} | fields
    return ledger.redeem(key=key, **asked)


def held(world: World, party: int) -> int:
    account = Account.objects.get(community=world.wenxing, party=party)
    came = sum(Posting.objects.filter(destination=account).values_list("amount", flat=True))
    return came - sum(Posting.objects.filter(source=account).values_list("amount", flat=True))


def wrong() -> set[str]:
    return {promise for _, promise, _ in breaches()} - UNUSED


def test_what_a_voucher_brings_in_goes_to_its_partner_alone(world: World) -> None:
    redeem(world)
    redeem(world, "redeem:2", party=8, amount=5)
    redeem(world, "redeem:3")
    assert (held(world, 7), held(world, 8)) == (40, 5)
    assert Account.objects.filter(community=world.wenxing, kind="partner").count() == 2
    assert not wrong()


def test_undoing_takes_it_back_once(world: World) -> None:
    entry = redeem(world)
    undone = ledger.reverse(key="redeem:1:undo", entry=entry, by=world.system, reason="撤销")
    assert held(world, 7) == 0 and Entry.objects.get(pk=undone).reverses_id == entry
    with refuses(ledger.AlreadyReversed):
        ledger.reverse(key="again", entry=entry, by=world.system, reason="撤销")
    assert not wrong()


def test_a_key_is_one_use(world: World) -> None:
    assert redeem(world) == redeem(world)
    for other in ({"party": 8}, {"amount": 21}, {"community": world.yongan}):
        with refuses(ledger.KeyReused):
            redeem(world, **other)
    assert held(world, 7) == 20


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [({"amount": 0}, ledger.BadAmount), ({"amount": -1}, ledger.BadAmount), ({"party": 0}, ledger.UnknownAccount),
     ({"reason": ""}, ledger.BadText)],
)  # fmt: skip
def test_what_cannot_be_is_refused(world: World, wrong: dict[str, Any], refused: type[ledger.Refused]) -> None:
    with refuses(refused):
        redeem(world, **wrong)
    assert not Entry.objects.filter(kind=Entry.Kind.REDEMPTION).exists()


def test_points_are_counted_as_spent_when_the_resident_pays_and_not_again(world: World) -> None:
    month = reconciliation.Period.year(2000 + 26)
    ledger.charge(key="c", resident=world.wang, amount=20, provider=world.wenxing, by=world.system, reason="券")
    before = reconciliation.figures([world.wenxing], month)
    redeem(world)
    assert reconciliation.figures([world.wenxing], month) == before


def test_the_file_of_days_names_it(world: World) -> None:
    redeem(world)
    today = clock.today()
    found = reconciliation.days(world.wenxing, reconciliation.Period.month(today.year, today.month))
    rows = load_workbook(reconciliation_export.by_day(found)).worksheets[0].iter_rows(values_only=True)
    assert ("合伙人核销", "兑换收入", "合伙人", 20) in [(row[1], row[2], row[3], row[6]) for row in rows]
