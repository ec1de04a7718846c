"""Which columns of this app stand sealed (communities/resealing.py)."""

from childcare.models import Attendance, Barred, Bill, CareFile, Enrolment
from communities import resealing


def register() -> None:
    """Called once, when the app is ready."""
    resealing.register(Enrolment, "draft")
    resealing.register(CareFile, "health")
    resealing.register(Barred, "facts")
    resealing.register(Barred, "lifted")
    resealing.register(Attendance, "state_sealed")
    resealing.register(Bill, "split")
