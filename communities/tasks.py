"""Celery's way in."""

from celery import shared_task

from communities import publishing, retention
from communities.hardship import keeping, waiting
from communities.importing import batches, work


@shared_task
def forget() -> None:
    retention.forget()


@shared_task
def notices() -> None:
    """End the public notices whose window has passed."""
    publishing.sweep()


@shared_task
def imports() -> None:
    """Hand every batch that waits to a worker; woken by commits, swept by beat."""
    for batch_id in batches.open_ones():
        carry_on.apply_async((batch_id,), expires=batches.STALE)


@shared_task
def carry_on(batch_id: int) -> None:
    work.carry_on(batch_id)


@shared_task
def forget_nightly() -> None:
    retention.forget_nightly()


@shared_task
def evidence() -> None:
    """优待依据: remind the families whose check is near, and delete what may be kept no longer."""
    waiting.remind()
    keeping.forget()
