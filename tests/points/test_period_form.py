from datetime import date
from typing import Any

import pytest

from points.period_form import PeriodForm

FIRST, TODAY = date(2026, 11, 3), date(2027, 2, 5)


def form(data: dict[str, Any], first: date = FIRST, today: date = TODAY) -> PeriodForm:
    return PeriodForm(data, first=first, today=today)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (None, "2027-02"), ("", "2027-02"), ("2026-11", "2026-11"), ("2026", "2026"), ("2027", "2027"),
        ("2027-03", "2027-02"), ("2026-10", "2027-02"), ("2025", "2027-02"), ("9999-12", "2027-02"), ("2026-13", "2027-02"),
        ("x\0", "2027-02"), ("２０２６", "2027-02"),
    ],
)  # fmt: skip
def test_a_period_of_the_books_or_this_month(typed: str | None, asked: str) -> None:
    assert form({} if typed is None else {"period": typed}).asked().value == asked


def test_what_there_is_to_choose() -> None:
    choices = form({}).fields["period"].choices  # type: ignore[attr-defined]
    assert [(year, [value for value, _ in some]) for year, some in choices] == [
        ("2027年", ["2027-02", "2027-01", "2027"]),
        ("2026年", ["2026-12", "2026-11", "2026"]),
    ]


def test_before_anything_is_booked_there_is_this_month() -> None:
    choices = form({}, first=TODAY).fields["period"].choices  # type: ignore[attr-defined]
    assert [[value for value, _ in some] for _, some in choices] == [["2027-02", "2027"]]
