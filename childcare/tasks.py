"""Celery's way in: one verb each."""

from celery import shared_task

from childcare.billing import sweeping as bill_sweeping
from childcare.days import calls as day_calls, holding, lateness
from childcare.places import sweeps as place_sweeps
from childcare.staffing import reminding
from childcare.watching import forgetting, todo as audit
from core import clock


@shared_task
def places() -> None:
    """Offers whose time is over, last days, groups that have ended."""
    place_sweeps.sweep(clock.now())


@shared_task
def calls() -> None:
    """Children that did not come or were not collected; and late collections that were not yet counted."""
    at = clock.now()
    day_calls.sweep(at)
    holding.sweep(at)
    lateness.heal(at)


@shared_task
def forget() -> None:
    """What may not be kept for longer about children in care."""
    forgetting.forget(at=clock.now())


@shared_task
def remind_audit() -> None:
    """In January, once per threshold."""
    audit.remind(at=clock.now())


@shared_task
def bills() -> None:
    """Next month's bills on their day, what changed since, the reminder, the confirming; a second run does nothing."""
    bill_sweeping.sweep(clock.now())


@shared_task
def remind_staff() -> None:
    """Before record checks and health certificates end, once per threshold."""
    reminding.remind(at=clock.now())
