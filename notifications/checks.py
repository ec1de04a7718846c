"""What `manage.py check --deploy` says of short messages."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from notifications import http

DRIVER = f"{http.__name__}.{http.Provider.__name__}"


def wire() -> None:
    register(provider_is_complete, Tags.security, deploy=True)


def provider_is_complete(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    """With the HTTP driver everything it needs is there, and phones do not travel in the open."""
    if settings.SMS_DRIVER != DRIVER:
        return []
    missing = [name for name in http.NEEDED if not getattr(settings, name)]
    found: list[CheckMessage] = []
    if missing:
        found.append(Error(f"set {', '.join(missing)} for SMS_DRIVER={DRIVER} (.env.example)", id="notifications.E001"))
    if settings.SMS_URL and not settings.SMS_URL.startswith("https://"):
        found.append(Error("SMS_URL must begin with https:// : it carries phone numbers", id="notifications.E002"))
    return found
