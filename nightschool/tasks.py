"""Celery's way in: one verb each."""

from celery import shared_task

from core import clock
from nightschool import reminders
from nightschool.applications import drawing_lots
from nightschool.attending import absence, completing
from nightschool.line import sweeps as line_sweeps


@shared_task
def remind() -> None:
    reminders.remind(clock.now())


@shared_task
def lines() -> None:
    line_sweeps.sweep(clock.now())


@shared_task
def attendance() -> None:
    """Who stayed away, what follows from it, and who has completed a course."""
    absence.sweep(clock.now())
    completing.sweep(clock.now())


@shared_task
def draw_lots() -> None:
    """Whose window has closed is drawn, and the seats are given."""
    drawing_lots.sweep(clock.now())
