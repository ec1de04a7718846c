"""Celery's way in."""

from celery import shared_task
from oauth2_provider.models import clear_expired

from integrations import idempotency


@shared_task
def forget() -> None:
    """Old answers and expired tokens; run by beat."""
    idempotency.forget()
    clear_expired()
