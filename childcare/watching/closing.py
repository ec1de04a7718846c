"""注销 and childcare: what must be done first, and how the child goes out of every row while bills and days stay under the number."""

from collections.abc import Iterator

from django.db.models import Q

from childcare.billing import refunding
from childcare.models import (
    Attendance,
    Barred,
    BarredTry,
    Bill,
    BillAdjustment,
    Call,
    CareFile,
    Carer,
    Contact,
    Enrolment,
    HandoverNote,
    LateMark,
    Payment,
    Pickup,
    PickupCode,
    Place,
)
from childcare.watching import emptying
from communities.closing import Gone, scrub
from communities.models import Resident

OPEN = (Place.Status.WAITING, Place.Status.OFFERED, Place.Status.HELD)
Status = Enrolment.Status


def obstacles(resident: Resident) -> Iterator[str]:
    """A place that runs or waits, and bills that are not paid: of the child, or of whoever pays for it."""
    mine = Q(child=resident) | Q(payer=resident)
    places = Place.objects.filter(mine, status__in=OPEN).select_related("group__centre").order_by("pk")
    for place in places:
        yield f"“{place.group.centre}”的托位还没有结束（{place.get_status_display()}），请先办理离开"
    for bill in Bill.objects.filter(mine, due_cents__gt=0).exclude(status=Bill.Status.PAID).order_by("month", "pk"):
        yield f"{bill.month:%Y年%-m月}的托管账单还没有缴清"
    for _ in Enrolment.objects.filter(Q(child=resident) | Q(guardian=resident), status=Status.SUBMITTED)[:1]:
        yield "托管报名还在等待核对，请先撤回"


def losses(resident: Resident) -> Iterator[str]:
    """Points that wait to come back reach no closed file; money does."""
    if points := refunding.points_of(resident):
        yield f"托管费还有{points:,}积分等着退回您的账户，注销后不能再退。请先到社区办理。"


def ended(gone: Gone) -> None:
    """What was begun and never sent in is deleted: it is sealed, and nobody else's."""
    mine = Q(child=gone.resident) | Q(guardian=gone.resident)
    Enrolment.objects.filter(mine, status=Status.DRAFT).delete()


def emptied(gone: Gone) -> None:
    """Of a child nothing is left but days, hand-overs and bills under the number; a guardian's name goes out of texts."""
    child = gone.resident
    CareFile.objects.filter(child=child).delete()
    BarredTry.objects.filter(barred__child=child).delete()
    Barred.objects.filter(child=child).delete()
    for model in (Pickup, PickupCode, Contact, Carer):
        emptying.empty_people(model, model.objects.filter(child=child))
    Attendance.objects.filter(place__child=child).update(state_sealed=None, brought_by="")
    Call.objects.filter(alarm__place__child=child).update(whom=emptying.NOBODY, note="")
    HandoverNote.objects.filter(handover__child=child).update(text=emptying.NOBODY)
    _scrub(gone)


def _scrub(gone: Gone) -> None:
    """A name that somebody wrote into a remark; of a namesake who lives on nothing is touched."""
    if gone.namesake:
        return
    here = gone.resident.community_id
    at_home = Q(place__group__centre__community=here)
    scrub(Attendance.objects.filter(at_home), "brought_by", gone=gone)
    scrub(Call.objects.filter(alarm__place__group__centre__community=here), "whom", "note", gone=gone)
    scrub(LateMark.objects.filter(at_home), "excuse", gone=gone)
    scrub(HandoverNote.objects.filter(handover__place__group__centre__community=here), "text", gone=gone)
    scrub(BillAdjustment.objects.filter(bill__centre__community=here), "reason", gone=gone)
    scrub(Payment.objects.filter(centre__community=here), "void_reason", gone=gone)
    # Who leaves may be somebody else's pick-up person or contact, known by name and number.
    same = {"name": gone.name, "phone": gone.phone}
    for model in (Pickup, Contact, Carer):
        if gone.phone:
            emptying.empty_people(model, model.objects.filter(child__community=here, **same))
