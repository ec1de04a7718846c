"""What was booked and committed before every example begins: two years, seen from close to the end of the second."""

from datetime import date, datetime, time

import time_machine
from django.db import transaction

from core import clock
from tests.model.both import Both
from tests.model.cast import build, model
from tests.model.sight import agree

BEGIN = clock.at(date(2026, 12, 30), time(22, 0))


def live() -> Both:
    """Everybody has points; some were spent, expired, were taken back when spent, are owed or shared."""
    with time_machine.travel(_on(2024, 11, 4), tick=False) as now, transaction.atomic():
        both = Both(build(), model(), {}, {})
        for name in both.cast.people:  # in this order, so that wallets are numbered as the model numbers them
            both.award(f"past {name} 2024", name, "HONOR_STREET", 1, date(2024, 11, 4))
        for name in ("an", "bo", "ding", "er"):
            both.share(name)
        both.charge("past cui early", "cui", 12, "文兴", 0, purse=False)
        both.charge("past purse early", "bo", 35, "文兴", 5, purse=True)
        now.move_to(_on(2025, 11, 3))
        for name in both.cast.people:
            both.award(f"past {name} 2025", name, "HONOR_STREET", 1, date(2025, 11, 3))
        now.move_to(_on(2026, 1, 2))
        both.expire(100)
        now.move_to(_on(2026, 3, 8))
        for name in ("an", "bo", "ding"):
            both.award(f"past {name} 2026", name, "ELD", 180, date(2026, 3, 7))
        both.charge("past purse", "an", 70, "华林", 5, purse=True)
        both.charge("past er", "er", 25, "华林", 0, purse=False)
        now.move_to(_on(2026, 12, 20))
        both.award("past wrong", "er", "HONOR_STREET", 1, date(2026, 12, 20))
        both.charge("past spent", "er", 60, "文兴", 0, purse=False)
        both.reverse("past wrong taken back", "past wrong")
        agree(both)
    return both


def _on(year: int, month: int, day: int) -> datetime:
    return clock.at(date(year, month, day), time(10, 0))
