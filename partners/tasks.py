"""Celery's way in."""

from celery import shared_task

from core import clock
from partners import reminders


@shared_task
def remind() -> None:
    """Run by beat. What was said before is not said again, so a second run does nothing."""
    reminders.remind(at=clock.now())
