"""Celery's way in: one verb each. Run twice or cut off, each goes on where the one before stopped."""

from celery import shared_task

from core import clock
from points import checking, expiring, folding


@shared_task
def fold() -> None:
    folding.fold(at=clock.now())


@shared_task
def sweep() -> None:
    expiring.sweep(clock.now())


@shared_task
def remind() -> None:
    expiring.remind(clock.now())


@shared_task
def check() -> None:
    checking.check(clock.now())
