"""One's own password and second factor, and what this computer is."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from communities import passwords, secondfactor, sessions
from communities.desk.door_forms import StepForm
from communities.forms import PasswordForm, TokenForm
from communities.guards import staff_account_page, staff_page, staff_setup_page
from communities.models import User
from core.pages import form_page, keep_form, page, wanted

FACTOR = "desk/communities/second_factor.html"
CODES = "desk/communities/recovery_codes.html"
YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@staff_account_page
def password(request: HttpRequest, user: User) -> HttpResponse:
    """A new password ends every other session of this account."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    context = {"due": sessions.owes_password(request, user), "counter": sessions.at_counter(request)}
    if not form.is_valid():
        return form_page(request, "desk/communities/password.html", form, context)
    keep_form(request, "desk/communities/password.html", form, context)
    changed = passwords.change(user=user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    update_session_auth_hash(request, changed)
    sessions.renew(request, changed)
    messages.success(request, "密码已修改，其他电脑上的登录已退出。")
    return redirect(wanted(request, reverse("desk:home")))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_setup_page
def second_factor(request: HttpRequest, user: User) -> HttpResponse:
    """Off, being switched on (the QR is shown until a code proves the app), or on. Recovery codes are shown once."""
    on = secondfactor.is_on(user)
    form = (StepForm if on else TokenForm)(request.POST if request.method == "POST" else None)
    context = _state(request, user, on)
    if not form.is_valid():
        return form_page(request, FACTOR, form, context)
    keep_form(request, FACTOR, form, context)
    codes = secondfactor.confirm(user=user, token=form.cleaned_data["token"])
    user.refresh_from_db(fields=["second_factor_at"])
    sessions.begin(request, user)
    return page(request, CODES, {"codes": codes, "next": wanted(request, reverse("desk:home")), "fresh": True})


@require_POST
@staff_setup_page
def second_factor_start(request: HttpRequest, user: User) -> HttpResponse:
    secondfactor.start(user=user)
    return redirect(f"{reverse('desk:second-factor')}?{request.GET.urlencode()}".rstrip("?"))


@require_POST
@staff_setup_page
def second_factor_remove(request: HttpRequest, user: User) -> HttpResponse:
    """Only whoever holds the authenticator, or a recovery code, may switch it off."""
    form = StepForm(request.POST)
    context = _state(request, user, on=True)
    if not form.is_valid():
        return form_page(request, FACTOR, form, context)
    keep_form(request, FACTOR, form, context)
    secondfactor.check(user=user, token=form.cleaned_data["token"], signed_in=True)
    secondfactor.remove(user=user)
    user.refresh_from_db(fields=["second_factor_at"])
    sessions.begin(request, user)
    messages.success(request, "两步验证已关闭。")
    return redirect("desk:second-factor")


@require_POST
@staff_page
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    """New ones instead of those that are used up or lost."""
    form = StepForm(request.POST)
    context = _state(request, user, on=True)
    if not form.is_valid():
        return form_page(request, FACTOR, form, context)
    keep_form(request, FACTOR, form, context)
    secondfactor.check(user=user, token=form.cleaned_data["token"], signed_in=True)
    codes = secondfactor.renew_codes(user=user)
    return page(request, CODES, {"codes": codes, "next": reverse("desk:home"), "fresh": False})


@require_POST
@staff_account_page
def terminal(request: HttpRequest, user: User) -> HttpResponse:
    """This computer stands at the counter, where residents can reach it (or no longer): it signs out sooner."""
    on = request.POST.get("counter") == "on"
    said = signing.dumps("here", salt=sessions.COUNTER) if on else ""
    request.COOKIES[sessions.COUNTER] = said
    sessions.renew(request, user)
    answer = redirect("desk:password")
    answer.set_cookie(
        sessions.COUNTER, said, max_age=YEAR if on else 0, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    messages.success(request, "这台电脑已设为窗口电脑，不操作会更快退出。" if on else "这台电脑已不是窗口电脑。")
    return answer


def _state(request: HttpRequest, user: User, on: bool) -> dict[str, object]:
    device = None if on else secondfactor.waiting(user)
    return {
        "on": on,
        "due": sessions.owes_factor(request, user),
        "left": secondfactor.codes_left(user) if on else 0,
        "device": device,
        "picture": secondfactor.picture(device) if device else "",
        "key": secondfactor.key_of(device) if device else "",
    }
