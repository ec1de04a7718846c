"""What a browser's session remembers of signing in, and how long it lasts.

Staff stay signed in for half an hour, at a counter's computer for five minutes, residents for a week, all counted from the
last page (domain guide, 14). The minutes are settings; what an account must still do is looked up once a minute, not with
every page (`Owed`).
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import HttpRequest

from communities import devices, duties, signin
from communities.limits import address_of
from communities.models import Duty, User
from communities.settings import COUNTER_IDLE_MINUTES, IDLE_MINUTES, PASSWORD_DAYS, SECOND_FACTOR, Value, values_of
from core import clock

RESIDENT_IDLE = timedelta(days=7)
# The session is written again only when this much has passed, not with every page.
GRAIN = {User.Kind.STAFF: timedelta(minutes=1), User.Kind.RESIDENT: timedelta(days=1)}
COUNTER_GRAIN = timedelta(seconds=20)
COUNTER = "counter"  # the cookie of a computer that residents can reach
HALF_WAY_FOR = timedelta(minutes=10)
BACKEND = "django.contrib.auth.backends.ModelBackend"
RULES = (IDLE_MINUTES, COUNTER_IDLE_MINUTES, SECOND_FACTOR, PASSWORD_DAYS)


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
    device = devices.known(request, phone)
    code = signin.send_code(phone=phone, browser=browser, address=address_of(request), device=device)
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
    mark = (
        user.get_session_auth_hash()
    )  # a password that is replaced meanwhile ends this half as it ends whole sessions
    request.session["half_way"] = {"step": step, "user": user.pk, "until": until.timestamp(), "mark": mark}


def held(request: HttpRequest, step: str) -> User | None:
    """Who owes `step` in this browser."""
    kept = request.session.get("half_way", {})
    if kept.get("step") != step or kept["until"] < clock.now().timestamp():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return user if user and kept.get("mark") == user.get_session_auth_hash() else None


def enter(request: HttpRequest, user: User) -> None:
    """Sign `user` in under a fresh session key."""
    request.session.pop("half_way", None)
    login(request, user, backend=BACKEND)


def begin(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Somebody signs in. Django's `user_logged_in` calls it, so that no way in is without an idle limit."""
    request.session["factor"] = _mark(user)
    renew(request, user)


def renew(request: HttpRequest, user: User) -> None:
    """Count the idle time anew, and look up what this account must still do."""
    if user.kind == User.Kind.RESIDENT:
        request.session.set_expiry(int(RESIDENT_IDLE.total_seconds()))
    elif user.kind == User.Kind.STAFF:
        held = list(user.duties.current().select_related("community"))
        rules, needs_factor = _rules_for(held)
        minutes = rules[COUNTER_IDLE_MINUTES if at_counter(request) else IDLE_MINUTES]
        request.session.set_expiry(minutes * 60)
        request.session["owes"] = {"factor": needs_factor, "password": is_stale(user, rules[PASSWORD_DAYS])}
        request.session["may"] = sorted({right for duty in held for right in duties.named(duties.Role(duty.role))})
    request.session["seen"] = clock.now().timestamp()


def stay(request: HttpRequest, user: User) -> None:
    """Somebody is still there."""
    quiet = clock.now().timestamp() - request.session.get("seen", 0)
    grain = COUNTER_GRAIN if at_counter(request) else GRAIN.get(User.Kind(user.kind), timedelta())
    if quiet >= grain.total_seconds():
        renew(request, user)


def proved(request: HttpRequest, user: User) -> bool:
    """Whether this session began with the second factor that the account has now; none that was there before it."""
    return bool(request.session.get("factor", "") == _mark(user))


def owes_factor(request: HttpRequest, user: User) -> bool:
    """Whether a duty asks for a second factor that the account has not got."""
    return user.second_factor_at is None and bool(request.session.get("owes", {}).get("factor"))


def owes_password(request: HttpRequest, user: User) -> bool:
    """Whether the password was given by somebody else, or is too old."""
    return user.must_change_password or bool(request.session.get("owes", {}).get("password"))


def is_stale(user: User, days: int, at: datetime | None = None) -> bool:
    """Whether a password of more than `days` must be changed; with a second factor none must, nor with 0 days."""
    old = (at or clock.now()) - user.password_changed_at > timedelta(days=days)
    return bool(days) and user.second_factor_at is None and old


def at_counter(request: HttpRequest) -> bool:
    """Whether a colleague said that this computer stands where residents can reach it."""
    try:
        return bool(signing.loads(request.COOKIES.get(COUNTER, ""), salt=COUNTER))
    except signing.BadSignature:
        return False


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: what the reader's duties open, for the desk's menu. The pages themselves ask again."""
    may = request.session.get("may", []) if hasattr(request, "session") else []
    return {"may": dict.fromkeys(may, True), "idle": request.session.get_expiry_age() if may else 0}


def _rules_for(held: list[Duty]) -> tuple[dict[Value, int], bool]:
    """The strictest values of the sub-districts where these duties are held, and whether one asks for a second factor."""
    streets = {duties.street_of(duty) for duty in held}
    found = {street: values_of(RULES, street) for street in streets} or {0: values_of(RULES, None)}
    least = {rule: min(values[rule] for values in found.values()) for rule in (IDLE_MINUTES, COUNTER_IDLE_MINUTES)}
    days = [values[PASSWORD_DAYS] for values in found.values() if values[PASSWORD_DAYS]]
    factor = any(found[duties.street_of(duty)][SECOND_FACTOR] for duty in held if duty.role in duties.FACTOR)
    return {**least, PASSWORD_DAYS: min(days, default=0)}, factor


def _mark(user: User) -> str:
    return user.second_factor_at.isoformat() if user.second_factor_at else ""
