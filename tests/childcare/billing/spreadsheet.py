"""The bill as somebody would work it out in a spreadsheet, in yuan with Decimal; knows nothing of childcare.billing."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
POINT = Decimal("0.20")
PERCENT = {
    "": 0, "destitute": 100, "subsistence": 80, "disabled_severe": 60, "disabled": 40, "left_behind": 50, "near_poor": 40, "veteran": 0,
    "courier": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Stay:
    """One place: yuan a month (a day when `daily`), on which weekdays, from and to."""

    rate: str
    weekdays: tuple[int, ...]
    begins: date
    ends: date | None = None
    daily: bool = False


@dataclass(frozen=True)
class Sheet:
    standard: Decimal
    reduction: Decimal
    cap: Decimal
    points: int
    relief: int
    offset: Decimal
    due: Decimal


def fee(stay: Stay, month: date) -> Decimal:
    length = monthrange(month.year, month.month)[1]
    planned = [day for day in (month + timedelta(n) for n in range(length)) if day.weekday() in stay.weekdays]
    there = [day for day in planned if day >= stay.begins and (stay.ends is None or day <= stay.ends)]
    rate = Decimal(stay.rate)
    if stay.daily:
        return rate * len(there)
    return (rate * len(there) / len(planned)).quantize(CENT, ROUND_HALF_UP)


def bill(stays: list[Stay], month: date, category: str, wanted: int, adjust: str = "0") -> Sheet:
    """With as many of the `wanted` points as may be used."""
    standard = sum((fee(one, month) for one in stays), Decimal())
    percent = PERCENT[category]
    reduction = (standard * percent / 100).quantize(CENT, ROUND_HALF_UP)
    rest = standard - reduction + Decimal(adjust)
    hard = percent > 0
    cap = rest if hard else (rest * Decimal("0.30")).quantize(CENT, ROUND_FLOOR)
    each = POINT * (2 if hard else 1)
    points = min(wanted, int(cap // each))
    offset = each * points
    return Sheet(standard, reduction, cap, points, points if hard else 0, offset, rest - offset)
