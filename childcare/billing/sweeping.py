"""What beat does for bills: next month's on their day, who came late, what changed since, the reminder, and the confirming."""

from datetime import datetime, timedelta

import structlog

from childcare.billing import freezing, rechecking, running
from childcare.billing.fees import after
from childcare.models import Bill, Centre
from communities.models import Resident, User
from communities.settings import CARE_BILL_DAY, value_of
from core import clock
from core.refusals import Refused

log = structlog.get_logger(__name__)


def sweep(at: datetime) -> None:
    """All of it, in this order; a second run on the same day does nothing."""
    draw_next(at)
    draw_missing(at)
    redraw_open(at)
    rechecking.sweep(at)
    freezing.remind(at)
    freezing.sweep(at)


def draw_next(at: datetime) -> int:
    """From the day of the setting (the 25th) on, next month's bills of centres that have none yet; how many were made."""
    by, today, made = User.objects.get(username="system"), clock.local(at).date(), 0
    month = after(today.replace(day=1))
    for centre in Centre.objects.open_on(month).select_related("community").order_by("pk"):
        if today.day >= value_of(CARE_BILL_DAY, centre.community.sub_district_id):
            made += running.write_all(centre=centre, month=month, by=by, at=at).counted["drawn"]
    return made


def draw_missing(at: datetime) -> int:
    """Of this month and the last one, for children that came after the month was drawn; how many were made."""
    by, made = User.objects.get(username="system"), 0
    this = clock.local(at).date().replace(day=1)
    for centre in Centre.objects.select_related("community").order_by("pk"):
        for month in ((this - timedelta(days=1)).replace(day=1), this):
            made += running.write_missing(centre=centre, month=month, by=by, at=at).counted["drawn"]
    return made


def redraw_open(at: datetime) -> int:
    """Bills that are not confirmed follow what changed: a place that ended, evidence that did. How many children."""
    by = User.objects.get(username="system")
    children = Bill.objects.open().order_by().values("child").distinct()
    found = Resident.objects.filter(pk__in=children).order_by("pk")
    for child in found:
        try:
            running.redraw_later(child=child, by=by, at=at)
        except Refused as refused:  # one child's bill stops no other; the next night looks again
            log.warning("care-bill", child=child.pk, refused=refused.code)
    return len(found)
