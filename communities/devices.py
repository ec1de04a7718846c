"""Known browsers: one that signed in to an account keeps a budget of tries there that no stranger can use up.

OWASP's device cookies (ADR 0012). The cookie opens nothing: it only says whose tries are counted. It names accounts by
a keyed hash, because a shared computer is read by many.
"""

import secrets
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from communities.models import User

COOKIE = "known"
SALT = "communities.devices"
LASTS = timedelta(days=180)  # counted from the last signing in
MOST = 12  # accounts that one browser remembers: a counter's computer has several colleagues
R = TypeVar("R", bound=HttpResponseBase)


def known(request: HttpRequest, name: str) -> str:
    """The number of this browser with the account `name` (login name or phone); "" where nobody signed in to it yet."""
    return _kept(request).get(_whose(name), "")


def remember(request: HttpRequest, response: R, name: str, device: str = "") -> R:
    """From now on this browser is known to the account `name`, by `device` or the number that it has already."""
    kept = _kept(request)
    mine = kept.pop(_whose(name), "")
    newest = [*kept.items(), (_whose(name), device or mine or secrets.token_urlsafe(12))][-MOST:]
    response.set_cookie(
        COOKIE, signing.dumps(newest, salt=SALT), max_age=LASTS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def name_of(user: User) -> str:
    """What somebody types to say that they are `user`."""
    return user.phone or "" if user.kind == User.Kind.RESIDENT else user.username


def _kept(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS))
    except signing.BadSignature:
        return {}


def _whose(name: str) -> str:
    return salted_hmac(SALT, name, algorithm="sha256").hexdigest()[:24]
