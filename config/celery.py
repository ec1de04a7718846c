"""Celery's way in: workers and beat find their tasks in each app's tasks.py."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def keep_our_logs(**_: object) -> None:
    """Celery leaves logging alone when somebody answers this signal: its lines are scrubbed and shaped like all others."""


setup_logging.connect(keep_our_logs, weak=False)
