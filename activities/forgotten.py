"""待核实: check-outs that were forgotten, for the colleagues to ask after and record anew (presence.close_forgotten)."""

from collections.abc import Iterator

from django.urls import reverse

from activities import deadlines
from activities.models import Means, Participation
from communities.models import User
from communities.todo import Waiting


def rows(user: User) -> Iterator[Waiting]:
    """One row for the to-do page; it leads to the oldest activity."""
    waiting = Participation.objects.for_staff(user).awaiting_points().filter(left_how=Means.FORGOTTEN)
    yield Waiting(
        "activities", "忘记签退待核实", reverse("desk:activities"), lambda _: waiting, "activity__ends_at", deadlines.until,
        "activity__community__sub_district", ("desk:activity", "activity"),
    )  # fmt: skip
