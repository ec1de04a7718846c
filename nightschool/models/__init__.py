"""夜校: courses, their classes, who has a seat, who waits for one, who was there."""

from nightschool.models.applications import Application, ApplicationQuerySet, Draw
from nightschool.models.attendance import AbsenceNotice, Attendance, Completion, Feedback, PriorityLoss, new_certificate
from nightschool.models.courses import Course, CourseQuerySet, Term
from nightschool.models.enrolments import ONLINE, Channel, Enrolment, EnrolmentQuerySet, new_number, new_token
from nightschool.models.line import LineMove, Waiting, WaitingQuerySet
from nightschool.models.photos import CoursePhoto
from nightschool.models.sessions import Session

__all__ = [
    "ONLINE", "AbsenceNotice", "Application", "ApplicationQuerySet", "Attendance", "Channel", "Completion", "Course", "CoursePhoto", "CourseQuerySet", "Draw", "Enrolment", "EnrolmentQuerySet",
    "Feedback", "LineMove", "PriorityLoss", "Session", "Term", "Waiting", "WaitingQuerySet", "new_certificate", "new_number", "new_token",
]  # fmt: skip
