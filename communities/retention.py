"""What may not be kept for longer (domain guide, 13.4)."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from communities.models import Attempts, SignInCode
from core import clock
from core.verbs import verb

CODES_FOR = timedelta(days=1)
ATTEMPTS_FOR = timedelta(days=2)


@verb()
def forget(*, at: datetime | None = None) -> None:
    """Delete sign-in codes older than a day, counted tries older than two, and sessions that have ended."""
    at = at or clock.now()
    SignInCode.objects.filter(created_at__lt=at - CODES_FOR).delete()
    Attempts.objects.filter(window__lt=at - ATTEMPTS_FOR).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
