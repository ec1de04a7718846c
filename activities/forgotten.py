"""待核实: check-outs that were forgotten, for the colleagues to ask after and record anew (presence.close_forgotten)."""

from collections.abc import Iterator
from datetime import time

from django.urls import reverse

from activities import deadlines
from activities.models import Means, Participation
from communities.models import User
from communities.todo import Row
from core import clock


def rows(user: User) -> Iterator[Row]:
    """One row for the to-do page; it leads to the oldest activity. Two queries, and the deadline's."""
    waiting = Participation.objects.for_staff(user).awaiting_points().filter(left_how=Means.FORGOTTEN)
    first = waiting.select_related("activity__community").order_by("activity__ends_at", "pk").first()
    if first is None:
        yield Row("activities", "忘记签退待核实", 0, reverse("desk:activities"))
        return
    last = clock.at(deadlines.last_day(first.activity), time(23, 59))
    yield Row("activities", "忘记签退待核实", waiting.count(), reverse("desk:activity", args=[first.activity_id]), last)
