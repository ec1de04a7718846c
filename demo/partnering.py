"""What partners did, whole: how they came, what they offer, what was used of it and settled, what they kept of their word."""

from dataclasses import replace
from datetime import time, timedelta

from core import clock
from demo import joining, promises, shelf, statements, vouchers
from demo.affairs import Affair
from demo.asked import Asked
from partners.models import Call

last = promises.last


def past(asked: Asked) -> list[Affair]:
    """In no order. A run that was killed goes on in the day in which this story was begun."""
    begun = Call.objects.filter(title=joining.SETTLED).values_list("made_at", flat=True).first()
    if begun:
        day = clock.local(begun).date() - timedelta(days=joining.DRAFTED)
        asked = asked if day == asked.day else replace(asked, now=clock.at(day, time(12)))
    parts = (joining, shelf, vouchers, promises, statements)
    return [affair for part in parts for affair in part.past(asked)]
