"""Celery's way in: one verb each."""

from celery import shared_task

from core import clock
from nightschool import reminders


@shared_task
def remind() -> None:
    reminders.remind(clock.now())
