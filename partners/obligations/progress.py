"""承诺进度: of each promise, how often it was kept this month. Only what somebody else confirmed counts."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, Sum

from core import clock
from partners.models import Agreement, Delivery, Promise


class Progress(NamedTuple):
    """A promise in one month: `done` times are confirmed, `waiting` ones are not yet."""

    promise: Promise
    done: int
    waiting: int

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.promise.times)


def month_of(day: date) -> tuple[date, date]:
    """The first day of the month of `day`, and of the next one."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def of(agreements: Iterable[Agreement], day: date | None = None) -> dict[int, list[Progress]]:
    """By agreement, each promise in the month of `day` (today); one query for any number."""
    first, after = month_of(day or clock.today())
    within = Q(deliveries__on__gte=first, deliveries__on__lt=after)

    def times(status: str) -> Sum:
        return Sum("deliveries__times", filter=within & Q(deliveries__status=status), default=0)

    promises = Promise.objects.filter(agreement__in=list(agreements)).order_by("agreement", "order")
    counted = promises.annotate(done=times(Delivery.Status.CONFIRMED), waiting=times(Delivery.Status.REPORTED))
    found: dict[int, list[Progress]] = {}
    for one in counted:
        found.setdefault(one.agreement_id, []).append(Progress(one, one.done, one.waiting))
    return found
