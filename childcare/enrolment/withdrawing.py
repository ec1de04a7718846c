"""撤回: what ends when a guardian takes a consent back. It ends at once, and nobody is asked why; and what begins when one is given."""

from childcare.enrolment import health
from childcare.enrolment.agreeing import NEEDED
from childcare.handover import pickups
from childcare.models import Place
from childcare.places import ending, fit
from childcare.staffing import telling as staff
from communities import guardians
from communities.models import Consent, Guardian, User
from core import clock
from core.refusals import Refused
from notifications.models import Message
from notifications.outbox import Words, message, tell_many

Purpose, Status = Consent.Purpose, Place.Status
INBOX = Message.Channel.INBOX
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
_OVER = "没有这项同意不能继续托管。今天是最后一天，托位从明天起结束。"
# What is said before: of those after which something is gone (communities/wards.py, ENDS).
ENDING = {
    Purpose.CARE: _OVER, Purpose.CHILD_DATA: _OVER,
    Purpose.CARE_HEALTH: "已登记的健康情况（过敏、服药等）马上删除，老师不再看到。托管照常。",
    Purpose.CARE_PICKUP: "已登记的接送人和接送码马上作废，孩子只由监护人接。以后要用，重新登记。",
    Purpose.CARE_RELIEF: "从下一张账单起不再减免，以前的不追回，登记的内容随后删除。",
}  # fmt: skip


class TooYoung(Refused):
    code = "care_too_young_alone"
    message = "孩子还没到能自己离开的年级（一般是四年级），没有记录同意，照旧由大人来接。升上去、改好年级以后再同意。"


STANDING = (Status.WAITING, Status.OFFERED, Status.HELD)


def heed(consent: Consent, by: User) -> None:
    """Listens to `communities.consents`, in the transaction that withdraws.

    Who ceased to be guardian withdrew nothing: the place stays, and staff find the child on their list (enrolment/todo.py).
    Health and pick-ups end once nobody is left who speaks for the child (guardians.OUTLASTING), going alone at once.
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


def given(consent: Consent, by: User) -> None:
    """Listens to `communities.consents`, in the transaction that gives: going home alone may be agreed to at any time.

    Refuses `TooYoung` for a child that is too young, rather than keep a word that does nothing.
    """
    child = consent.resident
    if consent.purpose != Purpose.CARE_ALONE or child is None:
        return
    mine = Place.objects.filter(child=child, status__in=STANDING).select_related("group__centre__community")
    for place in mine.order_by("pk"):
        if fit.against_alone(place.group, child):
            raise TooYoung
    mine.update(alone=True)


def ended(mine: Guardian, others: list[Guardian], by: User) -> None:
    """Listens to `communities.guardians`: whoever still speaks for a child in care, and its centre's lead, hear that one ended."""
    places = Place.objects.filter(child=mine.child, status__in=STANDING).select_related("group__centre")
    centres = {one.group.centre_id: one.group.centre for one in places.order_by("pk")}
    if not centres:
        return
    said = Words(
        "一位监护人的登记已结束",
        "您的孩子的一位监护人登记已经结束。健康情况、接送人、优待照旧；服务协议是那位监护人同意的，请您在“同意事项”里同意。",
        f"/childcare/children/{mine.child_id}/consents/",
    )
    rows = [message(f"care-guardian-ended:{mine.pk}", said, INBOX, resident=one.guardian) for one in others]
    tell_many(rows)
    stays = (
        "还有监护人，健康情况、接送人照旧。"
        if others
        else "已没有能替孩子办理的监护人，健康情况和接送人随同意一起作废。"
    )
    body = f"有一个孩子的一位监护人登记已经结束：{stays}请核对接送安排，并联系家长。"
    for centre in centres.values():
        staff.tell(centre, f"care-guardian-ended:{mine.pk}", Words("有孩子的监护人有变动", body, "/care/"))


def _end_places(consent: Consent, by: User) -> None:
    mine = Place.objects.filter(child=consent.resident, status__in=STANDING).select_related("group__centre__community")
    for place in mine.order_by("pk"):
        ending.end(place=place, last_day=clock.today(), reason=Place.EndReason.CONSENT, by=by)
