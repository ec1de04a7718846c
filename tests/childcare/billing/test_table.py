"""Every category × attendance × points × evidence that ends in the middle of the month, against a spreadsheet of its own.

Of each attendance and end a third of the categories and points; `make heavy` works out all.
"""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from childcare.billing import offsetting
from childcare.models import Bill, Group
from communities.settings import CARE_REDUCTIONS
from tests.books import breaches
from tests.childcare.billing import spreadsheet
from tests.childcare.billing.families import (
    DECEMBER,
    NOVEMBER,
    drawn,
    ended,
    evidence,
    family,
    group,
    off,
    placed,
    rich,
)
from tests.childcare.billing.spreadsheet import PERCENT, Sheet, Stay
from tests.childcare.cast import Care
from tests.world import World

pytestmark = pytest.mark.django_db
AUTUMN, ALL = date(2026, 9, 1), (0, 1, 2, 3, 4)
# What a family may have asked for: yuan a month by days a week, and from which day to which.
ATTENDANCE: dict[str, list[Stay]] = {
    "five days": [Stay("600.07", ALL, AUTUMN)],
    "every day": [Stay("750.01", tuple(range(7)), AUTUMN)],
    "three days": [Stay("400.01", (0, 2, 4), AUTUMN)],
    "begins on the 18th": [Stay("600.07", ALL, date(2026, 11, 18))],
    "ends on the 12th": [Stay("600.07", ALL, AUTUMN, date(2026, 11, 12))],
    "booked days": [Stay("40.05", (1, 3), AUTUMN, daily=True)],
    "one day of the month": [Stay("400.01", (0, 2, 4), date(2026, 11, 30))],
    "two groups": [Stay("400.01", (0, 2, 4), AUTUMN), Stay("300.01", (1, 3), date(2026, 11, 11))],
}
POINTS = (0, 7, 300, 100_000)
LASTS = ("lasts", "ended in the month", "ended before it")


@pytest.mark.parametrize("attendance", ATTENDANCE)
@pytest.mark.parametrize("lasts", LASTS)
@pytest.mark.parametrize("share", [pytest.param(3, id="a third"), pytest.param(1, id="all", marks=pytest.mark.heavy)])
def test_bills_are_what_the_spreadsheet_says(world: World, care: Care, attendance: str, lasts: str, share: int) -> None:
    groups = {n: _group(world, care, stay, n) for n, stay in enumerate(ATTENDANCE[attendance])}
    every = enumerate(product(PERCENT, POINTS), start=list(ATTENDANCE).index(attendance) + LASTS.index(lasts))
    for category, points in [pair for number, pair in every if number % share == 0]:
        _check(world, care, groups, ATTENDANCE[attendance], category, points, lasts)
    assert breaches() == []


def _group(world: World, care: Care, stay: Stay, number: int) -> Group:
    kind = Group.Kind.DROP_IN if stay.daily else Group.Kind.HOLIDAY
    days = "1" if stay.daily else str(len(stay.weekdays))
    fees = {days: int(Decimal(stay.rate) * 100)}
    return group(world, care, name=f"表{number}", kind=kind, fees=fees, capacity=200, seats=200)


def _check(
    world: World, care: Care, groups: dict[int, Group], stays: list[Stay], category: str, points: int, lasts: str
) -> None:
    child, mother = family(world)
    for number, stay in enumerate(stays):
        begun = {"plan": list(stay.weekdays), "starts_on": stay.begins, "ends_on": stay.ends}
        placed(groups[number], child, mother, world.zhang, **begun)
    if category:
        over = {"lasts": None, "ended in the month": date(2026, 11, 16), "ended before it": date(2026, 11, 1)}[lasts]
        proof = evidence(world, child, category)
        if over:
            ended(proof, world.chen, over)
    if points:
        rich(mother, points)
    for month in (NOVEMBER, DECEMBER) if not points else (NOVEMBER,):
        counts = category if lasts == "lasts" or (lasts == "ended in the month" and month == NOVEMBER) else ""
        if month == DECEMBER and not any(spreadsheet.fee(stay, month) for stay in stays):
            continue
        made, asked = drawn(world, care, child, month), points if month == NOVEMBER else 0
        expected = spreadsheet.bill(stays, month, counts, asked)
        quote = offsetting.quote(offsetting.read(made.pk))
        assert min(quote.points, asked) == expected.points, (category, points, month)
        if expected.points:
            offsetting.use(bill=made, points=quote.points, by=mother.account)  # type: ignore[arg-type]
            made.refresh_from_db()
        assert said(made) == expected, (category, points, month)


def said(bill: Bill) -> Sheet:
    yuan = (Decimal(fen) / 100 for fen in (bill.fee_cents + off(bill), off(bill), bill.cap_cents))
    standard, reduction, cap = yuan
    return Sheet(
        standard,
        reduction,
        cap,
        bill.points,
        bill.relief,
        Decimal(bill.offset_cents) / 100,
        Decimal(bill.due_cents) / 100,
    )


def test_the_table_holds_every_category_of_the_settings() -> None:
    assert {name: percent for name, percent in PERCENT.items() if name} == {
        name: value.default for name, value in CARE_REDUCTIONS.items()
    }
