"""Celery's way in. The state of a row decides, not the number of tasks: however many run, each row is delivered once."""

from celery import shared_task

from notifications import delivery, outbox


@shared_task
def relay() -> None:
    """Deliver what is due for a few seconds; run by beat and woken by commits. With more to do it runs again, behind others."""
    if delivery.run():
        relay.apply_async(expires=outbox.STALE)


@shared_task
def relay_urgent() -> None:
    """The same for what cannot wait, on a queue of its own."""
    if delivery.run(urgent=True):
        relay_urgent.apply_async(expires=outbox.STALE)
