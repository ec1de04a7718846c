"""What a browser's session remembers of signing in, and how long it lasts.

Staff stay signed in for half an hour, residents for a week, both counted from the last page (domain guide, 14).
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from communities import signin
from communities.limits import address_of
from communities.models import User
from core import clock

IDLE = {User.Kind.STAFF: timedelta(minutes=30), User.Kind.RESIDENT: timedelta(days=7)}
# The session is written again only when this much has passed, not with every page.
GRAIN = {User.Kind.STAFF: timedelta(minutes=1), User.Kind.RESIDENT: timedelta(days=1)}
HALF_WAY_FOR = timedelta(minutes=10)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Asked:
    """This browser asked for a code for `phone`; `shown` is the code itself, in the demo and nowhere else."""

    phone: str
    browser: str
    shown: str = ""


def ask(request: HttpRequest, purpose: str, phone: str) -> None:
    """Send a code to `phone` and remember it for `purpose`. Refuses as `signin.send_code` does."""
    before = asked(request, purpose)
    browser = before.browser if before else signin.new_browser()
    code = signin.send_code(phone=phone, browser=browser, address=address_of(request))
    request.session[purpose] = asdict(Asked(phone, browser, code if settings.DEMO else ""))


def asked(request: HttpRequest, purpose: str) -> Asked | None:
    """For which phone this browser asked."""
    kept = request.session.get(purpose)
    return Asked(**kept) if kept else None


def done(request: HttpRequest, purpose: str) -> None:
    """The code was right: nothing of the question is left."""
    request.session.pop(purpose, None)


def hold(request: HttpRequest, step: str, user: User) -> None:
    """`user` has proved the first half and owes `step`; for ten minutes."""
    until = clock.now() + HALF_WAY_FOR
    request.session["half_way"] = {"step": step, "user": user.pk, "until": until.timestamp()}


def held(request: HttpRequest, step: str) -> User | None:
    """Who owes `step` in this browser."""
    kept = request.session.get("half_way", {})
    if kept.get("step") != step or kept["until"] < clock.now().timestamp():
        return None
    return User.objects.filter(pk=kept["user"], is_active=True).first()


def enter(request: HttpRequest, user: User) -> None:
    """Sign `user` in under a fresh session key."""
    request.session.pop("half_way", None)
    login(request, user, backend=BACKEND)


def begin(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Set the idle limit. Django's `user_logged_in` calls it, so that no way in is without."""
    if user.kind in IDLE:
        request.session.set_expiry(int(IDLE[User.Kind(user.kind)].total_seconds()))
        request.session["seen"] = clock.now().timestamp()


def stay(request: HttpRequest, user: User) -> None:
    """Somebody is still there: count the idle time anew."""
    quiet = clock.now().timestamp() - request.session.get("seen", 0)
    if quiet >= GRAIN.get(User.Kind(user.kind), timedelta()).total_seconds():
        begin(request, user)
