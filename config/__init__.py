"""Wiring only: settings, addresses, servers. Nothing imports this package but the servers themselves."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
