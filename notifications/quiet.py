"""夜间不打扰: between 20:30 and 08:30 no phone rings, and around noon only for what cannot wait (domain guide, 17.3)."""

from datetime import datetime, time, timedelta

from core import clock
from notifications.models import Message

EVENING, MORNING = time(20, 30), time(8, 30)
NOON, AFTERNOON = time(12, 30), time(14, 0)
Urgency = Message.Urgency


def calm(at: datetime, urgency: int = Urgency.URGENT) -> datetime:
    """When a phone may ring at the earliest: `at` itself, the end of the midday pause, or the coming 08:30."""
    local = clock.local(at)
    day, shown = local.date(), local.time()
    if urgency == Urgency.ALARM:
        return at
    if not MORNING <= shown < EVENING:
        return clock.at(day + timedelta(days=shown >= EVENING), MORNING)
    if urgency == Urgency.ROUTINE and NOON <= shown < AFTERNOON:
        return clock.at(day, AFTERNOON)
    return at
