"""Staff come in by name, password and, where it is switched on, a code; and go. See ADR 0012 for whose tries are counted."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from communities import devices, landing, passwords, secondfactor, sessions, unlocking
from communities.desk.door_forms import StepForm, UnlockForm
from communities.forms import StaffSignInForm
from communities.limits import address_of
from communities.models import User
from core.pages import form_page, keep_form, wanted

TOKEN = "token"  # noqa: S105  the name of a step
Forms = ["GET", "HEAD", "POST"]


@require_http_methods(Forms)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password."""
    if isinstance(request.user, User) and request.user.is_desk_user:
        return _to_work(request)
    form = StaffSignInForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "desk/communities/sign_in.html", form)
    keep_form(request, "desk/communities/sign_in.html", form)
    device = devices.known(request, form.cleaned_data["username"])
    user = passwords.check(**form.cleaned_data, address=address_of(request), device=device)
    if not secondfactor.is_on(user):
        return _come_in(request, user)
    sessions.hold(request, TOKEN, user)
    return redirect(f"{reverse('desk:sign-in-code')}?{request.GET.urlencode()}")


@require_http_methods(Forms)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """What the authenticator shows now, or a recovery code."""
    user = sessions.held(request, TOKEN)
    if user is None:
        return redirect("desk:sign-in")
    form = StepForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "desk/communities/sign_in_code.html", form)
    keep_form(request, "desk/communities/sign_in_code.html", form)
    device = devices.known(request, user.username)
    secondfactor.check(user=user, token=form.cleaned_data["token"], device=device)
    return _come_in(request, user)


@require_http_methods(Forms)
def unlock(request: HttpRequest) -> HttpResponse:
    """A colleague's code makes this browser known to the account; then one signs in as ever."""
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "desk/communities/unlock.html", form)
    keep_form(request, "desk/communities/unlock.html", form)
    device = unlocking.device_for(**form.cleaned_data)
    messages.success(request, "已解锁，请用登录名和密码登录。")
    return devices.remember(request, redirect("desk:sign-in"), form.cleaned_data["username"], device)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends here and on the server."""
    logout(request)
    return redirect("desk:sign-in")


def _come_in(request: HttpRequest, user: User) -> HttpResponse:
    sessions.enter(request, user)
    return devices.remember(request, _to_work(request), user.username)


def _to_work(request: HttpRequest) -> HttpResponse:
    """The page that was wanted, else where this account begins: a caregiver at the own centre."""
    mine = landing.of(request.user) if isinstance(request.user, User) else ""
    return redirect(wanted(request, mine or reverse("desk:home")))
