"""What the nightly jobs left behind: the sums of each month's last evening, and the newest check of the books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core import clock
from demo.asked import Asked
from points import checking, folding
from points.models import BookCheck, Snapshot

MONTHS_TOLD = 4  # the first activities were half a year ago at most
EVENING = time(23, 59)


@dataclass(frozen=True)
class Closing:
    """The last fold of a month."""

    at: datetime

    def is_there(self) -> bool:
        return Snapshot.objects.filter(day__gte=clock.local(self.at).date()).exists()

    def write(self) -> None:
        folding.fold(at=self.at)


def closings(asked: Asked) -> Iterator[Closing]:
    """The month ends of the story, and yesterday."""
    day = asked.day.replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS_TOLD):
        yield Closing(clock.at(day, EVENING))
        day = day.replace(day=1) - timedelta(days=1)
    yield Closing(clock.at(asked.day - timedelta(days=1), EVENING))


def close(asked: Asked) -> None:
    """What happened until now is folded and checked."""
    folding.fold(at=asked.now)
    if not BookCheck.objects.exists():
        checking.check(asked.now)
