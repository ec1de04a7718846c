"""Half up to the fen, and what can never be: a bill below zero, above its fee, a reduction above the price, points above the cap."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as some

from childcare.billing import drawing, fees, reducing
from childcare.billing.reducing import Terms
from childcare.models import Centre, Group, Place
from childcare.places import closing, groups, sweeps
from core import clock
from tests.childcare.billing.families import DECEMBER, NOVEMBER, drawn, family, placed
from tests.childcare.cast import Care
from tests.childcare.places.lined import facts, room
from tests.world import World

HALVES = [
    (1, 2, 1), (1, 3, 0), (2, 3, 1), (3, 2, 2), (5, 10, 1), (4, 10, 0), (15, 10, 2), (25, 10, 3), (60007 * 10, 21, 28575),
    (40001 * 50, 100, 20001), (1 * 50, 100, 1), (3 * 50, 100, 2), (0, 7, 0), (60000, 1, 60000), (10**12 + 1, 2, 500000000001),
]  # fmt: skip


@pytest.mark.parametrize(("number", "divisor", "fen"), HALVES)
def test_a_half_goes_up(number: int, divisor: int, fen: int) -> None:
    assert fees.half_up(number, divisor) == fen


@pytest.mark.parametrize(
    ("standard", "percent", "fen"),
    [
        (12345, 80, 9876),
        (12343, 50, 6172),
        (1, 40, 0),
        (1, 50, 1),
        (3, 50, 2),
        (99999, 60, 59999),
        (77777, 100, 77777),
        (500, 0, 0),
    ],
)
def test_a_reduction_is_half_up_of_the_fee(standard: int, percent: int, fen: int) -> None:
    assert reducing.of_fee(standard, percent) == fen


@pytest.mark.parametrize(("rest", "relief", "cap", "points"), [
    (60000, False, 18000, 900), (333, False, 99, 4), (19, True, 19, 0), (40, True, 40, 1), (79, True, 79, 1), (66, False, 19, 0), (67, False, 20, 1),
])  # fmt: skip
def test_points_reach_the_cap_and_never_pass_it(rest: int, relief: bool, cap: int, points: int) -> None:
    terms = Terms(20, 30, 1)
    assert reducing.cap_of(rest, relief, terms) == cap
    assert reducing.most_points(cap, relief, terms) == points


@settings(max_examples=400, deadline=None)
@given(
    rate=some.integers(0, 5_000_000), percent=some.integers(0, 100), adjust=some.integers(-2_000_000, 2_000_000), wanted=some.integers(0, 10**7),
    point=some.integers(1, 1000), share=some.integers(0, 100), times=some.integers(0, 4),
    plan=some.sets(some.integers(0, 6), min_size=1), begins=some.integers(-40, 35), stays=some.none() | some.integers(0, 60),
)  # fmt: skip
def test_no_bill_is_ever_below_zero_or_above_its_fee(
    rate: int, percent: int, adjust: int, wanted: int, point: int, share: int, times: int, plan: set[int], begins: int, stays: int | None
) -> None:  # fmt: skip
    month, terms = date(2026, 11, 1), Terms(point, share, times)
    first = month + timedelta(days=begins)
    group = Group(name="班", kind=Group.Kind.HOLIDAY, last_on=date(2027, 12, 31), fees={str(len(plan)): rate})
    place = Place(
        group=group,
        plan=sorted(plan),
        starts_on=first,
        ends_on=None if stays is None else first + timedelta(days=stays),
    )
    fee = fees.of_place(place, [month + timedelta(days=n) for n in range(30)])
    standard = fee.cents if fee else 0
    assert 0 <= standard <= rate
    reduction = reducing.of_fee(standard, percent)
    assert 0 <= reduction <= standard
    rest = standard - reduction + max(adjust, -(standard - reduction))
    cap = reducing.cap_of(rest, percent > 0, terms)
    assert 0 <= cap <= rest
    points = min(wanted, reducing.most_points(cap, percent > 0, terms))
    offset = reducing.worth(points, percent > 0, terms)
    assert offset <= cap
    assert 0 <= rest - offset <= max(rate + adjust, rate)
    assert reducing.worth(reducing.most_points(cap, percent > 0, terms) + 1, percent > 0, terms) > cap


@pytest.mark.django_db
def test_a_group_that_the_centre_ends_early_is_paid_by_the_days_that_it_ran(world: World, care: Care) -> None:
    """30 days of November from the 3rd on would be 28; until the 9th it ran on 7 of them: 70000 × 7/28 fen."""
    Centre.objects.filter(pk=care.centre.pk).update(licensed=2000)
    where = room(care, "托管早结束室")
    said = facts(where, last_on=date(2026, 12, 31), fees={7: 70000, 5: 60000})
    mine = groups.open(group=groups.draft(centre=care.centre, facts=said, by=world.zhang), by=world.chen)
    child, mother = family(world)
    placed(mine, child, mother, world.zhang, starts_on=date(2026, 11, 3), plan=list(range(7)))
    ran = len(groups.days_between(mine, NOVEMBER, date(2026, 11, 30)))
    assert drawn(world, care, child).fee_cents == 70000
    closing.close(group=mine, last_day=date(2026, 11, 9), by=world.chen)
    kept = len(groups.days_between(Group.objects.get(pk=mine.pk), NOVEMBER, date(2026, 11, 30)))
    assert drawn(world, care, child).fee_cents == fees.half_up(70000 * kept, ran) < 70000
    sweeps.sweep(datetime(2026, 11, 10, 1, tzinfo=clock.SHANGHAI))
    assert drawn(world, care, child).fee_cents == fees.half_up(70000 * kept, ran)
    assert drawing.draw(centre=care.centre, child=child, month=DECEMBER, by=world.zhang) is None
