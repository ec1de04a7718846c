"""Celery's way in: ids only, one verb each. The state of a row decides, not the number of tasks."""

from celery import shared_task

from notifications import delivery, outbox


@shared_task
def relay() -> None:
    """Find what is due and hand each row to a worker; run by beat and woken by commits. After a full batch it runs again."""
    found = delivery.due()
    for message_id in found:
        deliver.apply_async((message_id,))
    if len(found) == delivery.BATCH:
        relay.apply_async(expires=outbox.STALE)


@shared_task
def deliver(message_id: int) -> None:
    delivery.deliver(message_id)
