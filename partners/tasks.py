"""Celery's way in."""

from celery import shared_task

from core import clock
from partners import exchanging, reminders
from partners.agreements import licence_reminders
from partners.joining import forgetting
from partners.obligations import winding_up
from partners.settling import drawing
from partners.vouchers import addresses, appointments as booked, expiring, reminding


@shared_task
def remind() -> None:
    """Run by beat. What was said before is not said again, so a second run does nothing."""
    reminders.remind(at=clock.now())


@shared_task
def return_gifts() -> None:
    """Run by beat: what nobody collected goes back, and the points with it."""
    exchanging.sweep(clock.now())


@shared_task
def remind_licences() -> None:
    """Run by beat. What was said before is not said again."""
    licence_reminders.remind(at=clock.now())


@shared_task
def forget() -> None:
    """Run by beat: candidates who were not chosen, and old complaints."""
    forgetting.forget(at=clock.now())


@shared_task
def wind_up() -> None:
    """Run by beat: vouchers of partners that left go back, as far as the page did not come."""
    winding_up.sweep(clock.now())


@shared_task
def appointments() -> None:
    """Run by beat: what no partner answered in time goes back, with its points."""
    booked.sweep(clock.now())


@shared_task
def remind_vouchers() -> None:
    """Run by beat. What was said before is not said again."""
    reminding.remind(at=clock.now())


@shared_task
def forget_addresses() -> None:
    """Run by beat: where partners went, thirty days after."""
    addresses.forget(at=clock.now())


@shared_task
def draw_statements() -> None:
    """Run by beat on the first days of a month: last month's statements that are not there yet."""
    drawing.sweep(clock.now())


@shared_task
def expire_vouchers() -> None:
    """Run by beat: what nobody used in time is over, or goes back where the partner was at fault."""
    expiring.sweep(clock.now())
