"""Who else is told what happened to evidence: the bills (childcare), the family's messages (notifications)."""

from collections.abc import Callable

from communities.guardians import speaking_for
from communities.models import Evidence, Resident

# `listener(evidence, event)` in the transaction of the event: recorded, verified, declined, ended, soon (a check is due).
Listener = Callable[[Evidence, str], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> None:
    """From now on `listener(evidence, event)` is called. Nothing in it may name the category."""
    if listener not in _listeners:
        _listeners.append(listener)


def told(evidence: Evidence, event: str) -> Evidence:
    for listener in _listeners:
        listener(evidence, event)
    return evidence


def family_of(resident: Resident) -> list[Resident]:
    """Who answers for a child and is kept away from it by no paper, else the resident."""
    return [one.guardian for one in speaking_for(resident) if one.guardian.confirmed] or [resident]
