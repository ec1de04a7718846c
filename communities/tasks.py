"""Celery's way in."""

from celery import shared_task

from communities import retention


@shared_task
def forget() -> None:
    retention.forget()
