"""Celery's way in, with DEMO=1 alone: the centre's day goes on first, then whoever is missed is called for."""

from celery import shared_task

from childcare.tasks import calls
from core import clock
from demo.asked import Asked
from demo.childcare import today


@shared_task
def care_calls() -> None:
    """In this order, so that nobody is called for who came while the demo was stopped."""
    today.go_on(Asked(clock.now()))
    calls()
