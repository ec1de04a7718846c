"""白天: an offer's clock does not run at night (21:00–08:00), and begins when the message rings; no day to answer ends at night."""

from datetime import datetime, time, timedelta

from core import clock
from notifications import quiet

MORNING, EVENING = time(8), time(21)


def after(at: datetime, length: timedelta) -> datetime:
    """When `length` of daytime has gone by since somebody could have heard of what happened `at`."""
    moment = awake(quiet.calm(at))
    while True:
        evening = clock.at(clock.local(moment).date(), EVENING)
        if moment + length <= evening:
            return moment + length
        length -= evening - moment
        moment = awake(evening)


def awake(moment: datetime) -> datetime:
    """`moment` by day, else the coming morning."""
    local = clock.local(moment)
    if MORNING <= local.time() < EVENING:
        return moment
    return clock.at(local.date() + timedelta(days=local.time() >= EVENING), MORNING)


def until(moment: datetime) -> datetime:
    """`moment` by day, else the evening before it."""
    local = clock.local(moment)
    if MORNING <= local.time() <= EVENING:
        return moment
    return clock.at(local.date() - timedelta(days=local.time() < MORNING), EVENING)
