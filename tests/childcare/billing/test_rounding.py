"""Half up to the fen, and what can never be: a bill below zero, above its fee, a reduction above the price, points above the cap."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as some

from childcare.billing import fees, reducing
from childcare.billing.reducing import Terms
from childcare.models import Group, Place

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
    group = Group(name="班", kind=Group.Kind.HOLIDAY, fees={str(len(plan)): rate})
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
