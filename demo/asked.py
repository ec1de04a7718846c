"""What was asked for, and how the past is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Least

from core import clock
from notifications.models import Message

OPENING = time(10)  # sign-up opens at ten (domain guide, 5.3)
STILL_NEWS = timedelta(days=2)


@dataclass(frozen=True)
class Asked:
    """Everything in the demo follows from the moment `now` in which it stands, `seed`, and how many `residents`."""

    now: datetime
    seed: int = 1
    residents: int = 300

    @property
    def day(self) -> date:
        return clock.local(self.now).date()

    def at(self, days: int, hour: time = OPENING) -> datetime:
        """Shanghai's `hour` on the day so many `days` from today."""
        return clock.at(self.day + timedelta(days=days), hour)

    def dice(self, what: str) -> Random:
        """The same throws for the same `what` and seed, whatever was done before: so a killed run can go on."""
        return Random(f"{self.seed}:{what}")

    @contextmanager
    def back_then(self, at: datetime) -> Iterator[None]:
        """One transaction, all or nothing. What people were told in it reached them then; what is older was read."""
        with transaction.atomic():
            last = Message.objects.aggregate(last=Max("pk"))["last"] or 0
            yield
            read_at = at if at < self.now - STILL_NEWS else None
            told, when = Message.objects.filter(pk__gt=last, state=Message.State.WAITING), Least(F("due_at"), Value(at))
            told.update(state=Message.State.SENT, due_at=when, taken_at=when, sent_at=when, read_at=read_at)
