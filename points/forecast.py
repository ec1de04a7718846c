"""预计: what an award would give as the books stand now, so that nobody approves blindly what a cap will cut off.

The same arithmetic as points/sql/0007_award.sql, which alone decides.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from communities.models import Resident
from points.models import Credit, Entry, Rule
from points.pricing import Price


class Asked(NamedTuple):
    resident: Resident
    price: Price


class Used(NamedTuple):
    """What a resident was given in one month: by kind, by kind and day, by rule and day; and how many times."""

    month: Counter[tuple[int, str]]
    day: Counter[tuple[int, str, date]]
    rule: Counter[tuple[int, str, date]]
    times: Counter[tuple[int, str, date]]
    times_month: Counter[tuple[int, str]]


def given(asked: Sequence[Asked]) -> list[int]:
    """What each would give, one after the other in this order; two queries and one for each month among them."""
    rules = Rule.objects.in_bulk({one.price.rule_id for one in asked})
    found: list[int] = [0] * len(asked)
    for first in sorted({one.price.served_on.replace(day=1) for one in asked}):
        mine = [n for n, one in enumerate(asked) if one.price.served_on.replace(day=1) == first]
        used = _used({asked[n].resident.pk for n in mine}, first)
        for n in mine:
            found[n] = _gives(asked[n], rules[asked[n].price.rule_id], used)
            _count(asked[n].resident.pk, rules[asked[n].price.rule_id], asked[n].price, found[n], used)
    return found


def _used(residents: set[int], first: date) -> Used:
    month = Q(served_on__year=first.year, served_on__month=first.month)
    standing = Credit.objects.filter(month, wallet__resident__in=residents, given__gt=0)
    rows = standing.exclude(Exists(Entry.objects.filter(reverses=OuterRef("entry")))).select_related("rule", "wallet")
    used = Used(Counter(), Counter(), Counter(), Counter(), Counter())
    for row in rows:
        resident = row.wallet.resident_id
        assert resident is not None
        price = Price(row.rule_id, row.quantity, row.asked, row.served_on, None, None, 0, needs_notice=False)
        _count(resident, row.rule, price, row.given, used)
    return used


def _count(resident: int, rule: Rule, price: Price, points: int, used: Used) -> None:
    if not points:
        return
    day, times = price.served_on, price.quantity if rule.basis == Rule.Basis.TIME else 1
    used.month[resident, rule.kind] += points
    used.day[resident, rule.kind, day] += points
    used.rule[resident, rule.code, day] += points
    used.times[resident, rule.code, day] += times
    used.times_month[resident, rule.code] += times


def _gives(one: Asked, rule: Rule, used: Used) -> int:
    price, me = one.price, one.resident.pk
    if rule.kind == Rule.Kind.EXEMPT:
        return price.asked
    times = [
        most - so_far
        for most, so_far in (
            (rule.day_times, used.times[me, rule.code, price.served_on]),
            (rule.month_times, used.times_month[me, rule.code]),
        )
        if most is not None
    ]
    if any(left <= 0 for left in times):
        return 0
    room = [
        most - so_far
        for most, so_far in (
            (rule.day_points, used.rule[me, rule.code, price.served_on]),
            (price.cap_day, used.day[me, rule.kind, price.served_on]),
            (price.cap_month, used.month[me, rule.kind]),
        )
        if most is not None
    ]
    by_times = [rule.points * left for left in times] if rule.basis == Rule.Basis.TIME else []
    return max(0, min([price.asked, *room, *by_times]))
