"""夜间不打扰: a short message rings, so none goes out between 20:30 and 08:30 (domain guide, 17.3)."""

from datetime import datetime, time, timedelta

from core import clock

EVENING, MORNING = time(20, 30), time(8, 30)


def calm(at: datetime) -> datetime:
    """`at` itself by day, else the coming 08:30."""
    local = clock.local(at)
    if MORNING <= local.time() < EVENING:
        return at
    return clock.at(local.date() + timedelta(days=local.time() >= EVENING), MORNING)
