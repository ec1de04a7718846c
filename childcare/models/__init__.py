"""托管: centres, places, families, days, hand-over, staff and bills."""

from childcare.models.bills import Bill, BillAdjustment, BillLine, BillQuerySet, Offset, Payment, Refund
from childcare.models.days import Alarm, AlarmQuerySet, Attendance, Call, LateMark, LeaveNote, RollCall
from childcare.models.families import CareEnrolmentQuerySet, CareFile, Carer, Contact, Enrolment
from childcare.models.handover import (
    Barred,
    BarredTry,
    Handover,
    HandoverNote,
    HandoverQuerySet,
    Pickup,
    PickupCode,
    speaking_guardians,
)
from childcare.models.places import Centre, CentreQuerySet, Group, GroupQuerySet, Place, PlaceQuerySet
from childcare.models.staffing import RecordCheck, Staffer, Turn
from childcare.models.watching import AuditReport, Cleared, Incident

__all__ = [
    "Alarm",
    "AlarmQuerySet",
    "Attendance",
    "AuditReport",
    "Barred",
    "BarredTry",
    "Bill",
    "BillAdjustment",
    "BillLine",
    "BillQuerySet",
    "Call",
    "CareEnrolmentQuerySet",
    "CareFile",
    "Carer",
    "Centre",
    "CentreQuerySet",
    "Cleared",
    "Contact",
    "Enrolment",
    "Group",
    "GroupQuerySet",
    "Handover",
    "HandoverNote",
    "HandoverQuerySet",
    "Incident",
    "LateMark",
    "LeaveNote",
    "Offset",
    "Payment",
    "Pickup",
    "PickupCode",
    "Place",
    "PlaceQuerySet",
    "RecordCheck",
    "Refund",
    "RollCall",
    "Staffer",
    "Turn",
    "speaking_guardians",
]
