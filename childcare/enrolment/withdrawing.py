"""撤回: what ends when a guardian takes a consent back. It ends at once, and nobody is asked why."""

from childcare.enrolment import health
from childcare.enrolment.agreeing import NEEDED
from childcare.handover import pickups
from childcare.models import Place
from childcare.places import ending
from communities import guardians
from communities.models import Consent, User
from core import clock

Purpose, Status = Consent.Purpose, Place.Status
# What is said afterwards: what has ended, and what goes on.
NOTES = {
    Purpose.CARE: "今天是最后一天，托位从明天起结束；已有的账单照常办理。",
    Purpose.CHILD_DATA: "今天是最后一天，托位从明天起结束；已有的账单照常办理。",
    Purpose.CARE_HEALTH: "已登记的健康情况已经删除，托管照常。",
    Purpose.CARE_PICKUP: "已登记的接送人和接送码马上作废，孩子只由监护人接。",
    Purpose.CARE_PHOTO: "有孩子的照片不再使用，托管照常。",
    Purpose.CARE_ALONE: "从现在起孩子由大人接走，托管照常。",
    Purpose.CARE_RELIEF: "从下一张账单起不再减免，以前的不追回。",
}
STANDING = (Status.WAITING, Status.OFFERED, Status.HELD)


def heed(consent: Consent, by: User) -> None:
    """Listens to `communities.consents`, in the transaction that withdraws.

    Who ceased to be guardian withdrew nothing: the place stays, and staff find the child on their list (enrolment/todo.py);
    health, pick-ups and going alone end all the same, because nobody agrees to them any more.
    """
    child = consent.resident
    if child is None:
        return
    if consent.purpose == Purpose.CARE_HEALTH:
        health.erase(child=child, by=by)
    elif consent.purpose == Purpose.CARE_PICKUP:
        pickups.revoke_all(child=child, by=by)
    elif consent.purpose == Purpose.CARE_ALONE:
        Place.objects.filter(child=child, alone=True).update(alone=False)
    elif consent.purpose in NEEDED and (consent.guardian is None or guardians.answers_for(consent.guardian, child)):
        _end_places(consent, by)


def _end_places(consent: Consent, by: User) -> None:
    mine = Place.objects.filter(child=consent.resident, status__in=STANDING).select_related("group__centre__community")
    for place in mine.order_by("pk"):
        ending.end(place=place, last_day=clock.today(), reason=Place.EndReason.CONSENT, by=by)
