"""Celery's way in: one verb each."""

from celery import shared_task

from core import clock
from venues import reconfirming


@shared_task
def reconfirm() -> None:
    """Whoever booked is asked whether they come; what nobody confirmed is released."""
    reconfirming.sweep(clock.now())
