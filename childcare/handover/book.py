"""交接记录: what pages, files and REST read of hand-overs, and the row that a page's number names."""

from typing import Any

from django.db.models import QuerySet

from childcare.handover.asking import NoLongerGood, Way
from childcare.models import Carer, Centre, Handover, Pickup
from communities.models import Guardian

WITH = (
    "place__group", "child", "guardian__guardian", "pickup", "carer", "code", "staffer", "second", "by",
)  # fmt: skip


def of_centre(centre: Centre) -> QuerySet[Handover]:
    """Everything that a line of the log says, in two queries."""
    rows = Handover.objects.filter(place__group__centre=centre).select_related(*WITH, "place__group__centre__community")
    return rows.prefetch_related("notes__by")


def taker(way: Way, number: int) -> dict[str, Any]:
    """The argument of `releasing.release` that `number` names. Of whose child it is, the verb asks. Refuses what is not there."""
    rows: dict[Way, QuerySet[Any]] = {
        Way.GUARDIAN: Guardian.objects.select_related("guardian"), Way.PICKUP: Pickup.objects.all(), Way.CARER: Carer.objects.all(),
    }  # fmt: skip
    if way not in rows:
        return {}
    found = rows[way].filter(pk=number).first()
    if found is None:
        raise NoLongerGood
    return {way.value: found}
