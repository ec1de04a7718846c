"""谁能接: who may take a child now, for the page of the one on duty; and who did, for the logs."""

from dataclasses import dataclass
from datetime import datetime

from childcare.handover import asking, barring
from childcare.handover.barring import Shown
from childcare.models import Carer, Pickup, PickupCode, Place
from childcare.opening import Part, look
from childcare.speaking import bars_of, stops
from communities.models import Guardian, User
from core import clock

PARTS = {Part.BASIC, Part.GUARDIANS, Part.PICKUPS, Part.BARRED}


@dataclass(frozen=True)
class Options:
    """Those whom nothing stands against on `day`; whom a bar names stands in `barred`, for who may read it, and nowhere else."""

    barred: list[Shown]
    guardians: list[Guardian]
    carers: list[Carer]
    pickups: list[Pickup]
    codes: list[PickupCode]
    alone: bool


def options(place: Place, at: datetime, viewer: User) -> Options:
    """Who may take the child of `place`, of those parts that the viewer sees, after the look was written. Refuses `NotYourChild`."""
    child, day, today = place.child, asking.day_of(place, at), clock.local(at).date()
    seen = look(user=viewer, child=child, parts=PARTS, purpose=barring.PURPOSE)
    rows = bars_of(child)
    bars = barring.shown(child) if rows and Part.BARRED in seen else []
    guardians = Guardian.objects.current().filter(child=child).select_related("guardian").order_by("pk")
    carers = Carer.objects.filter(child=child, ended_at=None).order_by("pk")
    standing = Pickup.objects.standing().filter(child=child, valid_from__lte=today, valid_until__gte=day)
    good = standing.exclude(once=True, used_at__isnull=False)
    codes = PickupCode.objects.open().filter(child=child, day__in=(day, today))
    family, sent = Part.GUARDIANS in seen, Part.PICKUPS in seen
    return Options(
        bars,
        [one for one in guardians if family and stops(child, adult=one.guardian, standing=rows) is None],
        [one for one in carers if family and stops(child, key=one.name_key, standing=rows) is None],
        [one for one in good.order_by("slot") if sent and stops(child, key=one.name_key, standing=rows) is None],
        [one for one in codes if sent and stops(child, key=one.name_key, standing=rows) is None],
        sent and not asking.alone_refused(place, day),
    )
