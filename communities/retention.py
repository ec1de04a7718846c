"""What may not be kept for longer (domain guide, 13.4)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from communities import changes, closing
from communities.importing import batches
from communities.models import Attempts, Resident, RightsRequest, SignInCode, User
from core import clock
from core.sql import call
from core.verbs import verb

CODES_FOR = timedelta(days=1)
ATTEMPTS_FOR = timedelta(days=2)
DECLINED_FOR = timedelta(days=183)
REQUESTS_FOR = timedelta(days=3 * 365 + 1)
LOGS_FOR = timedelta(days=3 * 366)  # the function itself keeps what is younger than three years
AT_ONCE = 200
SYSTEM = "system"


@verb()
def forget(*, at: datetime | None = None) -> None:
    """Delete sign-in codes older than a day, counted tries older than two, old lines of imports, and sessions that have ended."""
    at = at or clock.now()
    SignInCode.objects.filter(created_at__lt=at - CODES_FOR).delete()
    Attempts.objects.filter(window__lt=at - ATTEMPTS_FOR).delete()
    batches.forget(at=at)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def forget_nightly(*, at: datetime | None = None) -> dict[str, int]:
    """What has lain for months and years; how many of each. Each step is a transaction of its own and may be repeated."""
    at = at or clock.now()
    steps: dict[str, Callable[[datetime], int]] = {
        "declined": _forget_declined, "requests": _forget_requests, "logs": _forget_logs,
    }  # fmt: skip
    return {name: step(at) for name, step in steps.items()}


def _forget_declined(at: datetime) -> int:
    """A registration that was not accepted is nobody's after half a year."""
    old = Resident.objects.filter(status=Resident.Status.DECLINED, decided_at__lt=at - DECLINED_FOR).order_by("pk")
    found = list(old.values_list("pk", flat=True)[:AT_ONCE])
    for pk in found:
        empty_declined(pk=pk)
    return len(found)


@verb()
def empty_declined(*, pk: int) -> None:
    """Empty one file that was declined; the account stays, and may register anew."""
    system = User.objects.get(username=SYSTEM)
    changes.by(system)
    files = Resident.objects.select_for_update()
    file = files.filter(pk=pk, status=Resident.Status.DECLINED).first()
    if file is not None:
        closing.empty(file, replace(closing.gone_of(file, system), account=None))


@verb()
def _forget_requests(at: datetime) -> int:
    """What was asked and answered, three years after the answer."""
    return RightsRequest.objects.filter(answered_at__lt=at - REQUESTS_FOR).delete()[0]


@verb()
def _forget_logs(at: datetime) -> int:
    return int(call("SELECT communities_forget_logs(%s)", at - LOGS_FOR)[0])
