"""Celery's way in."""

from celery import shared_task

from core import clock
from partners import exchanging, reminders


@shared_task
def remind() -> None:
    """Run by beat. What was said before is not said again, so a second run does nothing."""
    reminders.remind(at=clock.now())


@shared_task
def return_gifts() -> None:
    """Run by beat: what nobody collected goes back, and the points with it."""
    exchanging.sweep(clock.now())
