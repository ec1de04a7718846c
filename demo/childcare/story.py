"""The order of it, told from the beginning of last month; every step looks at the data to see whether it was done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models import QuerySet

from childcare.models import BillAdjustment
from core import clock
from demo.affairs import Affair
from demo.asked import Asked
from demo.childcare import bills, centre, days, homes, pickups, relief, savings, seats
from demo.childcare.classes import BEGUN, OPERATOR, Days
from partners.models import Agreement

NOON, CLOSING = time(12), time(20, 30)
ALL, MORE = 1.0, 0.6
DRAWN, USED = 25, 3  # the day of the month before; days before the month
COMING = 13  # days for which turns are planned


def last() -> QuerySet[BillAdjustment]:
    """What is written last: when it is there, everything is."""
    return BillAdjustment.objects.filter(reason=bills.ASKED_WHY)


def past(asked: Asked) -> list[Affair]:
    """In no order. A run that was killed goes on in the day in which this story was begun."""
    begun = Agreement.objects.filter(partner__name=OPERATOR).values_list("recorded_at", flat=True).first()
    if begun:
        day = clock.local(begun).date() + timedelta(days=BEGUN)
        asked = asked if day == asked.day else replace(asked, now=clock.at(day, NOON))
    return [*_opening(asked), *_days(asked), *_money(asked)]


def _opening(asked: Asked) -> Iterator[Affair]:
    its = Days(asked.day)
    first = its.back(its.before)
    yield Affair(asked.at(-BEGUN), centre.is_agreed, partial(centre.agree, asked))
    yield Affair(asked.at(first - 25), centre.is_found, partial(centre.found, asked))
    yield Affair(asked.at(first - 24), centre.is_staffed, partial(centre.employ, asked))
    yield Affair(asked.at(first - 22), homes.are_there, partial(homes.write, asked))
    yield Affair(asked.at(first - 20), savings.are_shown, partial(savings.show, asked))
    yield Affair(asked.at(first - 15), seats.are_held, partial(seats.hold, asked))
    yield Affair(asked.at(first - 14, NOON), pickups.are_there, partial(pickups.authorise, asked))
    yield Affair(asked.at(-9), pickups.is_revoked, pickups.revoke)
    yield Affair(asked.at(first - 12), relief.is_recorded, partial(relief.record, asked))
    yield Affair(asked.at(first - 11), relief.is_verified, relief.verify)
    yield Affair(asked.at(first - 5), savings.are_booked, savings.book)
    yield Affair(asked.at(first - 1), centre.is_planned, partial(_plan, asked))
    yield Affair(asked.at(first + 1), seats.are_waiting, partial(seats.wait, asked))


def _plan(asked: Asked, _: datetime) -> None:
    centre.plan(days.running(Days(asked.day).told_since, asked.day + timedelta(days=COMING)))


def _days(asked: Asked) -> Iterator[Affair]:
    """Each evening of a month; today as far as it has come."""
    day = Days(asked.day).told_since
    while day <= asked.day:
        at = min(clock.at(day, CLOSING), asked.now)
        yield Affair(at, partial(_is_over, day), partial(_tell, asked, day))
        day += timedelta(days=1)


def _is_over(day: date) -> bool:
    return days.is_told(day) or day not in days.running(day, day)


def _tell(asked: Asked, day: date, at: datetime) -> None:
    days.write(asked, day, at)


def _money(asked: Asked) -> Iterator[Affair]:
    its = Days(asked.day)
    for month, share in ((its.before, MORE), (its.month, ALL)):
        drawn = (month - timedelta(days=1)).replace(day=DRAWN)
        yield Affair(clock.at(drawn, time(9)), partial(bills.are_drawn, month), partial(bills.draw, month))
        yield Affair(
            clock.at(month - timedelta(days=USED), time(19)),
            partial(bills.are_used, month),
            partial(bills.use, asked, month, share),
        )
    closing = its.month - timedelta(days=1)
    yield Affair(
        clock.at(its.before.replace(day=28), time(1)),
        partial(bills.is_frozen, its.before),
        partial(bills.freeze, its.before),
    )
    yield Affair(clock.at(closing, time(14)), partial(bills.are_paid, its.before), partial(bills.pay, its.before))
    yield Affair(clock.at(closing, time(18)), bills.is_put_right, partial(bills.put_right, its.before))
    if asked.day.day >= DRAWN:
        yield Affair(
            clock.at(its.month.replace(day=DRAWN), time(9)),
            partial(bills.are_drawn, its.coming),
            partial(bills.draw, its.coming),
        )
