"""Celery's way in: one verb each."""

from celery import shared_task

from activities import deeds_keeping, holdings, overdue, presence, reminding, signup, starring, watching
from activities.sheets_in import handing
from core import clock


@shared_task
def remind() -> None:
    reminding.remind(clock.now())


@shared_task
def close_presence() -> None:
    """Forgotten check-outs, and lines that nobody moves up in any more."""
    presence.close_forgotten(clock.now())
    signup.let_line_go(clock.now())


@shared_task
def watch() -> None:
    """Heads hear of whoever wrote down unusually many people in a day."""
    watching.tell_heads(clock.now())


@shared_task
def forget_photos() -> None:
    deeds_keeping.forget_photos(at=clock.now())


@shared_task
def stars() -> None:
    """Who has reached a star since last night."""
    starring.sweep(clock.now())


@shared_task
def terms() -> None:
    """Holders are told that a term ends; what ran out is ended."""
    holdings.remind(clock.now())
    holdings.lapse(clock.now())


@shared_task
def record_deadlines() -> None:
    """Who has not finished a record is reminded, on the morning of working days."""
    overdue.remind(clock.now())


@shared_task
def forget_sheets() -> None:
    """Rows of sign-in sheets are kept for a month."""
    handing.forget(at=clock.now())
