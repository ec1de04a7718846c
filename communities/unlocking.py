"""解锁: how staff get in on a new computer while a stranger's guesses have used up what unknown browsers may try.

A colleague who looks after accounts reads out a code, or one spends a recovery code of one's own; the browser is then known
to the account and has tries of its own. The password, and the second factor, are still asked for (ADR 0012).
"""

import secrets
from base64 import b32encode
from datetime import UTC, datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from communities import secondfactor
from communities.models import User
from core import clock
from core.refusals import Refused

GOOD_FOR = timedelta(minutes=30)  # at least, and at most twice that


class WrongUnlock(Refused):
    code = "wrong_unlock"
    message = "登录名或解锁码不对，或解锁码已过期。请核对后再填，或请管理员重新生成。"


def code_for(user: User, at: datetime | None = None) -> str:
    """Twelve letters and digits (60 bits: nobody guesses them, so nobody has to count), the same for half an hour."""
    code = _made(user, _window(at or clock.now()))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def device_for(*, username: str, code: str, at: datetime | None = None) -> str:
    """The number by which this browser is known from now on. Refuses `WrongUnlock`, in one sentence for every reason.

    A colleague's code gives the same number however often it is used, so it brings five tries and not five for each.
    """
    user = User.objects.filter(username=username, kind=User.Kind.STAFF, is_active=True).first()
    if user is None:
        raise WrongUnlock
    now = _window(at or clock.now())
    for window in (now, now - 1):
        if constant_time_compare(_made(user, window), code):
            return f"unlock-{user.pk}-{window}"
    if not secondfactor.spend_code(user=user, code=code):
        raise WrongUnlock
    return secrets.token_urlsafe(12)


def _window(at: datetime) -> int:
    return (at - datetime.min.replace(tzinfo=UTC)) // GOOD_FOR


def _made(user: User, window: int) -> str:
    digest = salted_hmac("communities.unlocking", f"{user.pk}:{window}", algorithm="sha256").digest()
    return b32encode(digest).decode()[:12]
